import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardsPorts } from "./firewall-suite.ts";
import { guardsLogins } from "./login-suite.ts";
import { confinesOps } from "./ops-suite.ts";
import { type ProvisionWorld, openProvisionWorld } from "./provision-world.ts";
import type { Play } from "./provisioned.ts";

describe.each([
  { suite: "bookworm", name: "prov-12" },
  { suite: "trixie", name: "prov-13" },
])("a provisioned Debian $suite", ({ suite, name }) => {
  let world: ProvisionWorld;
  let first: Play;

  beforeAll(async () => {
    world = await openProvisionWorld(name, suite);
    const started = performance.now();
    first = await world.provision();
    process.stdout.write(
      `\nProvisioning a bare ${suite} took ${Math.round((performance.now() - started) / 1000)} s.\n`,
    );
  });
  afterAll(() => world?.remove());

  it("is made in one run", () => {
    expect(first).toMatchObject({ failed: 0, unreachable: 0 });
  });

  it("is said to need what is left, ready to paste", async () => {
    const credential = await world.machine.console("cat /etc/wtmm/credentials/WEBHOOK_CREDENTIALS");
    expect(credential).toMatch(/^postmark:[A-Za-z0-9]{40}$/);
    for (const path of ["inbound", "events"])
      expect(first.output).toMatch(new RegExp(`Webhook +https://${credential}@${world.host}/webhook/${path}$`, "m"));
    expect(first.output).toMatch(new RegExp(`^ +${world.host}[.] +A +${world.machine.address}$`, "m"));
    expect(first.output).toMatch(new RegExp(`^ +${world.host}[.] +MX +10 inbound[.]postmarkapp[.]com[.]$`, "m"));
  });

  it.each([
    ["the next run", []],
    ["a run that only looks", ["--check"]],
  ])("isn't changed by %s", async (_, args) => {
    expect(await world.provision({ args })).toMatchObject({ failed: 0, unreachable: 0, changed: 0 });
  });

  it("answers with a calm page over https until there is a release", async () => {
    expect((await world.ask("/up")).output).toMatch(/^HTTP\/2 502[^]*Back in a moment/);
  });

  describe("firewall", () => {
    guardsPorts(() => world);
  });
  describe("logins", () => {
    guardsLogins(() => world);
  });

  describe("base", () => {
    it("would install security upgrades and nothing else by itself", async () => {
      const tried = await world.machine.console("unattended-upgrade --dry-run --debug 2>&1");
      expect(tried).toMatch(
        new RegExp(`Allowed origins are: origin=Debian,codename=${suite}-security,label=Debian-Security$`, "m"),
      );
      expect(
        await world.machine.console(
          "apt-config dump | grep -E '^(APT::Periodic::U|Unattended-Upgrade::Automatic-Reboot )'",
        ),
      ).toBe(
        [
          'APT::Periodic::Update-Package-Lists "1";',
          'APT::Periodic::Unattended-Upgrade "1";',
          'Unattended-Upgrade::Automatic-Reboot "false";',
        ].join("\n"),
      );
      expect(await world.machine.console("systemctl is-enabled apt-daily.timer apt-daily-upgrade.timer")).toBe(
        "enabled\nenabled",
      );
    });

    it("keeps the journal over a reboot, within its limit", async () => {
      expect(await world.machine.console("systemd-analyze cat-config systemd/journald.conf | grep ^[SM]")).toBe(
        "Storage=persistent\nSystemMaxUse=500M\nMaxRetentionSec=30day",
      );
      expect(await world.machine.console("journalctl -b -u systemd-journald -o cat")).toMatch(
        /System Journal \(\/var\/log\/journal\/.* max /,
      );
    });

    it("keeps the clock right wherever it has one of its own", async () => {
      expect(await world.machine.console("systemctl is-enabled systemd-timesyncd")).toBe("enabled");
    });

    it("has no unit that failed", async () => {
      expect(await world.machine.console("systemctl --failed --no-legend")).toBe("");
      expect(await world.machine.console("fail2ban-client status")).toMatch(/Jail list:\s+sshd$/m);
    });
  });

  describe("a key of ops", () => {
    confinesOps(() => world);
  });
});

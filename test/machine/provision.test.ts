import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type BareMachine, type Keys, bareMachine, hosterKey, makeKeys, playbook, run } from "./provisioned.ts";

const networksOfSsh = join(import.meta.dirname, "../../provisioning/roles/firewall/files/networks.py");
const roles = "base,users,firewall,sshd";

describe.each(["bookworm", "trixie"])("a provisioned Debian %s", (suite) => {
  let machine: BareMachine;
  let stranger: BareMachine;
  let keys: Keys;
  const lostKeys: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    machine = await bareMachine("prov-a", suite);
    stranger = await bareMachine("prov-b", suite);
    keys = await makeKeys();
  });
  afterAll(async () => {
    await machine?.remove();
    await stranger?.remove();
    for (const remove of [keys?.remove, ...lostKeys]) await remove?.();
  });

  const provision = (tags: string, extraVars: Readonly<Record<string, unknown>> = {}, ...args: string[]) =>
    playbook("provision", { machine, keys, tags, extraVars, args });

  it("is made in one run", async () => {
    expect(await provision(roles)).toMatchObject({ failed: 0, unreachable: 0 });
  });

  it.each([[], ["--check"]])("isn't changed by the next run %s", async (...args) => {
    expect(await provision(roles, {}, ...args)).toMatchObject({ failed: 0, unreachable: 0, changed: 0 });
  });

  describe("firewall", () => {
    it("slows down who opens ssh again and again", async () => {
      const tries = await stranger.console(`for i in $(seq 8); do ${reach(machine.address, 22)}; done`);
      expect(tries.split("\n")).toEqual([...Array(5).fill("open"), ...Array(3).fill("closed")]);
    });

    it("stops before a list of networks without our address, or with a wrong one, locks us out", async () => {
      const before = await machine.console("ufw status");
      const outside = await provision("firewall", { ssh_from: ["192.0.2.0/24"] });
      expect(outside).toMatchObject({ failed: 1, changed: 0 });
      expect(outside.output).toContain("is in none of them, so it would lock itself out");
      expect(await machine.console("ufw status")).toBe(before);
    });

    it.each(["10.213.0.1/8", "everybody", "", "10.0.0.0/8 x", "2001:db8::/32", "0.0.0.0/33"])(
      "takes no %j for networks with our address",
      async (networks) => {
        const { code, output } = await run(["python3", networksOfSsh, "10.213.0.1", ...networks.split(" ")]);
        expect([code, output]).toEqual([1, expect.stringMatching(/^.+[.]$/)]);
      },
    );

    it("lets only the networks of ssh_from reach ssh", async () => {
      expect(await provision("firewall", { ssh_from: [`${hostAddress()}/32`] })).toMatchObject({ failed: 0 });
      expect(await stranger.console(reach(machine.address, 22))).toBe("closed");
      expect((await machine.login("admin", keys.admin, "whoami")).output).toBe("admin");
    });

    it("forgets the networks that are no longer named", async () => {
      const ssh_from = [machine.address.replace(/\d+$/, "0/24"), "fe80::/10"];
      expect(await provision("firewall", { ssh_from })).toMatchObject({ failed: 0 });
      expect(await provision("firewall", { ssh_from })).toMatchObject({ failed: 0, changed: 0 });
      const rules = await machine.console("ufw show added | grep '\\b22\\b'");
      expect(rules.trim().split("\n")).toEqual(ssh_from.map((net) => `ufw allow from ${net} to any port 22 proto tcp`));
    });

    it.each([
      ["IPv4", () => Promise.resolve(machine.address)],
      ["IPv6", async () => `${await linkLocal()}%eth0`],
    ])("opens 22, 80 and 443 and nothing else over %s, after a reboot too", async (_, addressOf) => {
      await machine.reboot();
      const address = await addressOf();
      for (const port of [80, 443, 8080, 9999])
        await machine.console(`systemd-run --quiet --unit=listen-${port} python3 -m http.server ${port} --bind ::`);
      await machine.console("for p in 80 443 8080 9999; do until ss -Hltn sport = :$p | grep -q .; do :; done; done");
      for (const port of [22, 80, 443])
        expect([port, await stranger.console(reach(address, port))]).toEqual([port, "open"]);
      for (const port of [8080, 9999])
        expect([port, await stranger.console(reach(address, port))]).toEqual([port, "closed"]);
      expect(await machine.console("ufw status verbose")).toMatch(/Status: active[^]*deny \(incoming\)/);
    });

    it("shuts an address out after a few wrong logins, until admin lifts it", async () => {
      const wrong = "ssh -o BatchMode=yes -o StrictHostKeyChecking=no";
      await stranger.console(`for i in 1 2 3 4 5; do ${wrong} nobody$i@${machine.address} true || true; done 2>&1`);
      const banned = "until fail2ban-client get sshd banip | grep -q .; do :; done; fail2ban-client get sshd banip";
      expect((await machine.console(`timeout 30 bash -c '${banned}'`)).trim()).toBe(stranger.address);
      expect(await stranger.console(reach(machine.address, 22))).toBe("closed");
      const lift = `sudo fail2ban-client set sshd unbanip ${stranger.address}`;
      expect(await machine.login("admin", keys.admin, lift)).toEqual({ code: 0, output: "1" });
      expect(await stranger.console(reach(machine.address, 22))).toBe("open");
    });
  });

  describe("logins", () => {
    // Debian 13's sshd shuts out who failed (PerSourcePenalties), which would be this host, until it starts anew.
    afterEach(() => machine.console("systemctl reset-failed ssh; systemctl restart ssh"));

    it("lets admin become root", async () => {
      expect(await machine.login("admin", keys.admin, "sudo -n id -u")).toEqual({ code: 0, output: "0" });
    });

    it("lets deploy in, who can't become root", async () => {
      expect(await machine.login("deploy", keys.deploy, "whoami")).toEqual({ code: 0, output: "deploy" });
      expect((await machine.login("deploy", keys.deploy, "sudo -n id -u")).code).not.toBe(0);
    });

    it.each(["admin", "deploy", "ops"])("asks %s for its own key", async (user) => {
      const other = user === "admin" ? keys.deploy : keys.admin;
      expect(await machine.login(user, other, "id")).toMatchObject({ code: 255 });
    });

    it("refuses root, with the key that it was made with too", async () => {
      expect(await machine.login("root", hosterKey, "id")).toMatchObject({ code: 255 });
    });

    it.each(["admin", "root", "nobody"])("offers %s no password", async (user) => {
      const ssh = ["-o", "PreferredAuthentications=password,keyboard-interactive"];
      expect(await machine.login(user, keys.admin, "id", { ssh })).toEqual({
        code: 255,
        output: `${user}@${machine.address}: Permission denied (publickey).`,
      });
    });

    it("stays open to admin when a new key for it doesn't work", async () => {
      const play = await provision("users", { admin_key: await lostKey() });
      expect(play).toMatchObject({ failed: 1 });
      expect(play.output).toContain("the old key stays");
      expect(await machine.login("admin", keys.admin, "whoami")).toEqual({ code: 0, output: "admin" });
    });

    it("forwards admin's ports and nobody else's, and no agent", async () => {
      const settings = (user: string) => machine.console(`sshd -T -C user=${user},host=x,addr=192.0.2.1`);
      const closed = [
        "x11forwarding no",
        "allowagentforwarding no",
        "permittunnel no",
        "allowstreamlocalforwarding no",
      ];
      for (const line of [...closed, "allowtcpforwarding local"])
        expect(await settings("admin")).toContain(`\n${line}\n`);
      for (const line of [...closed, "allowtcpforwarding no"])
        expect(await settings("deploy")).toContain(`\n${line}\n`);
    });
  });

  describe("base", () => {
    it("would install security upgrades and nothing else by itself", async () => {
      const tried = await machine.console("unattended-upgrade --dry-run --debug 2>&1");
      expect(tried).toMatch(
        new RegExp(`Allowed origins are: origin=Debian,codename=${suite}-security,label=Debian-Security$`, "m"),
      );
      expect(
        await machine.console("apt-config dump | grep -E '^(APT::Periodic::U|Unattended-Upgrade::Automatic-Reboot )'"),
      ).toBe(
        [
          'APT::Periodic::Update-Package-Lists "1";',
          'APT::Periodic::Unattended-Upgrade "1";',
          'Unattended-Upgrade::Automatic-Reboot "false";',
        ].join("\n"),
      );
      expect(await machine.console("systemctl is-enabled apt-daily.timer apt-daily-upgrade.timer")).toBe(
        "enabled\nenabled",
      );
    });

    it("keeps the journal over a reboot, within its limit", async () => {
      expect(await machine.console("systemd-analyze cat-config systemd/journald.conf | grep ^[SM]")).toBe(
        "Storage=persistent\nSystemMaxUse=500M\nMaxRetentionSec=30day",
      );
      expect(await machine.console("journalctl -b -u systemd-journald -o cat")).toMatch(
        /System Journal \(\/var\/log\/journal\/.* max /,
      );
    });

    it("keeps the clock right wherever it has one of its own", async () => {
      expect(await machine.console("systemctl is-enabled systemd-timesyncd")).toBe("enabled");
    });

    it("has no unit that failed", async () => {
      expect(await machine.console("systemctl --failed --no-legend")).toBe("");
      expect(await machine.console("fail2ban-client status")).toMatch(/Jail list:\s+sshd$/m);
    });
  });

  /** A public key without its private half. */
  async function lostKey(): Promise<string> {
    const lost = await makeKeys();
    await rm(lost.admin);
    lostKeys.push(lost.remove);
    return `${lost.admin}.pub`;
  }

  async function linkLocal(): Promise<string> {
    return /inet6 (fe80::[^/]+)/.exec(await machine.console("ip -6 addr show dev eth0 scope link"))?.[1] ?? "";
  }

  function hostAddress(): string {
    return machine.address.replace(/\d+$/, "1");
  }
});

/** A shell command that says whether a connection to that port is taken. */
function reach(address: string, port: number): string {
  const connect = `import socket; socket.create_connection(("${address}", ${port}), 1)`;
  return `python3 -c '${connect}' 2>/dev/null && echo open || echo closed`;
}

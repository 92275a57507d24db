import { existsSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { failsBefore, failsInService, migrating } from "./bad-releases.ts";
import type { DeployProof, Phase } from "./deploy-proof.ts";
import type { Deployed } from "./deployed.ts";
import type { Play } from "./provisioned.ts";
import type { Releases } from "./releases.ts";

/** What the suite is about, once it is there. */
export type DeployWorld = {
  readonly deployed: Deployed;
  readonly releases: Releases;
  readonly proof: DeployProof;
  /** Paths of archives by the names of their releases. */
  readonly archives: Readonly<Record<string, string>>;
};

// Where one small host asks, answers and deploys, how long something took says little: there only what hangs is a fault.
// `npm run torture:deploy`, on a quiet one, holds it to what people are promised. The table shows the times of both.
const [BACK_MS, WAIT_MS, SWITCH_S] =
  process.env["DEPLOY_TORTURE"] === undefined ? [60_000, 30_000, 30] : [15_000, 1_000, 3];

/** Makes every release that the suite deploys. */
export async function makeReleases(releases: Releases): Promise<Record<string, string>> {
  const variants = { ...failsInService, ...failsBefore, "2.0.0": migrating.first, "3.0.0": migrating.second };
  const archives: Record<string, string> = {};
  for (const name of ["1.0.0", "1.1.0", "1.2.0", "1.3.0"]) archives[name] = await releases.make(name);
  for (const [name, variant] of Object.entries(variants)) archives[name] = await releases.make(name, variant);
  return archives;
}

/** Tests one after the other, on a machine on which 1.0.0 serves. */
export function provesDeploys(world: () => DeployWorld): void {
  const { phase, deploy, rollback, serving, archiveOf, console } = of(world);

  it.each(["1.1.0", "1.2.0", "1.3.0"])("loses no request while %s takes over", async (name) => {
    const done = await phase(`deploy ${name}`, () => deploy(name));
    expect(done.result.output).toMatch(new RegExp(`msg: ${name} serves, after`));
    expect(noticed(done)).toEqual([]);
    expect(await serving()).toBe(name);
  });

  it.each([
    ["the release before", undefined, "1.2.0"],
    ["a named release", "1.1.0", "1.1.0"],
  ])("loses no request while %s comes back, within seconds", async (what, asked, name) => {
    const done = await phase(`rollback to ${what}`, () => rollback(asked));
    expect(secondsOf(done.result, name)).toBeLessThanOrEqual(SWITCH_S);
    expect(noticed(done)).toEqual([]);
    expect(await serving()).toBe(name);
  });

  it.each(Object.entries(failsInService))("puts the old release back when the new one %s", async (name, { says }) => {
    const done = await phase(name, () => deploy(name));
    expect(done.result.code).not.toBe(0);
    expect(done.result.output).toMatch(says);
    expect(done.result.output).toMatch(/1\.1\.0 serves again, after/);
    expect(outOfService(done)).toEqual([]);
    expect(await serving()).toBe("1.1.0");
  });

  // What failed is among the last five releases until others come.
  it("puts the old release back although the connection breaks in the midst of it", async () => {
    const done = await phase("ssh cut in the midst", async () => {
      const { code } = await world().deployed.asDeploy(
        `sudo wtmm-activate never-ready & ${isTried("never-ready")} && kill -9 $PPID`,
      );
      await untilSettled(console);
      return code;
    });
    expect(done.result).toBe(255);
    expect(outOfService(done)).toEqual([]);
    expect(await serving()).toBe("1.1.0");
  });

  it.each(["never-ready", "answers-503"])(
    "puts the old release back when the power fails while %s is tried",
    async (name) => {
      const done = await phase(`power cut, ${name}`, async () => {
        await console(`systemd-run --quiet --collect wtmm-activate ${name}
        ${isTried(name)}`);
        await world().deployed.machine.crash();
        await untilSettled(console);
      });
      expect(outOfService(done)).toEqual([]);
      expect(await serving()).toBe("1.1.0");
    },
  );

  it("does not even try what can be seen to be bad", async () => {
    const done = await phase("refused beforehand", async () => {
      const said: Record<string, string> = {};
      for (const name of Object.keys(failsBefore)) said[name] = (await deploy(name)).output;
      return said;
    });
    for (const [name, { says }] of Object.entries(failsBefore)) expect(done.result[name]).toMatch(says);
    expect(done.failed).toBe(0);
    expect(await serving()).toBe("1.1.0");
  });

  it("does not even try what did not arrive as it was made", async () => {
    const { releases, deployed } = world();
    const good = archiveOf("1.3.0");
    const changed = await releases.repack(good, "1.3.1", "echo '// more' >>app/wtmm.mjs");
    const cut = join(dirname(good), "wtmm-1.3.2-linux-x64.tar.zst");
    await copyFile(good, cut);
    await writeFile(`${cut}.sha256`, `${"0".repeat(64)}  cut\n`);
    const other = join(dirname(good), "wtmm-1.3.3-linux-x64.tar.zst");
    await copyFile(good, other);
    await copyFile(`${good}.sha256`, `${other}.sha256`);
    expect((await deployed.deploy(changed)).output).toContain("Files of the release are not what its manifest says.");
    expect((await deployed.deploy(cut)).output).toContain("Make or fetch it again.");
    expect((await deployed.deploy(other)).output).toContain("The archive holds no release 1.3.3.");
    expect(await serving()).toBe("1.1.0");
    expect(await console("ls -A /opt/wtmm/releases")).not.toMatch(/1\.3\.[123]|unpacking/);
  });

  it("takes no name that is more than a name", async () => {
    for (const name of ["..", "a/b", "-x", "$(reboot)", "../../../etc", "{{ lookup('pipe', 'touch wtmm-escaped') }}"]) {
      const { code, output } = await rollback(name);
      expect({ name, code }).not.toEqual({ name, code: 0 });
      expect(output).toMatch(
        /There is no release|is no name of a release|unrecognized arguments|expected one argument/,
      );
      const archive = join(dirname(archiveOf("1.3.0")), `wtmm-${name.replaceAll("/", "")}-linux-x64.tar.zst`);
      await copyFile(archiveOf("1.3.0"), archive);
      await copyFile(`${archiveOf("1.3.0")}.sha256`, `${archive}.sha256`);
      expect((await world().deployed.deploy(archive)).code).not.toBe(0);
    }
    expect(existsSync(join(import.meta.dirname, "../../provisioning/wtmm-escaped"))).toBe(false);
    expect(await serving()).toBe("1.1.0");
  });

  it("serves soon after a reboot", async () => {
    const done = await phase("reboot", () => world().deployed.machine.reboot());
    expect(outOfService(done)).toEqual([]);
  });

  it("is started again when it is killed, and when it hangs", async () => {
    const restarts = async () => Number(await console("systemctl show --property=NRestarts --value wtmm.service"));
    const before = await restarts();
    const killed = await phase("kill -9", () => console("systemctl kill --signal=KILL wtmm.service"));
    expect(outOfService(killed)).toEqual([]);
    expect(await restarts()).toBe(before + 1);
    // The watchdog's minute is another test's; here it must not take as long.
    await console(`mkdir -p /run/systemd/system/wtmm.service.d
      printf '[Service]\\nWatchdogSec=5\\n' >/run/systemd/system/wtmm.service.d/50-soon.conf
      systemctl daemon-reload && systemctl restart wtmm.service`);
    const stopped = await phase("SIGSTOP", () =>
      console("kill -STOP $(systemctl show -p MainPID --value wtmm.service)"),
    );
    expect(outOfService(stopped)).toEqual([]);
    expect(await console("journalctl --unit=wtmm.service --identifier=systemd --output=cat --lines=50")).toContain(
      "Watchdog timeout",
    );
    await console(`rm /run/systemd/system/wtmm.service.d/50-soon.conf
      systemctl daemon-reload && systemctl restart wtmm.service`);
  });

  it("migrates, goes back as far as programs can use the database, and no further", async () => {
    const first = await phase("deploy with a migration", () => deploy("2.0.0"));
    expect(noticed(first)).toEqual([]);
    const back = await phase("rollback over a migration", () => rollback("1.1.0"));
    expect(noticed(back)).toEqual([]);
    for (const name of ["2.0.0", "3.0.0"])
      expect(noticed(await phase(`deploy ${name}`, () => deploy(name)))).toEqual([]);
    // It was forgotten meanwhile, and comes once more to be refused.
    expect((await deploy("1.1.0")).code).not.toBe(0);
    const refused = await rollback("1.1.0");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/The database has schema \d+, which programs of schema \d+ and later can use/);
    expect(await serving()).toBe("3.0.0");
  });

  it("keeps the last five releases", async () => {
    expect((await console("ls /opt/wtmm/releases")).split("\n")).toHaveLength(5);
    expect(await console("ls -A /opt/wtmm/incoming")).toBe("");
  });

  it("has every mail that it acknowledged, once", async () => {
    const lost = await world().proof.lost();
    expect(Object.values(lost).flat()).toEqual([]);
    expect(Object.keys(lost).length).toBeGreaterThan(10);
  });
}

function of(world: () => DeployWorld) {
  const archiveOf = (name: string): string => {
    const archive = world().archives[name];
    if (archive === undefined) throw new Error(`There is no release ${name}.`);
    return archive;
  };
  return {
    archiveOf,
    phase: <T>(name: string, act: () => Promise<T>) => world().proof.phase(name, act),
    deploy: (name: string) => world().deployed.deploy(archiveOf(name)),
    rollback: (name?: string) => world().deployed.rollback(name),
    serving: () => world().deployed.serving(),
    console: (script: string) => world().deployed.machine.console(script),
  };
}

/** A shell command that waits until a release is the current one, and fails when that takes a minute. */
function isTried(release: string): string {
  return `timeout 60 sh -c 'until [ "$(readlink /opt/wtmm/current)" = releases/${release} ]; do sleep 0.05; done'`;
}

/** Waits until no activation goes on. */
async function untilSettled(console: (script: string) => Promise<string>): Promise<void> {
  for (let tries = 0; tries < 900; tries += 1) {
    if ((await console("ls /var/lib/wtmm-activation")).split("\n").every((file) => file !== "pending")) return;
    await pause(100);
  }
  throw new Error("The activation does not end.");
}

/** What is wrong with a switch that nobody may notice. */
function noticed(phase: Phase<unknown>): string[] {
  const bad = phase.visits.filter(({ status }) => status !== 200);
  const waited = Math.round(phase.longestThereMs);
  return [
    ...bad.slice(0, 5).map(({ kind, connection, status, error }) => `${kind}, ${connection}: ${status} ${error}`),
    ...(waited > WAIT_MS ? [`One waited ${waited} ms.`] : []),
    ...outOfService(phase),
  ];
}

/** What is wrong with a switch that went wrong: the old release must be back in time, and no mail lost. */
function outOfService({ silentMs, refused }: Phase<unknown>): string[] {
  return [
    ...(silentMs > BACK_MS ? [`Nothing was answered for ${Math.round(silentMs)} ms.`] : []),
    ...(refused.length > 0 ? [`${refused.length} mails were refused again and again.`] : []),
  ];
}

function secondsOf({ output }: Play, name: string): number {
  return Number(
    output.match(new RegExp(`${name.replaceAll(".", "[.]")} serves, after ([0-9.]+) s`))?.[1] ?? Number.NaN,
  );
}

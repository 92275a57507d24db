import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Deployed } from "./deployed.ts";
import { run } from "./provisioned.ts";

const CALENDAR = join(import.meta.dirname, "../../provisioning/roles/wtmm/templates/dump-calendar.conf.j2");

/** Exposure that `systemd-analyze security` may see in a service of ours; 10 is a program that may do everything. */
const EXPOSURE = 2;

/** Not all of it takes effect on machines that share a kernel, so what systemd was told is looked at. */
const asked: Readonly<Record<string, string>> = {
  Type: "notify",
  Restart: "always",
  NotifyAccess: "all",
  WatchdogUSec: "1min",
  MemoryMax: String(800 * 1024 * 1024),
  TasksMax: "64",
  LimitCORE: "0",
  User: "wtmm",
  Group: "wtmm",
  DynamicUser: "no",
  UMask: "0077",
  StateDirectory: "wtmm",
  StateDirectoryMode: "0700",
  CapabilityBoundingSet: "",
  AmbientCapabilities: "",
  NoNewPrivileges: "yes",
  ProtectSystem: "strict",
  ProtectHome: "yes",
  ProtectProc: "invisible",
  PrivateTmp: "yes",
  PrivateDevices: "yes",
  PrivateUsers: "yes",
  RestrictNamespaces: "yes",
  RestrictSUIDSGID: "yes",
  SystemCallArchitectures: "native",
  DevicePolicy: "closed",
  NRestarts: "0",
};

/** Tests of how systemd runs the program, on a machine on which a release serves. */
export function confinesUnits(deployed: () => Deployed): void {
  const console = (script: string) => deployed().machine.console(script);

  describe("the units", () => {
    it("hold nothing that systemd does not understand", async () => {
      expect(await console("systemd-analyze verify /etc/systemd/system/*wtmm*.{service,socket,timer} 2>&1")).toBe("");
    });

    // activate-wtmm.service is not among them: it is root's own script, which restarts others.
    it.each(["wtmm.service", "wtmm-dump.service", "wtmm-drill.service"])("leave %s next to nothing", async (unit) => {
      const said = await console(`systemd-analyze security --no-pager ${unit} | tail -n 1`);
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(EXPOSURE);
    });

    it("run the service as it was asked", async () => {
      expect(await shown("wtmm.service", Object.keys(asked))).toEqual(asked);
      const filter = await console("systemctl show wtmm.service --property=SystemCallFilter --value");
      expect(filter.split(" ")).toContain("openat");
      for (const call of ["mount", "ptrace", "reboot", "setuid", "bpf"]) expect(filter.split(" ")).not.toContain(call);
    });

    it.each(["wtmm-dump.service", "wtmm-drill.service"])("have %s take only what nobody else wants", async (unit) => {
      // Of the disk, by the kernel's number for idle.
      const idle = { CPUWeight: "idle", IOSchedulingClass: "3" };
      expect(await shown(unit, Object.keys(idle))).toEqual(idle);
    });

    it("let a dump have its copy die with it, without which the copy would not be paced", async () => {
      const sandboxed = "systemd-run --quiet --wait --pipe --uid=wtmm --unit=wtmm-command-tried";
      expect(await console(`${sandboxed} setpriv --pdeathsig KILL echo paced`)).toBe("paced");
    });

    it("have a dump made every day, not when all others make theirs, and later where the machine was off", async () => {
      const timer = { Persistent: "yes", RandomizedDelayUSec: "20min" };
      expect(await shown("wtmm-dump.timer", Object.keys(timer))).toEqual(timer);
      expect(await calendar()).toEqual(["*-*-* 00:00:00"]);
    });

    it("have a dump made every hour instead where that is set", async () => {
      const folder = mkdtempSync(join(tmpdir(), "wtmm-calendar-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const render = ["-m", "ansible.builtin.template", "-a", `src=${CALENDAR} dest=${folder}/hourly.conf`];
      const hourly = ["ansible", "localhost", "--connection", "local", "-e", "wtmm_dump_calendar=hourly", ...render];
      expect(await run(hourly)).toMatchObject({ code: 0 });
      const below = "/run/systemd/system/wtmm-dump.timer.d";
      onTestFinished(async () => void (await console(`rm -r ${below}; systemctl daemon-reload`)));
      const rendered = readFileSync(join(folder, "hourly.conf"), "utf8");
      await console(`mkdir ${below}; cat >${below}/20-hourly.conf <<'END'\n${rendered}END\nsystemctl daemon-reload`);
      expect(await calendar()).toEqual(["*-*-* *:00:00"]);
    });

    it("run a check as they run the service", async () => {
      const asUnit = "systemd-run --quiet --wait --collect --pipe --unit=wtmm-check-look";
      const seen = await console(
        `${asUnit} sh -c 'id -un; pwd; ulimit -Hc; ls $CREDENTIALS_DIRECTORY; touch /etc/x 2>&1'; true`,
      );
      expect(seen).toMatch(/^wtmm\n\/var\/lib\/wtmm\n0\nDATABASE_AUTH_TOKEN\nLINK_KEYS\n[^]*Read-only file system/);
    });

    it("have the program reach requests through systemd's socket alone", async () => {
      expect(await console("ss -Hltnp 'sport = :8080' | grep -o 'users:.*'")).toMatch(/systemd/);
    });

    it("have as many requests wait there as the socket says while no program runs", async () => {
      const queue = "ss -Hltn 'sport = :8080' | awk '{ print $3 }'";
      const socket = "sed -n 's/^Backlog=//p' /etc/systemd/system/wtmm.socket";
      expect(await console(queue)).toBe(await console(socket));
      expect(await console(queue)).toBe("4096");
    });

    it("keep the secrets out of what others can read", async () => {
      const secrets = (await console("cat /etc/wtmm/credentials/*")).split("\n").filter((line) => line !== "");
      expect(secrets.length).toBeGreaterThanOrEqual(3);
      const pid = "$(systemctl show --property=MainPID --value wtmm.service)";
      const readable = await console(
        `systemctl show wtmm.service; systemctl cat 'wtmm*'; cat /etc/wtmm/settings.env
        tr '\\0' '\\n' </proc/${pid}/environ; tr '\\0' ' ' </proc/${pid}/cmdline; journalctl --no-pager --output=cat`,
      );
      expect(readable).toContain("CREDENTIALS_DIRECTORY=");
      for (const secret of secrets) expect(readable).not.toContain(secret.split(":").at(-1));
      for (const user of ["deploy", "ops", "www-data"]) {
        const tries = `cat /etc/wtmm/credentials/LINK_KEYS || cat /run/credentials/wtmm.service/LINK_KEYS || ls /var/lib/wtmm`;
        expect(await console(`runuser -u ${user} -- sh -c '${tries}' 2>&1; true`)).not.toMatch(/^(?!.*denied).*$/m);
      }
    });

    it("keep what the program keeps for its user alone", async () => {
      expect(
        await console("stat --format='%U:%G %a' /var/lib/wtmm /etc/wtmm/credentials /var/lib/wtmm-activation"),
      ).toBe("wtmm:wtmm 700\nroot:root 700\nroot:root 700");
      expect(await console("find /var/lib/wtmm -perm /077 | grep -v '^/var/lib/wtmm$' || true")).toBe("");
    });
  });

  async function shown(unit: string, properties: readonly string[]): Promise<Record<string, string>> {
    const said = await console(`systemctl show ${unit} --property=${properties.join(",")}`);
    return Object.fromEntries(said.split("\n").map((line) => line.split(/=(.*)/, 2)));
  }

  /** All moments at which dumps begin, as systemd understood them. */
  async function calendar(): Promise<(string | undefined)[]> {
    const said = await console("systemctl show wtmm-dump.timer --property=TimersCalendar");
    return said.split("\n").map((line) => /OnCalendar=(.*?) ;/.exec(line)?.[1]);
  }
}

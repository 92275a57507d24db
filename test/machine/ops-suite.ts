import { beforeAll, describe, expect, it } from "vitest";
import type { ProvisionWorld } from "./provision-world.ts";
import type { Answer } from "./provisioned.ts";

/** What a key of ops can ask for. The machine must let this host open ssh as often as it wants; sshd's own settings are gone afterwards. */
export function confinesOps(world: () => ProvisionWorld): void {
  // The key's own restrictions must be enough.
  beforeAll(() => world().machine.console("rm /etc/ssh/sshd_config.d/00-wtmm.conf; systemctl restart ssh"));

  const ops = (command: string, ssh: string[] = [], input = ""): Promise<Answer> =>
    world().machine.login("ops", world().keys.ops, command, { ssh, input });

  it("hears that there is nothing to read yet", async () => {
    expect(await ops("SELECT 1")).toEqual({
      code: 1,
      output: "There is no copy to read yet: the first restore drill leaves one here.",
    });
  });

  describe("with a copy to read", () => {
    beforeAll(async () => {
      await world().machine.console(`
          mkdir -p -m 700 /var/lib/wtmm; sqlite3 /var/lib/wtmm/wtmm.db 'CREATE TABLE secret (a)'
          sqlite3 /var/lib/wtmm-ops/copy.db "CREATE TABLE spent (a); INSERT INTO spent VALUES (42)"
          install -m 644 /dev/null /etc/open-to-all; echo HIDDEN >/etc/open-to-all`);
    });

    it("answers a question, as an argument or as input", async () => {
      expect(await ops("SELECT a FROM spent")).toEqual({ code: 0, output: "42" });
      expect(await ops("", [], "SELECT a + 1 FROM spent;")).toEqual({ code: 0, output: "43" });
    });

    it("sorts what needs room", async () => {
      const many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)";
      const { code, output } = await ops(
        `${many} SELECT max(x) FROM (SELECT hex(i) AS x FROM n ORDER BY x LIMIT 200000)`,
      );
      expect([code, output]).toEqual([0, expect.stringMatching(/^[0-9A-F]+$/)]);
    });

    it.each(attempts)("gets nothing else by %s", async (attempt) => {
      for (const { code, output } of [await ops(attempt), await ops("", [], `${attempt}\n`)]) {
        // 255 is ssh's own: an attempt that got nowhere proves nothing.
        expect(code).not.toBe(255);
        expect(output).not.toMatch(/uid=|HIDDEN|root:|secret/);
      }
      expect(
        await world().machine.console(
          "find / /tmp /dev/shm -xdev -user ops -not -path '/proc/*' -not -path '/run/user/*' | head",
        ),
      ).toBe("");
      expect(await world().machine.console("sqlite3 /var/lib/wtmm-ops/copy.db 'SELECT a FROM spent'")).toBe("42");
    });

    it("is stopped by sqlite3 itself, before the sandbox has to", async () => {
      expect(await ops(".shell id")).toEqual({ code: 1, output: "line 1: cannot run .shell in safe mode" });
    });

    it("gets no terminal, no files and no way to other ports", async () => {
      expect((await ops("SELECT a FROM spent", ["-tt"])).output).toMatch(/^PTY allocation request failed/);
      // sqlite3 fails at the subsystem's command; its complaint stays on the machine.
      expect(await ops("sftp", ["-s"])).toEqual({ code: 1, output: "" });
      for (const forward of [
        ["-W", "127.0.0.1:22"],
        ["-N", "-o", "ExitOnForwardFailure=yes", "-R", "7777:127.0.0.1:22"],
      ])
        expect(await ops("", forward)).toMatchObject({
          code: 255,
          output: expect.stringMatching(/prohibited|failed|refused/),
        });
    });
  });
}

/** What a shell, a file or another database might be reached by. */
const attempts = [
  ".shell id",
  ".system id",
  ".open /var/lib/wtmm/wtmm.db\n.tables",
  ".output |id\nSELECT 1;",
  ".once |id\nSELECT 1;",
  ".load /tmp/x",
  ".read |id",
  ".read /etc/passwd",
  ".import |id spent",
  ".import /etc/passwd spent",
  ".backup /tmp/b",
  ".save /tmp/b",
  ".clone /tmp/b",
  ".log /tmp/b",
  ".trace /tmp/b\nSELECT 1;",
  ".archive --list --file /etc/passwd",
  ".restore /var/lib/wtmm/wtmm.db",
  ".connection 1\n.open /var/lib/wtmm/wtmm.db\n.tables",
  "-cmd '.shell id'",
  '-cmd ".shell id" ; id',
  "$(id)",
  "; id",
  "--\n.shell id",
  "ATTACH '/var/lib/wtmm/wtmm.db' AS w; SELECT name FROM w.sqlite_schema;",
  "ATTACH '/tmp/b' AS w; CREATE TABLE w.x (a);",
  "VACUUM INTO '/tmp/b';",
  "SELECT writefile('/tmp/b', 'x');",
  "SELECT readfile('/etc/open-to-all');",
  "SELECT data FROM fsdir('/etc/open-to-all');",
  "SELECT name, data FROM fsdir('/etc');",
  "SELECT edit('x', 'id');",
  "SELECT load_extension('/tmp/x');",
  "INSERT INTO spent VALUES (1);",
  "PRAGMA writable_schema = on; DELETE FROM sqlite_schema;",
  "scp -f /etc/open-to-all",
  "/usr/lib/openssh/sftp-server",
];

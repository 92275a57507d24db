import { beforeAll, expect, it } from "vitest";

import type { Deployed } from "./deployed.ts";
import { query } from "./people.ts";

const ACCOUNTS = 1_500;
const MINOR = 4_250;
/** An hour ago: what is newer than a minute may be missing in a dump. By the release's own SQLite, as the service writes. */
const FILL = `
  const database = new (require("node:sqlite").DatabaseSync)("/var/lib/wtmm/wtmm.db");
  const at = Date.now() - 3_600_000;
  const run = (sql, ...values) => database.prepare(sql).run(...values);
  database.exec("BEGIN");
  for (let n = 1; n <= ${ACCOUNTS}; n += 1) {
    const [id, token] = ["saver" + n, "token" + n + "hidden"];
    run("INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'America/New_York', ?)", id, at);
    run("INSERT INTO alert_addresses (token, account_id, created_at) VALUES (?, ?, ?)", token, id, at);
    run("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, '')", "hidden" + n, id, id, at, at, at + 1e9);
    run("INSERT INTO mails (id, account_id, route, recipient, received_at, payload_sha256, state, outcome, interpreted_at, " +
      "subject) VALUES (?, ?, 'alert', ?, ?, x'00', 'done', 'booked', ?, 'hidden')", id, id, "alerts+" + token, at, at);
    run("INSERT INTO purchases (id, account_id, mail_id, position, institution, kind, merchant, amount_minor, currency, " +
      "occurred_at, origin, words, booked_at, compared) VALUES (?, ?, ?, 0, 'chase', 'purchase', 'Cafe Luigi', ${MINOR}, " +
      "'USD', ?, 'addressed', '{}', ?, 1)", id, id, id, at, at);
  }
  database.exec("COMMIT");
  database.close();`;

/** The drill on a machine that dumps into a bucket, from its units to what ops reads. */
export function provesDrills(deployed: () => Deployed): void {
  const console = (script: string) => deployed().machine.console(script);
  const ops = (sql: string) => deployed().machine.login("ops", deployed().keys.ops, sql);

  beforeAll(async () => {
    // Nobody else may write while the service does.
    await console("systemctl stop wtmm.socket wtmm.service");
    const node = "runuser -u wtmm -- env LD_LIBRARY_PATH=/opt/wtmm/current/lib /opt/wtmm/current/bin/node -";
    await console(`${node} <<'END OF PROGRAM'\n${FILL}\nEND OF PROGRAM`);
    await console("systemctl start wtmm.socket wtmm.service");
  });

  it("has units that systemd understands, and that leave next to nothing to them", async () => {
    expect(await console("systemd-analyze verify /etc/systemd/system/wtmm-{dump,drill}.service 2>&1")).toBe("");
    const said = await console("systemd-analyze security --no-pager wtmm-drill.service | tail -n 1");
    expect(Number(/exposure level for \S+: ([\d.]+)/.exec(said)?.[1])).toBeLessThanOrEqual(2);
  });

  it("follows a dump by itself, is proven, and leaves nothing that opens any dump", async () => {
    // One may still go on after an earlier dump.
    await console(`while [ $(systemctl is-active wtmm-drill.service) = activating ]; do sleep 0.2; done
      rm -f /var/lib/wtmm/dumps/last-drill.json`);
    await console("systemctl start wtmm-dump.service");
    await console("until [ -e /var/lib/wtmm/dumps/last-drill.json ]; do sleep 0.2; done");
    await console("while [ $(systemctl is-active wtmm-drill.service) = activating ]; do sleep 0.2; done");
    const log = await console("journalctl --unit=wtmm-drill.service --output=cat --no-pager");
    expect(log).toMatch(/\n[1-9]\d* rows of the live database were compared with it\./);
    expect(log).toMatch(
      /\nA sign-in and a dashboard worked\.\nThe copy for ops is made\.\n.* would bring everything back/,
    );
    expect(await console("find /var/lib/wtmm/dumps /var/lib/wtmm/drill 2>/dev/null | sort")).not.toMatch(/key|\.db/);
    const health = await console("curl --silent http://127.0.0.1:8080/health");
    expect(health).toMatch(/"lastProvenRestore":\{"ageMs":\d+,"reason":null\}/);
    expect(await console("wtmm doctor | grep drill")).toContain("The last proven restore is 0 hours old");
  });

  it("has ops read what people spent, and nothing that lets anybody in", async () => {
    expect(await ops("SELECT count(*) FROM purchases")).toEqual({ code: 0, output: String(ACCOUNTS) });
    expect(await ops("SELECT sum(amount_minor) FROM current_purchases")).toMatchObject({
      output: String(ACCOUNTS * MINOR),
    });
    expect((await query(deployed(), "SELECT count(*) FROM sessions"))[0]).not.toBe("0");
    for (const table of ["sessions", "used_links", "mail_payloads", "journal"])
      expect(await ops(`SELECT 1 FROM ${table}`)).toMatchObject({
        code: 1,
        output: expect.stringMatching(/no such table/),
      });
    expect(await console("grep -c hidden /var/lib/wtmm-ops/copy.db || true")).toBe("0");
    expect(await console("grep -c -e 'Cafe Luigi' /var/lib/wtmm-ops/copy.db")).not.toBe("0");
  });

  it("lets nobody but itself put a copy there", async () => {
    expect(await console("stat --format='%U:%G %a' /var/lib/wtmm-ops /var/lib/wtmm-ops/copy.db")).toBe(
      "wtmm:ops 2750\nwtmm:ops 640",
    );
    const tries =
      "touch /var/lib/wtmm-ops/x; mv /var/lib/wtmm-ops/copy.db /var/lib/wtmm-ops/y; echo >>/var/lib/wtmm-ops/copy.db";
    expect(await console(`runuser -u ops -- sh -c '${tries}' 2>&1; true`)).toMatch(/^(.*Permission denied\n?){3}$/);
    const run = "systemd-run --quiet --wait --collect --pipe --unit=wtmm-check-look";
    expect(await console(`${run} sh -c 'touch /var/lib/wtmm-ops/x' 2>&1; true`)).toContain("Read-only file system");
    expect(await console("ls -A /var/lib/wtmm-ops")).toBe("copy.db");
  });

  it("says by hand that there is nothing to try, and tries the next dump by hand", async () => {
    expect(await console("wtmm drill 2>&1; true")).toMatch(
      /was proven at .*, and what opened it here is gone\. Make a new one/,
    );
    expect(await console("wtmm dump && wtmm drill && stat --format='%U:%G %a' /var/lib/wtmm-ops/copy.db")).toMatch(
      /would bring everything back; that took .*\s+wtmm:ops 640$/,
    );
  });
}

import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, expect, it } from "vitest";

import { migrate } from "../../schema/migrate.ts";
import { openDatabase } from "../libsql.ts";
import { openDashboard } from "./drill-dashboard.ts";

const NOW_MS = Temporal.Instant.from("2026-12-01T12:00:00Z").epochMilliseconds;
let folder: string;
let opened: AsyncDisposableStack;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-dashboard-"));
  opened = new AsyncDisposableStack();
  const db = await openDatabase(`file:${folder}/wtmm.db`);
  await migrate(db);
  await db.close();
});
afterEach(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
});

function change(sql: string): void {
  const database = new DatabaseSync(join(folder, "wtmm.db"));
  database.exec(sql);
  database.close();
}

/** The driver that made the database has not let go of it yet, and would not look again. */
function fresh(): string {
  const to = join(folder, "fresh");
  mkdirSync(to);
  copyFileSync(join(folder, "wtmm.db"), join(to, "wtmm.db"));
  return to;
}

/** Somebody's purchase, booked in the order of the calls. */
function book(account: string, at: string, amountMinor: number, on: string | null = null): void {
  const ms = Temporal.Instant.from(at).epochMilliseconds;
  change(`
    INSERT OR IGNORE INTO accounts (id, time_zone, created_at) VALUES ('${account}', 'Asia/Tokyo', 0);
    INSERT INTO mails (id, account_id, route, recipient, received_at, payload_sha256)
      SELECT 'm' || count(*), '${account}', 'alert', '', 0, x'00' FROM mails;
    INSERT INTO purchases (id, account_id, mail_id, position, institution, kind, merchant, amount_minor, currency,
      occurred_at, occurred_on, origin, words, booked_at)
      SELECT 'p' || count(*), '${account}', 'm' || count(*), 0, 'chase', 'purchase', 'Cafe Luigi', ${amountMinor}, 'USD',
        ${ms}, ${on === null ? "NULL" : `'${on}'`}, 'addressed', '{}', ${NOW_MS} + count(*) FROM purchases`);
}

it("opens that of whose purchase was booked last, and finds the sum of its month", async () => {
  book("joe", "2026-10-01T12:00:00Z", 100);
  // In Tokyo the first is of November, and so is the last.
  book("jane", "2026-10-31T16:00:00Z", 1_000);
  book("jane", "2026-11-30T12:00:00Z", 20_000, "2026-11-30");
  book("jane", "2026-11-30T16:00:00Z", 300_000);
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  expect(await openDashboard(folder, opened)).toBe("one account's");
});

it("writes nothing but the database that it is given", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  await openDashboard(folder, opened);
  expect(readdirSync(folder).filter((name) => !name.startsWith("wtmm.db"))).toEqual([]);
});

it("leaves the database open, and its log as it is", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  await openDashboard(folder, opened);
  expect(statSync(join(folder, "wtmm.db-wal")).size).toBeGreaterThan(0);
});

it("passes over a purchase that its mail dates where no page is", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  book("joe", "0900-01-01T12:00:00Z", 100);
  expect(await openDashboard(folder, opened)).toBe("one account's");
});

it("finds a purchase that counts behind any number that do not", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  book("joe", "0900-01-01T12:00:00Z", 100);
  change(`WITH RECURSIVE numbers (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < 1000)
    INSERT INTO purchases (id, account_id, mail_id, position, institution, kind, merchant, amount_minor, currency,
      occurred_at, origin, words, booked_at)
    SELECT 'q' || n, account_id, mail_id, n, institution, kind, merchant, amount_minor, currency, occurred_at, origin, words,
      booked_at FROM purchases, numbers WHERE account_id = 'joe'`);
  expect(await openDashboard(fresh(), opened)).toBe("one account's");
});

it("opens the front page where nobody has a purchase that counts", async () => {
  expect(await openDashboard(folder, opened)).toBe("none");
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  change("UPDATE purchases SET withdrawn_at = 1");
  expect(await openDashboard(folder, opened)).toBe("none");
});

it("finds that the page shows another sum than the table holds", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  // What pages find purchases by misses one of them.
  const database = new DatabaseSync(join(folder, "wtmm.db"), { defensive: false });
  database.exec(`PRAGMA writable_schema = ON;
    CREATE TABLE aside AS SELECT * FROM sqlite_schema WHERE name = 'purchases_by_time';
    DELETE FROM sqlite_schema WHERE name = 'purchases_by_time'`);
  database.close();
  book("jane", "2026-11-03T16:00:00Z", 5_000);
  const again = new DatabaseSync(join(folder, "wtmm.db"), { defensive: false });
  again.exec("PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM aside; DROP TABLE aside");
  again.close();
  await expect(openDashboard(fresh(), opened)).rejects.toThrow("the sum in USD on it is not that of the purchases");
});

it("finds that a page can't be made", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  change("UPDATE purchases SET currency = '???'");
  await expect(openDashboard(folder, opened)).rejects.toThrow(/^(dashboard|day) answered 500$/);
});

it("finds that nobody can sign in", async () => {
  book("jane", "2026-11-02T16:00:00Z", 4_000);
  change("CREATE TRIGGER broken BEFORE INSERT ON sessions BEGIN SELECT raise(ABORT, 'broken'); END");
  await expect(openDashboard(folder, opened)).rejects.toThrow(/^signing in answered 5\d\d$/);
});

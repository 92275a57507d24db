import type { DatabaseSync } from "node:sqlite";

import { quoted } from "../quoted.ts";

/** What a database holds, in numbers that are the same in a true copy of it. */
export type DatabaseContents = {
  readonly schemaVersion: number;
  /** Rows by table. The journal's are left out: they go when they are uploaded, beside whoever counts. */
  readonly rows: Readonly<Record<string, number>>;
  /** Minor units of all booked purchases by currency, in decimal digits: a sum may be larger than a number is exact. */
  readonly sums: Readonly<Record<string, string>>;
  /** The mail that was kept last. */
  readonly newestMail: { readonly number: number; readonly id: string } | null;
};

/** Counts what a database holds; in one transaction, so that nothing changes in between. */
export function contentsOf(database: DatabaseSync): DatabaseContents {
  database.exec("BEGIN");
  try {
    const tables = namesOf(database);
    return {
      schemaVersion: Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0),
      rows: Object.fromEntries(tables.map((table) => [table, rowsIn(database, table)])),
      sums: tables.includes("purchases") ? sumsOf(database) : {},
      newestMail: tables.includes("mails") ? newestMailOf(database) : null,
    };
  } finally {
    database.exec("ROLLBACK");
  }
}

/** In what two databases differ, as the end of a sentence; null when they hold the same. */
export function differenceOf(expected: DatabaseContents, found: DatabaseContents): string | null {
  if (expected.schemaVersion !== found.schemaVersion)
    return `schema ${found.schemaVersion} instead of ${expected.schemaVersion}`;
  const table = firstDifferent(expected.rows, found.rows);
  if (table !== null)
    return `${found.rows[table] ?? "no"} rows in ${table} instead of ${expected.rows[table] ?? "none"}`;
  const currency = firstDifferent(expected.sums, found.sums);
  if (currency !== null) return `another sum of purchases in ${currency}`;
  const [one, other] = [expected.newestMail, found.newestMail];
  return one?.number === other?.number && one?.id === other?.id ? null : "another newest mail";
}

/**
 * What a copy holds that the database never did while the copy was made, as the end of a sentence; null when it is a true
 * copy. What changed meanwhile must lie between what was there before and after.
 */
export function differenceOfCopy(
  before: DatabaseContents,
  copy: DatabaseContents,
  after: DatabaseContents,
): string | null {
  const [first, last] = [before.newestMail?.number ?? 0, after.newestMail?.number ?? 0];
  const newest = copy.newestMail?.number ?? 0;
  const unchanged = differenceOf(before, after) === null;
  if (unchanged) return differenceOf(before, copy);
  if (copy.schemaVersion !== before.schemaVersion)
    return `schema ${copy.schemaVersion} instead of ${before.schemaVersion}`;
  if (newest < Math.min(first, last) || newest > Math.max(first, last))
    return `mail ${newest} as its newest, not one from ${first} to ${last}`;
  const table = Object.keys({ ...before.rows, ...copy.rows }).find(
    (name) => !isBetween(before.rows[name], copy.rows[name], after.rows[name]),
  );
  if (table !== undefined)
    return `${copy.rows[table] ?? "no"} rows in ${table} instead of ${before.rows[table] ?? "none"}`;
  const currency = Object.keys({ ...before.sums, ...copy.sums }).find(
    (name) => before.sums[name] === after.sums[name] && copy.sums[name] !== before.sums[name],
  );
  return currency === undefined ? null : `another sum of purchases in ${currency}`;
}

function isBetween(before: number | undefined, found: number | undefined, after: number | undefined): boolean {
  if (before === undefined || found === undefined || after === undefined) return before === found && found === after;
  return Math.min(before, after) <= found && found <= Math.max(before, after);
}

/**
 * Looks whether a database is whole. Reads all of it.
 *
 * @throws Error saying what is damaged
 */
export function requireIntegrity(database: DatabaseSync): void {
  const [first] = database.prepare("PRAGMA integrity_check(1)").all();
  const found = String(first?.["integrity_check"] ?? "nothing");
  if (found !== "ok") throw new Error(`it is damaged (${found.split("\n").at(-1)})`);
  const [orphan] = database.prepare("PRAGMA foreign_key_check").all();
  if (orphan !== undefined)
    throw new Error(`a row of ${String(orphan["table"])} belongs to none of ${String(orphan["parent"])}`);
}

function namesOf(database: DatabaseSync): string[] {
  const sql = `SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'journal' ORDER BY name`;
  return database
    .prepare(sql)
    .all()
    .map((row) => String(row["name"]));
}

function rowsIn(database: DatabaseSync, table: string): number {
  const counted = database.prepare(`SELECT count(*) AS count FROM ${quoted(table)}`).get();
  return Number(counted?.["count"]);
}

function sumsOf(database: DatabaseSync): Record<string, string> {
  const sql =
    "SELECT currency, cast(sum(amount_minor) AS text) AS sum FROM purchases GROUP BY currency ORDER BY currency";
  return Object.fromEntries(
    database
      .prepare(sql)
      .all()
      .map((row) => [String(row["currency"]), String(row["sum"])]),
  );
}

function newestMailOf(database: DatabaseSync): DatabaseContents["newestMail"] {
  const row = database.prepare("SELECT number, id FROM mails ORDER BY number DESC LIMIT 1").get();
  return row === undefined ? null : { number: Number(row["number"]), id: String(row["id"]) };
}

function firstDifferent<T>(expected: Readonly<Record<string, T>>, found: Readonly<Record<string, T>>): string | null {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...names].find((name) => expected[name] !== found[name]) ?? null;
}

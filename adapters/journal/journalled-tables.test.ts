import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { migrate } from "../../schema/migrate.ts";
import { openDatabase, type Database } from "../libsql.ts";
import { journalledTables, NOT_JOURNALLED, UNWATCHED_COLUMNS, type JournalledTable } from "./journalled-tables.ts";

let directory = "";
let db: Database;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-journal-"));
  db = await openDatabase(`file:${directory}/test.db`);
  await migrate(db);
});

afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true });
});

describe("every table", () => {
  it("is watched as a whole by its triggers, or left out for a reason", async () => {
    expect(await notWatched()).toEqual([]);
    const all = await db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    const names = all.map(({ name }) => name).filter((name) => !name.startsWith("sqlite_"));
    const journalled = (await journalledTables(db)).map(({ name }) => name);
    expect([...journalled, ...Object.keys(NOT_JOURNALLED)].toSorted()).toEqual(names.toSorted());
    expect(journalled).toContain("amendments");
  });

  it("that is new has to be in one of the two", async () => {
    await db.write([{ sql: "CREATE TABLE notes (id TEXT PRIMARY KEY, words TEXT NOT NULL) STRICT" }]);
    expect(await notWatched()).toEqual([
      "notes: nobody notes INSERT of new",
      "notes: nobody notes UPDATE OF words of new",
      "notes: nobody notes UPDATE OF id of old, new",
      "notes: nobody notes DELETE of old",
    ]);
  });

  it("that gets a new column has to watch it", async () => {
    await db.write([{ sql: "ALTER TABLE amendments ADD COLUMN weight INTEGER" }]);
    expect(await notWatched()).toEqual(["amendments: nobody notes UPDATE OF weight of new"]);
  });

  it("has a key, and one column of bytes at most", async () => {
    const tables = await journalledTables(db);
    expect(tables.filter(({ key }) => key.length === 0)).toEqual([]);
    const sql = `SELECT t.name AS "table", c.name AS bytes FROM pragma_table_list t JOIN pragma_table_info(t.name) c
      WHERE c.type = 'BLOB' ORDER BY t.name`;
    const found = tables.filter(({ bytes }) => bytes !== null).map(({ name, bytes }) => ({ table: name, bytes }));
    expect(found).toEqual(await db.all(sql));
  });

  it("has the columns that are not worth a place", async () => {
    const tables = await journalledTables(db);
    for (const [name, { columns, why }] of Object.entries(UNWATCHED_COLUMNS)) {
      expect(tables.find((table) => table.name === name)?.columns).toEqual(expect.arrayContaining([...columns]));
      expect(why).toMatch(/\.$/);
    }
  });
});

describe("the journal", () => {
  const identity = "INSERT INTO mail_identities (account_id, message_id, body_sha256, mail_id) VALUES";

  beforeEach(async () => {
    await db.write([
      { sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES ('a', 'UTC', 1)" },
      {
        sql: `INSERT INTO mails (id, route, recipient, received_at, payload_sha256)
              VALUES ('m', 'none', 'x@example.com', 1, x'00ff')`,
      },
      { sql: `${identity} ('a', '<"1"@example.com>', 'f0', 'm')` },
    ]);
  });

  it("names each row that came, changed or went by its table and key", async () => {
    await db.write([
      { sql: "UPDATE accounts SET time_zone = 'Europe/Berlin'" },
      { sql: "UPDATE mail_identities SET body_sha256 = 'f1'" },
      { sql: "DELETE FROM mail_identities" },
    ]);
    expect(await db.all("SELECT number, table_name, key FROM journal")).toEqual([
      { number: 1, table_name: "accounts", key: '["a"]' },
      { number: 2, table_name: "mails", key: "[1]" },
      { number: 3, table_name: "mail_identities", key: '["a","<\\"1\\"@example.com>","f0"]' },
      { number: 4, table_name: "accounts", key: '["a"]' },
      { number: 5, table_name: "mail_identities", key: '["a","<\\"1\\"@example.com>","f0"]' },
      { number: 6, table_name: "mail_identities", key: '["a","<\\"1\\"@example.com>","f1"]' },
      { number: 7, table_name: "mail_identities", key: '["a","<\\"1\\"@example.com>","f1"]' },
    ]);
    const [row] = await db.all<{ at: number }>("SELECT at FROM journal");
    expect(Math.abs(Date.now() - (row?.at ?? 0))).toBeLessThan(3_600_000);
  });

  it("does not name a row of which nothing changed that matters", async () => {
    await db.write([{ sql: "DELETE FROM journal" }, { sql: "UPDATE mails SET lease_until = 5, attempts = 1" }]);
    expect(await db.all("SELECT * FROM journal")).toEqual([]);
  });

  it("never uses a number again", async () => {
    await db.write([{ sql: "DELETE FROM journal" }, { sql: "UPDATE accounts SET link_epoch = 1" }]);
    expect(await db.all("SELECT number FROM journal")).toEqual([{ number: 4 }]);
  });
});

const TRIGGER =
  /^CREATE TRIGGER journal_\w+ AFTER (?:(INSERT|DELETE)|UPDATE OF ([\w, ]+)) ON (\w+) BEGIN INSERT INTO journal \(table_name, key\) VALUES (.+); END$/;

/** What the triggers of the tables miss. */
async function notWatched(): Promise<string[]> {
  const triggers = await db.all<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE type = 'trigger'");
  const noted = new Set(
    triggers.flatMap(({ sql }) => {
      const [, event, columns = "", table, values] = TRIGGER.exec(sql) ?? [];
      const events = event === undefined ? columns.split(", ").map((column) => `UPDATE OF ${column}`) : [event];
      return events.map((each) => `${table}: ${each}: ${values}`);
    }),
  );
  return (await journalledTables(db)).flatMap((table) =>
    wantedOf(table)
      .filter(({ event, sides }) => !noted.has(`${table.name}: ${event}: ${valuesOf(table, sides)}`))
      .map(({ event, sides }) => `${table.name}: nobody notes ${event} of ${sides.join(", ")}`),
  );
}

type Wanted = { readonly event: string; readonly sides: readonly ("old" | "new")[] };

function wantedOf({ name, key, columns }: JournalledTable): Wanted[] {
  const unwatched = [...key, ...(UNWATCHED_COLUMNS[name]?.columns ?? [])];
  return [
    { event: "INSERT", sides: ["new"] },
    ...columns
      .filter((column) => !unwatched.includes(column))
      .map((column): Wanted => ({ event: `UPDATE OF ${column}`, sides: ["new"] })),
    ...key.map((column): Wanted => ({ event: `UPDATE OF ${column}`, sides: ["old", "new"] })),
    { event: "DELETE", sides: ["old"] },
  ];
}

function valuesOf({ name, key }: JournalledTable, sides: Wanted["sides"]): string {
  return sides
    .map((side) => `('${name}', json_array(${key.map((column) => `${side}.${column}`).join(", ")}))`)
    .join(", ");
}

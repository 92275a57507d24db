import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatabase, type Database } from "../adapters/libsql.ts";
import { migrate, SCHEMA_VERSION, statementsOf } from "./migrate.ts";

const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".sql"))
  .toSorted();
const texts = files.map((name) => readFileSync(join(import.meta.dirname, name), "utf8"));

let directory = "";
let db: Database;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-schema-"));
  db = await openDatabase(`file:${directory}/test.db`);
});

afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true });
});

describe("the migrations", () => {
  it("are the numbered files of this folder, all of them and in their order", async () => {
    expect(files).toHaveLength(SCHEMA_VERSION);
    for (const [index, name] of files.entries()) {
      expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.sql$/);
      expect(Number(name.slice(0, 4))).toBe(index + 1);
    }
    await migrate(db);
    const other = await openDatabase(`file:${directory}/other.db`);
    await migrate(other, texts);
    expect(await schemaOf(db)).toEqual(await schemaOf(other));
    expect(await versionOf(db)).toBe(SCHEMA_VERSION);
    await other.close();
  });

  // The driver runs the first statement of a text and drops the others without a word.
  it.each(files.map((name, index) => [name, texts[index] ?? ""]))(
    "of %s end each statement at the end of a line",
    (_, text) => {
      for (const statement of statementsOf(text)) {
        const withoutText = statement.replaceAll(/'[^']*'/g, "''");
        expect(withoutText.replace(/^(CREATE TRIGGER .*BEGIN) [^;]*;( [^;]*;)* END$/, "$1")).not.toMatch(/;|--/);
      }
    },
  );

  it("keep what the first release stored", async () => {
    await migrate(db, texts.slice(0, 1));
    await db.write([
      { sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES ('a', 'UTC', 1)" },
      {
        sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
              VALUES ('l', 'sign-in', 'a', 'jane@example.com', '{}', 1, 1)`,
      },
    ]);
    await migrate(db);
    expect(await db.all("SELECT id, account_id, state FROM letters")).toEqual([
      { id: "l", account_id: "a", state: "waiting" },
    ]);
    expect(await db.all("PRAGMA foreign_key_check")).toEqual([]);
  });

  it("make STRICT tables only", async () => {
    await migrate(db);
    const tables = await db.all<{ name: string; strict: number }>(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
  });
});

describe("migrate", () => {
  const first = "CREATE TABLE a (x INTEGER) STRICT;\nINSERT INTO a VALUES (1);\n";
  const second = "ALTER TABLE a ADD COLUMN y TEXT;\nUPDATE a SET y = 'new';\n";

  it("applies what is missing, and keeps what is there", async () => {
    await migrate(db, [first]);
    expect(await versionOf(db)).toBe(1);
    await migrate(db, [first, second]);
    expect(await versionOf(db)).toBe(2);
    expect(await db.all("SELECT * FROM a")).toEqual([{ x: 1, y: "new" }]);
  });

  it("writes nothing when nothing is missing", async () => {
    await migrate(db, [first, second]);
    const before = [statSync(`${directory}/test.db-wal`).size, await schemaOf(db)];
    await migrate(db, [first, second]);
    expect([statSync(`${directory}/test.db-wal`).size, await schemaOf(db)]).toEqual(before);
  });

  it("changes nothing when the last statement of a migration fails, and goes on from there when it is mended", async () => {
    await migrate(db, [first]);
    const before = await schemaOf(db);
    const broken = `${second}CREATE TABLE b (x INTEGER) STRICT;\nINSERT INTO b VALUES ('no number');\n`;
    await expect(migrate(db, [first, broken])).rejects.toThrow("cannot store TEXT value in INTEGER column");
    expect(await schemaOf(db)).toEqual(before);
    expect(await versionOf(db)).toBe(1);
    expect(await db.all("SELECT * FROM a")).toEqual([{ x: 1 }]);
    await migrate(db, [first, second]);
    expect(await versionOf(db)).toBe(2);
  });

  it("keeps the migrations before the one that fails", async () => {
    await expect(migrate(db, [first, "CREATE TABLE a (x INTEGER) STRICT;\n", second])).rejects.toThrow(
      "already exists",
    );
    expect(await versionOf(db)).toBe(1);
  });

  it("refuses the database of a newer release with a sentence, and leaves it alone", async () => {
    await migrate(db, [first, second]);
    const before = await schemaOf(db);
    await expect(migrate(db, [first])).rejects.toThrow(
      "The database has schema 2, but this release knows only up to 1. Start a newer release.",
    );
    await db.write([{ sql: `PRAGMA user_version = ${SCHEMA_VERSION + 1}` }]);
    await expect(migrate(db)).rejects.toThrow(`schema ${SCHEMA_VERSION + 1}`);
    expect(await schemaOf(db)).toEqual(before);
  });
});

describe("statementsOf", () => {
  it("parts a file at semicolons that end a line, and leaves comments out", () => {
    const sql = [
      "-- A comment; with a semicolon;",
      "CREATE TABLE a (",
      "  -- Within a statement;",
      "  x TEXT DEFAULT 'one; two -- three'",
      ") STRICT;   ",
      "",
      "INSERT INTO a VALUES ('; '), (';');",
      "  -- Last words",
      "DELETE FROM a",
    ].join("\n");
    expect(statementsOf(sql)).toEqual([
      "CREATE TABLE a (\n  x TEXT DEFAULT 'one; two -- three'\n) STRICT",
      "INSERT INTO a VALUES ('; '), (';')",
      "DELETE FROM a",
    ]);
  });

  it("finds none in a file without any, which the database would refuse", () => {
    for (const empty of ["", "\n\n", "-- Only words.\n", ";\n;\n"]) expect(statementsOf(empty)).toEqual([]);
  });

  it("reads lines that end as on Windows", () => {
    expect(statementsOf("SELECT 1;\r\nSELECT 2;\r\n")).toEqual(["SELECT 1", "SELECT 2"]);
  });
});

function schemaOf(database: Database) {
  return database.all("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
}

async function versionOf(database: Database): Promise<number | undefined> {
  return (await database.one<{ user_version: number }>("PRAGMA user_version"))?.user_version;
}

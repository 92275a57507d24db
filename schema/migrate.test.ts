import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openDatabase, type Database } from "../adapters/libsql.ts";
import { migrate, OLDEST_PROGRAM, SCHEMA_VERSION, statementsOf, type Migration } from "./migrate.ts";

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
    await migrate(
      other,
      texts.map((sql) => step(sql)),
    );
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
    await migrate(
      db,
      texts.slice(0, 1).map((sql) => step(sql)),
    );
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
  const first = step("CREATE TABLE a (x INTEGER) STRICT;\nINSERT INTO a VALUES (1);\n");
  const second = step("ALTER TABLE a ADD COLUMN y TEXT;\nUPDATE a SET y = 'new';\n");

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
    const broken = step(`${second.sql}CREATE TABLE b (x INTEGER) STRICT;\nINSERT INTO b VALUES ('no number');\n`);
    await expect(migrate(db, [first, broken])).rejects.toThrow("cannot store TEXT value in INTEGER column");
    expect(await schemaOf(db)).toEqual(before);
    expect(await versionOf(db)).toBe(1);
    expect(await db.all("SELECT * FROM a")).toEqual([{ x: 1 }]);
    await migrate(db, [first, second]);
    expect(await versionOf(db)).toBe(2);
  });

  it("keeps the migrations before the one that fails", async () => {
    await expect(migrate(db, [first, step("CREATE TABLE a (x INTEGER) STRICT;\n"), second])).rejects.toThrow(
      "already exists",
    );
    expect(await versionOf(db)).toBe(1);
  });

  describe("on the database of a newer release", () => {
    const steps = step(readFileSync(join(import.meta.dirname, "0006-schema-steps.sql"), "utf8"), 1);

    it("changes nothing when that release said that this one can use it", async () => {
      await migrate(db, [steps, { ...first, oldestProgram: 1 }, { ...second, oldestProgram: 1 }]);
      const before = await schemaOf(db);
      expect(await migrate(db, [steps])).toEqual({ from: 3, to: 3 });
      expect(await schemaOf(db)).toEqual(before);
      expect(await versionOf(db)).toBe(3);
    });

    it("refuses with a sentence when it can't use it, and leaves it alone", async () => {
      await migrate(db, [steps, { ...first, oldestProgram: 2 }, { ...second, oldestProgram: 2 }]);
      const before = await schemaOf(db);
      await expect(migrate(db, [steps])).rejects.toThrow(
        "The database has schema 3, which programs of schema 2 and later can use; this release is of schema 1. Start a newer release.",
      );
      expect(await migrate(db, [steps, first])).toEqual({ from: 3, to: 3 });
      expect(await schemaOf(db)).toEqual(before);
    });

    it("takes no database that says nothing about it", async () => {
      await migrate(db);
      await db.write([{ sql: `PRAGMA user_version = ${SCHEMA_VERSION + 1}` }, { sql: "DELETE FROM schema_steps" }]);
      await expect(migrate(db)).rejects.toThrow(`schema ${SCHEMA_VERSION + 1}`);
    });
  });

  it("writes down which programs can use what it made", async () => {
    await migrate(db);
    expect(await db.all("SELECT version, oldest_program FROM schema_steps ORDER BY version DESC LIMIT 1")).toEqual([
      { version: SCHEMA_VERSION, oldest_program: OLDEST_PROGRAM },
    ]);
  });
});

// A release that was taken back finds the database as the newer one left it.
describe("a migration that lets older programs be", () => {
  it.each(onlyAdding())("only adds: %s", (_, statements) => {
    for (const statement of statements) expect(statement).toMatch(ADDS);
  });

  it.each([
    "DROP TABLE mails",
    "ALTER TABLE mails RENAME TO letters",
    "ALTER TABLE mails DROP COLUMN state",
    "ALTER TABLE mails ADD COLUMN weight INTEGER NOT NULL",
    "CREATE UNIQUE INDEX one_of_each ON mails (state)",
    "CREATE TRIGGER t BEFORE INSERT ON mails BEGIN SELECT RAISE(ABORT, 'no'); END",
    "CREATE TRIGGER t AFTER INSERT ON mails BEGIN INSERT INTO journal (key) VALUES (1); DELETE FROM mails; END",
    "DELETE FROM mails",
  ])("is never: %s", (statement) => expect(statement).not.toMatch(ADDS));
});

/**
 * What no older program notices. A column that must be given is one that older programs don't give; a trigger may note in
 * the journal that it ran, and no more.
 */
const ADDS =
  /^(CREATE TABLE |CREATE INDEX |INSERT |UPDATE |ALTER TABLE \w+ ADD COLUMN (?!.*NOT NULL(?!.*DEFAULT))|CREATE TRIGGER \w+ AFTER [\w, ]+ BEGIN INSERT INTO journal [^;]*; END$)/i;

/** The migrations since databases say who can use them, but for those that say that older programs can't. */
function onlyAdding(): [name: string, statements: string[]][] {
  return files.flatMap((name, index): [string, string[]][] =>
    index + 1 < OLDEST_PROGRAM ? [] : [[name, statementsOf(texts[index] ?? "")]],
  );
}

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

function step(sql: string, oldestProgram: number | null = null): Migration {
  return { sql, oldestProgram };
}

function schemaOf(database: Database) {
  return database.all("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name");
}

async function versionOf(database: Database): Promise<number | undefined> {
  return (await database.one<{ user_version: number }>("PRAGMA user_version"))?.user_version;
}

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { migrate, migrations, SCHEMA_VERSION, type Migration } from "../schema/migrate.ts";
import { openDatabase } from "./libsql.ts";
import { rehearseMigration } from "./rehearse-migration.ts";

let directory = "";
let url = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-rehearsal-"));
  url = `file:${directory}/test.db`;
});

afterEach(() => rmSync(directory, { recursive: true }));

describe("rehearseMigration", () => {
  it("migrates a copy and leaves the database and the folder as they were", async () => {
    const live = await openDatabase(url);
    await migrate(live, migrations.slice(0, 5));
    // Still in the log only, as most of what the running service wrote last.
    await live.write([{ sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES ('a', 'UTC', 1)" }]);
    const before = readFileSync(`${directory}/test.db`);
    expect(await rehearse(seen("accounts"))).toMatchObject({ from: 5, to: SCHEMA_VERSION + 1 });
    expect(await live.one("PRAGMA user_version")).toEqual({ user_version: 5 });
    await live.write([{ sql: "DELETE FROM accounts" }]);
    expect(readFileSync(`${directory}/test.db`).equals(before)).toBe(true);
    expect(readdirSync(copies())).toEqual([]);
    await live.close();
  });

  it("says why a migration fails", async () => {
    await makeDatabase();
    await expect(rehearse(step("ALTER TABLE lost ADD COLUMN x TEXT;"))).rejects.toThrow(
      /^The migration failed on a copy of the database: .*no such table: lost/,
    );
    expect(readdirSync(copies())).toEqual([]);
  });

  it("refuses one that requests would wait for too long", async () => {
    await makeDatabase();
    const more = [...migrations, step("CREATE TABLE later (x TEXT) STRICT;")];
    await expect(rehearseMigration(url, copies(), more, -1)).rejects.toThrow(
      /^The migration from schema \d+ to \d+ took \d+ ms on a copy of the database, and requests wait no longer than -1 ms/,
    );
    expect(readdirSync(copies())).toEqual([]);
  });

  it("has nothing to do without a database, or on one that this release uses as it is", async () => {
    expect(await rehearseMigration(url, copies())).toBeNull();
    expect(existsSync(`${directory}/test.db`)).toBe(false);
    await makeDatabase();
    expect(await rehearseMigration(url, copies())).toBeNull();
    expect(existsSync(copies())).toBe(false);
  });

  it("lets an older release be rehearsed on a newer database that it can use, and on no other", async () => {
    await makeDatabase([...migrations, step("CREATE TABLE later (x TEXT) STRICT;", SCHEMA_VERSION)]);
    expect(await rehearseMigration(url, copies())).toBeNull();
    await makeDatabase([
      ...migrations,
      step("CREATE TABLE later (x TEXT) STRICT;", SCHEMA_VERSION),
      step("DROP TABLE later;", SCHEMA_VERSION + 2),
    ]);
    await expect(rehearseMigration(url, copies())).rejects.toThrow("Start a newer release.");
  });

  it("begins anew where an earlier one was killed", async () => {
    await makeDatabase();
    await rehearse(step("CREATE TABLE later (x TEXT) STRICT;"));
    for (const name of ["rehearsal.db", "rehearsal.db-wal"]) writeFileSync(join(copies(), name), "half a copy");
    expect(await rehearse(step("CREATE TABLE later (x TEXT) STRICT;"))).toMatchObject({ to: SCHEMA_VERSION + 1 });
  });

  it("copies no database of another server", async () => {
    await expect(rehearseMigration("https://db.example.com", copies())).rejects.toThrow("Only a database in a file");
  });
});

async function makeDatabase(steps: readonly Migration[] = migrations): Promise<void> {
  const db = await openDatabase(url);
  await migrate(db, steps);
  await db.close();
}

/** Rehearses the release that comes after this one. */
function rehearse(next: Migration) {
  return rehearseMigration(url, copies(), [...migrations, next]);
}

/** A step that fails unless the copy has the one row that was written last. */
function seen(table: string): Migration {
  return step(
    `CREATE TABLE seen (rows INTEGER CHECK (rows = 1)) STRICT;\nINSERT INTO seen SELECT count(*) FROM ${table};`,
  );
}

function copies(): string {
  return join(directory, "rehearsal");
}

function step(sql: string, oldestProgram: number | null = null): Migration {
  return { sql, oldestProgram };
}

import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { migrate, migrations, SCHEMA_VERSION, type Migration } from "../../schema/migrate.ts";
import { openDatabase, type Database } from "../libsql.ts";
import { checkDatabase } from "./check-database.ts";

const stop = new AbortController().signal;
/** https://www.sqlite.org/fileformat.html#the_database_header */
const FREE_PAGES_AT = 36;
const later = (oldestProgram: number): Migration => ({ sql: "CREATE TABLE later (x TEXT) STRICT;", oldestProgram });

let dataDir = "";
let file = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "wtmm-database-"));
  file = join(dataDir, "wtmm.db");
});
afterEach(() => rmSync(dataDir, { recursive: true }));

async function found(lookThroughMs?: number): Promise<string[]> {
  const place = { dataDir, databaseUrl: `file:${file}`, databaseAuthToken: null };
  const findings = await checkDatabase(lookThroughMs).look(place, stop);
  return findings.map(({ state, says }) => `${state}: ${says}`);
}

async function made(steps = migrations): Promise<Database> {
  const database = await openDatabase(`file:${file}`);
  await migrate(database, steps);
  return database;
}

describe("the database", () => {
  it("may be missing before the first start, and is not made", async () => {
    expect(await found()).toEqual([`green: There is none in ${file} yet; the first start makes it.`]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it("is whole, while the service has it open and afterwards, and is left as it is", async () => {
    const whole = [`green: It has schema ${SCHEMA_VERSION}, which this release uses.`, "green: It is whole."];
    const database = await made();
    expect(await found()).toEqual(whole);
    await database.close();
    const before = statSync(file).mtimeMs;
    expect(await found()).toEqual(whole);
    expect(statSync(file).mtimeMs).toBe(before);
  });

  it("may have an older schema, and a newer one that this release can use", async () => {
    await (await made(migrations.slice(0, -1))).close();
    expect((await found())[0]).toBe(
      `green: It has schema ${SCHEMA_VERSION - 1}; this release brings it to ${SCHEMA_VERSION} when it starts.`,
    );
    await (await made([...migrations, later(SCHEMA_VERSION)])).close();
    expect((await found())[0]).toMatch(/^green: .*, newer than this release, which can use it\.$/);
  });

  it("is too new when it says so", async () => {
    await (await made([...migrations, later(SCHEMA_VERSION + 1)])).close();
    expect((await found())[0]).toMatch(/^red: The database has schema .* Start a newer release\.$/);
  });

  it.each([
    ["the number of its free pages", FREE_PAGES_AT, 4, "Freelist: "],
    ["a page of it", 4096, 4096, "malformed"],
  ])("is damaged when %s is overwritten", async (_what, at, length, says) => {
    await (await made()).close();
    const opened = openSync(file, "r+");
    writeSync(opened, Buffer.alloc(length, 7), 0, length, at);
    closeSync(opened);
    expect((await found()).at(-1)).toMatch(new RegExp(`^red: It is damaged: .*${says}`));
  });

  it("is damaged when a row refers to none", async () => {
    const database = await made();
    await database.write([
      { sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES ('a', 'UTC', 1)" },
      {
        sql: "INSERT INTO alert_addresses (token, account_id, created_at) VALUES ('t', 'a', 1)",
      },
    ]);
    await database.close();
    const careless = new DatabaseSync(file, { enableForeignKeyConstraints: false });
    careless.exec("DELETE FROM accounts");
    careless.close();
    expect((await found()).at(-1)).toBe("red: It is damaged: a row of alert_addresses refers to none of accounts.");
  });

  it("is told from what is none", async () => {
    writeFileSync(file, "no database".repeat(1000));
    expect(await found()).toEqual([`red: ${file} can't be read: file is not a database.`]);
  });

  it("that takes too long to look through is no fault", async () => {
    await (await made()).close();
    expect((await found(0)).at(-1)).toMatch(/^yellow: It is too large/);
  });

  it("that writes ahead no more is seen", async () => {
    await (await made()).close();
    const switched = new DatabaseSync(file);
    switched.exec("PRAGMA journal_mode = DELETE");
    switched.close();
    expect((await found())[1]).toMatch(/^yellow: It does not write ahead \(journal_mode is delete\)/);
  });

  it("on a server that does not answer as one is red", async () => {
    const server = createServer((_request, response) => response.writeHead(401).end()).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const place = { dataDir, databaseUrl: `http://127.0.0.1:${port}`, databaseAuthToken: "token" };
    expect(await checkDatabase().look(place, stop)).toMatchObject([
      { state: "red", says: expect.stringMatching(/does not answer: /) },
    ]);
  });
});

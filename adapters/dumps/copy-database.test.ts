import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, expect, it } from "vitest";

import { watchSyncs } from "../../test/watch-syncs.ts";
import { copyDatabase } from "./copy-database.ts";
import { contentsOf } from "./database-contents.ts";

const never = new AbortController().signal;
let folder: string;
let request: { file: string; copy: string };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-copy-"));
  request = { file: join(folder, "live.db"), copy: join(folder, "copy.db") };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database as a service has it open, with more in its log than in its file. */
function live(rows = 3): DatabaseSync {
  const database = new DatabaseSync(request.file);
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA user_version = 6; PRAGMA foreign_keys = OFF;
    CREATE TABLE mails (number INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE TABLE notes (mail INTEGER REFERENCES mails (number)) STRICT;
  `);
  const insert = database.prepare("INSERT INTO mails VALUES (?, ?, ?)");
  database.exec("BEGIN");
  for (let number = 1; number <= rows; number += 1) insert.run(number, `mail-${number}`, "x".repeat(500));
  database.exec("COMMIT");
  return database;
}

const copied = (signal = never) => copyDatabase(request, () => {}, signal);

it("copies what is there, also what is in the log alone, and disturbs no writer", async () => {
  const database = live();
  database.exec("BEGIN; INSERT INTO mails VALUES (4, 'not yet', '')");
  const contents = await copied();
  database.exec("COMMIT");
  expect(contents).toMatchObject({ rows: { mails: 3, notes: 0 }, newestMail: { number: 3, id: "mail-3" } });
  const copy = new DatabaseSync(request.copy, { readOnly: true });
  expect(contentsOf(copy)).toEqual(contents);
  copy.close();
  database.close();
});

it("leaves the log and the file to whoever has them open, as they are", async () => {
  const database = live();
  const bytes = () => [request.file, `${request.file}-wal`].map((path) => readFileSync(path));
  const before = bytes();
  expect(before[1]?.length).toBeGreaterThan(0);
  await copied();
  expect(bytes().map((found, index) => before[index]?.equals(found))).toEqual([true, true]);
  database.close();
});

it("brings the copy to the disk while it is made, of which the service's own syncs need not wait for all", async () => {
  live(60_000).close();
  let syncs = 0;
  await watchSyncs(() => void (syncs += 1));
  await copied();
  expect(syncs).toBeGreaterThan(1);
});

it("replaces what a killed run left", async () => {
  live().close();
  for (const ending of ["", "-wal", "-journal"]) writeFileSync(request.copy + ending, "rubbish");
  expect((await copied()).rows["mails"]).toBe(3);
});

it("takes no database for one whose rows have lost their parents", async () => {
  live().exec("INSERT INTO notes VALUES (99)");
  await expect(copied()).rejects.toThrow("a row of notes belongs to none of mails");
});

it("takes no damaged database for one", async () => {
  live(2_000).close();
  const bytes = readFileSync(request.file);
  bytes.fill(0xff, 40_960, 200_000);
  writeFileSync(request.file, bytes);
  await expect(copied()).rejects.toThrow(/^The database can't be copied: /);
});

it("says that there is no database, and makes none", async () => {
  await expect(copied()).rejects.toThrow("There is no database yet.");
  expect(existsSync(request.file)).toBe(false);
});

it("ends when it is told to", async () => {
  live().close();
  await expect(copied(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
});

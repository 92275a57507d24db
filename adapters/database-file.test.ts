import {
  linkSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { databaseFileOf, openToRead, removeInParts } from "./database-file.ts";
import { openDatabase } from "./libsql.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-file-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

it.each([
  ["file:./data/wtmm.db", "./data/wtmm.db"],
  ["file:/srv/my%20data/%231.db", "/srv/my data/#1.db"],
  ["file:///srv/wtmm.db", "/srv/wtmm.db"],
  ["https://db.example.net", null],
  ["libsql://db.example.net", null],
])("%s names the file %s", (url, path) => {
  expect(databaseFileOf(url)).toBe(path);
});

it("reads what the running service wrote, and can write nothing", async () => {
  const file = join(directory, "wtmm.db");
  const live = await openDatabase(`file:${file}`);
  await live.write([{ sql: "CREATE TABLE seen (x)" }, { sql: "INSERT INTO seen VALUES (7)" }]);
  const database = openToRead(file);
  expect(database?.prepare("SELECT x FROM seen").get()).toEqual({ x: 7 });
  expect(() => database?.exec("INSERT INTO seen VALUES (8)")).toThrow("readonly");
  database?.close();
  await live.close();
});

it("makes no database where there is none", () => {
  expect(openToRead(join(directory, "wtmm.db"))).toBeNull();
  expect(openToRead(join(directory, "data", "wtmm.db"))).toBeNull();
  expect(readdirSync(directory)).toEqual([]);
});

it("does not take for missing what can't be looked at", () => {
  const loop = join(directory, "loop");
  symlinkSync(loop, loop);
  expect(() => openToRead(loop)).toThrow("ELOOP");
});

const LARGE_BYTES = 100_000_000;

it("removes a large one with all that lies beside it, and minds none that is missing", async () => {
  const file = join(directory, "wtmm.db");
  for (const ending of ["", "-wal", "-shm"]) writeFileSync(file + ending, "");
  truncateSync(file, LARGE_BYTES);
  const removed = removeInParts(file);
  expect(statSync(file).size).toBeLessThan(LARGE_BYTES);
  await removed;
  expect(readdirSync(directory)).toEqual([]);
  await removeInParts(file);
});

it("takes nothing from whoever has it by another name", async () => {
  const [file, kept] = [join(directory, "wtmm.db"), join(directory, "kept.db")];
  writeFileSync(kept, "");
  truncateSync(kept, LARGE_BYTES);
  for (const link of [linkSync, symlinkSync]) {
    link(kept, file);
    await removeInParts(file);
    expect(readdirSync(directory)).toEqual(["kept.db"]);
    expect(statSync(kept).size).toBe(LARGE_BYTES);
  }
});

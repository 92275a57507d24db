import { copyFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { generateX25519Identity } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { dumpShelf, putDump, type TestShelf } from "../../test/dump-shelf.ts";
import { FIRST, putErasure, putSegment } from "../../test/journal-shelf.ts";
import { BucketError } from "../s3.ts";
import { restore } from "./restore.ts";
import { erasedAccounts, requireFewErased } from "./restore-erased.ts";
import { dumpInBucket } from "./restore-source.ts";

const NOW = Temporal.Instant.from("2026-11-21T00:00:00Z");
let shelf: TestShelf;

beforeEach(async () => {
  shelf = await dumpShelf();
});
afterEach(() => shelf.remove());

const erased = async () =>
  (await erasedAccounts(shelf, [shelf.identity], NOW, 0)).map(
    ({ accountId, erasedAt }) => `${accountId} ${erasedAt.toString()}`,
  );

it("knows everybody whom a note is about", async () => {
  expect(await erased()).toEqual([]);
  const key = await putErasure(shelf, "ann");
  await putErasure(shelf, "bob");
  copyFileSync(shelf.path(key), shelf.path("erased/x"));
  expect(await erased()).toEqual(["ann 2026-11-20T05:00:00Z", "bob 2026-11-20T05:00:00Z"]);
});

it("takes a note's name for it when it can't be opened", async () => {
  truncateSync(shelf.path(await putErasure(shelf, "ann")), 100);
  await putErasure({ ...shelf, identity: await generateX25519Identity() }, "bob");
  expect(await erased()).toEqual([`ann ${NOW.toString()}`, `bob ${NOW.toString()}`]);
});

/** Restores the dump, and gives the accounts that are there then. */
async function accountsAfter(outside: Partial<TestShelf> = {}, mayErase: number | null = null): Promise<unknown[]> {
  await restore({
    source: await dumpInBucket(shelf, "latest"),
    identities: async () => [shelf.identity],
    dataDir: shelf.path("data"),
    outside: { shelf: { ...shelf, ...outside }, notAfter: null, progress: () => {}, mayErase },
    ...{ progress: () => {}, say: () => {}, pauseMs: 0 },
  });
  const database = new DatabaseSync(inPlace());
  const ids = database.prepare("SELECT id FROM accounts").all();
  database.close();
  return ids.map(({ id }) => id);
}
const inPlace = () => join(shelf.path("data"), "wtmm.db");

it.each([
  ["is from before there was a journal", { schema: 5 }],
  ["has a journal that can't be replayed", { journal: { ...FIRST, position: 10 } }],
])("brings nobody back with a dump that %s", async (_which, filling) => {
  await putDump(shelf, filling);
  truncateSync(shelf.path(await putSegment(shelf, { to: 11 })), 100);
  await putErasure(shelf, "a");
  expect(await accountsAfter()).toEqual([]);
  expect(readFileSync(inPlace()).includes("Cafe Luigi")).toBe(false);
});

it("puts nothing in place when the notes can't be had", async () => {
  await putDump(shelf);
  await putErasure(shelf, "a");
  const list: TestShelf["list"] = async (prefix, after) => {
    if (prefix === "erased/") throw new BucketError("AccessDenied", "No.");
    return shelf.list(prefix, after);
  };
  await expect(accountsAfter({ list })).rejects.toThrow("No.");
  expect(existsSync(inPlace())).toBe(false);
});

describe("notes that may be somebody else's doing", () => {
  it("erase nobody where the key does not open them, until somebody says how many", async () => {
    await putDump(shelf);
    truncateSync(shelf.path(await putErasure(shelf, "a")), 100);
    truncateSync(shelf.path(await putErasure(shelf, "nobody")), 100);
    await expect(accountsAfter()).rejects.toThrow(
      "Notes in the bucket would erase 1 of 1 accounts, 1 of them by notes that your key doesn't open. " +
        "Look at erased/ there: if that many left, add --erase 1. Nothing was changed.",
    );
    expect(existsSync(inPlace())).toBe(false);
    expect(await accountsAfter({}, 1)).toEqual([]);
  });

  it("erase who has one that opens as well", async () => {
    await putDump(shelf);
    truncateSync(shelf.path(await putErasure(shelf, "a")), 100);
    await putErasure(shelf, "a");
    expect(await accountsAfter()).toEqual([]);
  });

  it.each([
    [5, 5, 0, true],
    [6, 6, 0, false],
    [6, 59, 0, false],
    [6, 60, 0, true],
    [6, 6, 5, false],
    [6, 6, 6, true],
  ])("when they name %i of %i accounts, and %i may be erased: %s", (named, all, mayErase, isTaken) => {
    const path = join(shelf.folder, "many.db");
    const ids = Array.from({ length: all }, (_, index) => `account${index}`);
    const database = new DatabaseSync(path);
    database.exec("CREATE TABLE accounts (id TEXT PRIMARY KEY)");
    for (const id of ids) database.prepare("INSERT INTO accounts VALUES (?)").run(id);
    database.close();
    const notes = [...ids.slice(0, named), ...ids.slice(0, named), "gone before"].map((accountId) => ({
      ...{ accountId, erasedAt: NOW, isRead: true },
    }));
    const check = () => requireFewErased(path, notes, mayErase);
    if (isTaken) expect(check).not.toThrow();
    else
      expect(check).toThrow(`would erase ${named} of ${all} accounts, 0 of them by notes that your key doesn't open`);
  });
});

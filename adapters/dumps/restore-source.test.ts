import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";

import { dumpShelf, putDump, type TestDump, type TestShelf } from "../../test/dump-shelf.ts";
import { readManifest, writeManifest } from "./dump-manifest.ts";
import { dumpInBucket } from "./restore-source.ts";

let shelf: TestShelf;
let older: TestDump;
let newest: TestDump;

beforeEach(async () => {
  shelf = await dumpShelf();
  older = await putDump(shelf, { at: "2026-11-19T03:00:00Z" });
  newest = await putDump(shelf, { at: "2026-11-20T03:00:00Z" });
});
afterEach(() => shelf.remove());

it("takes the newest dump", async () => {
  expect(await dumpInBucket(shelf, "latest")).toMatchObject({ name: newest.key });
});

it("takes the newest of those that are preferred, and the newest of all where none of them is there", async () => {
  const name = older.key.replace(/^daily\/|\.db\.zst\.age$/g, "");
  expect(await dumpInBucket(shelf, { ratherOf: ["another", name] })).toMatchObject({ name: older.key });
  expect(await dumpInBucket(shelf, { ratherOf: ["another"] })).toMatchObject({ name: newest.key });
  empty(older);
  await expect(dumpInBucket(shelf, { ratherOf: [name] })).rejects.toThrow("holds nobody's account");
});

it("does not take the dump of the empty database that a new machine made, unless it is named", async () => {
  empty(newest);
  await expect(dumpInBucket(shelf, "latest")).rejects.toThrow(
    `The newest dump, ${newest.key}, holds nobody's account, but ${older.key} does. Name the one that you mean.`,
  );
  expect(await dumpInBucket(shelf, { key: newest.key })).toMatchObject({ name: newest.key });
});

it("takes it where there never was an account", async () => {
  for (const dump of [older, newest]) empty(dump);
  expect(await dumpInBucket(shelf, "latest")).toMatchObject({ name: newest.key });
});

function empty({ manifestKey }: TestDump): void {
  const path = shelf.path(manifestKey);
  const { contents, ...manifest } = readManifest(readFileSync(path));
  const rows = { ...contents.rows, accounts: 0 };
  writeFileSync(path, writeManifest({ ...manifest, contents: { ...contents, rows } }));
}

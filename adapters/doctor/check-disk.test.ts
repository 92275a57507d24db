import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { checkDisk } from "./check-disk.ts";

const stop = new AbortController().signal;

it.each([
  [{ freeShare: 0.5, freeBytes: 50e9 }, "green"],
  [{ freeShare: 0.1, freeBytes: 2_000 }, "green"],
  [{ freeShare: 0.099, freeBytes: 50e9 }, "red"],
  [{ freeShare: 0.1, freeBytes: 1_999 }, "yellow"],
])("with %j free is %s, when the database and its log take 2000 bytes", async (space, state) => {
  const dataDir = mkdtempSync(join(tmpdir(), "wtmm-disk-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  writeFileSync(join(dataDir, "wtmm.db"), "x".repeat(1_500));
  writeFileSync(join(dataDir, "wtmm.db-wal"), "x".repeat(500));
  const check = checkDisk(async (folder) => {
    expect(folder).toBe(dataDir);
    return space;
  });
  const place = { dataDir, databaseUrl: `file:${dataDir}/wtmm.db`, databaseAuthToken: null };
  expect(await check.look(place, stop)).toMatchObject([{ check: "disk", state }]);
});

it("is looked at where the folder will be, before there is one", async () => {
  const check = checkDisk();
  const place = { dataDir: "/no/such", databaseUrl: "file:/no/such/wtmm.db", databaseAuthToken: null };
  expect(await check.look(place, stop)).toMatchObject([
    { says: expect.stringMatching(/ GB \(\d+ %\) of the disk of \/ are free/) },
  ]);
});

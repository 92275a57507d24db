import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readDrillRecord, writeDrillRecord, type DrillRecord } from "./drill-record.ts";
import { readDumpRecord, writeDumpRecord, type DumpRecord } from "./dump-record.ts";
import { stillWrong } from "./run-record.ts";

const AT = Temporal.Instant.from("2026-11-20T03:05:00.123Z");
const DUMP: DumpRecord = { state: "done", startedAt: AT, reason: null, lastDumpAt: AT };
const DRILL: DrillRecord = { ...DUMP, proven: { at: AT, dump: "daily/x", tookMs: 1.5 } };

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "wtmm-records-"));
  mkdirSync(join(dataDir, "dumps"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe("the records of runs", () => {
  it("say what was written down, each of its own command", () => {
    writeDumpRecord(dataDir, DUMP);
    expect([readDumpRecord(dataDir)?.lastDumpAt?.equals(AT), readDrillRecord(dataDir)]).toEqual([true, null]);
    writeDrillRecord(dataDir, DRILL);
    expect(readDrillRecord(dataDir)?.proven).toMatchObject({ dump: "daily/x", tookMs: 1.5 });
  });

  it("say nothing while there are none, or when they can't be read", () => {
    expect(readDumpRecord(dataDir)).toBe(null);
    for (const text of ["", "{}", '{"state":"done"}']) {
      writeFileSync(join(dataDir, "dumps/last-run.json"), text);
      expect(readDumpRecord(dataDir)).toBe(null);
    }
  });
});

describe("a run that begins", () => {
  it.each<[string, DumpRecord | null, string | null]>([
    ["has no reason at first", null, null],
    ["has none after one that succeeded", DUMP, null],
    ["keeps why the one before failed", { ...DUMP, state: "failed", reason: "There is no room." }, "There is no room."],
    ["keeps what that one kept", { ...DUMP, state: "running", reason: "There is no room." }, "There is no room."],
    ["knows that the one before was killed", { ...DUMP, state: "running" }, "It was interrupted."],
  ])("%s", (_, before, reason) => {
    expect(stillWrong(before)).toBe(reason);
  });
});

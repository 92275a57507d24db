import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { serviceConfig } from "../../test/service-config.ts";
import { writeDrillRecord, type DrillRecord } from "../dumps/drill-record.ts";
import { writeDumpRecord, type DumpRecord } from "../dumps/dump-record.ts";
import { openStore } from "../libsql-store.ts";
import { checkLoss } from "./check-loss.ts";

const NOW = Temporal.Instant.from("2026-11-20T12:00:00Z");
const S3 = {
  ...{ S3_ENDPOINT: "https://fra1.example.net", S3_BUCKET: "dumps", S3_ACCESS_KEY_ID: "id" },
  ...{ S3_SECRET_ACCESS_KEY: "very-secret", DUMP_RECIPIENT: `age1${"q".repeat(58)}` },
};

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "wtmm-loss-"));
  mkdirSync(join(dataDir, "dumps"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const ago = (hours: number) => NOW.subtract({ minutes: hours * 60 });

/** The last run that a command wrote down began that many hours ago, and one succeeded that many hours ago. */
function dumped(hours: number, run: Partial<DumpRecord> = {}): void {
  writeDumpRecord(dataDir, { state: "done", startedAt: ago(hours), reason: null, lastDumpAt: ago(hours), ...run });
}
function drilled(hours: number, run: Partial<DrillRecord> = {}): void {
  const proven = { at: ago(hours), dump: "daily/x", tookMs: 12_345 };
  writeDrillRecord(dataDir, { state: "done", startedAt: ago(hours), reason: null, proven, ...run });
}

/** A service that began that many hours ago and keeps a mail; its oldest change is that many minutes old. */
async function served(hours: number, minutes: number): Promise<void> {
  const store = await openStore(`file:${dataDir}/wtmm.db`, null);
  await store.probe(ago(hours));
  await store.addAlarm({ id: "letter", to: "operator@example.com", at: NOW });
  await store.close();
  const database = new DatabaseSync(join(dataDir, "wtmm.db"));
  database.prepare("UPDATE journal SET at = at - ?").run(minutes * 60_000);
  database.close();
}

async function found(about: string, settings: Record<string, string> = S3): Promise<string[]> {
  const config = serviceConfig({ DATA_DIR: dataDir, DATABASE_URL: `file:${dataDir}/wtmm.db`, ...settings });
  const findings = await checkLoss(() => NOW).look(config, new AbortController().signal);
  return findings.filter(({ check }) => check === about).map(({ state, says }) => `${state}: ${says}`);
}

describe("the last proven restore", () => {
  it("is green for 26 hours", async () => {
    drilled(26);
    expect(await found("drill")).toEqual(["green: The last proven restore is 26 hours old, and took 12.3 s: daily/x."]);
    drilled(26.1);
    expect(await found("drill")).toEqual([expect.stringMatching(/^red: No restore was proven for 26 hours: /)]);
  });

  it("is red at once when a drill failed, and says why", async () => {
    drilled(1, { state: "failed", reason: "It is damaged." });
    expect(await found("drill")).toEqual(["red: The last drill failed: It is damaged."]);
  });

  it("is red when a drill never said how it ended, or is dated ahead", async () => {
    drilled(3, { state: "running" });
    expect(await found("drill")).toEqual([expect.stringMatching(/^red: The last drill was interrupted: /)]);
    drilled(-3);
    expect(await found("drill")).toEqual([expect.stringMatching(/^red: .* is dated 3 hours ahead of .*clock/)]);
  });

  it("is yellow before the first one, and red when the service is older than two days", async () => {
    expect(await found("drill")).toEqual(["yellow: No restore was proven on this machine yet."]);
    await served(49, 0);
    expect(await found("drill")).toEqual([expect.stringMatching(/^red: No restore was proven on this machine yet: /)]);
  });
});

describe("the last dump", () => {
  it("is green for 26 hours", async () => {
    dumped(26);
    expect(await found("last dump")).toEqual(["green: The last dump is 26 hours old."]);
    dumped(26.1);
    expect(await found("last dump")).toEqual([expect.stringMatching(/^red: The last dump is 26 hours old: /)]);
  });

  it("is red at once when it failed, and says why", async () => {
    dumped(1, { state: "failed", reason: "There is no room." });
    expect(await found("last dump")).toEqual(["red: The last dump failed: There is no room."]);
  });

  it("is yellow before the first one, and red when the service is older than two days", async () => {
    expect(await found("last dump")).toEqual(["yellow: No dump was made on this machine yet."]);
    await served(49, 0);
    expect(await found("last dump")).toEqual([expect.stringMatching(/^red: No dump was made on this machine yet: /)]);
  });
});

it("tells of dumps and drills also when the database can't be read", async () => {
  dumped(1);
  drilled(1);
  writeFileSync(join(dataDir, "wtmm.db"), "not a database".repeat(100));
  expect(await found("last dump")).toEqual(["green: The last dump is 1 hours old."]);
  expect(await found("drill")).toEqual([expect.stringMatching(/^green: /)]);
  expect(await found("journal")).toEqual([]);
});

describe("what changed", () => {
  it("is green for ten minutes, and red when it waits longer for the bucket", async () => {
    await served(1, 9);
    expect(await found("journal")).toEqual([expect.stringMatching(/^green: The oldest change .* is 5\d\d s old\.$/)]);
    await served(1, 2);
    expect(await found("journal")).toEqual([expect.stringMatching(/^red: What changed in the last 11 minutes is not/)]);
  });

  it("is green when nothing waits, and not spoken of before the first start", async () => {
    expect(await found("journal")).toEqual([]);
    const store = await openStore(`file:${dataDir}/wtmm.db`, null);
    await store.close();
    expect(await found("journal")).toEqual(["green: Every change is in the bucket."]);
  });
});

it("has nothing to say where no dumps are configured", async () => {
  for (const about of ["last dump", "drill", "journal"]) expect(await found(about, {})).toEqual([]);
});

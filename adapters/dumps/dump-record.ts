import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Temporal.Instant.from(text)),
);

const RECORD = v.object({
  state: v.picklist(["running", "done", "failed"]),
  startedAt: instant,
  /** Why it failed, in a sentence. */
  reason: v.nullable(v.string()),
  /** When the newest dump was made that succeeded. */
  lastDumpAt: v.nullable(instant),
});

/** How the last run of `wtmm dump` went, and when one last succeeded; for the service, which is another process. */
export type DumpRecord = v.InferOutput<typeof RECORD>;

/** What is known of dumps; null when none was ever begun, or what is written can't be read. */
export function readDumpRecord(dataDir: string): DumpRecord | null {
  try {
    return v.parse(RECORD, JSON.parse(readFileSync(recordIn(dataDir), "utf8")));
  } catch {
    return null;
  }
}

/**
 * Writes it down.
 *
 * @throws the system's error when it can't be written
 */
export function writeDumpRecord(dataDir: string, record: DumpRecord): void {
  const made = `${recordIn(dataDir)}.new`;
  writeFileSync(made, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true });
  renameSync(made, recordIn(dataDir));
}

function recordIn(dataDir: string): string {
  return join(dataDir, "dumps", "last-run.json");
}

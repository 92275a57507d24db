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
  /** The restore that was proven last. */
  proven: v.nullable(v.object({ at: instant, dump: v.string(), tookMs: v.number() })),
});

/** How the last drill of the newest dump went, and which was proven last; for the service, which is another process. */
export type DrillRecord = v.InferOutput<typeof RECORD>;

/** What is known of drills; null when none was ever begun, or what is written can't be read. */
export function readDrillRecord(dataDir: string): DrillRecord | null {
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
export function writeDrillRecord(dataDir: string, record: DrillRecord): void {
  const made = `${recordIn(dataDir)}.new`;
  writeFileSync(made, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true });
  renameSync(made, recordIn(dataDir));
}

function recordIn(dataDir: string): string {
  return join(dataDir, "dumps", "last-drill.json");
}

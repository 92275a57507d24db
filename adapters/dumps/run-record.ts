import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

/** An instant as a record holds it. */
export const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Temporal.Instant.from(text)),
);

/** What is written down of each run of a command. */
export const RUN = v.object({
  state: v.picklist(["running", "done", "failed"]),
  startedAt: instant,
  /** Why it failed, in a sentence; while it runs, why the one before did. */
  reason: v.nullable(v.string()),
});

/** How the last run of a command went; for the service, which is another process. */
export type RunRecord = v.InferOutput<typeof RUN>;

/**
 * The file under `DATA_DIR/dumps` that says how the last run of a command went. Reading gives null when none was ever
 * begun, or what is written can't be read; writing throws the system's error when it can't be written.
 */
export function recordFile<Schema extends v.GenericSchema<unknown, RunRecord>>(name: string, schema: Schema) {
  const pathIn = (dataDir: string) => join(dataDir, "dumps", name);
  return {
    read(dataDir: string): v.InferOutput<Schema> | null {
      try {
        return v.parse(schema, JSON.parse(readFileSync(pathIn(dataDir), "utf8")));
      } catch {
        return null;
      }
    },

    write(dataDir: string, record: v.InferOutput<Schema>): void {
      const made = `${pathIn(dataDir)}.new`;
      writeFileSync(made, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true });
      renameSync(made, pathIn(dataDir));
    },
  };
}

/** The reason that a run begins with: what was wrong stays wrong until it is done. */
export function stillWrong(before: RunRecord | null): string | null {
  return before?.reason ?? (before?.state === "running" ? "It was interrupted." : null);
}

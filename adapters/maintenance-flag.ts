import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Maintenance } from "../app.ts";

// Postmark tries a mail for a little over ten hours: see handlers/maintenance.ts.
const LASTS_HOURS = 8;
const LASTS_MS = LASTS_HOURS * 3_600_000;
// A clock may be put right by a little after the file was written.
const CLOCK_STEP_MS = 60_000;

/**
 * The maintenance that the flag file in the data folder asks for, or null. It ends by itself when the file has not been
 * written for 8 hours.
 *
 * What counts is when the file was written; its text only says since when. So no text, and no owner, can keep the service
 * silent for longer, and a file that was made by hand counts as well. A time in the future says nothing, and neither does
 * a file that can't even be looked at: either could be so for ever.
 */
export function readMaintenance(dataDir: string, now: Temporal.Instant): Maintenance | null {
  const path = flagIn(dataDir);
  const writtenMs = whenWritten(path);
  if (writtenMs === null) return null;
  const ageMs = now.epochMilliseconds - writtenMs;
  if (ageMs >= LASTS_MS || ageMs < -CLOCK_STEP_MS) return null;
  const written = Temporal.Instant.fromEpochMilliseconds(writtenMs);
  return { since: sinceIn(path, written), until: written.add({ hours: LASTS_HOURS }) };
}

/**
 * Begins maintenance, or renews it.
 *
 * @throws the system's error when the file can't be written
 */
export function beginMaintenance(dataDir: string, now: Temporal.Instant): Maintenance {
  const path = flagIn(dataDir);
  const written = Temporal.Instant.fromEpochMilliseconds(now.epochMilliseconds);
  const since = readMaintenance(dataDir, now)?.since ?? written;
  const made = `${path}.new`;
  writeFileSync(made, `${since.toString()}\n`, { mode: 0o600, flush: true });
  const seconds = written.epochMilliseconds / 1_000;
  utimesSync(made, seconds, seconds);
  renameSync(made, path);
  return { since, until: written.add({ hours: LASTS_HOURS }) };
}

/**
 * Ends maintenance, if there is any.
 *
 * @throws the system's error when the file can't be removed
 */
export function endMaintenance(dataDir: string): void {
  rmSync(flagIn(dataDir), { force: true });
}

function flagIn(dataDir: string): string {
  return join(dataDir, "maintenance");
}

function whenWritten(path: string): number | null {
  try {
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return mtimeMs === undefined ? null : Math.round(mtimeMs);
  } catch {
    return null;
  }
}

/** A text that is no moment, or a later one than the file's own, is none of ours. */
function sinceIn(path: string, written: Temporal.Instant): Temporal.Instant {
  try {
    const since = Temporal.Instant.from(readFileSync(path, "utf8").trim());
    return Temporal.Instant.compare(since, written) <= 0 ? since : written;
  } catch {
    return written;
  }
}

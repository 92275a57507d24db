import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "valibot";

const MARK = v.object({
  since: v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.transform((text) => Temporal.Instant.from(text)),
  ),
});

/**
 * Has the service that starts on this folder ask Postmark for every mail since a moment, before it counts as whole again.
 * A mark that asks for more stays.
 *
 * @throws the system's error when it can't be written
 */
export function markForRecovery(dataDir: string, since: Temporal.Instant): void {
  const marked = readRecoveryMark(dataDir);
  if (marked !== null && Temporal.Instant.compare(marked, since) <= 0) return;
  const made = `${markIn(dataDir)}.new`;
  writeFileSync(made, `${JSON.stringify({ since: since.toString() })}\n`, { mode: 0o600, flush: true });
  renameSync(made, markIn(dataDir));
}

/**
 * Since when mails may be missing; null when none are.
 *
 * @throws Error with a sentence when there is a mark that can't be read: guessing that none are missing would lose them
 */
export function readRecoveryMark(dataDir: string): Temporal.Instant | null {
  const path = markIn(dataDir);
  try {
    return v.parse(MARK, JSON.parse(readFileSync(path, "utf8"))).since;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new Error(
      `${path} can't be read. It should hold {"since":"2026-11-20T14:00:00Z"}: the time since when mails may be missing.`,
      { cause: error },
    );
  }
}

/**
 * Says that the mails since then are accounted for. A mark that was made meanwhile, for an earlier time, stays.
 *
 * @throws the system's error when it can't be removed
 */
export function removeRecoveryMark(dataDir: string, since: Temporal.Instant): void {
  const marked = readRecoveryMark(dataDir);
  if (marked !== null && Temporal.Instant.compare(marked, since) >= 0) rmSync(markIn(dataDir), { force: true });
}

function markIn(dataDir: string): string {
  return join(dataDir, "recover-since.json");
}

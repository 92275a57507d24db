import type { DrillRecord } from "../adapters/dumps/drill-record.ts";
import type { DumpRecord } from "../adapters/dumps/dump-record.ts";
import type { RunRecord } from "../adapters/dumps/run-record.ts";
import { inWords, isOver, type Age } from "./age.ts";

/** When it is, and how long there has been a service; null when that is not known. */
export type Times = { readonly now: Temporal.Instant; readonly serviceAgeMs: number | null };

/** What one kind of run is called, and what to do about it. */
type Sayings = {
  readonly what: string;
  readonly interrupted: string;
  readonly never: string;
  old(age: string): string;
  ahead(time: string): string;
};

const HOUR_MS = 60 * 60_000;
// A day, and what a dump or a drill may begin and end later than the one before.
const OLD_MS = 26 * HOUR_MS;
// systemd ends it after an hour; a run that never said how it ended was killed.
const RUNS_MS = 2 * HOUR_MS;
// A new machine is given the time to make its first.
const NEVER_MS = 48 * HOUR_MS;
// Clocks are set right by less than that; what is dated further ahead would count as fresh for as long.
const AHEAD_MS = HOUR_MS / 6;
// A matter of seconds; the bucket has failed us a dozen times by then.
const CHANGE_WAITS_MS = HOUR_MS / 6;

const NEW_DUMP = "make one with `sudo systemctl start wtmm-dump`";
const TRIED_DUMP = "make a dump with `sudo systemctl start wtmm-dump`, which is then tried";
const CLOCK = "see with `timedatectl` whether the clock is right, and";

const DUMP: Sayings = {
  what: "The last dump",
  interrupted: `see \`journalctl -u wtmm-dump\`, and ${NEW_DUMP}.`,
  never: `No dump was made on this machine yet: ${NEW_DUMP}.`,
  old: (age) => `The last dump is ${age} old: see \`systemctl list-timers wtmm-dump.timer\`, and ${NEW_DUMP}.`,
  ahead: (time) => `The last dump is dated ${time} ahead of this machine's clock: ${CLOCK} ${NEW_DUMP}.`,
};
const DRILL: Sayings = {
  what: "The last drill",
  interrupted: "see `journalctl -u wtmm-drill`, and try one with `sudo systemctl start wtmm-drill`.",
  never: `No restore was proven on this machine yet: ${TRIED_DUMP}.`,
  old: (age) => `No restore was proven for ${age}: see \`journalctl -u wtmm-drill\`, and ${TRIED_DUMP}.`,
  ahead: (time) => `The last proven restore is dated ${time} ahead of this machine's clock: ${CLOCK} ${TRIED_DUMP}.`,
};

/** How long ago the newest dump was made, and what is wrong with dumps. */
export function lastDumpWarning(run: DumpRecord | null, times: Times): Age {
  return judged(run, run?.lastDumpAt ?? null, times, DUMP);
}

/** How long ago a dump was last proven to bring everything back, and what is wrong with that. */
export function lastProvenRestoreWarning(run: DrillRecord | null, times: Times): Age {
  return judged(run, run?.proven?.at ?? null, times, DRILL);
}

/** How long a change has waited for the bucket, and whether that is too long. */
export function journalWarning(ageMs: number | null): Age {
  if (!isOver(ageMs, CHANGE_WAITS_MS)) return { ageMs, reason: null };
  const reason = `What changed in the last ${inWords(ageMs)} is not in the bucket and would be lost with this machine: see what \`wtmm doctor\` says of dumps, and \`journalctl -u wtmm\`.`;
  return { ageMs, reason };
}

function judged(run: RunRecord | null, at: Temporal.Instant | null, times: Times, sayings: Sayings): Age {
  const ageMs = at === null ? null : since(at, times);
  return { ageMs, reason: wrongWith(run, times, sayings) ?? staleness(ageMs, times, sayings) };
}

/** What was wrong stays wrong while the next run goes on. */
function wrongWith(run: RunRecord | null, times: Times, { what, interrupted }: Sayings): string | null {
  if (run === null) return null;
  // One that began in the future has run for nobody knows how long.
  if (run.state === "running" && Math.abs(since(run.startedAt, times)) > RUNS_MS)
    return `${what} was interrupted: ${interrupted}`;
  if (run.state === "failed" || run.reason !== null) return `${what} failed: ${run.reason ?? ""}`;
  return null;
}

function staleness(ageMs: number | null, { serviceAgeMs }: Times, { never, old, ahead }: Sayings): string | null {
  if (isOver(ageMs, OLD_MS)) return old(inWords(ageMs));
  if (ageMs !== null && ageMs < -AHEAD_MS) return ahead(inWords(-ageMs));
  return ageMs === null && isOver(serviceAgeMs, NEVER_MS) ? never : null;
}

function since(at: Temporal.Instant, { now }: Times): number {
  return now.epochMilliseconds - at.epochMilliseconds;
}

import type { App, Summary } from "../app.ts";
import { AppError } from "../errors.ts";
import type { Patience } from "./bring-back.ts";
import { KEPT, recover, type Recovered } from "./recover.ts";

/** Postmark tries a mail for some ten hours: what came in shortly before may have been acknowledged shortly after. */
const MARGIN = { hours: 12 };
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
// What Postmark lacks now it will hardly have in a minute.
const WAIT_FOR_MISSING_MS = 60 * 60_000;

/**
 * Brings back what a restore marked as possibly missing, and takes the mark away when all of it is accounted for. While
 * Postmark can't be asked it tries again, later and later.
 */
export async function recoverMarked(app: App): Promise<Summary> {
  const { recovery } = app;
  const marked = recovery.markedSince();
  if (marked === null || recovery.archive === null || recovery.state.state === "running") return {};
  if (recovery.nextAt !== null && Temporal.Instant.compare(app.now(), recovery.nextAt) < 0) return {};
  try {
    const { cameAgain, fromArchive, missing } = await recoverSince(marked.subtract(MARGIN), app);
    recovery.failures = 0;
    recovery.nextAt = app.now().add({ milliseconds: WAIT_FOR_MISSING_MS });
    return { cameAgain, fromArchive, missing: missing.length };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** recovery.failures, LONGEST_WAIT_MS);
    recovery.failures += 1;
    recovery.nextAt = app.now().add({ milliseconds: waitMs });
    app.log.warn({ err: error, attempts: recovery.failures }, "mails could not be recovered yet");
    return {};
  }
}

/** Since when a recovery asks that was told nothing: since the mark, else since the newest mail, in either case rather earlier. */
export async function usualSince(app: App): Promise<Temporal.Instant> {
  const last = app.recovery.markedSince() ?? (await app.store.newestMailAt());
  return last === null ? app.now().subtract(KEPT) : last.subtract(MARGIN);
}

/**
 * Recovers, after the one that goes on already, and says meanwhile and afterwards how it goes. A mark for that time or a
 * later one is taken away when nothing is missing.
 *
 * @throws AppError as `recover`
 */
export async function recoverSince(since: Temporal.Instant, app: App, patience?: Patience): Promise<Recovered> {
  const { recovery } = app;
  while (recovery.state.state === "running") await recovery.state.ended;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const show = (says: string): void => void (recovery.state = { state: "running", says, ended });
  show("it has just begun");
  try {
    const recovered = await recover(since, app, show, patience);
    recovery.state = { state: "done", missing: recovered.missing.length };
    if (recovered.unknownUntil !== null) app.log.warn({}, "some of the time is longer ago than Postmark keeps mails");
    const marked = recovery.markedSince();
    const isWhole = marked !== null && Temporal.Instant.compare(since, marked.subtract(MARGIN)) <= 0;
    if (isWhole && recovered.missing.length === 0) recovery.unmark(marked);
    return recovered;
  } catch (error) {
    const reason = error instanceof AppError ? error.message : "It broke down; the journal says why.";
    recovery.state = { state: "failed", reason };
    throw error;
  } finally {
    end();
  }
}

import { randomBytes } from "node:crypto";

import type { Erasure } from "../journal/erased-keys.ts";
import type { JournalShelf } from "../journal/fetch-ahead.ts";
import { placeIn } from "../journal/open-copy.ts";
import { inOneTransaction, openQuietly } from "../journal/open-quietly.ts";
import { replay, type Replayed, type ReplayProgress } from "../journal/replay.ts";
import { nextTimeline, type Place } from "../journal/timelines.ts";
import { eraseAccounts, hideInJournal } from "./erase-accounts.ts";
import { erasedAccounts, requireFewErased } from "./restore-erased.ts";
import { migrateCopy } from "./restore-migrate.ts";

/** What is known outside a dump of the time after it. */
export type Outside = {
  readonly shelf: JournalShelf;
  /** Up to when it counts; null for up to now. Whoever was erased since stays erased. */
  readonly notAfter: Temporal.Instant | null;
  readonly progress: ReplayProgress;
  /** How many accounts may be erased where that looks like somebody else's doing; null or nothing for none. */
  readonly mayErase?: number | null;
};

/** What became of a dump's copy. */
export type Ready = {
  /** Its schema now. */
  readonly to: number;
  /** What came from the journal; null when it was not looked at, or the dump is from before there was one. */
  readonly replayed: Replayed | null;
  /** How many accounts were taken out again. */
  readonly erased: number;
};

/**
 * Does everything that a copy needs before anybody sees what is in it: the journal, this release's schema, erasing whoever
 * was erased. From then on it goes another way than the database that it was taken of, and so gets a timeline of its own.
 *
 * @throws AppError when the journal is of a newer release, or erasing needs somebody's word; BucketError
 */
export async function makeReady(
  path: string,
  outside: Outside | null,
  identities: readonly string[],
  pauseMs?: number,
): Promise<Ready> {
  const start = placeIn(path);
  const replayed =
    outside === null || start === null
      ? null
      : await replay(path, start, { ...outside, identities, pauseMs }, outside.progress);
  const { to } = await migrateCopy(path);
  const now = Temporal.Now.instant();
  const gone = outside === null ? [] : await erasedAccounts(outside.shelf, identities, now, pauseMs);
  requireFewErased(path, gone, outside?.mayErase ?? 0);
  const left = replayed?.place ?? start;
  const timeline = left === null ? null : nextTimeline(now, left, replayed?.timelines ?? [], randomBytes);
  const isUploaded = start === null || (left?.position ?? 0) > start.position;
  return { to, replayed, erased: beginAnew(path, { timeline, left, gone, isUploaded }) };
}

type Beginning = {
  readonly timeline: string | null;
  readonly left: Place | null;
  readonly gone: readonly Erasure[];
  /** Whether the journal in the bucket has what the copy had yet to upload. */
  readonly isUploaded: boolean;
};

/**
 * Erases accounts, and begins a timeline where the replay ended. Its numbers go on from there, so that a gap in them is seen;
 * what the copy had yet to upload goes there as well, or an older dump would lead to a gap. The next ones say whom we erased,
 * for whoever comes this way from an older dump, and (with a row that is not there) that the timeline is.
 */
function beginAnew(path: string, { timeline, left, gone, isUploaded }: Beginning): number {
  const { database, wake } = openQuietly(path);
  try {
    const count = inOneTransaction(database, () => {
      if (isUploaded) database.exec("DELETE FROM journal");
      database.exec("DELETE FROM journal_state");
      if (left !== null) {
        const sql = "INSERT INTO journal_state (one, timeline, parent, parent_position) VALUES (1, ?, ?, ?)";
        database.prepare(sql).run(timeline, left.timeline, left.position);
        database.exec("DELETE FROM sqlite_sequence WHERE name = 'journal'");
        database.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('journal', ?)").run(left.position);
      }
      const ids = gone.map(({ accountId }) => accountId);
      hideInJournal(database, ids);
      return eraseAccounts(database, ids);
    });
    wake();
    inOneTransaction(database, () => {
      if (left !== null) database.exec("INSERT INTO journal (table_name, key) VALUES ('accounts', '[\"\"]')");
      const sql = "INSERT INTO erased_accounts (account_id, erased_at) VALUES (?, ?) ON CONFLICT DO NOTHING";
      const insert = database.prepare(sql);
      for (const { accountId, erasedAt } of gone) insert.run(accountId, erasedAt.epochMilliseconds);
    });
    // As the service has it.
    database.exec("PRAGMA journal_mode = WAL");
    return count;
  } finally {
    database.close();
  }
}

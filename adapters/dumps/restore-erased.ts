import { DatabaseSync } from "node:sqlite";

import { AppError } from "../../errors.ts";
import { ERASED, readErasedKey, readErasure, type Erasure } from "../journal/erased-keys.ts";
import { fetchAhead, type JournalShelf } from "../journal/fetch-ahead.ts";
import { openSealed } from "../journal/open-segment.ts";
import { patiently } from "./bucket-patience.ts";

/** That an account was erased, and whether its note could be opened. */
export type Erased = Erasure & { readonly isRead: boolean };

// More at once than people leave between a dump and a restore. Whoever has the machine's key can put notes about everybody
// into the bucket, and whom a restore erases is gone from the next dumps.
const FEW = { accounts: 5, share: 0.1 };

/**
 * Who was erased, ever. Where a note can't be opened, its name tells who it is about: that somebody wanted to be gone counts,
 * whatever became of the note.
 *
 * @param now for notes that don't tell when
 * @throws BucketError
 */
export async function erasedAccounts(
  shelf: JournalShelf,
  identities: readonly string[],
  now: Temporal.Instant,
  pauseMs?: number,
): Promise<Erased[]> {
  const listed = await patiently(() => shelf.list(ERASED), pauseMs);
  const notes = listed.filter(({ key }) => readErasedKey(key) !== null);
  const erased: Erased[] = [];
  for await (const { object, sealed } of fetchAhead(shelf, notes, pauseMs)) {
    const accountId = readErasedKey(object.key)?.accountId ?? "";
    try {
      erased.push({ ...readErasure(await openSealed(object.key, sealed, identities)), isRead: true });
    } catch {
      erased.push({ accountId, erasedAt: now, isRead: false });
    }
  }
  return erased;
}

/**
 * Refuses to take many accounts out of a copy, or any by a note that can't be opened, unless somebody said how many. It
 * neither skips one: whoever wanted to be gone is not brought back by what somebody else put into the bucket.
 *
 * @param allowed how many somebody said, at most
 * @throws AppError with what to do
 */
export function requireFewErased(path: string, notes: readonly Erased[], allowed: number): void {
  const accounts = accountsIn(path);
  const there = notes.filter(({ accountId }) => accounts.has(accountId));
  const ids = new Set(there.map(({ accountId }) => accountId));
  const read = new Set(there.filter(({ isRead }) => isRead).map(({ accountId }) => accountId));
  const isMany = ids.size > FEW.accounts && ids.size > accounts.size * FEW.share;
  const unread = ids.size - read.size;
  if (ids.size <= allowed || (!isMany && unread === 0)) return;
  const says = `Notes in the bucket would erase ${ids.size} of ${accounts.size} accounts, ${unread} of them by notes that your key doesn't open.`;
  throw new AppError(
    "invalid",
    `${says} Look at erased/ there: if that many left, add --erase ${ids.size}. Nothing was changed.`,
  );
}

function accountsIn(path: string): ReadonlySet<string> {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return new Set(
      database
        .prepare("SELECT id FROM accounts")
        .all()
        .map(({ id }) => String(id)),
    );
  } finally {
    database.close();
  }
}

import { ERASED, readErasedKey, readErasure, type Erasure } from "../journal/erased-keys.ts";
import { fetchAhead, type JournalShelf } from "../journal/fetch-ahead.ts";
import { openSealed } from "../journal/open-segment.ts";
import { patiently } from "./restore-patience.ts";

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
): Promise<Erasure[]> {
  const listed = await patiently(() => shelf.list(ERASED), pauseMs);
  const notes = listed.filter(({ key }) => readErasedKey(key) !== null);
  const erased: Erasure[] = [];
  for await (const { object, sealed } of fetchAhead(shelf, notes, pauseMs)) {
    const accountId = readErasedKey(object.key)?.accountId ?? "";
    try {
      erased.push(readErasure(await openSealed(object.key, sealed, identities)));
    } catch {
      erased.push({ accountId, erasedAt: now });
    }
  }
  return erased;
}

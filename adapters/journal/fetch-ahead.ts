import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { resumed } from "../dumps/bucket-patience.ts";
import type { Bucket } from "../s3.ts";

/** What is used of a bucket to read a journal. */
export type JournalShelf = Pick<Bucket, "list" | "read">;

type Listed = { readonly key: string; readonly bytes: number };
type Fetched<T> = { readonly object: T; readonly sealed: Uint8Array };

// What takes long is to ask. Beyond this many bytes that wait to be used, memory would pay for it.
const AT_ONCE = 8;
const BYTES_AHEAD = 64_000_000;

/**
 * Objects of a bucket in their order, each fetched whole and several at a time, ahead of whoever uses them.
 *
 * @throws BucketError when one can't be had
 */
export async function* fetchAhead<T extends Listed>(
  shelf: JournalShelf,
  objects: readonly T[],
  pauseMs?: number,
): AsyncGenerator<Fetched<T>> {
  const ahead: { readonly bytes: number; readonly fetched: Promise<Fetched<T>> }[] = [];
  let next = 0;
  for (;;) {
    for (let object = objects[next]; object !== undefined && hasRoom(ahead, object); object = objects[(next += 1)]) {
      const fetched = fetchWhole(shelf, object, pauseMs);
      // It is heard of when its turn comes, which may be never.
      fetched.catch(() => {});
      ahead.push({ bytes: object.bytes, fetched });
    }
    const first = ahead.shift();
    if (first === undefined) return;
    yield await first.fetched;
  }
}

/** One is always fetched, however large. */
function hasRoom(ahead: readonly { readonly bytes: number }[], { bytes }: Listed): boolean {
  const waiting = ahead.reduce((sum, one) => sum + one.bytes, 0);
  return ahead.length === 0 || (ahead.length < AT_ONCE && waiting + bytes <= BYTES_AHEAD);
}

async function fetchWhole<T extends Listed>(shelf: JournalShelf, object: T, pauseMs?: number): Promise<Fetched<T>> {
  const bytes = resumed((from) => shelf.read(object.key, from), pauseMs);
  return { object, sealed: await buffer(Readable.from(bytes, { objectMode: false })) };
}

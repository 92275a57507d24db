import { Readable } from "node:stream";
import { arrayBuffer } from "node:stream/consumers";

import { seal } from "../dumps/seal.ts";
import type { Queries } from "../libsql.ts";
import { erasedKeyOf, newErasedKey, writeErasure, type Erasure } from "./erased-keys.ts";
import { segmentKeyOf } from "./segment-keys.ts";
import { writeSegment, type Change, type Timeline } from "./segment.ts";
import { waitingChanges, type JournalLimits } from "./waiting-changes.ts";

/** What is to be kept in the bucket, under a key that was never used. */
export type SealedObject = { readonly key: string; readonly sealed: Uint8Array<ArrayBuffer> };

/** The oldest changes that wait, sealed for the operator. */
export type SealedPart = {
  /** They are uploaded when all of these are kept, one after another. */
  readonly objects: readonly SealedObject[];
  /** Number of the last change. */
  readonly to: number;
  /** How many rows changed. */
  readonly changes: number;
  /** Whether nothing else waited then. */
  readonly isAll: boolean;
};

/** Who seals for whom. */
type Sealing = {
  readonly release: string;
  readonly recipients: readonly string[];
  random(bytes: number): Uint8Array;
};

// Enough that no two of one stretch ever meet.
const RANDOM_BYTES = 8;

/**
 * Reads and seals the oldest changes that wait, as many as go at once; null when none does.
 *
 * @param at now
 */
export async function sealChanges(
  db: Queries,
  { release, recipients, random }: Sealing,
  timeline: Timeline,
  at: Temporal.Instant,
  limits?: JournalLimits,
): Promise<SealedPart | null> {
  const waiting = await waitingChanges(db, limits);
  if (waiting === null) return null;
  const { isAll, ...stretch } = waiting;
  const { from, to, changes } = stretch;
  const sealed = async (key: string, plain: Readable): Promise<SealedObject> => ({
    key,
    sealed: new Uint8Array(await arrayBuffer(await seal(plain, recipients))),
  });
  const objects: SealedObject[] = [];
  // Before the segment: a restore that finds the one without the other must not bring anybody back.
  for (const erasure of erasuresIn(changes)) {
    const key = erasedKeyOf(newErasedKey(erasure.accountId, random));
    objects.push(await sealed(key, Readable.from([writeErasure(erasure)], { objectMode: false })));
  }
  const key = segmentKeyOf({ timeline: timeline.id, from, to, random: random(RANDOM_BYTES).toHex() });
  objects.push(await sealed(key, writeSegment({ format: 1, release, at, timeline, ...stretch })));
  return { objects, to, changes: changes.length, isAll };
}

function erasuresIn(changes: readonly Change[]): Erasure[] {
  return changes.flatMap(({ table, key, row }) =>
    table === "erased_accounts" && row !== null
      ? [{ accountId: String(key[0]), erasedAt: Temporal.Instant.fromEpochMilliseconds(Number(row["erased_at"])) }]
      : [],
  );
}

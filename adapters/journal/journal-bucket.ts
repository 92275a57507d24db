import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import type { Log } from "../../app.ts";
import type { S3Settings } from "../../config.ts";
import { openBucket, type Bucket } from "../s3.ts";
import { erasedKeyOf, newErasedKey, writeErasure, type Erasure } from "./erased-keys.ts";
import { segmentKeyOf } from "./segment-keys.ts";
import { writeSegment, type Segment } from "./segment.ts";

/** Keeps parts of the journal outside the machine, sealed for the operator. */
export type JournalBucket = {
  /** False for a while after something failed. */
  isReady(): boolean;
  /**
   * Keeps a segment under a key that was never used.
   *
   * @param stopping ends this and all that follows
   * @returns false when that failed, which is logged once until something succeeds again; it may be there all the same
   */
  keepSegment(segment: Segment, stopping: AbortSignal): Promise<boolean>;
  /** Keeps a note of an erased account in the same way. */
  keepErasure(erasure: Erasure, stopping: AbortSignal): Promise<boolean>;
  close(): void;
};

/** What it works with. */
export type JournalBucketWorld = {
  readonly recipients: readonly string[];
  readonly log: Log;
  now(): Temporal.Instant;
  random(bytes: number): Uint8Array;
  /** Opens the bucket, on first use; in tests another one. */
  open?(stopping: AbortSignal): Promise<Pick<Bucket, "put" | "close">>;
};

// Enough that no two of one stretch ever meet.
const RANDOM_BYTES = 8;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;
// A person who waits for nothing can wait for the next try; a stop must not.
const PATIENCE = { attempts: 1, silenceMs: 10_000 };

/** Opens the bucket for a service that goes on whatever becomes of it. Nothing is loaded before there is something to keep. */
export function openJournalBucket(settings: S3Settings, world: JournalBucketWorld): JournalBucket {
  const { recipients, log, now, random } = world;
  const open = world.open ?? ((stopping) => openBucket(settings, { ...PATIENCE, signal: stopping }));
  let opened: Awaited<ReturnType<typeof open>> | null = null;
  let outage: { readonly restMs: number; readonly at: Temporal.Instant } | null = null;

  async function put(key: string, plain: Readable, stopping: AbortSignal): Promise<void> {
    // Large, and nothing that a start should wait for.
    const { seal } = await import("../dumps/seal.ts");
    const sealed = await buffer(await seal(plain, recipients));
    opened ??= await open(stopping);
    await opened.put(key, sealed);
  }

  async function keep(key: string, plain: Readable, stopping: AbortSignal): Promise<boolean> {
    try {
      await put(key, plain, stopping);
    } catch (error) {
      if (stopping.aborted) return false;
      if (outage === null) log.error({ err: error }, "changes don't reach the bucket: see wtmm doctor");
      const restMs = outage === null ? FIRST_REST_MS : Math.min(outage.restMs * 2, LONGEST_REST_MS);
      outage = { restMs, at: now() };
      return false;
    }
    if (outage !== null) log.info({}, "changes reach the bucket again");
    outage = null;
    return true;
  }

  return {
    isReady() {
      if (outage === null) return true;
      const restedMs = now().epochMilliseconds - outage.at.epochMilliseconds;
      // Less than nothing: the clock was set back.
      return restedMs >= outage.restMs || restedMs < 0;
    },
    keepSegment(segment, stopping) {
      const { timeline, from, to } = segment;
      const key = segmentKeyOf({ timeline: timeline.id, from, to, random: random(RANDOM_BYTES).toHex() });
      return keep(key, writeSegment(segment), stopping);
    },
    keepErasure(erasure, stopping) {
      const key = erasedKeyOf(newErasedKey(erasure.accountId, random));
      return keep(key, Readable.from([writeErasure(erasure)], { objectMode: false }), stopping);
    },
    close() {
      opened?.close();
    },
  };
}

import type { Log } from "../../app.ts";
import type { S3Settings } from "../../config.ts";
import { openBucket, type Bucket } from "../s3.ts";
import type { SealedObject } from "./seal-changes.ts";

/** Keeps parts of the journal outside the machine. */
export type JournalBucket = {
  /** False for a while after something failed. */
  isReady(): boolean;
  /**
   * @param stopping ends this and all that follows
   * @returns false when that failed, which is logged once until something succeeds again; it may be there all the same
   */
  keep(object: SealedObject, stopping: AbortSignal): Promise<boolean>;
  close(): void;
};

/** What it works with. */
export type JournalBucketWorld = {
  readonly log: Log;
  now(): Temporal.Instant;
  /** Opens the bucket, on first use; in tests another one. */
  open?(stopping: AbortSignal): Promise<Pick<Bucket, "put" | "close">>;
};

const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;
// A person who waits for nothing can wait for the next try; a stop must not.
const PATIENCE = { attempts: 1, silenceMs: 10_000 };

/** Opens the bucket for a service that goes on whatever becomes of it. Nothing is loaded before there is something to keep. */
export function openJournalBucket(settings: S3Settings, world: JournalBucketWorld): JournalBucket {
  const { log, now } = world;
  const open = world.open ?? ((stopping) => openBucket(settings, { ...PATIENCE, signal: stopping }));
  let opened: ReturnType<typeof open> | null = null;
  let outage: { readonly restMs: number; readonly at: Temporal.Instant } | null = null;

  return {
    isReady() {
      if (outage === null) return true;
      const restedMs = now().epochMilliseconds - outage.at.epochMilliseconds;
      // Less than nothing: the clock was set back.
      return restedMs >= outage.restMs || restedMs < 0;
    },
    async keep({ key, sealed }, stopping) {
      try {
        opened ??= open(stopping).catch((error: unknown) => {
          opened = null;
          throw error;
        });
        await (await opened).put(key, sealed);
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
    },
    close() {
      void opened?.then(
        (bucket) => bucket.close(),
        () => {},
      );
    },
  };
}

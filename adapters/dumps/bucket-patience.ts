import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

import { BucketError } from "../s3.ts";

// A connection that is cut again and again without bringing anything is no connection.
const ATTEMPTS = 5;
export const PAUSE_MS = 500;
/** What a second try can't change. */
const FINAL = [
  "AccessDenied",
  "NoSuchBucket",
  "NoSuchKey",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidRange",
  "AbortError",
];

/**
 * All bytes of something in a bucket, over as many connections as it takes: one that breaks is taken up where it broke.
 *
 * @param read gives the bytes from an offset on
 * @param progress told how many bytes there are so far
 * @throws BucketError when it is refused, or brought nothing several times
 */
export async function* resumed(
  read: (from: number) => Promise<Readable>,
  pauseMs = PAUSE_MS,
  progress: (done: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const bytes of await read(done)) {
        done += bytes.length;
        attempt = 1;
        progress(done);
        yield bytes as Uint8Array;
      }
      return;
    } catch (error) {
      if (isFinal(error, attempt)) throw error;
      await pause(pauseMs * attempt);
    }
  }
}

/** Asks a bucket something, as patiently as it is read. */
export async function patiently<T>(ask: () => Promise<T>, pauseMs = PAUSE_MS): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (isFinal(error, attempt)) throw error;
      await pause(pauseMs * attempt);
    }
  }
}

function isFinal(error: unknown, attempt: number): boolean {
  return attempt >= ATTEMPTS || !(error instanceof BucketError) || FINAL.includes(error.code);
}

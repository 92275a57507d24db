import { createHash, type Hash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";

import type { Bucket } from "../s3.ts";
import type { BytesWithHash } from "./dump-manifest.ts";
import { resumed } from "./bucket-patience.ts";
import { PIECE_BYTES, seal } from "./seal.ts";

/** What was uploaded: the plain file, and what became of it. */
export type Uploaded = { readonly database: BytesWithHash; readonly object: BytesWithHash };

// The smallest that services take: three are held in memory, and each twice while it is put together.
const PART_BYTES = 5 * 1024 * 1024;
// No upload may have more than 10,000 parts, and what is sealed may be a little larger than what is not.
const MOST_PARTS = 9_000;

/**
 * Seals a file and uploads it as one stream, then reads it back whole.
 *
 * @param progress told how many bytes of the file went, then how many bytes came back
 * @throws Error with one sentence when something else comes back; BucketError; what the file system says
 */
export async function uploadDump(
  bucket: Bucket,
  file: string,
  key: string,
  recipients: readonly string[],
  progress: (does: "uploading" | "reading back", bytes: number, total: number) => void,
): Promise<Uploaded> {
  const { size } = statSync(file);
  const plain = newMeter((bytes) => progress("uploading", bytes, size));
  const object = newMeter();
  const bytes = Readable.from(plain.pass(piecesOf(file)), { objectMode: false });
  const body = Readable.from(object.pass(await seal(bytes, recipients)), { objectMode: false });
  await bucket.putStream(key, body, Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS)));
  const uploaded = { database: plain.result(), object: object.result() };
  const total = uploaded.object.bytes;
  const found = resumed((from) => bucket.read(key, from));
  await requireSame(found, uploaded.object, (done) => progress("reading back", done, total));
  return uploaded;
}

/** Opened when the first is asked for: what is never asked for need not be closed. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file, { highWaterMark: PIECE_BYTES });
}

async function requireSame(
  found: AsyncIterable<Uint8Array>,
  sent: BytesWithHash,
  progress: (bytes: number) => void,
): Promise<void> {
  const back = newMeter(progress);
  for await (const _ of back.pass(found));
  const { bytes, sha256 } = back.result();
  if (bytes !== sent.bytes || sha256 !== sent.sha256) {
    throw new Error(
      "The bucket gave back something else than was uploaded: no dump was made of it. Use another service.",
    );
  }
}

type Meter = {
  pass(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>;
  result(): BytesWithHash;
};

/** Counts and hashes what passes. */
function newMeter(progress: (bytes: number) => void = () => {}): Meter {
  const hash: Hash = createHash("sha256");
  let bytes = 0;
  return {
    async *pass(stream) {
      for await (const piece of stream) {
        hash.update(piece);
        bytes += piece.length;
        progress(bytes);
        yield piece;
      }
    },
    result: () => ({ bytes, sha256: hash.digest("hex") }),
  };
}

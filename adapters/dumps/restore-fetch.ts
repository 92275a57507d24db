import { createHash } from "node:crypto";
import { Readable } from "node:stream";

import { identityToRecipient } from "age-encryption";

import { AppError } from "../../errors.ts";
import type { BytesWithHash } from "./dump-manifest.ts";
import { resumed } from "./bucket-patience.ts";
import type { DumpSource } from "./restore-source.ts";
import { SealError, unseal } from "./seal.ts";
import { writeThrough } from "./write-through.ts";

/** How it is going: sealed bytes that were fetched, of how many. */
export type FetchProgress = (done: number, total: number) => void;

const OWNER_ONLY = 0o600;

/**
 * Fetches, opens and unpacks a dump into a new file that only its owner may read, as it comes: memory stays the same however
 * large it is. A connection that breaks is taken up where it broke. When this resolves, the file and what was fetched are what
 * the manifest says. The end of the file need not be on the disk.
 *
 * @param path must not exist
 * @throws AppError with one sentence when a byte is missing or differs, or no identity opens it; BucketError; what the
 * system says of the file
 */
export async function restoreFetch(
  source: DumpSource,
  identities: readonly string[],
  path: string,
  progress: FetchProgress,
  pauseMs?: number,
): Promise<void> {
  const { object, database } = source.manifest;
  try {
    const sealed = resumed(
      (from) => source.read(from),
      pauseMs,
      (done) => progress(done, object.bytes),
    );
    const fetched = Readable.from(checked(sealed, object, source.name), { objectMode: false });
    const plain = await unseal(fetched, identities);
    await writeThrough(path, checked(plain, database, source.name), OWNER_ONLY);
  } catch (error) {
    throw await refusalOf(error, source, identities);
  }
}

/** Passes bytes on, and fails at their end when they are not those that the manifest tells of. */
async function* checked(stream: AsyncIterable<Uint8Array>, expected: BytesWithHash, name: string) {
  const hash = createHash("sha256");
  let count = 0;
  for await (const bytes of stream) {
    hash.update(bytes);
    count += bytes.length;
    yield bytes;
  }
  if (count < expected.bytes)
    throw damaged(name, `${expected.bytes - count} of its ${expected.bytes} bytes are missing`);
  if (hash.digest("hex") !== expected.sha256) throw damaged(name, "its check sum is another than when it was written");
}

async function refusalOf(
  error: unknown,
  { name, manifest }: DumpSource,
  identities: readonly string[],
): Promise<unknown> {
  if (error instanceof SealError) {
    const ours = await Promise.all(identities.map((identity) => identityToRecipient(identity)));
    // Where the key is the right one, it is the dump that is not.
    const isWrongKey = error.why === "wrong identity" && !manifest.recipients.some((one) => ours.includes(one));
    if (!isWrongKey) return damaged(name, "it was changed since it was sealed", error);
    const says = `The key does not open ${name}, which was sealed for ${manifest.recipients.join(" and ")}.`;
    return new AppError("invalid", says, { cause: error });
  }
  return error;
}

function damaged(name: string, why: string, cause?: unknown): AppError {
  return new AppError("invalid", `${name} is damaged: ${why}. Take another dump: wtmm dumps lists them.`, { cause });
}

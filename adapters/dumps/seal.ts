import { pipeline, Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";

import { Decrypter, Encrypter } from "age-encryption";

import { encryptFor } from "./age-payload.ts";

/** Nobody's identity opens it, or it is not what was sealed: `why` tells the two apart. */
export class SealError extends Error {
  override readonly name = "SealError";
  readonly why: "wrong identity" | "damaged";

  constructor(why: SealError["why"], cause: unknown) {
    super(why === "damaged" ? "The dump is damaged." : "None of the identities opens the dump.", { cause });
    this.why = why;
  }
}

// Mails are compressed already: of a database, a higher level saves little more, and takes time from the service beside it.
const LEVEL = 1;
/** With the default of 16 KB, handing pieces on takes longer than making them. */
export const PIECE_BYTES = 128 * 1024;

/**
 * Compresses bytes with zstd and encrypts them in the age format (https://age-encryption.org/v1), as they are read: memory
 * stays the same however much there is.
 *
 * @param recipients `age1…`, each of whose identities will open it alone
 * @returns a stream that fails when `plain` does
 * @throws Error when a recipient is malformed
 */
export async function seal(plain: Readable, recipients: readonly string[]): Promise<Readable> {
  const encrypt = await encryptFor(recipients);
  // A generator takes what is compressed when it comes by, so that the next piece is compressed beside it.
  return Readable.from(encrypt(compressed(plain)), { objectMode: false });
}

async function* compressed(plain: Readable): AsyncGenerator<Uint8Array> {
  const compress = createZstdCompress({
    chunkSize: PIECE_BYTES,
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL },
  });
  yield* pipeline(plain, compress, ignoreHere);
}

/**
 * The bytes that were sealed, as they are read. Each piece is checked before it is given out, but only the stream's end says
 * that nothing is missing: what came before counts for nothing until then.
 *
 * @param identities `AGE-SECRET-KEY-1…`, one of which has to open it
 * @returns a stream that fails with a SealError, or as `sealed` does
 * @throws SealError when none of the identities opens it, or its header is damaged; Error when an identity is malformed
 */
export async function unseal(sealed: Readable, identities: readonly string[]): Promise<Readable> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  // What the source says of itself (a connection that broke) is not the seal's fault.
  let sourceError: unknown = null;
  const meant = (error: unknown): unknown => sourceError ?? sealErrorOf(error);
  try {
    const watched = Readable.from(
      watching(sealed, (error) => (sourceError = error)),
      { objectMode: false },
    );
    const compressed = streamOf(await decrypter.decrypt(bytesOf(watched)));
    const plain = pipeline(compressed, createZstdDecompress({ chunkSize: PIECE_BYTES }), ignoreHere);
    return Readable.from(failing(plain, meant), { objectMode: false });
  } catch (error) {
    sealed.destroy();
    throw meant(error);
  }
}

/** Whether something can be sealed for a recipient: their key is whole, as its checksum says. */
export function isRecipient(text: string): boolean {
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** The stream's own reader hears of it. */
function ignoreHere(): void {}

// Node's type of the same class differs from the browsers', which age-encryption names.
function bytesOf(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

function streamOf(bytes: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(bytes as NodeReadableStream<Uint8Array>);
}

/** Notes why the stream itself fails: its `error` is also told to those who broke it off for a fault of their own. */
async function* watching(stream: Readable, note: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  const pieces: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await pieces.next().catch((error: unknown) => {
        note(error);
        throw error;
      });
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    stream.destroy();
  }
}

async function* failing(plain: Readable, meant: (error: unknown) => unknown): AsyncGenerator<Uint8Array> {
  try {
    yield* plain;
  } catch (error) {
    throw meant(error);
  }
}

function sealErrorOf(error: unknown): SealError {
  const isOther = error instanceof Error && error.message.startsWith("no identity matched");
  return new SealError(isOther ? "wrong identity" : "damaged", error);
}

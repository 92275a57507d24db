import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";

import { Encrypter } from "age-encryption";

// All of them as https://age-encryption.org/v1 says.
const CHUNK_BYTES = 64 * 1024;
const NONCE_BYTES = 16;
const TAG_BYTES = 16;
const COUNTER_AT = 7;
const LAST_AT = 11;

/** Encrypts bytes as they come. */
export type Encrypt = (bytes: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>;

/**
 * Encrypts what passes in the age format. The header, which lets the recipients in, is age-encryption's; the bytes after it
 * are encrypted here, because OpenSSL does that ten times as fast, which a dump of a gigabyte is felt by.
 *
 * @throws Error when a recipient is malformed
 */
export async function encryptFor(recipients: readonly string[]): Promise<Encrypt> {
  const { header, fileKey } = await headerFor(recipients);
  const nonce = randomBytes(NONCE_BYTES);
  const key = Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
  return async function* encrypt(bytes) {
    yield Buffer.concat([header, nonce]);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let filled = 0;
    let count = 0;
    for await (const piece of bytes) {
      for (let taken = 0; taken < piece.length;) {
        // The last chunk is known by its end alone, and is not empty where anything came before it.
        if (filled === CHUNK_BYTES) {
          yield* encryptedChunk(key, count, chunk, false);
          count += 1;
          filled = 0;
        }
        const some = piece.subarray(taken, taken + CHUNK_BYTES - filled);
        chunk.set(some, filled);
        filled += some.length;
        taken += some.length;
      }
    }
    yield* encryptedChunk(key, count, chunk.subarray(0, filled), true);
  };
}

function encryptedChunk(key: Buffer, count: number, chunk: Uint8Array, isLast: boolean): Uint8Array[] {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(count, COUNTER_AT);
  nonce[LAST_AT] = isLast ? 1 : 0;
  const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: TAG_BYTES });
  const bytes = cipher.update(chunk);
  cipher.final();
  return [bytes, cipher.getAuthTag()];
}

/** The header of a file, and the key that it lets the recipients have: the library tells each recipient, so one of ours listens. */
async function headerFor(recipients: readonly string[]): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  let fileKey = new Uint8Array();
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = Uint8Array.from(key);
      return [];
    },
  });
  const empty = await encrypter.encrypt(new Uint8Array());
  return { header: empty.subarray(0, -(NONCE_BYTES + TAG_BYTES)), fileKey };
}

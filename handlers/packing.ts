import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";

const compressApart = promisify(zstdCompress);
// Level 1 already takes a mail to a fifth; higher levels cost more time than they save bytes to sync.
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
// Below it, compressing before the acknowledgement costs more than syncing the bytes; it is done afterwards.
const COMPRESS_LATER_BYTES = 16 * 1024;
// Handing a body to the thread pool costs more than compressing a small one here.
const COMPRESS_HERE_BYTES = 256 * 1024;
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** A webhook body as it is kept before it is acknowledged: compressed with zstd, or as it came when it is a small object of JSON. */
export async function packed(body: Uint8Array): Promise<Uint8Array> {
  if (body.byteLength < COMPRESS_LATER_BYTES && body[0] === 0x7b) return body;
  return body.byteLength > COMPRESS_HERE_BYTES ? compressApart(body, ZSTD) : packedNow(body);
}

/** A body compressed with zstd. */
export function packedNow(body: Uint8Array): Uint8Array {
  return zstdCompressSync(body, ZSTD);
}

/** Whether a kept body is compressed. What is not begins with a brace. */
export function isPacked(kept: Uint8Array): boolean {
  return Buffer.compare(kept.subarray(0, ZSTD_MAGIC.length), ZSTD_MAGIC) === 0;
}

/**
 * The webhook body that was kept.
 *
 * @throws RangeError when it is longer than `maxBytes`, Error when it is damaged
 */
export function unpacked(kept: Uint8Array, maxBytes: number): Uint8Array {
  return isPacked(kept) ? zstdDecompressSync(kept, { maxOutputLength: maxBytes }) : kept;
}

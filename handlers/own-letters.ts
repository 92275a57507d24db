import type { InboundPayload } from "./inbound-payload.ts";
import { packedNow } from "./packing.ts";

/** A sign-in link's token, which is all that makes the link work. */
const TOKEN = /[\w-]{8}\.[\w-]{40,900}\.[\w-]{43}/g;

/**
 * A letter of ours that came back, as it is kept: without what its links work by, so that nobody who reads the database
 * can use one. Neither the raw mail nor what hangs on it is left, since they hold the links once more, folded in ways
 * that can't be searched.
 *
 * @returns the body that takes the place of the one that came, compressed with zstd
 */
export function withoutLinks(payload: InboundPayload): Uint8Array {
  const { RawEmail: _raw, Attachments: _attachments, ...read } = payload;
  return packedNow(Buffer.from(JSON.stringify(read).replaceAll(TOKEN, "(link removed)")));
}

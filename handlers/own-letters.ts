import type { InboundPayload } from "./inbound-payload.ts";
import { packedNow } from "./packing.ts";

/** A sign-in link's token, which is all that makes the link work. */
const TOKEN = /[\w-]{8}\.[\w-]{40,900}\.[\w-]{43}/g;

/**
 * A letter of ours that came back, as it is kept: without what its links work by, so that nobody who reads the database
 * can use one. Only what is read of a mail is left of it, since the raw mail holds the links once more, folded in ways
 * that can't be searched.
 *
 * @returns the body that takes the place of the one that came, compressed with zstd
 */
export function withoutLinks(payload: InboundPayload): Uint8Array {
  return packedNow(Buffer.from(JSON.stringify(payload).replaceAll(TOKEN, "(link removed)")));
}

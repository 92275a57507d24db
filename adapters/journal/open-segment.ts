import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import { SealError, unseal } from "../dumps/seal.ts";
import { readSegment, type Segment } from "./segment.ts";
import type { ListedSegment } from "./timelines.ts";

/**
 * Opens a part of the journal.
 *
 * @throws Error with one sentence when no identity opens it, or it is not whole, or not what its name says
 */
export async function openSegment(
  listed: ListedSegment,
  sealed: Uint8Array,
  identities: readonly string[],
): Promise<Segment> {
  const segment = readSegment(await openSealed(listed.key, sealed, identities));
  if (segment.timeline.id !== listed.timeline || segment.from !== listed.from || segment.to !== listed.to)
    throw new Error(`${listed.key} holds another part of the journal than its name says.`);
  return segment;
}

/**
 * The text that was sealed into an object.
 *
 * @throws Error with one sentence when no identity opens it, or it is not whole
 */
export async function openSealed(key: string, sealed: Uint8Array, identities: readonly string[]): Promise<string> {
  try {
    return await text(await unseal(Readable.from([sealed], { objectMode: false }), identities));
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const why = error.why === "wrong identity" ? "was sealed for another key than yours, or is damaged" : "is damaged";
    throw new Error(`${key} ${why}.`, { cause: error });
  }
}

import * as v from "valibot";

import type { DatabaseContents } from "./database-contents.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const bytesWithHash = v.object({ bytes: count, sha256 });

/** What a database holds, as JSON. */
export const CONTENTS = v.object({
  schemaVersion: count,
  rows: v.record(v.string(), count),
  sums: v.record(v.string(), v.pipe(v.string(), v.regex(/^-?\d+$/))),
  newestMail: v.nullable(v.object({ number: count, id: v.string() })),
});

const MANIFEST = v.object({
  /** Of this description; a reader refuses another one. */
  format: v.literal(1),
  /** The release that made the dump. */
  release: v.pipe(v.string(), v.minLength(1)),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  /** The database file as it is after unsealing. */
  database: bytesWithHash,
  /** The object beside the manifest as it was uploaded. */
  object: bytesWithHash,
  contents: CONTENTS,
  /** Whose identities open the object, as age names them. */
  recipients: v.pipe(v.array(v.string()), v.minLength(1)),
});

/** What is known of a dump without opening it: lies beside it in the bucket, readable to whoever may read there. */
export type DumpManifest = {
  readonly format: 1;
  readonly release: string;
  readonly createdAt: Temporal.Instant;
  readonly database: BytesWithHash;
  readonly object: BytesWithHash;
  readonly contents: DatabaseContents;
  readonly recipients: readonly string[];
};

/** How large a file is, and its SHA-256 in lower-case hexadecimal. */
export type BytesWithHash = { readonly bytes: number; readonly sha256: string };

/** A manifest as it is uploaded. */
export function writeManifest(manifest: DumpManifest): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads a manifest.
 *
 * @throws Error with one sentence when it is none, or one of a form that this release does not know
 */
export function readManifest(bytes: Uint8Array): DumpManifest {
  try {
    const { createdAt, ...rest } = v.parse(
      MANIFEST,
      JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
    );
    return { ...rest, createdAt: Temporal.Instant.from(createdAt) };
  } catch (error) {
    throw new Error("The dump's manifest is damaged, or of a newer release than this one.", { cause: error });
  }
}

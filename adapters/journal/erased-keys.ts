import * as v from "valibot";

/** Where it lies in the bucket that an account was erased. */
export type ErasedKey = {
  /** The account's id, which says nothing of whose it was. */
  readonly accountId: string;
  /** Keeps two notes apart: no key is ever used again. Lower-case hexadecimal. */
  readonly random: string;
};

/** What the note says. */
export type Erasure = { readonly accountId: string; readonly erasedAt: Temporal.Instant };

/** What the keys of all notes begin with. */
export const ERASED = "erased/";

const RANDOM_BYTES = 8;
const KEY = /^erased\/([^/]+)-([0-9a-f]{16})\.json\.zst\.age$/;
const ERASURE = v.object({
  format: v.literal(1),
  account: v.string(),
  erasedAt: v.pipe(v.string(), v.isoTimestamp()),
});

/** A key that was never used. */
export function newErasedKey(accountId: string, random: (bytes: number) => Uint8Array): ErasedKey {
  return { accountId, random: random(RANDOM_BYTES).toHex() };
}

/** The key, without the bucket's prefix. */
export function erasedKeyOf({ accountId, random }: ErasedKey): string {
  return `${ERASED}${accountId}-${random}.json.zst.age`;
}

/** The account that a key of the bucket belongs to; null when it is none's. */
export function readErasedKey(key: string): ErasedKey | null {
  const [, accountId, random] = KEY.exec(key) ?? [];
  return accountId === undefined || random === undefined ? null : { accountId, random };
}

/** The note as text. */
export function writeErasure({ accountId, erasedAt }: Erasure): string {
  return `${JSON.stringify({ format: 1, account: accountId, erasedAt: erasedAt.toString() })}\n`;
}

/**
 * Reads a note's text.
 *
 * @throws Error with one sentence when it is none, or of a form that this release does not know
 */
export function readErasure(text: string): Erasure {
  try {
    const { account, erasedAt } = v.parse(ERASURE, JSON.parse(text));
    return { accountId: account, erasedAt: Temporal.Instant.from(erasedAt) };
  } catch (error) {
    throw new Error("The note of an erased account is damaged, or of a newer release than this one.", { cause: error });
  }
}

/** How long a dump is kept: the bucket forgets `hourly` after 2 days, `daily` after 30 days, `monthly` after a year. */
export type DumpClass = "hourly" | "daily" | "monthly";

/** A dump's place in the bucket. */
export type DumpKey = {
  readonly dumpClass: DumpClass;
  /** When the dump was begun, to the second. */
  readonly at: Temporal.Instant;
  /** Keeps two dumps of one second apart: no key is ever used again. Lower-case hexadecimal. */
  readonly random: string;
};

/** The classes; what begins with another word in the bucket is no dump. */
export const DUMP_CLASSES: readonly DumpClass[] = ["hourly", "daily", "monthly"];

// Enough that no two dumps of one second ever meet.
const RANDOM_BYTES = 8;
const KEY = /^(hourly|daily|monthly)\/(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)-([0-9a-f]{16})\.(json|db\.zst\.age)$/;

/**
 * A key that was never used.
 *
 * @param random gives random bytes
 */
export function newDumpKey(dumpClass: DumpClass, at: Temporal.Instant, random: (bytes: number) => Uint8Array): DumpKey {
  const second = at.round({ smallestUnit: "second", roundingMode: "trunc" });
  return { dumpClass, at: second, random: random(RANDOM_BYTES).toHex() };
}

/** The name of a dump without its class: the same wherever it is copied to. */
export function dumpNameOf({ at, random }: DumpKey): string {
  return `${at.toString().replaceAll(":", "-")}-${random}`;
}

/** The key (without the bucket's prefix) of the sealed database. */
export function objectKeyOf(key: DumpKey): string {
  return `${key.dumpClass}/${dumpNameOf(key)}.db.zst.age`;
}

/** The key of the manifest, which is written last: a dump without one does not exist. */
export function manifestKeyOf(key: DumpKey): string {
  return `${key.dumpClass}/${dumpNameOf(key)}.json`;
}

/** The dump that a key of the bucket belongs to, be it the object's or the manifest's; null for what is no dump's. */
export function readDumpKey(text: string): DumpKey | null {
  const [, word, moment, random] = KEY.exec(text) ?? [];
  const dumpClass = DUMP_CLASSES.find((known) => known === word);
  if (dumpClass === undefined || moment === undefined || random === undefined) return null;
  try {
    const at = Temporal.Instant.from(moment.replace(/(\d\d)-(\d\d)-(\d\d)Z$/, "$1:$2:$3Z"));
    return { dumpClass, at, random };
  } catch {
    return null;
  }
}

/** The dumps that exist among a bucket's keys, the newest first: those whose object and manifest are both there. */
export function dumpsAmong(keys: Iterable<string>): DumpKey[] {
  const there = new Set(keys);
  return [...there]
    .map((text) => ({ text, key: readDumpKey(text) }))
    .flatMap(({ text, key }) => (key !== null && text === manifestKeyOf(key) ? [key] : []))
    .filter((key) => there.has(objectKeyOf(key)))
    .toSorted(newestFirst);
}

/** Of one dump in several classes, the one that is kept longest comes first. */
function newestFirst(one: DumpKey, other: DumpKey): number {
  return (
    Temporal.Instant.compare(other.at, one.at) ||
    (one.random < other.random ? -1 : one.random > other.random ? 1 : 0) ||
    DUMP_CLASSES.indexOf(other.dumpClass) - DUMP_CLASSES.indexOf(one.dumpClass)
  );
}

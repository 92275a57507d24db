/** Where a segment lies in the bucket, and what its name says of it. */
export type SegmentKey = {
  readonly timeline: string;
  readonly from: number;
  readonly to: number;
  readonly random: string;
};

// A service takes half of that at most.
const MOST_NUMBERS = 20_000;
const DIGITS = 15;
const KEY = /^journal\/([0-9TZ-]+-[0-9a-f]{16})\/(\d{15})-(\d{15})-([0-9a-f]{16})\.zst\.age$/;

/** A timeline that was never used; its names stand in the order of their beginnings. */
export function newTimelineId(began: Temporal.Instant, random: (bytes: number) => Uint8Array): string {
  return `${began.round({ smallestUnit: "second", roundingMode: "trunc" }).toString().replaceAll(":", "-")}-${random(8).toHex()}`;
}

/** What the keys of a timeline's segments begin with. */
export function segmentsOf(timeline: string): string {
  return `journal/${timeline}/`;
}

/** A segment's key, without the bucket's prefix. Keys of one timeline stand in the order of their ends. */
export function segmentKeyOf({ timeline, from, to, random }: SegmentKey): string {
  return `${segmentsOf(timeline)}${padded(to)}-${padded(from)}-${random}.zst.age`;
}

/** The segment that a key belongs to; null when it is none's. */
export function readSegmentKey(key: string): SegmentKey | null {
  const [, timeline, to, from, random] = KEY.exec(key) ?? [];
  if (timeline === undefined || to === undefined || from === undefined || random === undefined) return null;
  return { timeline, from: Number(from), to: Number(to), random };
}

/**
 * Whether a service can have made it, by how many numbers it has. Whoever has the machine's key could else put one there that
 * is of all changes that will ever be, and comes behind all others.
 */
export function hasRealLength({ from, to }: Pick<SegmentKey, "from" | "to">): boolean {
  return to - from < MOST_NUMBERS;
}

/** What keys of segments that end at or before a position stand before, for a list that begins after it. */
export function afterPosition(timeline: string, at: number): string {
  return `${segmentsOf(timeline)}${padded(at + 1)}`;
}

function padded(position: number): string {
  return String(position).padStart(DIGITS, "0");
}

import { newTimelineId, readSegmentKey, type SegmentKey } from "./segment-keys.ts";

/** A clock may be wrong by that, between two machines. */
const AHEAD = { hours: 24 };
/** One that begins later could not be written as the others are, nor stand behind them. */
const LAST = Temporal.Instant.from("9999-12-31T23:59:58Z");

/** What a database holds of the journal: everything on a timeline up to a position, and what came before that timeline. */
export type Place = { readonly timeline: string; readonly position: number };

/** A part of the journal as it lies in the bucket. */
export type ListedSegment = SegmentKey & { readonly key: string; readonly bytes: number };

/** Where timelines left their parents, by their ids; null for one that left none. */
export type Parents = ReadonlyMap<string, Place | null>;

/** The parts of the journal among a bucket's objects, in the order in which they are replayed. */
export function segmentsAmong(objects: readonly { readonly key: string; readonly bytes: number }[]): ListedSegment[] {
  return objects
    .flatMap(({ key, bytes }) => {
      const read = readSegmentKey(key);
      return read === null || !hasTime(read.timeline) ? [] : [{ ...read, key, bytes }];
    })
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

/**
 * What came after a place, on the way to the timeline that was begun last of all that go out from it. What was written on
 * another timeline after the way left it was given up when that database was restored.
 *
 * @param segments in their order
 * @param parents of the timelines that the segments are of
 */
export function segmentsAfter(
  place: Place,
  segments: readonly ListedSegment[],
  parents: Parents,
): readonly ListedSegment[] {
  const way = wayFrom(place, parents);
  return way.flatMap((timeline, index) => {
    const end = endOf(way, index, parents);
    // A timeline may begin with what its parent had written and not uploaded: with numbers from before it left.
    return segments.filter((one) => one.timeline === timeline && one.to > place.position && one.to <= end);
  });
}

/**
 * What lies after a place and beside the way that is taken: on a timeline that it does not come to, or after it left one.
 *
 * @param segments in their order
 * @param parents of the timelines that there were then; what lies on others is not counted
 */
export function segmentsBeside(
  place: Place,
  segments: readonly ListedSegment[],
  parents: Parents,
): readonly ListedSegment[] {
  const way = wayFrom(place, parents);
  return segments.filter(({ timeline, to }) => {
    const index = way.indexOf(timeline);
    return index === -1 ? parents.has(timeline) : to > endOf(way, index, parents);
  });
}

/**
 * The timeline that a later one comes from, over any others, and that nothing is known of, though it began after a place: what
 * lies between may have come from there. Null when all that could is known.
 */
export function missingBetween(place: Place, timeline: string, parents: Parents): string | null {
  const seen = new Set([place.timeline]);
  for (let at = timeline; !seen.has(at);) {
    seen.add(at);
    const parent = parents.get(at);
    if (parent === undefined) return at > place.timeline ? at : null;
    if (parent === null) return null;
    at = parent.timeline;
  }
  return null;
}

/** Whether a timeline began when one can have: not in the future, unless the clock was wrong that this place is from. */
export function isBelievable(timeline: string, now: Temporal.Instant, place: Place | null): boolean {
  const began = beganAt(timeline);
  const limits = [now, ...(place === null ? [] : [beganAt(place.timeline)])].map((time) => time.add(AHEAD));
  return (
    Temporal.Instant.compare(began, LAST) <= 0 && limits.some((limit) => Temporal.Instant.compare(began, limit) <= 0)
  );
}

/**
 * An id for what is written from now on, which stands behind all others, whatever the clock says. Others that can't have begun
 * don't count: whoever has the machine's key could else make it one that no later restore reads.
 *
 * @param left where it leaves another one
 */
export function nextTimeline(
  now: Temporal.Instant,
  left: Place,
  others: Iterable<string>,
  random: (bytes: number) => Uint8Array,
): string {
  const counted = [left.timeline, ...others].filter((timeline) => isBelievable(timeline, now, left));
  const latest = counted.map(beganAt).toSorted(Temporal.Instant.compare).at(-1);
  const after = latest?.add({ seconds: 1 }) ?? now;
  return newTimelineId(Temporal.Instant.compare(after, now) > 0 ? after : now, random);
}

/** When a timeline began, to the second. */
export function beganAt(timeline: string): Temporal.Instant {
  return Temporal.Instant.from(timeline.slice(0, "2026-11-20T14-00-00Z".length).replace(/-(\d\d)-(\d\dZ)$/, ":$1:$2"));
}

/** Whoever has the machine's key can put anything there; none of it may keep a restore from ending. */
function hasTime(timeline: string): boolean {
  try {
    beganAt(timeline);
    return true;
  } catch {
    return false;
  }
}

/** The timelines from a place to the one that was begun last of all that come from it. */
function wayFrom(place: Place, parents: Parents): readonly string[] {
  return (
    [...parents.keys()]
      .toSorted()
      .toReversed()
      .map((timeline) => wayTo(timeline, place, parents))
      .find((found) => found !== null) ?? [place.timeline]
  );
}

/** Where a way leaves one of its timelines. */
function endOf(way: readonly string[], index: number, parents: Parents): number {
  return parents.get(way[index + 1] ?? "")?.position ?? Infinity;
}

/** The timelines from a place to one that comes from it, first and last included; null when it does not. */
function wayTo(timeline: string, place: Place, parents: Parents): string[] | null {
  const way = [timeline];
  for (let at = timeline; at !== place.timeline;) {
    const parent = parents.get(at) ?? null;
    // A child of what this database does not have was begun from another one.
    if (parent === null || parent.position < place.position || way.includes(parent.timeline)) return null;
    way.unshift(parent.timeline);
    at = parent.timeline;
  }
  return way;
}

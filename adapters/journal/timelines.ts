import { newTimelineId, readSegmentKey, type SegmentKey } from "./segment-keys.ts";

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
  const way = [...parents.keys()]
    .toSorted()
    .toReversed()
    .map((timeline) => wayTo(timeline, place, parents))
    .find((found) => found !== null) ?? [place.timeline];
  return way.flatMap((timeline, index) => {
    const end = parents.get(way[index + 1] ?? "")?.position ?? Infinity;
    // A timeline may begin with what its parent had written and not uploaded: with numbers from before it left.
    return segments.filter((one) => one.timeline === timeline && one.to > place.position && one.to <= end);
  });
}

/** An id for what is written from now on, which stands behind all others, whatever the clock says. */
export function nextTimeline(
  now: Temporal.Instant,
  others: Iterable<string>,
  random: (bytes: number) => Uint8Array,
): string {
  const latest = [...others].map(beganAt).toSorted(Temporal.Instant.compare).at(-1);
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

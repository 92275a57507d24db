import { patiently } from "../dumps/restore-patience.ts";
import { fetchAhead, type JournalShelf } from "./fetch-ahead.ts";
import { openSegment } from "./open-segment.ts";
import { afterPosition } from "./segment-keys.ts";
import type { Segment } from "./segment.ts";
import { beganAt, segmentsAfter, segmentsAmong, type ListedSegment, type Place } from "./timelines.ts";

/** How a journal is looked at. */
export type Reading = {
  readonly shelf: JournalShelf;
  /** `AGE-SECRET-KEY-1…` */
  readonly identities: readonly string[];
  /** What was written later is left out; null for everything. */
  readonly notAfter: Temporal.Instant | null;
  /** How long it waits before it takes a broken connection up, for tests. */
  readonly pauseMs?: number | undefined;
};

/** What is to be replayed after a place. */
export type Found = {
  readonly segments: readonly ListedSegment[];
  /** All that go on after it, wherever they come from. */
  readonly timelines: readonly string[];
  /** Why it is not known where one of them comes from, in a sentence; null when it is known of all. */
  readonly unknown: string | null;
};

/**
 * Looks for what was written after a place. All timelines that may come from it began later, and so stand behind it in the
 * bucket: what is older is not even listed.
 *
 * @throws BucketError
 */
export async function findSegments(place: Place, reading: Reading): Promise<Found> {
  const { shelf, notAfter, pauseMs } = reading;
  const after = afterPosition(place.timeline, place.position);
  const listed = segmentsAmong(await patiently(() => shelf.list("journal/", after), pauseMs));
  const others = Map.groupBy(listed, ({ timeline }) => timeline);
  const timelines = [...others.keys()];
  others.delete(place.timeline);
  const parents = new Map<string, Place | null>();
  let unknown: string | null = null;
  for (const [timeline, segments] of others) {
    if (notAfter !== null && Temporal.Instant.compare(beganAt(timeline), notAfter) > 0) continue;
    const first = await firstThatOpens(segments, reading);
    if (typeof first === "string") unknown = first;
    else parents.set(timeline, parentOf(first));
  }
  return { segments: segmentsAfter(place, listed, parents), timelines, unknown };
}

function parentOf({ timeline: { parent } }: Segment): Place | null {
  return parent === null ? null : { timeline: parent.id, position: parent.position };
}

/** Each part of a timeline says where it comes from; or else a sentence that says why none could be asked. */
async function firstThatOpens(segments: readonly ListedSegment[], reading: Reading): Promise<Segment | string> {
  let why = "";
  for (const segment of segments) {
    for await (const { object, sealed } of fetchAhead(reading.shelf, [segment], reading.pauseMs)) {
      try {
        return await openSegment(object, sealed, reading.identities);
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return why;
}

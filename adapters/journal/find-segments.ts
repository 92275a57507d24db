import { patiently } from "../dumps/bucket-patience.ts";
import { fetchAhead, type JournalShelf } from "./fetch-ahead.ts";
import { openSegment } from "./open-segment.ts";
import { afterPosition, hasRealLength } from "./segment-keys.ts";
import type { Segment } from "./segment.ts";
import {
  beganAt,
  isBelievable,
  missingBetween,
  segmentsAfter,
  segmentsAmong,
  segmentsBeside,
  type ListedSegment,
  type Parents,
  type Place,
} from "./timelines.ts";

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

/** What was written on a timeline, and given up when a database was restored that did not have it. */
export type LeftAside = {
  readonly timeline: string;
  readonly parts: number;
  /** When the last of them was made; null when none can be opened. */
  readonly until: Temporal.Instant | null;
};

/** What is to be replayed after a place. */
export type Found = {
  readonly segments: readonly ListedSegment[];
  /** All that go on after it, wherever they come from. */
  readonly timelines: readonly string[];
  /** Why it is not known where one of them comes from, in a sentence; null when it is known of all. */
  readonly unknown: string | null;
  readonly leftAside: readonly LeftAside[];
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
  const now = Temporal.Now.instant();
  const timelines = [...others.keys()].filter((timeline) => isBelievable(timeline, now, place));
  const parents = new Map<string, Place | null>();
  const unknown: string[] = [];
  for (const [timeline, segments] of others) {
    if (timeline === place.timeline) continue;
    if (!timelines.includes(timeline)) {
      unknown.push(
        `journal/${timeline}/ begins in the future. It was left out: a clock was wrong, or somebody put it there.`,
      );
      continue;
    }
    if (notAfter !== null && Temporal.Instant.compare(beganAt(timeline), notAfter) > 0) continue;
    const first = await firstThatOpens(segments, reading);
    if (typeof first === "string") unknown.push(first);
    else parents.set(timeline, parentOf(first));
  }
  for (const timeline of impossibleAmong(parents, place, others)) {
    parents.delete(timeline);
    unknown.push(`journal/${timeline}/ says that it goes on from a change that was never made. It was left out.`);
  }
  unknown.push(...missingAmong(parents, place));
  const segments = segmentsAfter(place, listed, parents);
  const beside = segmentsBeside(place, listed, parents);
  return { segments, timelines, unknown: unknown[0] ?? null, leftAside: await leftAsideOf(beside, reading) };
}

/**
 * Timelines that left their parents beyond all that is known of these. What a parent had yet to upload then is what the
 * timeline itself begins with.
 */
function impossibleAmong(
  parents: Parents,
  place: Place,
  segments: ReadonlyMap<string, readonly ListedSegment[]>,
): string[] {
  const reachOf = (timeline: string): number =>
    Math.max(
      timeline === place.timeline ? place.position : 0,
      ...(segments.get(timeline) ?? []).filter(hasRealLength).map(({ to }) => to),
    );
  return [...parents].flatMap(([timeline, parent]) => {
    const isKnown = parent !== null && (parent.timeline === place.timeline || parents.has(parent.timeline));
    return isKnown && parent.position > Math.max(reachOf(parent.timeline), reachOf(timeline)) ? [timeline] : [];
  });
}

function missingAmong(parents: Parents, place: Place): string[] {
  return [...parents.keys()].flatMap((timeline) => {
    const missing = missingBetween(place, timeline, parents);
    return missing === null
      ? []
      : [`journal/${timeline}/ goes on from journal/${missing}/, of which nothing is in the bucket that can be read.`];
  });
}

async function leftAsideOf(beside: readonly ListedSegment[], reading: Reading): Promise<LeftAside[]> {
  const left: LeftAside[] = [];
  for (const [timeline, segments] of Map.groupBy(beside, (one) => one.timeline)) {
    const last = await firstThatOpens(segments.toReversed(), reading);
    left.push({ timeline, parts: segments.length, until: typeof last === "string" ? null : last.at });
  }
  return left;
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

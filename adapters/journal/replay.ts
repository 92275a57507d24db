import { AppError } from "../../errors.ts";
import { migrations, type Migration } from "../../schema/migrate.ts";
import { migrateCopy } from "../dumps/restore-migrate.ts";
import { fetchAhead } from "./fetch-ahead.ts";
import { findSegments, type LeftAside, type Reading } from "./find-segments.ts";
import { openCopy, type Copy } from "./open-copy.ts";
import { openSegment } from "./open-segment.ts";
import { hasRealLength } from "./segment-keys.ts";
import type { Segment } from "./segment.ts";
import type { ListedSegment, Place } from "./timelines.ts";

/** What came from the journal. */
export type Replayed = {
  readonly changes: number;
  /** Mails that the copy did not have. */
  readonly mails: number;
  /** When the last part was made; null when there was none. */
  readonly until: Temporal.Instant | null;
  /** What the copy holds of the journal now. */
  readonly place: Place;
  /** The timelines that go on after the copy was taken. */
  readonly timelines: readonly string[];
  /** Why it stopped before the end, in a sentence; null when it did not. */
  readonly stoppedBy: string | null;
  readonly leftAside: readonly LeftAside[];
};

/** How many parts are done, of how many. */
export type ReplayProgress = (done: number, total: number) => void;

// A row may need one that was written after it, which then is in one of the next parts: they are large where there are more
// of them. All are held in memory, and applied again with each next one.
const MOST_TOGETHER = { parts: 16, changes: 2_000 };

/**
 * Replays in a copy of a database what the journal has of the time after it, part by part, each as one transaction, and
 * migrates the copy where they are of a newer schema. It ends where a part is missing, damaged or sealed for somebody else.
 *
 * @param start what the copy holds of the journal
 * @param steps other migrations, for tests
 * @throws AppError when the journal is of a newer release; BucketError
 */
export async function replay(
  path: string,
  start: Place,
  reading: Reading,
  progress: ReplayProgress,
  steps: readonly Migration[] = migrations,
): Promise<Replayed> {
  const { segments, timelines, unknown, leftAside } = await findSegments(start, reading);
  let replayed: Replayed = { changes: 0, mails: 0, until: null, place: start, timelines, stoppedBy: null, leftAside };
  let trouble: string | null = null;
  let together: Segment[] = [];
  let copy = openCopy(path);
  try {
    for await (const segment of inOrder(start, segments, reading, progress, (why) => (trouble = why))) {
      copy = await withSchema(segment.schema, copy, path, steps);
      together.push(segment);
      const changes = together.flatMap((one) => one.changes);
      const mails = copy.apply(changes);
      if (mails === null) {
        if (together.length < MOST_TOGETHER.parts || changes.length < MOST_TOGETHER.changes) continue;
        break;
      }
      replayed = {
        ...replayed,
        changes: replayed.changes + changes.length,
        mails: replayed.mails + mails,
        until: segment.at,
        place: { timeline: segment.timeline.id, position: segment.to },
      };
      together = [];
    }
  } finally {
    copy.close();
  }
  const [first] = together;
  if (first !== undefined)
    trouble = `The journal's changes from ${first.from} on don't fit the database, or need others that are missing.`;
  return { ...replayed, stoppedBy: trouble ?? unknown };
}

/** The parts that follow one another without a gap, up to a time. `note` hears why there are no more, or null. */
async function* inOrder(
  start: Place,
  segments: readonly ListedSegment[],
  { shelf, identities, notAfter, pauseMs }: Reading,
  progress: ReplayProgress,
  note: (why: string | null) => void,
): AsyncGenerator<Segment> {
  let reached = start.position;
  let damage: string | null = null;
  let done = 0;
  for await (const { object, sealed } of fetchAhead(shelf, segments, pauseMs)) {
    progress((done += 1), segments.length);
    // Whoever was interrupted after sending one sends what it holds again.
    if (object.to <= reached) continue;
    if (object.from > reached + 1) {
      note(damage ?? `Changes ${reached + 1} to ${object.from - 1} are not in the bucket, before ${object.key}.`);
      return;
    }
    if (!hasRealLength(object)) {
      note((damage = `${object.key} is longer than any that a service makes: somebody else put it there.`));
      continue;
    }
    const segment = await openSegment(object, sealed, identities).catch(sentenceOf);
    if (typeof segment === "string") {
      // Another one may hold the same.
      note((damage = segment));
      continue;
    }
    if (notAfter !== null && Temporal.Instant.compare(segment.at, notAfter) > 0) return;
    yield segment;
    reached = segment.to;
    note((damage = null));
  }
}

async function withSchema(schema: number, copy: Copy, path: string, steps: readonly Migration[]): Promise<Copy> {
  if (schema <= copy.schema) return copy;
  if (schema > steps.length) {
    const says = `The journal goes on with schema ${schema}; this release is of schema ${steps.length}. Use a newer release.`;
    throw new AppError("invalid", says);
  }
  copy.close();
  await migrateCopy(path, steps.slice(0, schema));
  return openCopy(path);
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

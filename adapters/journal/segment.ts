import { Readable } from "node:stream";

import * as v from "valibot";

import type { Value } from "../libsql.ts";

/**
 * The life of one database between restores. A database that was restored has gone back in time: what is written in it from
 * then on belongs to a timeline of its own, which says where it left its parent.
 */
export type Timeline = {
  readonly id: string;
  readonly parent: { readonly id: string; readonly position: number } | null;
};

/** What became of one row between two positions: its columns at the end, or null when it is gone. */
export type Change = {
  readonly table: string;
  /** The values of its primary key, in its order. */
  readonly key: readonly (string | number)[];
  readonly row: Readonly<Record<string, Value>> | null;
};

/** A stretch of the journal: every row that changed between two positions, as it stood at the end of it. */
export type Segment = {
  /** Of this description; a reader refuses another one. */
  readonly format: 1;
  readonly release: string;
  /** When it was made. */
  readonly at: Temporal.Instant;
  readonly schema: number;
  readonly timeline: Timeline;
  /** Numbers of its first and last change. */
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Change[];
};

const position = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const HEAD = v.object({
  format: v.literal(1),
  release: v.string(),
  at: v.pipe(v.string(), v.isoTimestamp()),
  schema: position,
  timeline: v.object({
    id: v.string(),
    parent: v.nullable(v.object({ id: v.string(), position })),
  }),
  from: position,
  to: position,
  /** How many lines follow: one that was cut short has fewer. */
  changes: position,
});
const VALUE = v.union([v.string(), v.number(), v.null(), v.object({ base64: v.string() })]);
const CHANGE = v.tuple([
  v.string(),
  v.array(v.union([v.string(), v.number()])),
  v.nullable(v.record(v.string(), VALUE)),
]);

// Handing each line on by itself takes a hundred times as long as making it.
const PIECE_CHARACTERS = 128 * 1024;

/** A segment as text: a line about it, then one for each change, as it is made, so that few large rows are held at a time. */
export function writeSegment(segment: Segment): Readable {
  return Readable.from(inPieces(linesOf(segment)), { objectMode: false });
}

function* linesOf(segment: Segment): Generator<string> {
  const { at, changes, ...head } = segment;
  yield `${JSON.stringify({ ...head, at: at.toString(), changes: changes.length })}\n`;
  for (const { table, key, row } of changes)
    yield `${JSON.stringify([table, key, row === null ? null : written(row)])}\n`;
}

function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

/**
 * Reads a segment's text.
 *
 * @throws Error with one sentence when it is none, or of a form that this release does not know
 */
export function readSegment(text: string): Segment {
  try {
    const [first = "", ...lines] = text.trimEnd().split("\n");
    const { at, changes, ...head } = v.parse(HEAD, JSON.parse(first));
    if (lines.length !== changes) throw new Error(`It has ${lines.length} changes instead of ${changes}.`);
    return { ...head, at: Temporal.Instant.from(at), changes: lines.map(changeOf) };
  } catch (error) {
    throw new Error("A part of the journal is damaged, or of a newer release than this one.", { cause: error });
  }
}

function changeOf(line: string): Change {
  const [table, key, row] = v.parse(CHANGE, JSON.parse(line));
  return { table, key, row: row === null ? null : read(row) };
}

function written(row: Readonly<Record<string, Value>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value instanceof Uint8Array ? { base64: value.toBase64() } : typeof value === "bigint" ? Number(value) : value,
    ]),
  );
}

function read(row: Readonly<Record<string, v.InferOutput<typeof VALUE>>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === "object" && value !== null ? Uint8Array.fromBase64(value.base64) : value,
    ]),
  );
}

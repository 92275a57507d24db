import { text } from "node:stream/consumers";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readSegment, writeSegment, type Change, type Segment } from "./segment.ts";

const SEGMENT: Segment = {
  format: 1,
  release: "2026-11-20-abcdef0",
  at: Temporal.Instant.from("2026-11-20T17:00:00.123Z"),
  schema: 7,
  timeline: { id: "2026-11-19T08-00-00Z-00112233aabbccdd", parent: { id: "2026-11-01T00-00-00Z-0", position: 4_000 } },
  from: 12,
  to: 14,
  changes: [
    { table: "mails", key: [7], row: { number: 7, id: "seven", outcome: null, payload_sha256: bytes([0, 255, 128]) } },
    { table: "mail_identities", key: ["a", "<1@example.com>", "f0"], row: null },
  ],
};

const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }).map((words) => words.toWellFormed()),
  fc.maxSafeInteger(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }).map((numbers) => bytes(numbers)),
);
const change: fc.Arbitrary<Change> = fc.record({
  table: fc.constantFrom("mails", "accounts"),
  key: fc.array(fc.oneof(fc.string(), fc.maxSafeInteger()), { minLength: 1, maxLength: 3 }),
  row: fc.option(fc.dictionary(fc.stringMatching(/^[a-z_]{1,10}$/), value, { noNullPrototype: true })),
});

describe("a segment", () => {
  it("is read as it was written", async () => {
    expect(readSegment(await written(SEGMENT))).toEqual(SEGMENT);
    const begun: Segment = { ...SEGMENT, timeline: { id: "first", parent: null }, changes: [] };
    expect(readSegment(await written(begun))).toEqual(begun);
  });

  it("holds whatever a database can hold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 5 }), async (changes) => {
        expect(readSegment(await written({ ...SEGMENT, changes })).changes).toEqual(changes);
      }),
    );
  });

  it("is handed on in few pieces, and large rows not all at once", async () => {
    const small = Array.from({ length: 5_000 }, (_, number): Change => ({ table: "mails", key: [number], row: null }));
    const large = [1, 2, 3].map((key): Change => ({
      table: "m",
      key: [key],
      row: { payload: bytes(new Uint8Array(1e6)) },
    }));
    const pieces = await writeSegment({ ...SEGMENT, changes: [...small, ...large] }).toArray();
    expect(pieces.length).toBeGreaterThanOrEqual(3);
    expect(pieces.length).toBeLessThan(10);
  });
});

describe("what is no segment", () => {
  it.each<[string, (lines: string) => string]>([
    ["nothing", () => ""],
    ["other words", () => "words"],
    ["one that was cut within a line", (lines) => lines.slice(0, -10)],
    ["one that lacks its last line", (lines) => lines.split("\n").slice(0, -2).join("\n")],
    ["one with a line too many", (lines) => `${lines}["mails",[8],null]\n`],
    ["one of another form", (lines) => lines.replace('"format":1', '"format":2')],
    ["one whose position is no number", (lines) => lines.replace('"from":12', '"from":"12"')],
    ["a change without a key", (lines) => lines.replace('"mails",[7]', '"mails",null')],
    ["bytes that are none", (lines) => lines.replace(/"base64":"[^"]+"/, '"base64":"?"')],
  ])("is refused with a sentence: %s", async (_, damage) => {
    const damaged = damage(await written(SEGMENT));
    expect(() => readSegment(damaged)).toThrow(
      /^A part of the journal is damaged, or of a newer release than this one\.$/,
    );
  });
});

function written(segment: Segment): Promise<string> {
  return text(writeSegment(segment));
}

/** Of the class that reading gives, so that the two can be compared. */
function bytes(numbers: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(numbers);
}

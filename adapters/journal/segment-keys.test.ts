import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { afterPosition, newTimelineId, readSegmentKey, segmentKeyOf, segmentsOf } from "./segment-keys.ts";

const BEGAN = Temporal.Instant.from("2026-11-20T17:00:00.999Z");
const timeline = newTimelineId(BEGAN, zeros);
const random = "00112233aabbccdd";

const position = fc.integer({ min: 1, max: 999_999_999_999_998 });

describe("a timeline's id", () => {
  it("says when it began, to the second, and can stand in a name", () => {
    expect(timeline).toBe("2026-11-20T17-00-00Z-0000000000000000");
  });

  it("is never given twice in one second", () => {
    expect(newTimelineId(BEGAN, (bytes) => new Uint8Array(bytes).fill(1))).not.toBe(timeline);
  });

  it("stands behind those that began earlier", () => {
    const ids = [1, 59, 3_600, 86_400, 40_000_000].map((seconds) => newTimelineId(BEGAN.add({ seconds }), zeros));
    expect([timeline, ...ids].toSorted()).toEqual([timeline, ...ids]);
  });
});

describe("a segment's key", () => {
  it("says what the segment holds", () => {
    expect(segmentKeyOf({ timeline, from: 12, to: 14, random })).toBe(
      `journal/${timeline}/000000000000014-000000000000012-${random}.zst.age`,
    );
  });

  it("is read as it was made, whatever the positions", () => {
    fc.assert(
      fc.property(position, position, (from, to) => {
        const key = { timeline, from, to, random };
        expect(readSegmentKey(segmentKeyOf(key))).toEqual(key);
      }),
    );
  });

  it("stands in the order of the ends, and behind the position that its end is after", () => {
    fc.assert(
      fc.property(position, position, position, (from, to, at) => {
        const key = segmentKeyOf({ timeline, from, to, random });
        expect(key.startsWith(segmentsOf(timeline))).toBe(true);
        expect(key > afterPosition(timeline, at)).toBe(to > at);
      }),
    );
  });

  it.each([
    "journal/",
    `journal/${timeline}/`,
    `journal/${timeline}/14-12-${random}.zst.age`,
    `journal/${timeline}/000000000000014-000000000000012-${random}.zst`,
    `journal/../000000000000014-000000000000012-${random}.zst.age`,
    `hourly/${timeline}/000000000000014-000000000000012-${random}.zst.age`,
    `erased/a-${random}.json.zst.age`,
  ])("is not %s", (key) => expect(readSegmentKey(key)).toBe(null));
});

function zeros(bytes: number): Uint8Array {
  return new Uint8Array(bytes);
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import "../../test/properties.ts";
import { readSegmentKey, segmentKeyOf } from "./segment-keys.ts";
import {
  beganAt,
  isBelievable,
  missingBetween,
  nextTimeline,
  segmentsAfter,
  segmentsAmong,
  segmentsBeside,
  type Parents,
  type Place,
} from "./timelines.ts";

const idOf = (day: number) => `2026-11-${String(day).padStart(2, "0")}T03-04-05Z-00000000000000${day}`;
const [ONE, TWO, THREE, FOUR] = [10, 11, 12, 13].map(idOf) as [string, string, string, string];

const left = (timeline: string, position: number): Place => ({ timeline, position });
const object = (timeline: string, from: number, to: number) => ({
  key: segmentKeyOf({ timeline, from, to, random: "0123456789abcdef" }),
  bytes: 1,
});

/** Each timeline has a part for each ten changes from where it began up to 100. */
const partsOf = (parents: Parents) =>
  segmentsAmong(
    [ONE, TWO, THREE, FOUR].flatMap((timeline) =>
      Array.from({ length: 10 }, (_, index) => object(timeline, index * 10 + 1, index * 10 + 10)).slice(
        (parents.get(timeline)?.position ?? 0) / 10,
      ),
    ),
  );

function wayFrom(place: Place, parents: Parents): string[] {
  const ends = Map.groupBy(segmentsAfter(place, partsOf(parents), parents), ({ timeline }) => timeline);
  return [...ends].map(([timeline, parts]) => `${timeline} ${parts[0]?.from}-${parts.at(-1)?.to}`);
}

describe("what came after a place", () => {
  it("is the rest of its timeline when nobody left it", () => {
    expect(wayFrom(left(ONE, 30), new Map())).toEqual([`${ONE} 31-100`]);
    expect(wayFrom(left(ONE, 30), new Map([[TWO, null]]))).toEqual([`${ONE} 31-100`]);
    expect(wayFrom(left(ONE, 100), new Map())).toEqual([]);
  });

  it("goes over to a timeline that left it, where that did, and on to what left that", () => {
    const parents = new Map([
      [TWO, left(ONE, 50)],
      [THREE, left(TWO, 70)],
    ]);
    expect(wayFrom(left(ONE, 30), parents)).toEqual([`${ONE} 31-50`, `${TWO} 51-70`, `${THREE} 71-100`]);
    expect(wayFrom(left(TWO, 60), parents)).toEqual([`${TWO} 61-70`, `${THREE} 71-100`]);
    expect(wayFrom(left(THREE, 70), parents)).toEqual([`${THREE} 71-100`]);
  });

  it("is what was begun last, of all that come from there", () => {
    const two = new Map([
      [TWO, left(ONE, 50)],
      [THREE, left(ONE, 40)],
    ]);
    expect(wayFrom(left(ONE, 30), two)).toEqual([`${ONE} 31-40`, `${THREE} 41-100`]);
    const grandchild = new Map([...two, [FOUR, left(TWO, 60)]]);
    expect(wayFrom(left(ONE, 30), grandchild)).toEqual([`${ONE} 31-50`, `${TWO} 51-60`, `${FOUR} 61-100`]);
  });

  it("is nothing that was begun from what the place does not have", () => {
    expect(wayFrom(left(ONE, 60), new Map([[TWO, left(ONE, 50)]]))).toEqual([`${ONE} 61-100`]);
    const unknown = new Map([[THREE, left(TWO, 50)]]);
    expect(wayFrom(left(ONE, 60), unknown)).toEqual([`${ONE} 61-100`]);
  });

  it("ends where timelines say that each comes from the other", () => {
    const circle = new Map([
      [TWO, left(THREE, 50)],
      [THREE, left(TWO, 50)],
    ]);
    expect(wayFrom(left(ONE, 60), circle)).toEqual([`${ONE} 61-100`]);
  });
});

describe("what lies beside the way", () => {
  const besideOf = (place: Place, parents: Parents): string[] => {
    const all = Map.groupBy(segmentsBeside(place, partsOf(parents), parents), ({ timeline }) => timeline);
    return [...all].map(([timeline, parts]) => `${timeline} ${parts[0]?.from}-${parts.at(-1)?.to}`);
  };

  it("is what was written after the way left, and on timelines that it does not come to", () => {
    const two = new Map([
      [TWO, left(ONE, 50)],
      [THREE, left(ONE, 40)],
    ]);
    expect(besideOf(left(ONE, 30), two)).toEqual([`${ONE} 41-100`, `${TWO} 51-100`]);
    // The newest dump of a database that was moved back is still of before.
    expect(besideOf(left(ONE, 60), new Map([[TWO, left(ONE, 50)]]))).toEqual([`${TWO} 51-100`]);
  });

  it("is nothing where nothing was given up", () => {
    expect(besideOf(left(ONE, 30), new Map())).toEqual([]);
    expect(besideOf(left(ONE, 30), new Map([[TWO, left(ONE, 100)]]))).toEqual([]);
  });
});

describe("a link of the way that is missing", () => {
  it("is one from after the place, however far the timeline is from it", () => {
    const parents = new Map([
      [THREE, left(TWO, 50)],
      [FOUR, left(THREE, 60)],
    ]);
    expect(missingBetween(left(ONE, 10), FOUR, parents)).toBe(TWO);
    expect(missingBetween(left(TWO, 10), FOUR, parents)).toBe(null);
  });

  it("is none where a timeline was begun elsewhere, before the place", () => {
    expect(missingBetween(left(TWO, 10), THREE, new Map([[THREE, left(ONE, 5)]]))).toBe(null);
    expect(missingBetween(left(TWO, 10), THREE, new Map([[THREE, null]]))).toBe(null);
    const circle = new Map([
      [TWO, left(THREE, 50)],
      [THREE, left(TWO, 50)],
    ]);
    expect(missingBetween(left(ONE, 10), THREE, circle)).toBe(null);
  });
});

it("knows the parts of a journal among other objects, and their order", () => {
  const [first, second] = [object(ONE, 8, 9), object(ONE, 5, 10)];
  const others = ["daily/x.json", `${first.key}x`, first.key.replace("2026-11", "2026-13")];
  const found = segmentsAmong([second, first, ...others.map((key) => ({ key, bytes: 1 }))]);
  expect(found.map(({ from, to }) => [from, to])).toEqual([
    [8, 9],
    [5, 10],
  ]);
});

describe("a new timeline", () => {
  const random = () => new Uint8Array(8);

  it("stands behind all others, also when the clock says that it is earlier", () => {
    const now = Temporal.Instant.from("2026-11-12T04:00:00Z");
    const id = nextTimeline(now, left(ONE, 1), [FOUR, TWO], random);
    expect(id > FOUR).toBe(true);
    expect(beganAt(id).toString()).toBe("2026-11-13T03:04:06Z");
    expect(beganAt(nextTimeline(now, left(ONE, 1), [], random)).toString()).toBe(now.toString());
    const early = Temporal.Instant.from("2025-11-12T00:00:00Z");
    expect(beganAt(nextTimeline(early, left(ONE, 1), [TWO], random)).toString()).toBe("2026-11-11T03:04:06Z");
  });

  it("does not stand behind one that can't have begun", () => {
    const now = Temporal.Instant.from("2026-11-12T00:00:00Z");
    const far = "9999-12-31T23-59-59Z-0000000000000000";
    expect(beganAt(nextTimeline(now, left(ONE, 1), [far], random)).toString()).toBe(now.toString());
    expect(isBelievable(far, now, null)).toBe(false);
    // Where the clock was wrong all along, what comes from there still stands behind it.
    expect(isBelievable("2030-01-01T12-00-00Z-0000000000000000", now, left("2030-01-01T00-00-00Z-0", 1))).toBe(true);
  });

  it("is one whose parts can be read, whatever lies in the bucket", () => {
    const time = fc
      .date({ min: new Date("2020-01-01"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
      .map((date) => date.toTemporalInstant());
    const end = Temporal.Instant.from("9999-12-31T23:59:59Z");
    const id = fc
      .oneof(time, fc.constant(end))
      .map((began) => `${began.toString().slice(0, 19).replaceAll(":", "-")}Z-0000000000000000`);
    const clock = time.filter((now) => now.toString() < "9999");
    fc.assert(
      fc.property(clock, id, fc.array(id), (now, parent, others) => {
        const timeline = nextTimeline(now, left(parent, 1), others, random);
        expect(readSegmentKey(object(timeline, 1, 1).key)?.timeline).toBe(timeline);
      }),
    );
  });
});

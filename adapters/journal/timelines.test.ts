import { describe, expect, it } from "vitest";

import { segmentKeyOf } from "./segment-keys.ts";
import { beganAt, nextTimeline, segmentsAfter, segmentsAmong, type Parents, type Place } from "./timelines.ts";

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
    const now = Temporal.Instant.from("2026-11-12T00:00:00Z");
    const id = nextTimeline(now, [ONE, FOUR, TWO], random);
    expect(id > FOUR).toBe(true);
    expect(beganAt(id).toString()).toBe("2026-11-13T03:04:06Z");
    expect(beganAt(nextTimeline(now, [ONE], random)).toString()).toBe(now.toString());
    expect(beganAt(nextTimeline(now, [], random)).toString()).toBe(now.toString());
  });
});

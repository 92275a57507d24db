import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { reconcileEvents, type Booked, type NewEvent } from "./reconcile-events.ts";

const DAY = 86_400_000;

function event(merchant: string, amountMinor: number, day = 1, changes: Partial<NewEvent> = {}): NewEvent {
  const at = { occurredAt: day * DAY, occurredOn: `2026-10-0${day}` };
  return { amountMinor, currency: "USD", merchant, ...at, kind: "purchase", ...changes };
}

function bookedAs(events: readonly NewEvent[], positions: readonly number[] = [...events.keys()]): Booked[] {
  return events.map((one, index) => ({ ...one, position: positions[index] ?? -1 }));
}

const [COFFEE, LUNCH, FUEL] = [event("COFFEE", 475), event("LUNCH", 1250), event("FUEL", 4000, 2)];

describe("reconcileEvents", () => {
  it("numbers the events of a mail that was never booked", () => {
    expect(reconcileEvents([], [COFFEE, COFFEE, LUNCH])).toEqual({ positions: [0, 1, 2], gone: [] });
    expect(reconcileEvents([], [])).toEqual({ positions: [], gone: [] });
  });

  it("leaves the positions alone when a row is recognised in front of the others, or between them", () => {
    const booked = bookedAs([COFFEE, FUEL]);
    expect(reconcileEvents(booked, [LUNCH, COFFEE, FUEL])).toEqual({ positions: [2, 0, 1], gone: [] });
    expect(reconcileEvents(booked, [COFFEE, LUNCH, FUEL])).toEqual({ positions: [0, 2, 1], gone: [] });
  });

  it("names the positions that nothing stands for any more, and gives them to no newcomer", () => {
    const booked = bookedAs([COFFEE, LUNCH, FUEL]);
    expect(reconcileEvents(booked, [COFFEE, FUEL])).toEqual({ positions: [0, 2], gone: [1] });
    const newcomers = [event("BOOKS", 999, 3), event("SHOES", 8000, 4)];
    expect(reconcileEvents(booked, [COFFEE, ...newcomers, FUEL])).toEqual({ positions: [0, 3, 4, 2], gone: [1] });
    expect(reconcileEvents(booked, [])).toEqual({ positions: [], gone: [0, 1, 2] });
  });

  it("numbers on from the highest position ever used", () => {
    expect(reconcileEvents(bookedAs([COFFEE, LUNCH], [7, 3]), [COFFEE, LUNCH, FUEL])).toEqual({
      positions: [7, 3, 8],
      gone: [],
    });
  });

  it("keeps two equal coffees two", () => {
    const booked = bookedAs([COFFEE, COFFEE, FUEL]);
    expect(reconcileEvents(booked, [COFFEE, COFFEE, FUEL])).toEqual({ positions: [0, 1, 2], gone: [] });
    expect(reconcileEvents(booked, [COFFEE, FUEL])).toEqual({ positions: [0, 2], gone: [1] });
    expect(reconcileEvents(booked, [COFFEE, COFFEE, COFFEE, FUEL])).toEqual({ positions: [0, 1, 3, 2], gone: [] });
  });

  it.each([
    ["merchant", event("COFFEE HOUSE", 475)],
    ["amount", event("COFFEE", 575)],
    ["currency", event("COFFEE", 475, 1, { currency: "CAD" })],
    ["day", event("COFFEE", 475, 2)],
    ["kind", event("COFFEE", 475, 1, { kind: "refund" })],
    ["time, which only had a day", event("COFFEE", 475, 1, { occurredOn: null })],
    ["merchant and day", event("COFFEE HOUSE", 475, 2)],
    ["merchant and amount", event("COFFEE HOUSE", 575)],
    ["amount and day", event("COFFEE", 575, 2)],
    ["everything", event("COFFEE HOUSE", 575, 2)],
  ])("lets an event whose %s was corrected keep its position", (_, corrected) => {
    expect(reconcileEvents(bookedAs([COFFEE]), [corrected])).toEqual({ positions: [0], gone: [] });
    const booked = bookedAs([LUNCH, COFFEE, FUEL]);
    expect(reconcileEvents(booked, [LUNCH, corrected, FUEL])).toEqual({ positions: [0, 1, 2], gone: [] });
    expect(reconcileEvents(booked, [event("SHOES", 8000, 4), LUNCH, corrected, FUEL])).toEqual({
      positions: [3, 0, 1, 2],
      gone: [],
    });
  });

  it("lets the closest keep a position, whatever the order", () => {
    const booked = bookedAs([COFFEE]);
    const [sameAmount, renamed] = [event("BAKERY", 475, 3), event("COFFEE HOUSE", 475)];
    expect(reconcileEvents(booked, [sameAmount, renamed, COFFEE]).positions).toEqual([1, 2, 0]);
    expect(reconcileEvents(booked, [sameAmount, renamed]).positions).toEqual([1, 0]);
    expect(reconcileEvents(booked, [event("COFFEE", 475, 1, { kind: "refund" }), COFFEE]).positions).toEqual([1, 0]);
  });

  it.each([
    ["another currency", event("COFFEE", 475, 1, { currency: "CAD" })],
    ["noon, and not just that day", event("COFFEE", 475, 1, { occurredOn: null })],
  ])("tells the same amount apart by %s", (_, other) => {
    expect(reconcileEvents(bookedAs([COFFEE, other]), [other, COFFEE]).positions).toEqual([1, 0]);
  });

  it("knows rows by their amounts when all names and times were corrected and one more was recognised", () => {
    const corrected = [
      event("Coffee", 475, 3),
      event("Books", 999, 3),
      event("Lunch", 1250, 3),
      event("Fuel", 4000, 3),
    ];
    expect(reconcileEvents(bookedAs([COFFEE, LUNCH, FUEL]), corrected)).toEqual({ positions: [0, 3, 1, 2], gone: [] });
  });

  it("does not move a position across others for an amount alone", () => {
    const elsewhere = event("BAKERY", 475, 3);
    expect(reconcileEvents(bookedAs([COFFEE, LUNCH]), [LUNCH, elsewhere])).toEqual({ positions: [1, 2], gone: [0] });
  });
});

describe("reconcileEvents on any mail", () => {
  const anyEvent = fc
    .record({
      merchant: fc.constantFrom("A", "B", "C"),
      amountMinor: fc.constantFrom(100, 200, 300),
      day: fc.constantFrom(1, 2, 3),
      kind: fc.constantFrom("purchase", "refund"),
    })
    .map(({ merchant, amountMinor, day, kind }) => event(merchant, amountMinor, day, { kind }));
  const anyEvents = fc.array(anyEvent, { maxLength: 8 });
  const anyBooked = fc
    .uniqueArray(fc.record({ position: fc.nat({ max: 20 }), one: anyEvent }), { selector: ({ position }) => position })
    .map((list) => list.map(({ position, one }) => ({ ...one, position })));

  it("gives each event a position of its own, and accounts for every booked one", () => {
    fc.assert(
      fc.property(anyBooked, anyEvents, (booked, events) => {
        const { positions, gone } = reconcileEvents(booked, events);
        expect(positions).toHaveLength(events.length);
        expect(new Set(positions).size).toBe(positions.length);
        const before = new Set(booked.map(({ position }) => position));
        const kept = positions.filter((position) => before.has(position));
        expect(new Set([...kept, ...gone])).toEqual(before);
        expect(kept.length + gone.length).toBe(before.size);
        const highest = Math.max(-1, ...before);
        const fresh = positions.filter((position) => !before.has(position)).toSorted((a, b) => a - b);
        expect(fresh).toEqual(fresh.map((_, index) => highest + 1 + index));
      }),
    );
  });

  it("changes nothing the second time, whether or not the gone ones are still there", () => {
    fc.assert(
      fc.property(anyBooked, anyEvents, (booked, events) => {
        const { positions, gone } = reconcileEvents(booked, events);
        const now = bookedAs(events, positions);
        expect(reconcileEvents(now, events)).toEqual({ positions, gone: [] });
        const withGone = [...now, ...booked.filter(({ position }) => gone.includes(position))];
        expect(reconcileEvents(withGone, events)).toEqual({ positions, gone });
      }),
    );
  });

  it("depends on the positions of the booked ones and not on the order in which they are given", () => {
    fc.assert(
      fc.property(anyBooked, anyEvents, (booked, events) => {
        expect(reconcileEvents(booked.toReversed(), events)).toEqual(reconcileEvents(booked, events));
      }),
    );
  });

  it("leaves alone what is still there, wherever new rows were recognised", () => {
    const newcomer = anyEvent.map((one) => ({ ...one, merchant: `NEW ${one.merchant}`, amountMinor: 7 }));
    const rows = fc.array(fc.record({ one: anyEvent, before: fc.array(newcomer, { maxLength: 2 }) }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, (list) => {
        const old = list.map(({ one }) => one);
        const events = list.flatMap(({ one, before }) => [...before, one]);
        const { positions, gone } = reconcileEvents(bookedAs(old), events);
        expect(gone).toEqual([]);
        const kept = positions.filter((_, index) => old.includes(events[index] ?? COFFEE));
        expect(kept.toSorted((a, b) => a - b)).toEqual([...old.keys()]);
        for (const [index, one] of events.entries()) {
          const before = bookedAs(old).find(({ position }) => position === positions[index]);
          if (before !== undefined) expect({ ...before, position: 0 }).toEqual({ ...one, position: 0 });
        }
      }),
    );
  });

  it("lets no event stand on a position while one that is gone has more in common with it", () => {
    const inCommon = (a: NewEvent, b: NewEvent): number => {
      const [amount, merchant, time] = [
        a.amountMinor === b.amountMinor,
        a.merchant === b.merchant,
        a.occurredAt === b.occurredAt,
      ];
      if (amount && merchant && time) return a.kind === b.kind ? 5 : 4;
      if (amount && time) return 3;
      if (amount && merchant) return 2;
      return merchant && time ? 1 : 0;
    };
    fc.assert(
      fc.property(anyBooked, anyEvents, (booked, events) => {
        const { positions, gone } = reconcileEvents(booked, events);
        const at = new Map(booked.map((one) => [one.position, one]));
        for (const [index, one] of events.entries()) {
          const stood = at.get(positions[index] ?? -1);
          const closeness = stood === undefined ? 0 : inCommon(one, stood);
          for (const position of gone) {
            const left = at.get(position);
            if (left !== undefined) expect(inCommon(one, left)).toBeLessThanOrEqual(closeness);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Amendment, currentOf, type PurchaseState } from "./amendments.ts";

const AT = Temporal.Instant.from("2026-11-20T10:00:00Z");
const BOOKED = { merchant: "ANMOL INDIAN RESTAUR", isNamed: false, amountMinor: 6383, removed: false as const };

function change(id: string, state: Partial<PurchaseState> = {}): Amendment {
  return { id, at: AT, undoes: null, ...BOOKED, ...state };
}

/** What an undoing row carries besides its `undoes` must not matter, so it is rubbish here. */
function undo(id: string, undoes: string): Amendment {
  return { id, at: AT, undoes, merchant: "rubbish", isNamed: true, amountMinor: -1, removed: true };
}

/** What the next tap on undo adds to the history. */
function tapUndo(history: readonly Amendment[]): Amendment[] {
  const { undoable } = currentOf(BOOKED, history);
  return undoable === null ? [...history] : [...history, undo(`row ${history.length}`, undoable)];
}

const anyState = fc.record({
  merchant: fc.string(),
  isNamed: fc.boolean(),
  amountMinor: fc.integer(),
  removed: fc.boolean(),
});

describe("currentOf", () => {
  it("is what was booked when nothing was changed", () => {
    expect(currentOf(BOOKED, [])).toEqual({ ...BOOKED, undoable: null });
  });

  it("is what the newest change says", () => {
    const history = [
      change("a", { merchant: "Anmol" }),
      change("b", { merchant: "Anmol", isNamed: true, amountMinor: 7000 }),
    ];
    expect(currentOf(BOOKED, history)).toEqual({
      merchant: "Anmol",
      isNamed: true,
      amountMinor: 7000,
      removed: false,
      undoable: "b",
    });
  });

  it("goes back one change for each undo, and forward again from there", () => {
    const history = [change("a", { merchant: "Anmol" }), change("b", { removed: true }), undo("c", "b")];
    expect(currentOf(BOOKED, history)).toEqual({ ...BOOKED, merchant: "Anmol", undoable: "a" });
    const further = [...history, change("d", { amountMinor: 5 })];
    expect(currentOf(BOOKED, further)).toEqual({ ...BOOKED, amountMinor: 5, undoable: "d" });
    expect(currentOf(BOOKED, [...further, undo("e", "d")])).toMatchObject({ merchant: "Anmol", undoable: "a" });
  });

  it("brings a removed purchase back", () => {
    const removed = [change("a", { removed: true })];
    expect(currentOf(BOOKED, removed).removed).toBe(true);
    expect(currentOf(BOOKED, [...removed, undo("b", "a")])).toEqual({ ...BOOKED, undoable: null });
  });

  it("does not mind an undo that came twice, or one of nothing", () => {
    const history = [change("a", { amountMinor: 1 }), change("b", { amountMinor: 2 }), undo("c", "b")];
    const odd = [...history, undo("d", "b"), undo("e", "missing"), undo("f", "f"), undo("g", "__proto__")];
    expect(currentOf(BOOKED, odd)).toMatchObject({ amountMinor: 1, undoable: "a" });
  });

  it("does not bring a change back when its undo is named to be undone", () => {
    const history = [change("a", { amountMinor: 1 }), undo("b", "a"), undo("c", "b")];
    expect(currentOf(BOOKED, history)).toEqual({ ...BOOKED, undoable: null });
  });

  it("gives back what was booked after as many undos as changes, and the history only grows", () => {
    fc.assert(
      fc.property(fc.array(anyState), (states) => {
        const changes = states.map((state, at) => change(`change ${at}`, state));
        let history = changes;
        for (const state of [...states].reverse()) {
          expect(currentOf(BOOKED, history)).toMatchObject(state);
          const longer = tapUndo(history);
          expect(longer.length).toBe(history.length + 1);
          expect(longer.slice(0, -1)).toEqual(history);
          history = longer;
        }
        expect(currentOf(BOOKED, history)).toEqual({ ...BOOKED, undoable: null });
        expect(tapUndo(history)).toEqual(history);
      }),
    );
  });

  it("stands where a stack of changes would stand, however changes and undos alternate", () => {
    fc.assert(
      fc.property(fc.array(fc.option(anyState)), (steps) => {
        let history: Amendment[] = [];
        const stack: PurchaseState[] = [];
        for (const [at, state] of steps.entries()) {
          if (state === null) stack.pop();
          else stack.push(state);
          history = state === null ? tapUndo(history) : [...history, change(`change ${at}`, state)];
          expect(currentOf(BOOKED, history)).toMatchObject(stack.at(-1) ?? BOOKED);
        }
      }),
    );
  });
});

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { currentOf } from "../ledger/amendments.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { bookPurchase, newAccount, OWNER } from "../test/store-calls.ts";
import type { Store } from "./libsql-store.ts";

let app: FakeApp;
let store: Store;
let number = 0;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
  await store.createAccount({ ...newAccount(OWNER), address: "owner@example.com", at: NOW });
});
afterEach(() => app.close());

describe("a person's changes", () => {
  const step = fc.oneof(
    fc.record({
      merchant: fc.constantFrom("Shop", "Cafe"),
      isNamed: fc.boolean(),
      amountMinor: fc.integer(),
      removed: fc.boolean(),
    }),
    fc.constant("undo" as const),
  );

  it("can all be undone, step by step, and count as the ledger says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const id = await bookPurchase(store, {});
        const standing = [{ merchant: "Corner Shop", isNamed: false, amountMinor: 1234, removed: false }];
        for (const each of steps) {
          if (each === "undo") {
            const isUndone = await store.undoAmendment({
              id: fresh("undo"),
              accountId: OWNER,
              purchaseId: id,
              change: null,
              at: NOW,
            });
            expect(isUndone).toBe(standing.length > 1);
            if (isUndone) standing.pop();
          } else {
            expect(await store.amend({ id: fresh("change"), accountId: OWNER, purchaseId: id, at: NOW, ...each })).toBe(
              true,
            );
            standing.push(each);
          }
          const { merchant, isNamed, amountMinor, removed } = standing.at(-1) ?? {
            merchant: "",
            isNamed: false,
            amountMinor: 0,
            removed: false,
          };
          const current = { merchant, named: isNamed ? 1 : 0, amountMinor, removed: removed ? 1 : 0 };
          expect(await store.purchase(OWNER, id)).toMatchObject({ ...current, bookedMerchant: "Corner Shop" });
        }
        expect(await ledgersView(id)).toMatchObject(standing.at(-1) ?? {});
      }),
      { numRuns: 25 },
    );
  });

  it("are all kept when they are made at once, and each is taken back by one undo", async () => {
    const id = await bookPurchase(store, {});
    const change = (amountMinor: number) =>
      store.amend({
        id: fresh("change"),
        accountId: OWNER,
        purchaseId: id,
        at: NOW,
        merchant: "Shop",
        isNamed: true,
        amountMinor,
        removed: false,
      });
    expect(await Promise.all([change(1), change(2), change(3)])).toEqual([true, true, true]);
    const undo = () =>
      store.undoAmendment({ id: fresh("undo"), accountId: OWNER, purchaseId: id, change: null, at: NOW });
    expect(await Promise.all([undo(), undo()])).toEqual([true, true]);
    expect(await store.purchase(OWNER, id)).toMatchObject({ amountMinor: 1 });
    expect(await Promise.all([undo(), undo()])).toEqual([true, false]);
    expect(await store.purchase(OWNER, id)).toMatchObject({ amountMinor: 1234, merchant: "Corner Shop" });
    expect(await store.amendments(OWNER, id)).toHaveLength(6);
  });

  async function ledgersView(id: string) {
    const rows = await store.amendments(OWNER, id);
    const amendments = rows.map(({ at, removed, named, ...row }) => ({
      ...row,
      at: Temporal.Instant.fromEpochMilliseconds(at),
      removed: removed === 1,
      isNamed: named === 1,
    }));
    return currentOf({ merchant: "Corner Shop", isNamed: false, amountMinor: 1234, removed: false }, amendments);
  }
});

function fresh(what: string): string {
  return `${what}-${(number += 1)}`;
}

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

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

describe("what a person calls a merchant", () => {
  const step = fc.constantFrom("Coffee", "Lunch", "end", "undo");

  it("stands where a stack of changes would stand, only ever grows, and leaves other merchants alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const [key, other] = [fresh("key"), fresh("other")];
        const purchaseId = await bookPurchase(store, { merchant: key });
        await name(await bookPurchase(store, { merchant: other }), other, "Other");
        const stack: (string | null)[] = [];
        for (const each of steps) {
          const newest = await rowOf(key);
          expect(newest?.name).toBe(stack.at(-1));
          const on = { id: fresh("change"), accountId: OWNER, change: newest?.id ?? "none", at: NOW };
          if (each === "undo") {
            expect(await store.undoMerchantName(on)).toBe(stack.length > 0);
            stack.pop();
          } else if (each === "end") {
            const isNamed = (stack.at(-1) ?? null) !== null;
            expect(await store.endMerchantName(on)).toBe(isNamed);
            if (isNamed) stack.push(null);
          } else {
            const isNew = stack.at(-1) !== each;
            expect(await name(purchaseId, key, each)).toBe(isNew);
            if (isNew) stack.push(each);
          }
        }
        const row = await rowOf(key);
        expect([row?.name, row?.before ?? null]).toEqual([stack.at(-1), stack.at(-2) ?? null]);
        expect((await rowOf(other))?.name).toBe("Other");
      }),
      { numRuns: 20 },
    );
  });

  it("is taken back once by many undos of one change", async () => {
    const purchaseId = await bookPurchase(store, {});
    await name(purchaseId, "key", "Coffee");
    await name(purchaseId, "key", "Lunch");
    const change = (await store.merchantNames(OWNER))[0]?.id ?? "";
    const undo = () => store.undoMerchantName({ id: fresh("undo"), accountId: OWNER, change, at: NOW });
    expect((await Promise.all([undo(), undo(), undo()])).filter(Boolean)).toHaveLength(1);
    expect(await store.merchantNames(OWNER)).toMatchObject([{ name: "Coffee", before: null }]);
  });

  function name(purchaseId: string, key: string, called: string): Promise<boolean> {
    return store.nameMerchant({ id: fresh("name"), accountId: OWNER, purchaseId, key, name: called, at: NOW });
  }

  async function rowOf(merchant: string) {
    return (await store.merchantNames(OWNER)).find(({ written }) => written === merchant);
  }
});

function fresh(what: string): string {
  return `${what}-${(number += 1)}`;
}

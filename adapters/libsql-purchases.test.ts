import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { currentOf } from "../ledger/amendments.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { aDelivery, anInterpretation, aPurchase, newAccount, OWNER } from "../test/store-calls.ts";
import type { Cursor, NewPurchase, PurchaseSearch } from "./libsql-purchases.ts";
import type { Store } from "./libsql-store.ts";

const EVERYTHING: PurchaseSearch = { text: null, from: null, to: null };
const DAY_MS = 24 * 60 * 60_000;

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
    fc.record({ merchant: fc.constantFrom("Shop", "Cafe"), amountMinor: fc.integer(), removed: fc.boolean() }),
    fc.constant("undo" as const),
  );

  it("can all be undone, step by step, and count as the ledger says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const id = await book({});
        const standing = [{ merchant: "Corner Shop", amountMinor: 1234, removed: false }];
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
          const { merchant, amountMinor, removed } = standing.at(-1) ?? {
            merchant: "",
            amountMinor: 0,
            removed: false,
          };
          const current = { merchant, amountMinor, removed: removed ? 1 : 0 };
          expect(await store.purchase(OWNER, id)).toMatchObject({ ...current, bookedMerchant: "Corner Shop" });
        }
        expect(await ledgersView(id)).toMatchObject(standing.at(-1) ?? {});
      }),
      { numRuns: 25 },
    );
  });

  it("are all kept when they are made at once, and each is taken back by one undo", async () => {
    const id = await book({});
    const change = (amountMinor: number) =>
      store.amend({
        id: fresh("change"),
        accountId: OWNER,
        purchaseId: id,
        at: NOW,
        merchant: "Shop",
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
    const amendments = rows.map(({ at, removed, ...row }) => ({
      ...row,
      at: Temporal.Instant.fromEpochMilliseconds(at),
      removed: removed === 1,
    }));
    return currentOf({ merchant: "Corner Shop", amountMinor: 1234, removed: false }, amendments);
  }
});

describe("a search", () => {
  it("gives everything once, newest first, however it is cut into pages", async () => {
    let size = 0;
    const sameTimes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sameTimes, fc.integer({ min: 1, max: 7 }), async (times, limit) => {
        for (const time of times) await book({ occurredAt: NOW.epochMilliseconds + time });
        size += times.length;
        const all = await store.searchPurchases(OWNER, EVERYTHING, null, 1_000_000);
        expect(all).toHaveLength(size);
        for (const [index, { occurredAt, id }] of all.entries()) {
          const next = all[index + 1];
          if (next !== undefined) expect([next.occurredAt, next.id] < [occurredAt, id]).toBe(true);
        }
        const paged: string[] = [];
        for (let before: Cursor | null = null; ;) {
          const page = await store.searchPurchases(OWNER, EVERYTHING, before, limit);
          expect(page.length).toBeLessThanOrEqual(limit);
          paged.push(...page.map(({ id }) => id));
          const last = page.at(-1);
          if (last === undefined) break;
          before = { occurredAt: last.occurredAt, id: last.id };
        }
        expect(paged).toEqual(all.map(({ id }) => id));
      }),
      { numRuns: 8 },
    );
  });

  it("takes the words as they are: no sign in them stands for others", async () => {
    const signs = fc.string({ unit: fc.constantFrom("%", "_", "\\", "a", "'", "*", "?"), minLength: 1, maxLength: 4 });
    const merchants: string[] = [];
    await fc.assert(
      fc.asyncProperty(signs, signs, async (merchant, text) => {
        merchants.push(`x${merchant}x`);
        await book({ merchant: `x${merchant}x` });
        const found = await store.searchPurchases(OWNER, { ...EVERYTHING, text }, null, 1_000_000);
        const wanted = merchants.filter((name) => name.includes(text));
        expect(found.map((row) => row.merchant).toSorted()).toEqual(wanted.toSorted());
        const counts = await store.searchTotals(OWNER, { ...EVERYTHING, text });
        expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(wanted.length);
      }),
      { numRuns: 30 },
    );
  });

  it("knows a date without a time by its day, and any other by its instant", async () => {
    const noon = Date.parse("2026-11-20T12:00:00Z");
    await book({ merchant: "on the 20th", occurredAt: noon, occurredOn: "2026-11-20" });
    await book({ merchant: "at noon", occurredAt: noon });
    const found = async (from: [string, number], to: [string, number]) => {
      const search = { text: null, from: { day: from[0], at: from[1] }, to: { day: to[0], at: to[1] } };
      return (await store.searchPurchases(OWNER, search, null, 10)).map(({ merchant }) => merchant).toSorted();
    };
    // The 20th of Auckland is over before noon in UTC.
    const auckland = Date.parse("2026-11-19T11:00:00Z");
    expect(await found(["2026-11-20", auckland], ["2026-11-20", auckland + DAY_MS])).toEqual(["on the 20th"]);
    expect(await found(["2026-11-21", auckland + DAY_MS], ["2026-11-21", auckland + 2 * DAY_MS])).toEqual(["at noon"]);
    expect(await found(["2026-11-20", noon], ["2026-11-20", noon + 1])).toEqual(["at noon", "on the 20th"]);
    expect(await found(["2026-11-20", noon + 1], ["2026-11-20", noon + 2])).toEqual(["on the 20th"]);
  });

  it("sums each currency by itself, refunds as negative, without samples and what was removed", async () => {
    for (const amountMinor of [1000, 250, -300]) await book({ amountMinor });
    await book({ amountMinor: 700, currency: "EUR" });
    await book({ amountMinor: 9_999, origin: "sample" });
    const removed = await book({ amountMinor: 8_888 });
    const change = { id: fresh("change"), accountId: OWNER, purchaseId: removed, at: NOW };
    await store.amend({ ...change, merchant: "Shop", amountMinor: 8_888, removed: true });
    expect(await store.searchTotals(OWNER, EVERYTHING)).toEqual([
      { currency: "USD", amountMinor: 950, count: 3 },
      { currency: "EUR", amountMinor: 700, count: 1 },
    ]);
    expect(await store.searchPurchases(OWNER, EVERYTHING, null, 10)).toHaveLength(6);
  });
});

describe("purchasesBetween", () => {
  it("reaches half a day further on both sides, for dates without a time", async () => {
    const half = DAY_MS / 2;
    const start = NOW.epochMilliseconds;
    for (const at of [-half - 1, -half, 0, half - 1, half]) await book({ merchant: `${at}`, occurredAt: start + at });
    const found = await store.purchasesBetween(OWNER, NOW, NOW);
    expect(found.map(({ merchant }) => Number(merchant))).toEqual([half - 1, 0, -half]);
  });
});

/** Books a purchase as interpretation does; its id. */
async function book(parts: Partial<NewPurchase>): Promise<string> {
  const mailId = fresh("mail");
  await store.keepMail(aDelivery(mailId));
  const purchase = { ...aPurchase(OWNER, mailId, "addressed"), ...parts };
  await store.finishMails([{ ...anInterpretation(mailId, "booked", OWNER), purchases: [purchase] }]);
  return purchase.id;
}

function fresh(what: string): string {
  return `${what}-${(number += 1)}`;
}

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { bookPurchase, newAccount, OWNER } from "../test/store-calls.ts";
import type { NewPurchase } from "./libsql-book.ts";
import type { Cursor, PurchaseSearch } from "./libsql-purchases.ts";
import type { Store } from "./libsql-store.ts";

const EVERYTHING: PurchaseSearch = { text: null, from: null, to: null };
const DAY_MS = 24 * 60 * 60_000;

let app: FakeApp;
let store: Store;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
  await store.createAccount({ ...newAccount(OWNER), address: "owner@example.com", at: NOW });
});
afterEach(() => app.close());

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
    const change = { id: "removal", accountId: OWNER, purchaseId: removed, at: NOW };
    await store.amend({ ...change, merchant: "Shop", isNamed: true, amountMinor: 8_888, removed: true });
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

const book = (parts: Partial<NewPurchase>): Promise<string> => bookPurchase(store, parts);

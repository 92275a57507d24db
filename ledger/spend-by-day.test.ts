import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { lastDays } from "./days.ts";
import { spendByDay } from "./spend-by-day.ts";

const TODAY = Temporal.PlainDate.from("2024-03-01");
const DAYS = lastDays(TODAY, 3);

function bought(day: string, amountMinor: number, currency = "USD") {
  return { day: Temporal.PlainDate.from(day), amountMinor, currency };
}

/** Days as text, since the calendar's own objects look alike to a test. */
function seen(...args: Parameters<typeof spendByDay>) {
  return spendByDay(...args).map(({ currency, days }) => [
    currency,
    ...days.map(({ day, amountMinor, count }) => `${day.toString()}: ${amountMinor} in ${count}`),
  ]);
}

describe("spendByDay", () => {
  it("adds up each day and shows the days without a purchase", () => {
    const purchases = [bought("2024-03-01", 500), bought("2024-02-28", 6383), bought("2024-03-01", -200)];
    expect(seen(purchases, DAYS)).toEqual([
      ["USD", "2024-02-28: 6383 in 1", "2024-02-29: 0 in 0", "2024-03-01: 300 in 2"],
    ]);
  });

  it("keeps currencies apart, the most used first and equals by code", () => {
    const purchases = [
      bought("2024-02-29", 1, "USD"),
      bought("2024-02-29", 2, "EUR"),
      bought("2024-02-29", 3, "__proto__"),
      bought("2024-02-29", 4, "JPY"),
      bought("2024-03-01", 5, "JPY"),
    ];
    const zero = "2024-02-28: 0 in 0";
    expect(seen(purchases, DAYS)).toEqual([
      ["JPY", zero, "2024-02-29: 4 in 1", "2024-03-01: 5 in 1"],
      ["EUR", zero, "2024-02-29: 2 in 1", "2024-03-01: 0 in 0"],
      ["USD", zero, "2024-02-29: 1 in 1", "2024-03-01: 0 in 0"],
      ["__proto__", zero, "2024-02-29: 3 in 1", "2024-03-01: 0 in 0"],
    ]);
  });

  it("does not count other days, nor name a currency for their sake", () => {
    const outside = [bought("2024-02-27", 1, "EUR"), bought("2024-03-02", 2, "JPY"), bought("2023-03-01", 3)];
    expect(seen([...outside, bought("2024-03-01", 4)], DAYS)).toEqual([
      ["USD", "2024-02-28: 0 in 0", "2024-02-29: 0 in 0", "2024-03-01: 4 in 1"],
    ]);
    expect(spendByDay(outside, DAYS)).toEqual([]);
  });

  it("has nothing to say about nothing", () => {
    expect(spendByDay([], DAYS)).toEqual([]);
    expect(spendByDay([bought("2024-03-01", 4)], [])).toEqual([]);
  });

  it("loses nothing and mixes nothing", () => {
    const purchase = fc.record({
      day: fc.nat(5).map((ago) => TODAY.subtract({ days: ago })),
      amountMinor: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      currency: fc.constantFrom("USD", "EUR", "JPY"),
    });
    fc.assert(
      fc.property(fc.array(purchase), fc.nat(8), (purchases, count) => {
        const days = lastDays(TODAY, count);
        for (const { currency, days: sums } of spendByDay(purchases, days)) {
          expect(sums.map(({ day }) => day.toString())).toEqual(days.map(String));
          for (const { day, amountMinor, count: counted } of sums) {
            const own = purchases.filter((each) => each.currency === currency && each.day.equals(day));
            expect(counted).toBe(own.length);
            expect(amountMinor).toBe(own.reduce((sum, each) => sum + each.amountMinor, 0));
          }
        }
      }),
    );
  });
});

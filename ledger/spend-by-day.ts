/** What counts of a purchase here: its day in the account's zone, and its money; refunds count negative. */
export type DatedPurchase = {
  readonly day: Temporal.PlainDate;
  readonly amountMinor: number;
  readonly currency: string;
};

/** One day's sum and how many purchases are in it. */
export type DaySum = { readonly day: Temporal.PlainDate; readonly amountMinor: number; readonly count: number };

/**
 * What was spent on each of the days, in the order of `days`, a day without purchases as zero; each currency by itself,
 * the one with the most purchases first and equals by code. Purchases of other days don't count, and a currency that has
 * only those is left out.
 */
export function spendByDay(
  purchases: readonly DatedPurchase[],
  days: readonly Temporal.PlainDate[],
): { currency: string; days: DaySum[] }[] {
  const wanted = new Set(days.map(String));
  const byCurrency = new Map<string, { count: number; sums: Map<string, { amountMinor: number; count: number }> }>();
  for (const { day, amountMinor, currency } of purchases) {
    const key = day.toString();
    if (!wanted.has(key)) continue;
    const own = byCurrency.get(currency) ?? { count: 0, sums: new Map() };
    const sum = own.sums.get(key) ?? { amountMinor: 0, count: 0 };
    own.sums.set(key, { amountMinor: sum.amountMinor + amountMinor, count: sum.count + 1 });
    byCurrency.set(currency, { count: own.count + 1, sums: own.sums });
  }
  return [...byCurrency]
    .toSorted(([codeA, a], [codeB, b]) => b.count - a.count || (codeA < codeB ? -1 : 1))
    .map(([currency, { sums }]) => ({
      currency,
      days: days.map((day) => ({ day, ...(sums.get(day.toString()) ?? { amountMinor: 0, count: 0 }) })),
    }));
}

import { formatMoney } from "../../ledger/money.ts";
import { count, sayDate, sayShortDay } from "./say-when.ts";

/** One day of one currency. */
export type DaySpend = {
  readonly date: Temporal.PlainDate;
  /** Signed: below zero when more came back than went out. */
  readonly amountMinor: number;
  readonly purchases: number;
};

/** "Tue 17 Nov, $68.82, 4 purchases" */
export function sayDaySpend({ date, amountMinor, purchases }: DaySpend, currency: string): string {
  if (amountMinor === 0 && purchases === 0) return `${sayShortDay(date)}, nothing spent`;
  return `${sayShortDay(date)}, ${formatMoney({ amountMinor, currency })}, ${count(purchases, "purchase")}`;
}

/** The days in two sentences, for those who can't see a drawing of them: what they came to, and the highest of them. */
export function sayDays(days: readonly DaySpend[], currency: string): string {
  const [first, last] = [days.at(0), days.at(-1)];
  if (!first || !last) return "No days.";
  const period = `From ${sayDate(first.date)} to ${sayDate(last.date)}: ${saySum(days, currency)} together.`;
  const highest = days.reduce((high, day) => (day.amountMinor > high.amountMinor ? day : high));
  return highest.amountMinor > 0 ? `${period} Most on ${sayDaySpend(highest, currency)}.` : period;
}

/** What the days come to: "$437.23" */
export function saySum(days: readonly DaySpend[], currency: string): string {
  return formatMoney({ amountMinor: days.reduce((sum, day) => sum + day.amountMinor, 0), currency });
}

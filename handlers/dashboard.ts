import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { dayRange, lastDays, monthRange, parseDay } from "../ledger/days.ts";
import { totals } from "../ledger/money.ts";
import { spendByDay } from "../ledger/spend-by-day.ts";
import { page } from "./answers.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import { merchantNamesOf } from "./merchant-names.ts";
import { dashboardPage, type CurrencySpend } from "./pages/dashboard.ts";
import { counts, dayOfPurchase, pageRow, zoned } from "./purchase-rows.ts";

const CHART_DAYS = 14;

/** `GET /dashboard`: today. */
export async function dashboard(_request: Request, app: App, person: Session): Promise<Response> {
  return dayPage(today(app, person), app, person);
}

/** `GET /day/DATE`: the same page with another day chosen. */
export async function day(request: Routed, app: App, person: Session): Promise<Response> {
  const chosen = parseDay(request.params["date"] ?? "");
  if (chosen === null) throw new AppError("not_found", "This is not a day. A day looks like 2026-11-17.");
  return dayPage(chosen, app, person);
}

async function dayPage(chosen: Temporal.PlainDate, app: App, person: Session): Promise<Response> {
  const { accountId, timeZone } = person;
  const days = chartDays(chosen, today(app, person));
  const purchases = (await purchasesFor(chosen, days, app, person)).map((stored) => ({
    stored,
    day: dayOfPurchase(stored, timeZone),
    amountMinor: stored.amountMinor,
    currency: stored.currency,
  }));
  const ofDay = purchases.filter(({ day, stored }) => day.equals(chosen) && stored.removed === 0);
  const counted = purchases.filter(({ stored }) => counts(stored));
  const names = await merchantNamesOf(app, accountId);
  const lastMailAt = await app.store.lastMailAt(accountId);
  return page(
    dashboardPage({
      frame: await frameOf(person, app),
      now: app.now().toZonedDateTimeISO(timeZone),
      day: chosen,
      currencies: spendOf(counted, await currenciesOf(counted, app, accountId), days, chosen),
      purchases: ofDay.map(({ stored }) => pageRow(stored, timeZone, names)),
      dayTotals: totals(ofDay.filter(({ stored }) => counts(stored))),
      lastMail: lastMailAt === null ? null : zoned(lastMailAt, timeZone),
    }),
  );
}

function today(app: App, person: Session): Temporal.PlainDate {
  return app.now().toZonedDateTimeISO(person.timeZone).toPlainDate();
}

/** The last days, or those that end with the chosen day when it lies before them or ahead. */
function chartDays(chosen: Temporal.PlainDate, now: Temporal.PlainDate): Temporal.PlainDate[] {
  const recent = lastDays(now, CHART_DAYS);
  return recent.some((day) => day.equals(chosen)) ? recent : lastDays(chosen, CHART_DAYS);
}

/** All that lies in the chart or in the chosen day's month. */
function purchasesFor(
  chosen: Temporal.PlainDate,
  days: readonly Temporal.PlainDate[],
  app: App,
  { accountId, timeZone }: Session,
): Promise<StoredPurchase[]> {
  const month = monthRange(chosen, timeZone);
  const first = dayRange(days[0] ?? chosen, timeZone).from;
  const last = dayRange(days.at(-1) ?? chosen, timeZone).to;
  const from = Temporal.Instant.compare(first, month.from) < 0 ? first : month.from;
  const to = Temporal.Instant.compare(last, month.to) > 0 ? last : month.to;
  return app.store.purchasesBetween(accountId, from, to);
}

type Spent = { readonly day: Temporal.PlainDate; readonly amountMinor: number; readonly currency: string };

/** The currencies to show: those spent in lately, else all there ever were, so that a quiet time shows zeros. */
async function currenciesOf(spent: readonly Spent[], app: App, accountId: string): Promise<string[]> {
  const recent = totals(spent).map(({ currency }) => currency);
  if (recent.length > 0) return recent;
  const ever = await app.store.searchTotals(accountId, { text: null, from: null, to: null });
  return ever.map(({ currency }) => currency);
}

function spendOf(
  spent: readonly Spent[],
  currencies: readonly string[],
  days: readonly Temporal.PlainDate[],
  chosen: Temporal.PlainDate,
): CurrencySpend[] {
  const inMonth = totals(spent.filter(({ day }) => day.year === chosen.year && day.month === chosen.month));
  const byDay = new Map(spendByDay(spent, days).map((row) => [row.currency, row.days]));
  return currencies.map((currency) => ({
    currency,
    monthMinor: inMonth.find((sum) => sum.currency === currency)?.amountMinor ?? 0,
    days: (byDay.get(currency) ?? days.map((day) => ({ day, amountMinor: 0, count: 0 }))).map(
      ({ day, amountMinor, count }) => ({ date: day, amountMinor, purchases: count }),
    ),
  }));
}

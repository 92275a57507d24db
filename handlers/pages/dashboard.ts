import { formatMoney } from "../../ledger/money.ts";
import type { Money } from "../../ledger/money.ts";
import { barChart } from "./bar-chart.ts";
import type { DaySpend } from "./day-spend.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { layout } from "./layout.ts";
import type { Frame } from "./layout.ts";
import { purchaseList, saySums } from "./purchase-list.ts";
import type { PurchaseRow } from "./purchase-list.ts";
import { agoAndWhen, count, sayDate, sayLongDay, sayMonth, sayShortDay } from "./say-when.ts";

/** One currency's numbers. Currencies stand side by side and are never added up. */
export type CurrencySpend = {
  readonly currency: string;
  /** Signed minor units of the month that the chosen day lies in; up to today when that is this month. */
  readonly monthMinor: number;
  /** The days of the chart, oldest first, no day left out. */
  readonly days: readonly DaySpend[];
};

/** The dashboard, and a day's page: the same parts with another day chosen. */
export type DashboardView = {
  readonly frame: Frame;
  /** The present, in the account's zone. */
  readonly now: Temporal.ZonedDateTime;
  readonly day: Temporal.PlainDate;
  /** The currency that most purchases are in comes first. Empty when nothing was ever booked. */
  readonly currencies: readonly CurrencySpend[];
  /** The chosen day's purchases in the order they are shown, samples among them. */
  readonly purchases: readonly PurchaseRow[];
  /** What the chosen day came to, per currency, without samples. */
  readonly dayTotals: readonly Money[];
  /** When the last mail from a bank came, in the account's zone; null when none ever did. */
  readonly lastMail: Temporal.ZonedDateTime | null;
};

/** Served at /dashboard and /day/DATE. */
export function dashboardPage(view: DashboardView): string {
  const isToday = view.day.equals(view.now.toPlainDate());
  const heading = sayPeriod(view);
  return layout({
    title: isToday ? "Dashboard" : sayLongDay(view.day),
    frame: view.frame,
    current: isToday ? "/dashboard" : undefined,
    body: html`<div class="split">
      <section class="card">
        <h1 class="over">${heading}</h1>
        ${view.currencies.length === 0 ? nothingYet(view) : view.currencies.map((spend) => currency(spend, view))}
        <p class="soft">${lastMail(view)}</p>
      </section>
      <div>${waiting(view.frame.waiting)} ${lookAlikes(view.frame.pairs ?? 0)} ${dayOf(view)}</div>
    </div>`,
  });
}

function sayPeriod({ day, now }: DashboardView): string {
  const isThisMonth = day.year === now.year && day.month === now.month;
  return isThisMonth ? "Spent this month" : `Spent in ${sayMonth(day)} ${day.year}`;
}

function currency(spend: CurrencySpend, view: DashboardView): Html {
  const { currency, days, monthMinor } = spend;
  const together = days.reduce((sum, day) => sum + day.amountMinor, 0);
  return html`<section class="currency" aria-label="${currency}">
    <p class="big">${formatMoney({ amountMinor: monthMinor, currency })}</p>
    <p class="soft">${formatMoney({ amountMinor: together, currency })} ${sayDays(days, view)}</p>
    ${barChart({ currency, days, chosen: view.day })}
  </section>`;
}

/** "in the last 14 days", or "in the 14 days to 5 June 2022" when the chart ends earlier than today. */
function sayDays(days: readonly DaySpend[], view: DashboardView): string {
  const last = days.at(-1)?.date ?? view.day;
  const isNow = last.equals(view.now.toPlainDate());
  return isNow ? `in the last ${count(days.length, "day")}` : `in the ${count(days.length, "day")} to ${sayDate(last)}`;
}

function lastMail({ lastMail: last, now }: DashboardView): Html {
  if (!last) return html`No mail has arrived yet.`;
  return html`Last mail: ${agoAndWhen(last, now)}.`;
}

function waiting(mails: number): Html | null {
  if (mails === 0) return null;
  return html`<p class="hint">
    <a href="/review">${count(mails, "mail")} ${mails === 1 ? "waits" : "wait"} for you</a> We were not sure, so nothing
    was booked.
  </p>`;
}

function lookAlikes(pairs: number): Html | null {
  if (pairs === 0) return null;
  return html`<p class="hint">
    <a href="/review">${count(pairs, "pair")} of purchases may be one</a> Until you say so, each of them counts.
  </p>`;
}

function nothingYet({ lastMail: last }: DashboardView): Html {
  return html`<p class="big">Nothing yet</p>
    <p>
      ${last ? "Your mails arrive, and none of them was a purchase so far." : "The next step: let your bank mail its alerts to your private address."}
    </p>
    <p><a class="button" href="/connect">Connect your bank</a></p>`;
}

function dayOf({ day, now, purchases, dayTotals }: DashboardView): Html {
  const today = now.toPlainDate();
  const before = day.subtract({ days: 1 });
  const after = day.add({ days: 1 });
  const isPast = Temporal.PlainDate.compare(day, today) < 0;
  return html`<section class="card">
    <h2>${day.equals(today) ? html`Today, ${sayLongDay(day)}` : sayLongDay(day)}</h2>
    ${purchases.length === 0 ? html`<p>Nothing spent on this day.</p>` : purchaseList(purchases)}
    ${dayTotals.length > 0 && html`<p class="sum">Together <span class="amount">${saySums(dayTotals)}</span></p>`}
    <nav class="steps" aria-label="Days">
      <a href="/day/${before.toString()}" rel="prev">‹ ${sayShortDay(before)}</a>
      ${isPast && html`<a href="/day/${after.toString()}" rel="next">${sayShortDay(after)} ›</a>`}
    </nav>
  </section>`;
}

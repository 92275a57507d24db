import { describe, expect, it } from "vitest";
import { dashboardPage } from "./dashboard.ts";
import type { DashboardView } from "./dashboard.ts";

const now = Temporal.ZonedDateTime.from("2026-11-20T21:36[America/New_York]");
const today = now.toPlainDate();
const day = { date: today, amountMinor: 3581, purchases: 1 };

const view: DashboardView = {
  frame: { waiting: 0 },
  now,
  day: today,
  currencies: [{ currency: "USD", monthMinor: 120_417, days: [{ ...day, date: today.subtract({ days: 1 }) }, day] }],
  purchases: [],
  dayTotals: [],
  lastMail: now.subtract({ minutes: 3 }),
};

/** The words of a page, as somebody reads them. */
const words = (page: string) => page.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

describe("dashboardPage", () => {
  it("says what was spent this month and in the days of the chart, and when the last mail came", () => {
    const page = words(dashboardPage(view));
    expect(page).toContain("Spent this month $1,204.17 $71.62 in the last 2 days");
    expect(page).toContain("Last mail: 3 minutes ago (Fri 20 Nov, 21:33)");
  });

  it("names the month and the end of the chart when another time is looked at", () => {
    const past = Temporal.PlainDate.from("2022-06-05");
    const days = [{ date: past, amountMinor: 6383, purchases: 1 }];
    const page = words(
      dashboardPage({ ...view, day: past, currencies: [{ currency: "USD", monthMinor: 6383, days }] }),
    );
    expect(page).toContain("Spent in June 2022 $63.83 $63.83 in the 1 day to 5 June 2022");
  });

  it("shows each currency by itself and never a sum of two", () => {
    const euros = { currency: "EUR", monthMinor: 8120, days: [day] };
    const totals = [
      { amountMinor: 100, currency: "USD" },
      { amountMinor: 200, currency: "EUR" },
    ];
    const page = dashboardPage({ ...view, currencies: [...view.currencies, euros], dayTotals: totals });
    expect(page.match(/<p class="big">/g)).toHaveLength(2);
    expect(page.match(/role="img"/g)).toHaveLength(2);
    expect(words(page)).toContain("Together $1.00 and €2.00");
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("says the next step when nothing was ever booked", () => {
    const page = dashboardPage({ ...view, currencies: [], lastMail: null });
    expect(words(page)).toContain("let your bank mail its alerts to your private address");
    expect(page).toContain('href="/connect">Connect your bank');
  });

  it("tells how many mails wait, and is silent when none does", () => {
    expect(words(dashboardPage({ ...view, frame: { waiting: 1 } }))).toContain("1 mail waits for you");
    expect(words(dashboardPage({ ...view, frame: { waiting: 2 } }))).toContain("2 mails wait for you");
    expect(words(dashboardPage(view))).not.toContain("for you");
  });

  it("leads to the day before and, from the past, to the day after", () => {
    const page = dashboardPage(view);
    expect(page).toContain('href="/day/2026-11-19" rel="prev"');
    expect(page).not.toContain('rel="next"');
    expect(dashboardPage({ ...view, day: today.subtract({ days: 1 }) })).toContain('href="/day/2026-11-20" rel="next"');
  });

  it("marks samples, removed purchases and refunds in words", () => {
    const row = {
      id: "p1",
      kind: "refund",
      merchant: "",
      amount: { amountMinor: -1000, currency: "USD" },
      occurred: now,
      institution: null,
      card: null,
    };
    const page = words(dashboardPage({ ...view, purchases: [{ ...row, sample: true, leftOut: "removed" }] }));
    expect(page).toContain("No name given -$10.00 21:36 Refund Sample, in no total Removed, in no total");
  });
});

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { bookEvents } from "../test/book-events.ts";
import { allRows } from "../test/database.ts";
import { deliverMail } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { mailTo } from "../test/fixture-mails.ts";
import { monthTotalsOn, pageOf, purchasesOn, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("the dashboard", () => {
  it("says what to do next when nothing was ever booked", async () => {
    const words = wordsOf(await pageOf(app, "/dashboard", jane.cookie));
    expect(words).toContain("Nothing yet");
    expect(words).toContain("No mail has arrived yet.");
  });

  it("shows today, what this month and the last 14 days came to, and when the last mail came", async () => {
    await bookEvents(app, jane, { merchant: "Breakfast", amountMinor: 850, at: "2026-11-20T13:00:00Z" });
    await bookEvents(app, jane, { merchant: "Dinner", amountMinor: 4_150, at: "2026-11-10T23:00:00Z" });
    await bookEvents(app, jane, { merchant: "Rent", amountMinor: 100_000, at: "2026-11-01T17:00:00Z" });
    await bookEvents(app, jane, { merchant: "October", amountMinor: 700_000, at: "2026-10-31T17:00:00Z" });
    app.tick({ minutes: 5 });
    const page = await pageOf(app, "/dashboard", jane.cookie);
    expect(purchasesOn(page)).toEqual(["Breakfast $8.50"]);
    expect(monthTotalsOn(page)).toEqual(["$1,050.00"]);
    const words = wordsOf(page);
    expect(words).toContain("$50.00 in the last 14 days");
    expect(words).toContain("Last mail: 5 minutes ago (Fri 20 Nov, 12:00)");
    expect(words).toContain("Today, Friday 20 November 2026");
    expect(words).toContain("Tue 10 Nov 1 $41.50");
  });

  it("shows nothing of anybody else", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await bookEvents(app, joe, { merchant: "Private" });
    await bookEvents(app, jane, { merchant: "Own" });
    for (const path of ["/dashboard", "/day/2026-11-20"]) {
      const page = await pageOf(app, path, jane.cookie);
      expect(purchasesOn(page)).toEqual(["Own $10.00"]);
      expect(monthTotalsOn(page)).toEqual(["$10.00"]);
      expect(page).not.toContain("Private");
    }
  });

  it("never adds two currencies up", async () => {
    await bookEvents(app, jane, { amountMinor: 1_000, currency: "USD" }, { amountMinor: 500, currency: "USD" });
    await bookEvents(app, jane, { amountMinor: 1_000, currency: "JPY" });
    await bookEvents(app, jane, { amountMinor: 1_234, currency: "BHD" });
    const page = await pageOf(app, "/dashboard", jane.cookie);
    expect(monthTotalsOn(page)).toEqual(["$15.00", "BHD\u00a01.234", "¥1,000"]);
    expect(wordsOf(page)).toContain("Together $15.00 and BHD 1.234 and ¥1,000");
  });

  it("takes refunds and reversals off, and below zero", async () => {
    await bookEvents(app, jane, { merchant: "Shoes", amountMinor: 5_000, at: "2026-11-19T17:00:00Z" });
    await bookEvents(app, jane, { merchant: "Shoes back", kind: "refund", amountMinor: 6_500 });
    await bookEvents(app, jane, { merchant: "Taken back", kind: "reversal", amountMinor: 500 });
    const page = await pageOf(app, "/dashboard", jane.cookie);
    expect(purchasesOn(page).toSorted()).toEqual(["Shoes back -$65.00", "Taken back -$5.00"]);
    expect(monthTotalsOn(page)).toEqual(["-$20.00"]);
    expect(wordsOf(page)).toContain("Together -$70.00");
  });

  it("counts cash and fees, and nothing that only moved or was declined", async () => {
    await bookEvents(app, jane, { kind: "withdrawal", amountMinor: 2_000 }, { kind: "fee", amountMinor: 300 });
    const others = ["declined", "transfer", "card_payment", "deposit", "notice"] as const;
    await bookEvents(app, jane, ...others.map((kind) => ({ kind, amountMinor: 9_999 })));
    expect(monthTotalsOn(await pageOf(app, "/dashboard", jane.cookie))).toEqual(["$23.00"]);
  });

  it("leaves out what was removed and counts what was changed", async () => {
    const [first = "", second = ""] = await bookEvents(app, jane, { merchant: "One" }, { merchant: "Two" });
    await handle(post(`/purchases/${first}`, { action: "remove" }, jane.cookie), app);
    await handle(post(`/purchases/${second}`, { action: "save", amount: "12.50" }, jane.cookie), app);
    const page = await pageOf(app, "/dashboard", jane.cookie);
    expect(purchasesOn(page)).toEqual(["Two $12.50"]);
    expect(monthTotalsOn(page)).toEqual(["$12.50"]);
  });

  it("shows zeros in a quiet time, in the currencies there ever were", async () => {
    await bookEvents(app, jane, { at: "2025-01-01T17:00:00Z" }, { currency: "EUR", at: "2025-01-01T17:00:00Z" });
    expect(monthTotalsOn(await pageOf(app, "/dashboard", jane.cookie))).toEqual(["€0.00", "$0.00"]);
  });

  it("is about the day it is where the person is", async () => {
    await app.store.setTimeZone(jane.id, "Asia/Tokyo");
    expect(wordsOf(await pageOf(app, "/dashboard", jane.cookie))).toContain("Today, Saturday 21 November 2026");
  });

  it("says how many mails wait", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/card-2025-amount-unrendered"));
    expect(wordsOf(await pageOf(app, "/dashboard", jane.cookie))).toContain("1 mail waits for you");
  });

  it("changes nothing by being looked at", async () => {
    await bookEvents(app, jane, {});
    const before = await allRows(app);
    for (const path of ["/dashboard", "/day/2022-06-05", "/purchases", "/review", "/connect", "/settings"]) {
      await pageOf(app, path, jane.cookie);
    }
    expect(await allRows(app)).toEqual(before);
  });
});

describe("a day's page", () => {
  it("ends its chart with a day that is long past, and shows that month", async () => {
    await bookEvents(app, jane, { amountMinor: 6_383, at: "2022-06-05T20:44:00Z" }, { at: "2022-06-30T12:00:00Z" });
    const page = await pageOf(app, "/day/2022-06-05", jane.cookie);
    expect(monthTotalsOn(page)).toEqual(["$73.83"]);
    const words = wordsOf(page);
    expect(words).toContain("Spent in June 2022");
    expect(words).toContain("$63.83 in the 14 days to 5 June 2022");
  });

  it.each([
    "2026-13-01",
    "2026-02-30",
    "2026-2-3",
    "today",
    "0000-00-00",
    "1969-12-31",
    "10000-01-01",
    "2026-11-20T00:00",
    "%00",
  ])("is none for %s", async (text) => {
    const response = await handle(get(`/day/${text}`, jane.cookie), app);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("This is not a day. A day looks like 2026-11-17.");
  });

  it.each(["1970-01-01", "9999-12-31", "2024-02-29"])("is there for %s", async (text) => {
    expect(monthTotalsOn(await pageOf(app, `/day/${text}`, jane.cookie))).toEqual([]);
  });

  it.each([
    // Clocks go back in New York at 06:00 UTC that day: it has 25 hours.
    ["2026-11-01", "2026-11-01T03:59:59Z", false],
    ["2026-11-01", "2026-11-01T04:00:00Z", true],
    ["2026-11-01", "2026-11-01T05:30:00Z", true],
    ["2026-11-01", "2026-11-01T06:30:00Z", true],
    ["2026-11-01", "2026-11-02T04:59:59Z", true],
    ["2026-11-01", "2026-11-02T05:00:00Z", false],
    // And forward: 23 hours.
    ["2026-03-08", "2026-03-08T04:59:59Z", false],
    ["2026-03-08", "2026-03-08T05:00:00Z", true],
    ["2026-03-08", "2026-03-09T03:59:59Z", true],
    ["2026-03-08", "2026-03-09T04:00:00Z", false],
  ])("for %s in New York and a purchase at %s: %s", async (day, at, isThere) => {
    await bookEvents(app, jane, { at });
    expect(purchasesOn(await pageOf(app, `/day/${day}`, jane.cookie))).toHaveLength(isThere ? 1 : 0);
  });

  it.each([
    ["2026-10-31", "2026-11-01T03:59:59Z", "$20.00"],
    ["2026-11-01", "2026-11-01T04:00:00Z", "$20.00"],
    ["2026-10-31", "2026-11-01T04:00:00Z", "$10.00"],
    ["2026-11-01", "2026-11-01T03:59:59Z", "$10.00"],
  ])("%s: the month ends where the person's midnight is (%s)", async (day, at, total) => {
    await bookEvents(app, jane, { at });
    await bookEvents(app, jane, { at: `${day}T17:00:00Z` });
    expect(monthTotalsOn(await pageOf(app, `/day/${day}`, jane.cookie))).toEqual([total]);
  });

  it.each(["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Chatham", "Asia/Kolkata", "UTC"])(
    "keeps a purchase that came with a date alone on its day in %s",
    async (zone) => {
      await app.store.setTimeZone(jane.id, zone);
      await bookEvents(app, jane, { at: "2026-10-31" });
      for (const [day, expected] of [
        ["2026-10-30", 0],
        ["2026-10-31", 1],
        ["2026-11-01", 0],
      ] as const) {
        const page = await pageOf(app, `/day/${day}`, jane.cookie);
        expect([day, purchasesOn(page).length]).toEqual([day, expected]);
        expect(monthTotalsOn(page)).toEqual([day.startsWith("2026-10") ? "$10.00" : "$0.00"]);
      }
    },
  );

  it("has each purchase on the one day that its zone's clocks say", async () => {
    const zones = fc.constantFrom(
      "America/New_York",
      "Europe/Dublin",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
      "America/St_Johns",
    );
    const instants = fc.date({ min: new Date("2026-01-01"), max: new Date("2026-11-20"), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(zones, instants, async (zone, date) => {
        const ann = await signedIn(app, `${crypto.randomUUID()}@example.com`);
        await app.store.setTimeZone(ann.id, zone);
        await bookEvents(app, ann, { at: date.toISOString() });
        const day = date.toLocaleDateString("sv-SE", { timeZone: zone });
        for (const days of [-1, 0, 1]) {
          const shown = Temporal.PlainDate.from(day).add({ days }).toString();
          expect(purchasesOn(await pageOf(app, `/day/${shown}`, ann.cookie))).toHaveLength(days === 0 ? 1 : 0);
        }
      }),
      { numRuns: 15 },
    );
  });
});

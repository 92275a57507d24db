import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseRowDay, parseWhen } from "./when.ts";

describe("parseWhen", () => {
  it.each([
    ["Jun 5, 2022 at 4:44 PM ET", "2022-06-05T20:44:00Z"],
    ["Jan 5, 2022 at 4:44 PM ET", "2022-01-05T21:44:00Z"],
    ["Dec 31, 2025 at 12:05 AM PT", "2025-12-31T08:05:00Z"],
    ["Jul 4, 2025 at 12:05 PM CT", "2025-07-04T17:05:00Z"],
    ["Jul 4, 2025 at 12:05 PM MT", "2025-07-04T18:05:00Z"],
    ["08/29/2018 4:04:23 PM EDT", "2018-08-29T20:04:23Z"],
    ["12/27/2013 4:13:32 PM EST", "2013-12-27T21:13:32Z"],
    ["07/04/2018 4:00 PM EST", "2018-07-04T21:00:00Z"],
    ["Oct 6, 2026", "2026-10-06"],
    ["Aug 06, 2026", "2026-08-06"],
    ["August 6, 2026", "2026-08-06"],
    ["May. 14, 2026", "2026-05-14"],
    ["06/05/2022", "2022-06-05"],
    ["02/29/2024", "2024-02-29"],
  ])("reads %s as %s", (text, expected) => {
    expect(parseWhen(text)?.toString()).toBe(expected);
  });

  it.each([
    ["a day that February lacks", "Feb 31, 2022"],
    ["the leap day of a common year", "02/29/2023"],
    ["a thirteenth month", "13/01/2022"],
    ["a day before the month", "29/08/2018"],
    ["day zero", "Jun 0, 2022"],
    ["month zero", "00/10/2022"],
    ["a month that is none", "Jux 5, 2022"],
    ["hour zero", "Jun 5, 2022 at 0:44 PM ET"],
    ["hour thirteen", "Jun 5, 2022 at 13:22 PM ET"],
    ["minute sixty", "Jun 5, 2022 at 4:60 PM ET"],
    ["second sixty", "08/29/2018 4:04:60 PM EDT"],
    ["an hour that spring leaves out", "Mar 13, 2022 at 2:30 AM ET"],
    ["a time without its zone", "Jun 5, 2022 at 4:44 PM"],
    ["a zone that is not known", "Jun 5, 2022 at 4:44 PM XYZ"],
    ["a year of two digits", "06/05/22"],
    ["a day without a year", "Jun 5"],
    ["words around it", "on Jun 5, 2022"],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(parseWhen(text)).toBeNull();
  });

  it("takes the first of the hours that autumn repeats", () => {
    expect(parseWhen("Nov 6, 2022 at 1:30 AM ET")?.toString()).toBe("2022-11-06T05:30:00Z");
  });

  it("reads back every minute as New York's clocks show it", () => {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: "America/New_York",
      ...{ month: "short", day: "numeric", year: "numeric", hour: "numeric", minute: "2-digit" },
    });
    const minutes = fc.integer({ min: Date.UTC(2000, 0) / 60_000, max: Date.UTC(2050, 0) / 60_000 });
    fc.assert(
      fc.property(minutes, (minute) => {
        const shown = Object.fromEntries(format.formatToParts(minute * 60_000).map(({ type, value }) => [type, value]));
        const { month, day, year, hour, minute: minuteText, dayPeriod } = shown;
        const read = parseWhen(`${month} ${day}, ${year} at ${hour}:${minuteText} ${dayPeriod} ET`);
        if (!(read instanceof Temporal.Instant)) throw new Error("not read");
        // In the hour that autumn repeats, both readings show the same clock.
        expect([minute, minute - 60]).toContain(read.epochMilliseconds / 60_000);
      }),
    );
  });

  it("reads back every day of the calendar, and no other", () => {
    const days = fc.record({
      year: fc.integer({ min: 1970, max: 2100 }),
      month: fc.integer({ min: 0, max: 13 }),
      day: fc.integer({ min: 0, max: 32 }),
    });
    fc.assert(
      fc.property(days, ({ year, month, day }) => {
        const utc = new Date(Date.UTC(year, month - 1, day));
        const exists = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day && utc.getUTCFullYear() === year;
        const expected = exists ? utc.toISOString().slice(0, 10) : undefined;
        expect(parseWhen(`${month}/${day}/${year}`)?.toString()).toBe(expected);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."JunFeb0123456789/:, atPMET") }),
        (text) => void parseWhen(text),
      ),
    );
  });
});

describe("parseRowDay", () => {
  const listed = Temporal.PlainDate.from("2027-01-02");

  it.each([
    ["01/02", "2027-01-02"],
    ["01/01", "2027-01-01"],
    ["12/31", "2026-12-31"],
    ["01/03", "2026-01-03"],
    ["270102", "2027-01-02"],
    ["261231", "2026-12-31"],
    ["240229", "2024-02-29"],
  ])("reads %s in a list of 2 January 2027 as %s", (text, expected) => {
    expect(parseRowDay(text, listed)?.toString()).toBe(expected);
  });

  it("finds the leap day in a leap year alone", () => {
    const readIn = (year: string) => parseRowDay("02/29", Temporal.PlainDate.from(`${year}-03-01`))?.toString();
    expect([readIn("2024"), readIn("2025"), readIn("2026")]).toEqual(["2024-02-29", "2024-02-29", undefined]);
  });

  it.each([
    ["a day after that of the list", "270103"],
    ["a day that does not exist", "02/30"],
    ["a thirteenth month", "13/01"],
    ["a day before the month", "29/09"],
    ["a day of two digits and one", "9/29"],
    ["a day that does not exist, with its year", "261301"],
    ["four digits", "0929"],
    ["a year of four digits", "09/29/2026"],
    ["words around it", "on 09/29"],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(parseRowDay(text, listed)).toBeNull();
  });

  const days = fc
    .integer({ min: Date.UTC(2001, 0) / 86_400_000, max: Date.UTC(2098, 0) / 86_400_000 })
    .map((day) => new Temporal.PlainDate(1970, 1, 1).add({ days: day }));

  it("reads back every day of the year before the list, without its year, and with two digits of it", () => {
    fc.assert(
      fc.property(days, fc.nat({ max: 364 }), (list, daysBefore) => {
        const day = list.subtract({ days: daysBefore });
        const [year, month = "", dayOfMonth = ""] = day.toString().split("-");
        expect(parseRowDay(`${month}/${dayOfMonth}`, list)?.toString()).toBe(day.toString());
        expect(parseRowDay(`${year?.slice(2)}${month}${dayOfMonth}`, list)?.toString()).toBe(day.toString());
      }),
    );
  });

  it("never throws, and never names a day after that of the list", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789/"), maxLength: 7 }), days, (text, list) => {
        const day = parseRowDay(text, list);
        if (day !== null) expect(Temporal.PlainDate.compare(day, list)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseWhen } from "./when.ts";

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

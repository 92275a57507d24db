import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseRowDay, parseWhen } from "./when.ts";
import { US } from "./writing.ts";

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
    ["Mar. 14, 2026", "2026-03-14"],
    ["Mar., 14 Mar 2026", "2026-03-14"],
    ["Mar. 14 de marzo de 2026", "2026-03-14"],
    ["Sat. 14 Mar 2026", "2026-03-14"],
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
    ["hour thirteen of the morning", "Jun 5, 2022 at 13:22 AM ET"],
    ["minute sixty", "Jun 5, 2022 at 4:60 PM ET"],
    ["second sixty", "08/29/2018 4:04:60 PM EDT"],
    ["an hour that spring leaves out", "Mar 13, 2022 at 2:30 AM ET"],
    ["a zone that is not known", "Jun 5, 2022 at 4:44 PM XYZ"],
    ["a day without a year", "Jun 5"],
    ["words around it", "as of Jun 5, 2022"],
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

describe("parseWhen, as institutions elsewhere write it", () => {
  const mail = Temporal.Instant.from("2026-03-02T12:00:00Z");
  const dayFirst = { dates: "day-first", zone: null } as const;

  it.each([
    ["Wed, Mar 7, 2025", "2025-03-07"],
    ["06/05/22", "2022-06-05"],
    ["03/02", "2026-03-02"],
    ["Mar 1, 2026", "2026-03-01"],
    ["Sep 21,2025 , 00:10", "2025-09-21"],
    ["Jun 5, 2022 at 4:44 PM", "2022-06-05"],
    ["10/02/2025 at 12:53 a.m., Central Time", "2025-10-02T05:53:00Z"],
    ["02:15 PM EST on 03/01/26", "2026-03-01T19:15:00Z"],
    ["6/25/22 2:35 AM ET", "2022-06-25T06:35:00Z"],
    ["03/02/2026 09:00 AM ET", "2026-03-02T12:00:00Z"],
  ])("reads %s, month first", (text, expected) => {
    expect(parseWhen(text, US, mail)?.toString()).toBe(expected);
  });

  it.each([
    ["03 JUN 05:36 (SGT)", "Asia/Singapore", "2025-06-02T21:36:00Z"],
    ["03 MAR 05:36 (SGT)", "Asia/Singapore", "2026-03-02T12:00:00Z"],
    ["30 Jan, 2026 at 21:25:59", "Asia/Kolkata", "2026-01-30T15:55:59Z"],
    ["01-02-26", "Asia/Kolkata", "2026-02-01"],
    ["10-JAN-2026", null, "2026-01-10"],
    ["08/02/2026 a las 17:38", "America/Bogota", "2026-02-08T22:38:00Z"],
    ["10/Feb 08:14:03 hrs.", null, "2026-02-10"],
    ["10/Feb/2020", null, "2020-02-10"],
    ["02 de octubre de 2025 - 09:06 PM", "America/Lima", "2025-10-03T02:06:00Z"],
    ["15 Set, 2025 - 08:20 pm", "America/Lima", "2025-09-16T01:20:00Z"],
    ["14 Jul 2025", null, "2025-07-14"],
    ["14 Jul 2025 13:22 PM SGT", null, "2025-07-14T05:22:00Z"],
    ["11:48AM, 07-Jun-2023 SG Time", null, "2023-06-07T03:48:00Z"],
    ["3:59PM SGT, 25 Sep 26", null, "2026-09-25T07:59:00Z"],
    ["2001/02/03 04:05:06", "Asia/Tokyo", "2001-02-02T19:05:06Z"],
    ["２００１／０２／０３　０４：０５", "Asia/Tokyo", "2001-02-02T19:05:00Z"],
    ["2025年1月14日", "Asia/Tokyo", "2025-01-14"],
    ["sáb, 1 ago 2025, 7:16 p. m.", "America/Bogota", "2025-08-02T00:16:00Z"],
    ["3. März 2025", null, "2025-03-03"],
    ["01.02.2026", "Europe/Zurich", "2026-02-01"],
    ["11/02/2026 15:09", "America/Santiago", "2026-02-11T18:09:00Z"],
    ["03 de setiembre de 2025 - 11:24 AM", "America/Lima", "2025-09-03T16:24:00Z"],
    ["25/Ago/2019 13:07:48 horas", "America/Lima", "2019-08-25T18:07:48Z"],
    ["16 sep 2025 / 17:53", "America/Costa_Rica", "2025-09-16T23:53:00Z"],
    ["jueves 28 de agosto de 2025 22:39", "America/Santiago", "2025-08-29T02:39:00Z"],
    ["04:06 a las 20/11/2025", "America/Bogota", "2025-11-20T09:06:00Z"],
  ])("reads %s, day first", (text, zone, expected) => {
    expect(parseWhen(text, { ...dayFirst, zone }, mail)?.toString()).toBe(expected);
  });

  it.each(["31/04/2026", "12/13/2026", "a las 17:38", "10/Fob", "1.2", "5:30", "2026-2/3", "03 JUN 25:36 (SGT)"])(
    "refuses %s",
    (text) => {
      expect(parseWhen(text, { ...dayFirst, zone: "Asia/Singapore" }, mail)).toBeNull();
    },
  );

  it("leaves what is days after its mail to be doubted", () => {
    expect(parseWhen("03/09/2026 09:00 AM ET", US, mail)?.toString()).toBe("2026-03-09T13:00:00Z");
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

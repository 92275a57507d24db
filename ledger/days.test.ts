import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { dayOf, dayRange, isoWeek, isTimeZone, lastDays, mondayOf, monthRange, parseDay, weekRange } from "./days.ts";

const instant = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);
const hours = ({ from, to }: { from: Temporal.Instant; to: Temporal.Instant }) => from.until(to).total("hours");

const ZONES = [...Intl.supportedValuesOf("timeZone"), "UTC"];
const anyZone = fc.constantFrom(...ZONES);
/** Since the last of the few zones that put their clocks back across midnight gave it up. */
const anyInstant = fc
  .integer({ min: Date.UTC(2011, 0, 1), max: Date.UTC(2100, 0, 1) })
  .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));

describe("dayOf", () => {
  it.each([
    ["2022-06-06T03:59:59Z", "America/New_York", "2022-06-05"],
    ["2022-06-06T04:00:00Z", "America/New_York", "2022-06-06"],
    ["2022-06-05T10:00:00Z", "Pacific/Kiritimati", "2022-06-06"],
    ["2022-06-05T18:29:59.999999999Z", "Asia/Kolkata", "2022-06-05"],
    ["2022-06-05T18:30:00Z", "Asia/Kolkata", "2022-06-06"],
    ["2022-06-05T23:59:59Z", "UTC", "2022-06-05"],
  ])("puts %s in %s on %s", (at, zone, expected) => {
    expect(dayOf(instant(at), zone).toString()).toBe(expected);
  });
});

describe("dayRange", () => {
  it("starts at midnight in the zone and ends at the next", () => {
    const { from, to } = dayRange(day("2022-06-05"), "America/New_York");
    expect([from.toString(), to.toString()]).toEqual(["2022-06-05T04:00:00Z", "2022-06-06T04:00:00Z"]);
  });

  it.each([
    ["2026-03-08", "America/New_York", 23],
    ["2026-11-01", "America/New_York", 25],
    ["2026-04-05", "Australia/Lord_Howe", 24.5],
    ["2018-11-04", "America/Sao_Paulo", 23],
    ["2018-02-17", "America/Sao_Paulo", 25],
    ["2011-12-30", "Pacific/Apia", 0],
    ["2026-06-05", "UTC", 24],
  ])("gives %s in %s %d hours", (date, zone, length) => {
    expect(hours(dayRange(day(date), zone))).toBe(length);
  });

  it("starts at one o'clock where midnight was skipped", () => {
    expect(dayRange(day("2018-11-04"), "America/Sao_Paulo").from.toString()).toBe("2018-11-04T03:00:00Z");
  });

  it("holds exactly the instants of its day, in every zone", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (at, zone) => {
        const { from, to } = dayRange(dayOf(at, zone), zone);
        expect(Temporal.Instant.compare(from, at)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(at, to)).toBe(-1);
        expect(dayOf(from, zone).equals(dayOf(at, zone))).toBe(true);
        expect(dayOf(to, zone).equals(dayOf(at, zone))).toBe(false);
      }),
    );
  });

  it("holds the instants around every change of clocks, in every zone", () => {
    const astray: string[] = [];
    for (const zone of ZONES) {
      let change = instant("2016-01-01T00:00:00Z").toZonedDateTimeISO(zone).getTimeZoneTransition("next");
      for (; change && change.year < 2028; change = change.getTimeZoneTransition("next")) {
        for (const minutes of [-61, -1, 0, 60]) {
          const at = change.toInstant().add({ minutes });
          const { from, to } = dayRange(dayOf(at, zone), zone);
          const isWithin = Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, to) < 0;
          if (!isWithin) astray.push(`${zone} ${at.toString()}`);
        }
      }
    }
    expect(astray).toEqual([]);
  });

  it("leaves no gap between one day and the next", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (at, zone) => {
        const today = dayOf(at, zone);
        const tomorrow = dayRange(today.add({ days: 1 }), zone);
        expect(dayRange(today, zone).to.equals(tomorrow.from)).toBe(true);
      }),
    );
  });
});

describe("monthRange", () => {
  it.each([
    ["2026-11-20", "America/New_York", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"],
    ["2024-02-29", "UTC", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"],
    ["2026-12-31", "Asia/Kolkata", "2026-11-30T18:30:00Z", "2026-12-31T18:30:00Z"],
  ])("of %s in %s runs from %s to %s", (date, zone, from, to) => {
    const range = monthRange(day(date), zone);
    expect([range.from.toString(), range.to.toString()]).toEqual([from, to]);
  });

  it("is its days put end to end", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (at, zone) => {
        const today = dayOf(at, zone);
        const { from, to } = monthRange(today, zone);
        expect(from.equals(dayRange(today.with({ day: 1 }), zone).from)).toBe(true);
        expect(to.equals(dayRange(today.with({ day: today.daysInMonth }), zone).to)).toBe(true);
      }),
    );
  });
});

describe("weekRange", () => {
  it.each([
    ["2026-11-20", "America/New_York", "2026-11-16T05:00:00Z", "2026-11-23T05:00:00Z"],
    ["2026-11-16", "UTC", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"],
    ["2026-11-22", "UTC", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"],
    ["2026-11-01", "America/New_York", "2026-10-26T04:00:00Z", "2026-11-02T05:00:00Z"],
  ])("of %s in %s runs from %s to %s", (date, zone, from, to) => {
    const range = weekRange(day(date), zone);
    expect([range.from.toString(), range.to.toString()]).toEqual([from, to]);
  });

  it("is its seven days put end to end, from its Monday", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (at, zone) => {
        const today = dayOf(at, zone);
        const { from, to } = weekRange(today, zone);
        const monday = mondayOf(today);
        expect([monday.dayOfWeek, monday.until(today).days]).toEqual([1, today.dayOfWeek - 1]);
        expect(from.equals(dayRange(monday, zone).from)).toBe(true);
        expect(to.equals(dayRange(monday.add({ days: 6 }), zone).to)).toBe(true);
      }),
    );
  });
});

describe("isoWeek", () => {
  it.each([
    ["2026-11-16", "2026-W47"],
    ["2026-11-22", "2026-W47"],
    ["2027-01-03", "2026-W53"],
    ["2027-01-04", "2027-W01"],
    ["2024-12-30", "2025-W01"],
  ])("names the week of %s %s", (date, name) => {
    expect(isoWeek(day(date))).toBe(name);
  });
});

describe("lastDays", () => {
  it("counts up to today, oldest first, over the end of a month", () => {
    expect(lastDays(day("2024-03-01"), 3).map(String)).toEqual(["2024-02-28", "2024-02-29", "2024-03-01"]);
  });

  it("has today alone for one, and none for none", () => {
    expect(lastDays(day("2024-03-01"), 1).map(String)).toEqual(["2024-03-01"]);
    expect(lastDays(day("2024-03-01"), 0)).toEqual([]);
  });
});

describe("parseDay", () => {
  it.each(["1970-01-01", "2024-02-29", "2022-06-05", "9999-12-31"])("reads %s", (text) => {
    expect(parseDay(text)?.toString()).toBe(text);
  });

  it.each([
    "",
    "2022-6-5",
    "20220605",
    "2022-06-05T00:00",
    "2022-06-05[u-ca=hebrew]",
    " 2022-06-05",
    "2022-06-05\n",
    "2022-02-29",
    "2022-06-31",
    "2022-00-10",
    "2022-13-01",
    "2022-01-00",
    "1969-12-31",
    "0000-01-01",
    "-2022-06-05",
    "+002022-06-05",
    "10000-01-01",
    "2022\u221206\u221205",
    "\u0662\u0660\u0662\u0662-06-05",
    "today",
    "__proto__",
    "0".repeat(5_000_000),
  ])("refuses %j", (text) => {
    expect(parseDay(text)).toBeNull();
  });

  it("reads back every day it could have written, and nothing else", () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
    const text = fc.tuple(digits(4), digits(2), digits(2)).map((parts) => parts.join("-"));
    fc.assert(
      fc.property(fc.nat(365 * 8000), (offset) => {
        const date = day("1970-01-01").add({ days: offset });
        expect(parseDay(date.toString())?.equals(date)).toBe(true);
      }),
    );
    fc.assert(fc.property(text, (written) => [undefined, written].includes(parseDay(written)?.toString())));
  });
});

describe("isTimeZone", () => {
  it.each(["America/New_York", "Asia/Kolkata", "Asia/Calcutta", "UTC", "Etc/GMT+5", "US/Eastern"])(
    "knows %s",
    (zone) => {
      expect(isTimeZone(zone)).toBe(true);
    },
  );

  it.each([
    "",
    "+05:30",
    "-08:00",
    "Z",
    "2022-06-05T00:00[America/New_York]",
    "2022-06-05T00:00:00Z",
    "america/new_york",
    "utc",
    "Utc",
    "gmt",
    "America/New York",
    "America/New_York\n",
    " UTC",
    "America/Atlantis",
    "../etc/passwd",
    "__proto__",
    "constructor",
    "\u0000",
    "A".repeat(5_000_000),
  ])("does not know %j", (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });

  it("knows every zone there is to choose, UTC among them", () => {
    expect(ZONES.length).toBeGreaterThan(400);
    expect(ZONES.filter((zone) => !isTimeZone(zone))).toEqual([]);
  });
});

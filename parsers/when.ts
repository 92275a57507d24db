import { monthNumber } from "./month-number.ts";

/** `ET` is what clocks in New York show, all year; `EST` and `EDT` are distances from UTC, whatever the season. */
const ZONES: ReadonlyMap<string, string> = new Map([
  ["ET", "America/New_York"],
  ["CT", "America/Chicago"],
  ["MT", "America/Denver"],
  ["PT", "America/Los_Angeles"],
  ["EST", "-05:00"],
  ["EDT", "-04:00"],
  ["CST", "-06:00"],
  ["CDT", "-05:00"],
  ["MST", "-07:00"],
  ["MDT", "-06:00"],
  ["PST", "-08:00"],
  ["PDT", "-07:00"],
]);

const IN_WORDS = /^([A-Za-z]{3,9})\.? (\d{1,2}), (\d{4})(?: at (.+))?$/;
const IN_NUMBERS = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (.+))?$/;
const IN_A_ROW = /^(?:(\d{2})\/(\d{2})|(\d{2})(\d{2})(\d{2}))$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))? ([AP])M ([A-Z]{2,3})$/;

/**
 * When something happened, as United States mails write it: `Jun 5, 2022 at 4:44 PM ET`, `August 6, 2026`,
 * `08/29/2018 4:04:23 PM EDT`, `06/05/2022` (month first). An instant when a time of day and its zone are given, a date
 * when neither is. An hour that the autumn repeats is taken as its first.
 *
 * Null for every other form, for days and times that do not exist, and for a time whose zone is missing or unknown.
 */
export function parseWhen(text: string): Temporal.Instant | Temporal.PlainDate | null {
  const words = IN_WORDS.exec(text);
  const found = words ?? IN_NUMBERS.exec(text);
  if (found === null) return null;
  const [, monthText = "", dayText, yearText, clockText] = found;
  const month = words === null ? Number(monthText) : monthNumber(monthText);
  const date = dateOf(Number(yearText), month, Number(dayText));
  return date === null || clockText === undefined ? date : instantOf(date, clockText);
}

/**
 * A day as the rows of a list write it, for a list that was made on the day `listed`: `09/29` (month first), the latest
 * such day up to that of the list, or `260929` (year, month, day).
 *
 * Null for every other form, for days that do not exist, and for days after that of the list.
 */
export function parseRowDay(text: string, listed: Temporal.PlainDate): Temporal.PlainDate | null {
  const found = IN_A_ROW.exec(text);
  if (found === null) return null;
  const [, month, day, twoDigits, monthBehind, dayBehind] = found;
  const days =
    twoDigits === undefined
      ? [listed.year, listed.year - 1].map((year) => dateOf(year, Number(month), Number(day)))
      : [dateOf(2000 + Number(twoDigits), Number(monthBehind), Number(dayBehind))];
  return days.find((date) => date !== null && Temporal.PlainDate.compare(date, listed) <= 0) ?? null;
}

/** That day of the calendar, or null when the calendar has no such day. */
export function dateOf(year: number, month: number, day: number): Temporal.PlainDate | null {
  if (month < 1 || month > 12 || day < 1) return null;
  const { daysInMonth } = Temporal.PlainYearMonth.from({ year, month });
  return day <= daysInMonth ? Temporal.PlainDate.from({ year, month, day }) : null;
}

/** The distance from UTC, as `-05:00`, that an abbreviation such as `EST` stands for; null when it names no fixed one. */
export function fixedOffset(abbreviation: string): string | null {
  const zone = ZONES.get(abbreviation);
  return zone?.startsWith("-") ? zone : null;
}

function instantOf(date: Temporal.PlainDate, clockText: string): Temporal.Instant | null {
  const clock = CLOCK.exec(clockText);
  const zone = ZONES.get(clock?.[5] ?? "");
  if (clock === null || zone === undefined) return null;
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hour < 1 || hour > 12 || minute > 59 || second > 59) return null;
  const local = date.toPlainDateTime({ hour: (hour % 12) + (clock[4] === "P" ? 12 : 0), minute, second });
  const zoned = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  // The hour that spring leaves out comes back changed.
  return zoned.toPlainDateTime().equals(local) ? zoned.toInstant() : null;
}

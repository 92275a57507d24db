import { withoutFullWidth } from "./full-width.ts";
import { monthNumberInAnyLanguage } from "./month-number.ts";
import { US, type Writing } from "./writing.ts";

/** What the form of a day and a time leaves open. */
export type WhenWriting = Pick<Writing, "dates" | "zone">;

/** `ET` is what clocks in New York show, all year; `EST` and `EDT` are distances from UTC, whatever the season. */
const ZONES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ ET: "America/New_York", CT: "America/Chicago", MT: "America/Denver", PT: "America/Los_Angeles" },
    ...{ "EASTERN TIME": "America/New_York", "CENTRAL TIME": "America/Chicago" },
    ...{ "MOUNTAIN TIME": "America/Denver", "PACIFIC TIME": "America/Los_Angeles" },
    ...{ EST: "-05:00", EDT: "-04:00", CST: "-06:00", CDT: "-05:00", MST: "-07:00", MDT: "-06:00" },
    ...{ PST: "-08:00", PDT: "-07:00", AST: "-04:00", ADT: "-03:00", NST: "-03:30", NDT: "-02:30" },
    ...{ SGT: "+08:00", "SG TIME": "+08:00", "SINGAPORE TIME": "+08:00", HKT: "+08:00", MYT: "+08:00" },
    ...{ IST: "+05:30", JST: "+09:00", ICT: "+07:00", GMT: "+00:00", UTC: "+00:00" },
    ...{ CET: "+01:00", CEST: "+02:00", BST: "+01:00", WAT: "+01:00", EAT: "+03:00" },
  }),
);

/** Longer words are no time. */
const MAX_LENGTH = 60;

const CLOCK = /(?<!\d)(\d{1,2})[:h](\d{2})(?::(\d{2}))?(?: ?([ap])\.? ?m\b\.?)?(?: ?(?:hrs?|hours|horas|h|uhr)\b\.?)?/i;
/** Only a whole Spanish one goes without a comma: `Mar 5` is a day of March. */
const WEEKDAY =
  /^(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[eé]|jue|vie|s[aá]b|dom)\p{L}*[.,]+|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo) /iu;
/** What may stand between a day and a time, or around them. */
const BETWEEN = /^(?:[-,–|@/]|at|on|a las|a la|às|à|um)$/i;

const MONTH_FIRST = /^(\p{L}{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?(?:(?:,? |,)(\d{4}|\d{2}))?$/iu;
const DAY_FIRST =
  /^(\d{1,2})(?:st|nd|rd|th|\.)?(?: de | of |[ /-])(\p{L}{3,10})\.?(?:(?:,? (?:de |del )?|[/-])(\d{4}|\d{2}))?$/iu;
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const IN_KANJI = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/;
const IN_NUMBERS = /^(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?$/;
const IN_A_ROW = /^(?:(\d{2})\/(\d{2})|(\d{2})(\d{2})(\d{2}))$/;

/**
 * When something happened, as a mail says it: `Jun 5, 2022 at 4:44 PM ET`, `Wed, Mar 7, 2026`, `03 JUN 05:36 (SGT)`,
 * `30 Jan, 2026 at 21:25:59`, `08/04/2026 a las 17:38`, `10/Feb 08:14:03 hrs.`, `02 de octubre de 2026 - 09:06 PM`,
 * `2001/02/03 04:05:06`, `12:53 a.m., Central Time 10/02/2026`, `13:22 PM`. An instant when a time of day and its zone are
 * known, else a day. An hour that the autumn repeats is taken as its first.
 *
 * A day without a year is the latest such day up to the day after `mail`, the mail's own date, and null without that. An
 * instant less than a day after the mail is the mail's.
 *
 * Null for every other form, for days and times that do not exist, and for a zone that is written and not known.
 */
export function parseWhen(
  text: string,
  writing: WhenWriting = US,
  mail: Temporal.Instant | null = null,
): Temporal.Instant | Temporal.PlainDate | null {
  if (text.length > MAX_LENGTH) return null;
  const plain = withoutFullWidth(text).replaceAll(/[\s]+/g, " ").trim();
  const found = CLOCK.exec(plain);
  const before = plain.slice(0, found?.index ?? plain.length);
  const behind = found === null ? "" : plain.slice(found.index + found[0].length);
  const [day, rest] = dayAndRest(before, behind, writing, mail);
  if (day === null) return null;
  if (found === null) return rest === "" ? day : null;
  const clock = clockOf(found);
  const zone = rest === "" ? writing.zone : ZONES.get(rest.toUpperCase());
  if (clock === null || zone === undefined) return null;
  if (zone === null) return day;
  const instant = instantOf(day, clock, zone);
  return instant && notAfter(mail, instant);
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
  const date =
    twoDigits === undefined
      ? latestSuchDay(Number(month), Number(day), listed)
      : dateOf(2000 + Number(twoDigits), Number(monthBehind), Number(dayBehind));
  return date !== null && Temporal.PlainDate.compare(date, listed) <= 0 ? date : null;
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
  return zone !== undefined && /^[+-]/.test(zone) ? zone : null;
}

type Clock = { readonly hour: number; readonly minute: number; readonly second: number };

/** The day, and what words are left of the text: a zone, or nothing. */
function dayAndRest(
  before: string,
  behind: string,
  { dates }: WhenWriting,
  mail: Temporal.Instant | null,
): [day: Temporal.PlainDate | null, rest: string] {
  const inFront = strip(before);
  if (inFront !== "") return [dayBehindWeekday(inFront, dates, mail), strip(behind)];
  // `11:48AM, 07-Jun-2023 SG Time`, `02:15 PM EST on 03/07/26` and `3:59PM SGT, 25 Sep 26`, of which `Sep 26` is a day too.
  const words = strip(behind).split(" ");
  const readings: [day: Temporal.PlainDate, rest: string][] = [];
  for (let at = words.length; at >= 0; at--) {
    const [front, back] = [strip(words.slice(0, at).join(" ")), strip(words.slice(at).join(" "))];
    const [early, late] = [front, back].map((day) => dayBehindWeekday(day, dates, mail));
    if (early) readings.push([early, back]);
    if (late) readings.push([late, front]);
  }
  return readings.find(([, rest]) => rest === "" || ZONES.has(rest.toUpperCase())) ?? readings[0] ?? [null, ""];
}

/** The words without the ones that only join a day and a time, and without brackets around them. */
function strip(text: string): string {
  const words = text
    .replaceAll(/[()]/g, " ")
    .split(" ")
    .filter((word) => word !== "");
  const isKept = (word: string) => !BETWEEN.test(word);
  const last = words.findLastIndex(isKept);
  const first = words.findIndex(isKept);
  const kept = words.slice(Math.max(first, 0), last + 1).join(" ");
  return kept
    .replace(/^[,.]+ ?/, "")
    .replace(/[,]+$/, "")
    .replace(/^(?:a las|a la) | (?:a las|a la)$/gi, "");
}

/** What is a day already has no weekday in front: the `Mar.` of `Mar. 14, 2026` is March, not a Tuesday. */
function dayBehindWeekday(
  text: string,
  dates: Writing["dates"],
  mail: Temporal.Instant | null,
): Temporal.PlainDate | null {
  return dayIn(text, dates, mail) ?? dayIn(text.replace(WEEKDAY, ""), dates, mail);
}

function dayIn(text: string, dates: Writing["dates"], mail: Temporal.Instant | null): Temporal.PlainDate | null {
  const monthFirst = MONTH_FIRST.exec(text);
  if (monthFirst !== null) return dateIn(monthFirst[3], monthOf(monthFirst[1]), monthFirst[2], mail);
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null) return dateIn(dayFirst[3], monthOf(dayFirst[2]), dayFirst[1], mail);
  const kanji = IN_KANJI.exec(text);
  if (kanji !== null) return dateIn(kanji[1], Number(kanji[2]), kanji[3], mail);
  const yearFirst = YEAR_FIRST.exec(text);
  if (yearFirst !== null) return dateIn(yearFirst[1], Number(yearFirst[3]), yearFirst[4], mail);
  const [, first, mark, second, year] = IN_NUMBERS.exec(text) ?? [];
  // Other marks without a year are amounts and ranges.
  if (year === undefined && mark !== "/") return null;
  const [day, month] = dates === "day-first" ? [first, second] : [second, first];
  return month === undefined ? null : dateIn(year, Number(month), day, mail);
}

/** Peru writes `Set` and `setiembre` for September. */
function monthOf(name = ""): number {
  return /^set(?:iembre)?$/i.test(name) ? 9 : monthNumberInAnyLanguage(name);
}

function dateIn(
  year: string | undefined,
  month: number,
  dayText: string | undefined,
  mail: Temporal.Instant | null,
): Temporal.PlainDate | null {
  const day = Number(dayText);
  if (year !== undefined) return dateOf(year.length === 2 ? 2000 + Number(year) : Number(year), month, day);
  // East of Greenwich it may be tomorrow already.
  return mail && latestSuchDay(month, day, mail.toZonedDateTimeISO("UTC").toPlainDate().add({ days: 1 }));
}

function latestSuchDay(month: number, day: number, last: Temporal.PlainDate): Temporal.PlainDate | null {
  const days = [last.year, last.year - 1].map((year) => dateOf(year, month, day));
  return days.find((date) => date !== null && Temporal.PlainDate.compare(date, last) <= 0) ?? null;
}

function clockOf([, hourText, minuteText, secondText = "0", half]: readonly (string | undefined)[]): Clock | null {
  const [hour, minute, second] = [Number(hourText), Number(minuteText), Number(secondText)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  // `13:22 PM` is written by banks that count to 24 all the same; `0:44 PM` and `13:22 AM` by none.
  if (half === undefined || (hour > 12 && half.toLowerCase() === "p")) return { hour, minute, second };
  if (hour < 1 || hour > 12) return null;
  return { hour: (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0), minute, second };
}

function instantOf(date: Temporal.PlainDate, clock: Clock, zone: string): Temporal.Instant | null {
  const local = date.toPlainDateTime(clock);
  const zoned = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  // The hour that spring leaves out comes back changed.
  return zoned.toPlainDateTime().equals(local) ? zoned.toInstant() : null;
}

/** Clocks differ by minutes, so what happened just after its own alert happened with it; days after it is a misread day. */
function notAfter(mail: Temporal.Instant | null, instant: Temporal.Instant): Temporal.Instant {
  if (mail === null || Temporal.Instant.compare(instant, mail) <= 0) return instant;
  return instant.since(mail, { largestUnit: "hours" }).hours < 24 ? mail : instant;
}

import { MONTHS } from "../ledger/days.ts";
import { monthNumberInAnyLanguage } from "./month-number.ts";
import { dateOf, fixedOffset } from "./when.ts";

/** `Tue, 6 Oct 2026`, `1 de agosto de 2026`, `6. Okt. 2026`, `1er août 2026`: the day before its month. */
const DAY_FIRST = /(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°)?\.? (?:de )?(\p{L}{3,12})\.?,? (?:del? )?(\d{4})(?!\d)/u;
/** `Oct 6, 2026`, `September 13th, 2025`. */
const MONTH_FIRST = /(\p{L}{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)/u;
/** `2026-10-06`. Days with slashes have their month in either place, so they are not read. */
const YEAR_FIRST = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/;

/** `01:27`, `7:16 p. m.`, `10:45:26 PM`, `9 h 31`. */
const CLOCK = /(?<!\d)(\d{1,2})(?::| ?h ?)(\d{2})(?!\d)(?::(\d{2}))?(?: ?([ap])\.? ?m\b)?/i;
/** `+0200`, `GMT+8`, `(UTC-08:00)`. */
const OFFSET = /(?:^|[ (])(?:GMT|UTC)?([+\-−])(\d{1,2})(?::?(\d{2}))?(?!\d)/;

/** Longer ones are no dates; the bound keeps the patterns above from ever mattering. */
const MAX_LENGTH = 120;

/**
 * The date in the header of a forwarded mail as a Date header writes it (`6 Oct 2026 01:27:00 -0400`), so that `mailDate`
 * reads it; an empty text when it names no day and time for sure. Reads English, Spanish, Portuguese, French and German.
 *
 * Most programs write the forwarder's local time and no zone. Then `offset` is taken for it: the distance from UTC in the
 * forward's own Date header (`-0400`), which is the forwarder's at another time and may be off by the hour of summer time.
 * So such a date is good for a day and for an order, not for an hour. Outlook names its zone by its winter distance.
 */
export function forwardedDate(text: string, offset: string): string {
  if (text.length > MAX_LENGTH) return "";
  const written = text.normalize("NFC").replaceAll(/\s+/g, " ");
  const day = dayIn(written);
  if (day === null) return "";
  const clock = CLOCK.exec(day.rest);
  const time = clock === null ? null : timeOf(clock);
  if (clock === null || time === null) return "";
  const zone = zoneIn(day.rest.slice(clock.index + clock[0].length)) ?? offset;
  const { year, month, day: number } = day.date;
  return `${number} ${MONTHS[month - 1]?.slice(0, 3)} ${year} ${time} ${zone}`;
}

/** The distance from UTC in a Date header, `+0000` when it has none or names it by a word. */
export function offsetIn(header: string): string {
  return zoneIn(header.slice(0, MAX_LENGTH)) ?? "+0000";
}

function dayIn(text: string): { date: Temporal.PlainDate; rest: string } | null {
  const dayFirst = DAY_FIRST.exec(text);
  const monthFirst = MONTH_FIRST.exec(text);
  const yearFirst = YEAR_FIRST.exec(text);
  const readings = [
    [dayFirst, Number(dayFirst?.[3]), monthNumberInAnyLanguage(dayFirst?.[2] ?? ""), Number(dayFirst?.[1])],
    [monthFirst, Number(monthFirst?.[3]), monthNumberInAnyLanguage(monthFirst?.[1] ?? ""), Number(monthFirst?.[2])],
    [yearFirst, Number(yearFirst?.[1]), Number(yearFirst?.[2]), Number(yearFirst?.[3])],
  ] as const;
  for (const [found, year, month, day] of readings) {
    const date = found === null ? null : dateOf(year, month, day);
    if (found !== null && date !== null) return { date, rest: text.slice(found.index + found[0].length) };
  }
  return null;
}

function timeOf([, hourText, minuteText = "", secondText = "00", half]: RegExpExecArray): string | null {
  const written = Number(hourText);
  if (written > 23 || Number(minuteText) > 59 || Number(secondText) > 59) return null;
  // The remainder, because some write "13:22 PM".
  const hour = half === undefined ? written : (written % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  return `${String(hour).padStart(2, "0")}:${minuteText}:${secondText}`;
}

/** As `-0400`. */
function zoneIn(text: string): string | null {
  const offset = OFFSET.exec(text);
  if (offset !== null) {
    const [, sign, hours = "", minutes = "00"] = offset;
    const isDistance = Number(hours) <= 14 && Number(minutes) <= 59;
    return isDistance ? `${sign === "+" ? "+" : "-"}${hours.padStart(2, "0")}${minutes}` : null;
  }
  const word = /(?:^|[ (])([A-Z]{1,3})(?![A-Za-z])/.exec(text)?.[1] ?? "";
  return /^(?:GMT|UTC|Z)$/.test(word) ? "+0000" : (fixedOffset(word)?.replace(":", "") ?? null);
}

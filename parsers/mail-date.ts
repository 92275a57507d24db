import { monthNumber } from "./month-number.ts";
import { dateOf, fixedOffset } from "./when.ts";

/** Longer ones are no dates; the bound keeps the pattern below from ever mattering. */
const MAX_LENGTH = 100;

/** Weekday (any language), day, month, year, time, zone, comment: RFC 5322 with the obsolete forms that are still sent. */
const HEADER =
  /^(?:[^\s\d,]+, ?)?(\d{1,2}) ([a-z]{3}) (\d{4}|\d{2}) (\d{1,2}):(\d{2})(?::(\d{2}))? ([+-]\d{2}:?\d{2}|[a-z]{1,3})(?: ?\([^()]*\))?$/i;

/**
 * The mail's own date: its Date header, of any age, as long as it lies no later than a day after receipt; else the
 * time of receipt. Senders' clocks run ahead and zones are wrong by hours, but a date further ahead is an invention.
 */
export function mailDate(header: string, receivedAt: Temporal.Instant): Temporal.Instant {
  const date = parseHeader(header);
  if (date === null) return receivedAt;
  return Temporal.Instant.compare(date, receivedAt.add({ hours: 24 })) > 0 ? receivedAt : date;
}

function parseHeader(header: string): Temporal.Instant | null {
  if (header.length > MAX_LENGTH) return null;
  const found = HEADER.exec(header.replace(/\s+/g, " ").trim());
  if (found === null) return null;
  const [hour, minute, second] = [Number(found[4]), Number(found[5]), Number(found[6] ?? 0)];
  const date = dateOf(fullYear(found[3] ?? ""), monthNumber(found[2] ?? ""), Number(found[1]));
  const zone = zoneOf(found[7] ?? "");
  if (date === null || date.year < 1900 || zone === null || hour > 23 || minute > 59 || second > 59) return null;
  return date.toPlainDateTime({ hour, minute, second }).toZonedDateTime(zone).toInstant();
}

/** Two digits mean 1950 to 2049 (RFC 5322, 4.3). */
function fullYear(digits: string): number {
  if (digits.length === 4) return Number(digits);
  return Number(digits) + (Number(digits) < 50 ? 2000 : 1900);
}

function zoneOf(text: string): string | null {
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (offset === null) return /^(?:GMT|UTC?|Z)$/i.test(text) ? "+00:00" : fixedOffset(text.toUpperCase());
  const [, sign, hours, minutes] = offset;
  // The distances in use end at fourteen hours; more is a broken clock.
  return Number(hours) <= 14 && Number(minutes) <= 59 ? `${sign}${hours}:${minutes}` : null;
}

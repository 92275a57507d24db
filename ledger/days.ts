/**
 * The zone of somebody who has not chosen one: the first institutions that are understood write their times in it. A person
 * changes it in the settings.
 */
export const DEFAULT_ZONE = "America/New_York";

/** The names of the months, January first. A table of our own, for the names of a runtime change with its version. */
export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const FIRST_YEAR = 1970;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Begins with a letter: an offset such as `+05:30` is a place's time today, not a place. */
const ZONE_NAME = /^[A-Za-z][\w+\-/]{0,63}$/;

/** A stretch of time from an instant up to, and without, another. */
export type Stretch = { readonly from: Temporal.Instant; readonly to: Temporal.Instant };

/** The calendar day of an instant as people in the zone count it. */
export function dayOf(instant: Temporal.Instant, zone: string): Temporal.PlainDate {
  return instant.toZonedDateTimeISO(zone).toPlainDate();
}

/**
 * The day's instants in the zone: 23 or 25 hours when clocks change, and none at all for a day that the zone skipped.
 * Where a clock was once put back just after midnight, that hour counts to the day that began.
 */
export function dayRange(day: Temporal.PlainDate, zone: string): Stretch {
  return { from: startOf(day, zone), to: startOf(day.add({ days: 1 }), zone) };
}

/** The instants of the day's month in the zone. */
export function monthRange(day: Temporal.PlainDate, zone: string): Stretch {
  const first = day.with({ day: 1 });
  return { from: startOf(first, zone), to: startOf(first.add({ months: 1 }), zone) };
}

/** The instants of the day's ISO week in the zone: Monday to Sunday. */
export function weekRange(day: Temporal.PlainDate, zone: string): Stretch {
  const monday = mondayOf(day);
  return { from: startOf(monday, zone), to: startOf(monday.add({ weeks: 1 }), zone) };
}

/** The Monday that the day's ISO week begins with. */
export function mondayOf(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.subtract({ days: day.dayOfWeek - 1 });
}

/** The name of the day's ISO week, `2026-W47`: around New Year its year can be another one than the day's. */
export function isoWeek({ yearOfWeek, weekOfYear }: Temporal.PlainDate): string {
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, "0")}`;
}

/** That many days up to and with today, oldest first. */
export function lastDays(today: Temporal.PlainDate, count: number): Temporal.PlainDate[] {
  return Array.from({ length: count }, (_none, at) => today.subtract({ days: count - 1 - at }));
}

/** The day that `YYYY-MM-DD` names, from 1970 to 9999; null for every other text, and for days no calendar has. */
export function parseDay(text: string): Temporal.PlainDate | null {
  if (!DAY.test(text)) return null;
  try {
    const day = Temporal.PlainDate.from(text);
    return day.year >= FIRST_YEAR ? day : null;
  } catch {
    return null;
  }
}

/** Whether the text is a zone's name in the IANA database, spelled as there; older names count, offsets do not. */
export function isTimeZone(text: string): boolean {
  if (!ZONE_NAME.test(text)) return false;
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId === text;
  } catch {
    return false;
  }
}

function startOf(day: Temporal.PlainDate, zone: string): Temporal.Instant {
  return day.toZonedDateTime(zone).toInstant();
}

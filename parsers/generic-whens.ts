import { textAt, type Page, type Place } from "./generic-page.ts";
import { parseWhen } from "./when.ts";

/** A day, or an instant, that a mail names. */
export type FoundWhen = Place & {
  readonly text: string;
  /** Null when it could be either of two days. */
  readonly occurred: Temporal.Instant | Temporal.PlainDate | null;
  /** Written in numbers in an order that only the mail's own date settled. */
  readonly isGuessed: boolean;
};

const DAYS = [
  /(?<![\p{L}\d/.-])\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?![\p{L}\d])/gu,
  /(?<![\d/.,-])\d{1,2}(?:st|nd|rd|th|\.)?(?: de | of |[ /-])\p{L}{3,10}\.?(?:(?:,? (?:de |del )?|[/-])(?:\d{4}|\d{2})(?![\d:.,]\d))?(?!\d)/giu,
  /(?<!\p{L})\p{L}{3,10}\.? \d{1,2}(?:st|nd|rd|th)?(?![\d:.]\d?)(?:,? \d{4}(?!\d))?(?!\d)/giu,
  /(?<![\p{L}\d/.-])\d{1,2}\/\d{1,2}(?![\p{L}\d/])/gu,
];
const CLOCK =
  /^,?(?:\s+|[-–|@])(?:(?:at|a las|a la|às|à|a|um|-|–|\|)\s+)?(\d{1,2}[:h]\d{2}(?::\d{2})?(?: ?[ap]\.? ?m\b\.?)?(?: ?(?:hrs?|uhr)\b\.?)?)( ?\(?[A-Z]{2,4}\)?(?!\p{L}))?/iu;

/** More are a list or an attack on the time that reading takes. */
const MAX_DAYS = 40;
/** Alerts follow at once or after a few days. */
const MAX_DAYS_BEFORE = 90;
const SOON = 5;
const MUCH_LATER = 14;

/**
 * All days of the mail that what it tells of may have happened on, in the order of the mail. Null when there are more than
 * an alert has.
 */
export function whensIn(page: Page, mail: Temporal.Instant): FoundWhen[] | null {
  const today = mail.toZonedDateTimeISO("UTC").toPlainDate();
  const places = page.passages.map((_, passage) => daysIn(page, passage, mail));
  if (places.flat().length > MAX_DAYS) return null;
  return places.flat().flatMap((place) => readAt(page, place, mail, today) ?? []);
}

function daysIn(page: Page, passage: number, mail: Temporal.Instant): Place[] {
  const text = page.passages[passage]?.text ?? "";
  const places: Place[] = [];
  for (const form of DAYS) {
    for (const { 0: day, index } of text.matchAll(form)) {
      if (places.length > MAX_DAYS) break;
      const place = { passage, start: index, end: index + day.length };
      const isTaken = places.some(({ start, end }) => start < place.end && place.start < end);
      if (!isTaken && readings(day, mail).length > 0) places.push(place);
    }
  }
  const isValue = ({ start }: Place): boolean =>
    page.labelled.some((value) => value.role === "when" && value.passage === passage && value.start <= start);
  // `24/7` is no day.
  const days = places.filter((place) => !/^\d{1,2}\/\d{1,2}$/.test(textAt(page, place)) || isValue(place));
  return days.toSorted((one, other) => one.start - other.start);
}

type Reading = Temporal.Instant | Temporal.PlainDate;

function readAt(page: Page, place: Place, mail: Temporal.Instant, today: Temporal.PlainDate): FoundWhen | null {
  const text = page.passages[place.passage]?.text ?? "";
  const [all = "", clock = "", zone = ""] = CLOCK.exec(text.slice(place.end, place.end + 40)) ?? [];
  const ends = [all, zone === "" ? all : all.slice(0, all.length - zone.length), ""].map(
    (part) => place.end + part.length,
  );
  const end = (clock === "" ? [place.end] : ends).find((at) => readings(text.slice(place.start, at), mail).length > 0);
  const whole = { ...place, end: end ?? place.end };
  const possible = readings(textAt(page, whole), mail)
    .map((when) => ({ when, days: dayOf(when).until(today).days }))
    .filter(({ days }) => days >= -1 && days <= MAX_DAYS_BEFORE)
    .toSorted((one, other) => Math.abs(one.days) - Math.abs(other.days));
  const [nearest, later] = possible;
  if (nearest === undefined) return null;
  const isSure = later === undefined || (nearest.days <= SOON && later.days >= MUCH_LATER);
  return {
    ...whole,
    text: textAt(page, whole),
    occurred: isSure ? nearest.when : null,
    isGuessed: later !== undefined,
  };
}

/** What the words may mean: two days when the order of day and month is open. */
function readings(text: string, mail: Temporal.Instant): Reading[] {
  const both = (["day-first", "month-first"] as const).flatMap(
    (dates) => parseWhen(text, { dates, zone: null }, mail) ?? [],
  );
  const [one, other] = both;
  return one !== undefined && other !== undefined && isSame(one, other) ? [one] : both;
}

/** Whether two readings are of the same day. */
export function isSame(one: Reading, other: Reading): boolean {
  return dayOf(one).equals(dayOf(other));
}

function dayOf(when: Reading): Temporal.PlainDate {
  return when instanceof Temporal.Instant ? when.toZonedDateTimeISO("UTC").toPlainDate() : when;
}

import { monthNumberInAnyLanguage } from "./month-number.ts";
import type { Draw, Stage } from "./redact-stages.ts";
import { dateOf } from "./when.ts";

/** Forms of days, those first that hold another. A day may be wrapped like any sentence. */
const FORMS = [
  /(?<![\d.,/-])(?<a>\d{1,4})(?<mark>[-/.])(?<b>\d{1,2})\k<mark>(?<c>\d{4}|\d{1,2})(?!\d)/dgu,
  /(?:(?<y>\d{4})年)?(?<!\d)(?<m>\d{1,2})月(?<d>\d{1,2})日/dgu,
  /(?<![\p{L}\d.,])(?<d>\d{1,2})(?:st|nd|rd|th|\.)?(?:[ \n]de[ \n]|[ \n]of[ \n]|[ \n/-]|)(?<m>\p{L}{3,10})(?:\.?(?:,?[ \n](?:de[ \n]|del[ \n])?|[/-]|)(?<y>\d{4}|\d{2})(?!\d|[:.,]\d))?/dgu,
  /(?<!\p{L})(?<m>\p{L}{3,10})\.?[ \n](?<d>\d{1,2})(?:st|nd|rd|th)?(?!\d|[:.]\d)(?:(?:,[ \n]?|[ \n])(?<y>\d{4})(?!\d))?/dgu,
  /(?<![\d.,/])(?<a>\d{1,2})\/(?<b>\d{1,2})(?!\d|[/.,]\d)/dgu,
  /(?<![\d.,])(?<y>20\d\d|\d\d)(?<m>\d\d)(?<d>\d\d)(?!\d|[.,]\d)/dgu,
];
/** Digits in a row are a day only when they can be about the mail's own. */
const NEAR_DAYS = 90;

type FoundDay = {
  readonly date: Temporal.PlainDate;
  /** The number that is the day of the month, and where it begins. */
  readonly text: string;
  readonly start: number;
  readonly isEither: boolean;
};

/**
 * How many days all days of a mail are to be moved by, so that each stays in its month and in its order: whole weeks where
 * that is possible, since mails name days of the week. 0 when there is no such number.
 */
export function daysToMove(text: string, mail: Temporal.PlainDate, draw: Draw): number {
  const found = FORMS.flatMap((form) => [...text.matchAll(form)].flatMap((match) => dayIn(match, mail) ?? []));
  // Which number of `04/04/2026` is the day?
  if (found.some(({ isEither }) => isEither)) return 0;
  const days = [mail, ...found.map(({ date }) => date)];
  const least = Math.max(...days.map(({ day }) => 1 - day));
  const most = Math.min(...days.map(({ day, daysInMonth }) => daysInMonth - day));
  const moves = Array.from({ length: Math.max(0, most - least + 1) }, (_, index) => least + index).filter(Boolean);
  const weeks = moves.filter((move) => move % 7 === 0);
  const all = weeks.length > 0 ? weeks : moves;
  return all[draw("days to move", Math.max(1, all.length))] ?? 0;
}

/** Moves the days of a text by that many days, in the form that they are written in. */
export function dayStages(mail: Temporal.PlainDate, move: number): Stage[] {
  return FORMS.map((pattern) => ({
    pattern,
    replace: (match) => {
      const found = dayIn(match, mail);
      if (found === null) return null;
      const { date, start, text } = found;
      const moved = String(date.day + move).padStart(text.length, "0");
      return match[0].slice(0, start) + moved + match[0].slice(start + text.length);
    },
  }));
}

/** The day that was found; of two that it can be the one nearer to the mail's own. */
function dayIn(match: RegExpExecArray, mail: Temporal.PlainDate): FoundDay | null {
  if (match[0] === "24/7") return null;
  const possible = ordersOf(match).flatMap(([year, month, day]) => dayOf(match, [year, month, day], mail) ?? []);
  const distance = ({ date }: FoundDay): number => Math.abs(date.until(mail).days);
  const nearest = possible.toSorted((one, other) => distance(one) - distance(other))[0] ?? null;
  const isPacked = /^\d+$/.test(match[0]);
  return nearest !== null && isPacked && distance(nearest) > NEAR_DAYS ? null : nearest;
}

type Order = readonly [year: string | null, month: string, day: string];

function ordersOf({ groups = {} }: RegExpExecArray): Order[] {
  if (groups["m"] !== undefined) return [[groups["y"] === undefined ? null : "y", "m", "d"]];
  if (groups["c"] === undefined)
    return [
      [null, "a", "b"],
      [null, "b", "a"],
    ];
  if (groups["a"]?.length === 4) return [["a", "b", "c"]];
  return [
    ["c", "a", "b"],
    ["c", "b", "a"],
  ];
}

function dayOf(
  match: RegExpExecArray,
  [yearName, monthName, dayName]: Order,
  mail: Temporal.PlainDate,
): FoundDay | null {
  const { groups = {}, indices, index } = match;
  const text = groups[dayName] ?? "";
  const month = groups[monthName] ?? "";
  const number = /^\d+$/.test(month) ? Number(month) : /^set/i.test(month) ? 9 : monthNumberInAnyLanguage(month);
  const years = yearName === null ? [mail.year, mail.year - 1] : [fullYear(groups[yearName] ?? "")];
  const dates = years.flatMap((year) => dateOf(year, number, Number(text)) ?? []);
  const [date] = dates.filter((one) => Temporal.PlainDate.compare(one, mail.add({ days: 1 })) <= 0).concat(dates);
  const isEither = groups["a"] !== undefined && groups["a"] === groups["b"];
  const start = indices?.groups?.[dayName]?.[0];
  return date === undefined || start === undefined ? null : { date, text, start: start - index, isEither };
}

function fullYear(digits: string): number {
  return Number(digits) + (digits.length > 2 ? 0 : 2000);
}

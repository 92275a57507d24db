import { MONTHS } from "../../ledger/days.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";

/** When something happened, in the account's zone; a date when nobody said the time of day. */
export type When = Temporal.ZonedDateTime | Temporal.PlainDate;

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

// Own tables instead of Intl: its English changes with every ICU, and these words stand in tests, mails and links.

/** The day it falls on. */
export function dateOf(when: When): Temporal.PlainDate {
  return when instanceof Temporal.PlainDate ? when : when.toPlainDate();
}

/** "November" */
export function sayMonth(of: { readonly month: number }): string {
  return MONTHS[of.month - 1] ?? "";
}

/** "Tuesday" */
export function sayWeekday(date: Temporal.PlainDate): string {
  return DAYS[date.dayOfWeek - 1] ?? "";
}

/** "17 November 2026" */
export function sayDate(when: When): string {
  return `${when.day} ${sayMonth(when)} ${when.year}`;
}

/** "Tue 17 Nov" */
export function sayShortDay(date: Temporal.PlainDate): string {
  return `${sayWeekday(date).slice(0, 3)} ${date.day} ${sayMonth(date).slice(0, 3)}`;
}

/** "Tuesday 17 November 2026" */
export function sayLongDay(date: Temporal.PlainDate): string {
  return `${sayWeekday(date)} ${sayDate(date)}`;
}

/** "16:44" */
export function sayClock(when: Temporal.ZonedDateTime): string {
  return `${String(when.hour).padStart(2, "0")}:${String(when.minute).padStart(2, "0")}`;
}

/** "5 June 2022, 16:44", or the date alone when there is no time of day. */
export function sayMoment(when: When): string {
  return when instanceof Temporal.PlainDate ? sayDate(when) : `${sayDate(when)}, ${sayClock(when)}`;
}

// The runtime lists some zones under names that their people have given up.
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["America/Godthab", "Nuuk"],
  ["Africa/Asmera", "Asmara"],
  ["Asia/Calcutta", "Kolkata"],
  ["Asia/Katmandu", "Kathmandu"],
  ["Asia/Rangoon", "Yangon"],
  ["Asia/Saigon", "Ho Chi Minh City"],
  ["Atlantic/Faeroe", "Faroe"],
  ["Europe/Kiev", "Kyiv"],
]);

/** "New York" for America/New_York: what people call their zone. */
export function sayZone(zone: string): string {
  const renamed = RENAMED.get(zone);
  if (renamed !== undefined) return renamed;
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** "just now", "3 minutes ago", "2 hours ago", "5 days ago". A moment that lies ahead (clocks differ) is "just now". */
export function sayAgo(then: Temporal.ZonedDateTime, now: Temporal.ZonedDateTime): string {
  const minutes = Math.floor((now.epochMilliseconds - then.epochMilliseconds) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${count(minutes, "minute")} ago`;
  if (minutes < 24 * 60) return `${count(Math.floor(minutes / 60), "hour")} ago`;
  return `${count(Math.floor(minutes / (24 * 60)), "day")} ago`;
}

/** "1 purchase", "4 purchases" */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** The words for a moment, with the moment itself beside them for machines. */
export function time(when: When, words: string = sayMoment(when)): Html {
  const exact =
    when instanceof Temporal.PlainDate ? when.toString() : when.toInstant().toString({ smallestUnit: "second" });
  return html`<time datetime="${exact}">${words}</time>`;
}

/** "3 minutes ago (Fri 20 Nov, 21:33)" */
export function agoAndWhen(then: Temporal.ZonedDateTime, now: Temporal.ZonedDateTime): Html {
  return time(then, `${sayAgo(then, now)} (${sayShortDay(then.toPlainDate())}, ${sayClock(then)})`);
}

import type { Candidate } from "./look-alikes.ts";

/** When a purchase was, as far as its mail says, and when that mail was sent; the three fields as in `Candidate`. */
export type StatedTime = Pick<Candidate, "occurredAt" | "occurredOn" | "mailDate">;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No bank's alert is that slow, and what is posted overnight comes later. */
const LATE_AFTER_MOMENT_MS = 8 * HOUR_MS;
/** From noon in UTC of the stated day: an hour past that day's last midnight on the American mainland's east, the nearest. */
const LATE_AFTER_NOON_MS = 17 * HOUR_MS;

/** Whether the mail states a time of day. One that states nothing has its own date in `occurredAt`. */
export function statesMoment({ occurredAt, occurredOn, mailDate }: StatedTime): boolean {
  return occurredOn === null && occurredAt !== mailDate;
}

/** Whether the mail states a time of day or a date. */
export function statesAnything(time: StatedTime): boolean {
  return time.occurredOn !== null || statesMoment(time);
}

/**
 * What the stated times of two mails say: that they tell of one minute or of one day, that it is possible (a date and a
 * moment that is on that date somewhere, two dates either side of a midnight, or nothing stated), or that they differ.
 */
export function compareTimes(a: StatedTime, b: StatedTime): "one" | "possible" | "different" {
  const apartMs = Math.abs(a.occurredAt - b.occurredAt);
  if (statesMoment(a) && statesMoment(b)) {
    // One mail may have the seconds that another leaves out.
    return Math.floor(a.occurredAt / MINUTE_MS) === Math.floor(b.occurredAt / MINUTE_MS) ? "one" : "different";
  }
  if (apartMs === 0 && a.occurredOn !== null && b.occurredOn !== null) return "one";
  return apartMs <= DAY_MS ? "possible" : "different";
}

/** Whether the mail came so long after what it tells of that it is no alert, but says what was posted. */
export function isLate({ occurredAt, occurredOn, mailDate }: StatedTime): boolean {
  return mailDate - occurredAt > (occurredOn === null ? LATE_AFTER_MOMENT_MS : LATE_AFTER_NOON_MS);
}

/** How long something has waited, or how long ago it was, in milliseconds; null when there is none. With a reason, somebody should look at it. */
export type Age = { readonly ageMs: number | null; readonly reason: string | null };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Whether there is an age, and it is beyond the limit. */
export function isOver(ageMs: number | null, limitMs: number): ageMs is number {
  return ageMs !== null && ageMs > limitMs;
}

/** An age for people, in the largest unit of which there are two. */
export function inWords(ageMs: number): string {
  if (ageMs >= 2 * DAY_MS) return `${Math.floor(ageMs / DAY_MS)} days`;
  if (ageMs >= 2 * HOUR_MS) return `${Math.floor(ageMs / HOUR_MS)} hours`;
  return `${Math.floor(ageMs / MINUTE_MS)} minutes`;
}

/** A stretch of time as Postmark's search is asked for it; `to` is null for one that goes on. Both ends are in it. */
export type Window = { readonly from: Temporal.Instant; readonly to: Temporal.Instant | null };

// The zone that Postmark's search takes times in: https://postmarkapp.com/developer/api/messages-api
const ZONE = "America/New_York";

/**
 * The window in Postmark's words: to the second, outwards. Where the clocks go back, an hour has each time twice, and
 * nobody says which one Postmark means: a window that ends in such an hour has all of it.
 */
export function searchTimes({ from, to }: Window): { readonly fromdate: string; readonly todate: string | null } {
  return { fromdate: wall(from, "from"), todate: to === null ? null : wall(to, "to") };
}

/** The window's two halves; null when they would be asked for in the same words, since they are no smaller then. */
export function halvesOf(window: Window, now: Temporal.Instant): readonly [Window, Window] | null {
  const { from, to } = window;
  const seconds = Math.floor(from.until(to ?? now).total("seconds") / 2);
  if (seconds < 1) return null;
  const middle = from.add({ seconds });
  const halves = [
    { from, to: middle },
    { from: middle, to },
  ] as const;
  const asked = wordsOf(window);
  return halves.some((half) => wordsOf(half) === asked) ? null : halves;
}

function wordsOf(window: Window): string {
  const { fromdate, todate } = searchTimes(window);
  return `${fromdate} ${todate ?? ""}`;
}

function wall(instant: Temporal.Instant, end: "from" | "to"): string {
  const rounded = instant.round({ smallestUnit: "second", roundingMode: end === "from" ? "floor" : "ceil" });
  const local = rounded.toZonedDateTimeISO(ZONE).toPlainDateTime();
  const first = local.toZonedDateTime(ZONE, { disambiguation: "earlier" });
  const isTwice = !first.equals(local.toZonedDateTime(ZONE, { disambiguation: "later" }));
  const change = isTwice ? first.getTimeZoneTransition("next") : null;
  if (change === null) return local.toString();
  // The last second that there is once before that hour, and the first one after it.
  const lastOfFirst = change.toInstant().subtract({ seconds: 1 }).toZonedDateTimeISO(ZONE).toPlainDateTime();
  return end === "from"
    ? change.toPlainDateTime().subtract({ seconds: 1 }).toString()
    : lastOfFirst.add({ seconds: 1 }).toString();
}

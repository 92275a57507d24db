import type { App, Maintenance } from "../app.ts";
import { page } from "./answers.ts";
import { maintenancePage } from "./pages/maintenance.ts";

/** What `/health` says about maintenance: when it was begun and when it ends by itself; null while there is none. */
export type MaintenanceWarning = {
  readonly since: string | null;
  readonly until: string | null;
  /** Null while there is nothing to do about it, or one sentence. */
  readonly reason: string | null;
};

// Postmark tries a mail again after 1, 5, 10, 10, 10, 15 and 30 minutes, then after 1, 2 and 6 hours, and then drops it.
// https://postmarkapp.com/support/article/understanding-inbound-webhook-retries-in-postmark
const POSTMARK_TRIES_MINUTES = 1 + 5 + 10 + 10 + 10 + 15 + 30 + 60 + 120 + 360;
// Late enough to leave planned work alone, and over four hours before the first mail is dropped.
const WARN_AFTER_HOURS = 6;

/**
 * The answer of what has to wait for the end of maintenance: 503, so that Postmark keeps its mail and brings it again. It
 * asks nothing of the store.
 *
 * @param isForPeople whether a person will read it
 */
export function duringMaintenance(isForPeople: boolean): Response {
  const answer = isForPeople
    ? page(maintenancePage(), 503)
    : new Response("This service is being worked on. Please try again later.\n", {
        status: 503,
        headers: { "content-type": "text/plain; charset=utf-8" },
      });
  answer.headers.set("retry-after", "60");
  answer.headers.set("cache-control", "no-store");
  return answer;
}

/** What an operator should know of maintenance; from six hours on there is a reason to look. */
export function maintenanceWarning(app: App): MaintenanceWarning {
  const maintenance = app.maintenance();
  if (maintenance === null) return { since: null, until: null, reason: null };
  const { since, until } = maintenance;
  const isLong = Temporal.Instant.compare(app.now(), since.add({ hours: WARN_AFTER_HOURS })) >= 0;
  const reason = `${sayMaintenance(maintenance)} \`wtmm maintenance on\` renews it, and off ends it now.`;
  return { since: moment(since), until: moment(until), reason: isLong ? reason : null };
}

/** The operator's sentences: whether maintenance is on, until when, and how long Postmark keeps mail for us. */
export function sayMaintenance(maintenance: Maintenance | null): string {
  if (maintenance === null) return "Maintenance is off.";
  const { since, until } = maintenance;
  const dropped = since.add({ minutes: POSTMARK_TRIES_MINUTES });
  const isTooLong = Temporal.Instant.compare(until, dropped) > 0;
  const says = `Maintenance is on since ${moment(since)} and ends by itself at ${moment(until)}.`;
  return isTooLong
    ? `${says} End it before ${moment(dropped)}: then Postmark begins to drop the mail that came first.`
    : says;
}

function moment(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: "second" });
}

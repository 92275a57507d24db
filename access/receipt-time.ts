import { mailDate } from "../parsers/mail-date.ts";

const POSTMARKS = /\bby \S+\.inbound\.postmarkapp\.com\b/i;
/** Far longer than what Postmark writes; stops a huge header from being searched. */
const MAX_LENGTH = 4_000;
/** As long as Postmark keeps mails. */
const OLDEST = { hours: 45 * 24 };

/**
 * When Postmark took a mail in, by the line that it puts on top of all others. Now, when the mail has no such line or it
 * says what can't be: a sender may write whatever they like further below.
 */
export function receiptTime(
  headers: readonly { readonly Name: string; readonly Value: string }[],
  now: Temporal.Instant,
): Temporal.Instant {
  const top = headers.find(({ Name }) => Name.toLowerCase() === "received")?.Value.slice(0, MAX_LENGTH) ?? "";
  if (!POSTMARKS.test(top)) return now;
  const at = mailDate(top.slice(top.lastIndexOf(";") + 1), now);
  const isPossible = Temporal.Instant.compare(at, now) <= 0 && Temporal.Instant.compare(at, now.subtract(OLDEST)) >= 0;
  return isPossible ? at : now;
}

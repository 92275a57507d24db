import type { MailRow } from "../adapters/libsql-mails.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import { bookingGuess } from "./book-by-hand.ts";
import { spendingOf } from "./booking.ts";
import type { RejectedBooking } from "./pages/booking-form.ts";
import type { ReviewItem } from "./pages/review-item.ts";
import { zoned } from "./purchase-rows.ts";
import { readingFrom } from "./stored-reading.ts";

/** A mail that waits, as the page of review shows it; with what was typed, when that was refused. */
export function itemOf(mail: MailRow, { timeZone }: Session, rejected: RejectedBooking | null): ReviewItem {
  const { lines, events, links } = readingFrom(mail.reading);
  // What an unknown sender's mail says is not offered as it stands.
  const complete = mail.institution === null ? [] : events;
  return {
    id: mail.id,
    number: mail.number,
    reason: mail.reason,
    reading: spendingOf(complete).map(({ merchant, amountMinor, currency, occurredAt, occurredOn }) => ({
      merchant,
      amount: { amountMinor, currency },
      occurred: occurredOn === null ? zoned(occurredAt, timeZone) : Temporal.PlainDate.from(occurredOn),
    })),
    // Trust helps only where nothing else is in the way.
    route: complete.length > 0 ? mail.routeInDoubt : null,
    booking: rejected ?? { typed: bookingGuess(mail, timeZone), errors: {} },
    links,
    mail: {
      from: mail.sender,
      subject: mail.subject,
      date: zoned(mail.mailDate ?? mail.receivedAt, timeZone),
      lines,
      words: complete.flatMap(({ words }) => Object.values(words)),
    },
  };
}

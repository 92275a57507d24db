import type { MailRow } from "../adapters/libsql-mails.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import { bookingGuess } from "./book-by-hand.ts";
import { spendingOf } from "./booking.ts";
import type { RejectedBooking } from "./pages/booking-form.ts";
import type { ReviewItem } from "./pages/review-item.ts";
import { zoned } from "./purchase-rows.ts";
import type { Guess } from "./read-mail.ts";
import { readingFrom } from "./stored-reading.ts";

/** A mail that waits, as the page of review shows it; with what was typed, when that was refused. */
export function itemOf(mail: MailRow, { timeZone }: Session, rejected: RejectedBooking | null): ReviewItem {
  const { lines, events, guess, links } = readingFrom(mail.reading);
  const agreeable = agreeableGuess(mail);
  const complete = agreeable === null ? (mail.institution === null ? [] : events) : [agreeable.event];
  return {
    id: mail.id,
    number: mail.number,
    reason: mail.reason,
    reading: spendingOf(complete).map(({ merchant, amountMinor, currency, occurredAt, occurredOn }) => ({
      merchant,
      amount: { amountMinor, currency },
      occurred: occurredOn === null ? zoned(occurredAt, timeZone) : Temporal.PlainDate.from(occurredOn),
    })),
    isGuess: agreeable !== null,
    isTeachable: mail.institution === null && mail.reading !== null,
    // Trust helps only where nothing else is in the way.
    route: complete.length > 0 && agreeable === null ? mail.routeInDoubt : null,
    booking: rejected ?? { typed: bookingGuess(mail, timeZone), errors: {} },
    links,
    mail: {
      from: mail.sender,
      subject: mail.subject,
      date: zoned(mail.mailDate ?? mail.receivedAt, timeZone),
      lines,
      words: [...complete, ...(guess === null ? [] : [guess.event])].flatMap(({ words }) => Object.values(words)),
    },
  };
}

/** What is guessed of an unknown sender's mail, when it is complete enough to be agreed to with one press. */
export function agreeableGuess({ institution, reading }: MailRow): Guess | null {
  const { guess } = readingFrom(reading);
  const isWhole = guess !== null && guess.missing.length === 0 && spendingOf([guess.event]).length > 0;
  return institution === null && isWhole ? guess : null;
}

import { newToken } from "../access/tokens.ts";
import type { NewPurchase } from "../adapters/libsql-book.ts";
import type { MailRow } from "../adapters/libsql-mails.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { dayOf, parseDay } from "../ledger/days.ts";
import { formatAmount } from "../ledger/money.ts";
import { isSpending, signedAmount } from "../ledger/spending.ts";
import { senderDomain } from "./booking.ts";
import type { RejectedBooking, TypedBooking } from "./pages/booking-form.ts";
import type { ReadEvent } from "./read-mail.ts";
import { readingFrom } from "./stored-reading.ts";
import { errorOf, typedAmount, typedMerchant, type Typed } from "./typed-purchase.ts";

/** What the form begins with: what was read or guessed first in the mail, spending or not; of any other its day alone. */
export function bookingGuess(mail: MailRow, timeZone: string): TypedBooking {
  const event = firstEventOf(mail);
  const mailDay = dayAt(mail.mailDate ?? mail.receivedAt, timeZone);
  if (event === null) return { merchant: "", amount: "", currency: "", date: mailDay };
  const { merchant, currency, occurredAt, occurredOn } = event;
  const amountMinor = signedAmount(event) ?? event.amountMinor;
  const date = occurredOn ?? dayAt(occurredAt, timeZone);
  return { merchant, amount: formatAmount({ amountMinor, currency }), currency, date };
}

/**
 * The purchase that a person makes of a mail in review by typing it. A field that is left out is as in the guess; what was
 * read and not changed keeps its time of day, its card and the words that it was read from.
 */
export function bookedByHand(
  form: ReadonlyMap<string, string>,
  mail: MailRow,
  { accountId, timeZone }: Session,
  app: Pick<App, "random" | "now">,
): NewPurchase | RejectedBooking {
  const guess = bookingGuess(mail, timeZone);
  const typed = typedOver(form, guess);
  const merchant = typedMerchant(typed.merchant);
  const currency = typedCurrency(typed.currency);
  const amount = "value" in currency ? typedAmount(typed.amount, currency.value) : null;
  const date = typedDay(typed.date, dayOf(app.now(), timeZone));
  if (!("value" in merchant && "value" in currency && amount && "value" in amount && "value" in date)) {
    const errors = {
      merchant: errorOf(merchant),
      amount: amount === null ? undefined : errorOf(amount),
      currency: errorOf(currency),
      date: errorOf(date),
    };
    return { typed, errors };
  }
  const event = firstEventOf(mail);
  const amountMinor = amount.value;
  const wordsFor = (field: "merchant" | "amount" | "date", read: string | undefined): string =>
    typed[field] === guess[field] ? (read ?? "") : typed[field];
  return {
    id: newToken(app.random, 10),
    accountId,
    mailId: mail.id,
    position: 0,
    institution: mail.institution ?? senderDomain(mail.sender),
    kind: kindOf(event, amountMinor),
    merchant: merchant.value,
    ...(typed.merchant !== guess.merchant && { named: 1 }),
    amountMinor,
    currency: currency.value,
    card: event?.card ?? null,
    ...(event !== null && typed.date === guess.date
      ? { occurredAt: event.occurredAt, occurredOn: event.occurredOn }
      : noonOf(date.value)),
    origin: "person",
    signedBy: null,
    words: JSON.stringify({
      amount: wordsFor("amount", event?.words.amount),
      merchant: wordsFor("merchant", event?.words.merchant),
      occurred: wordsFor("date", event?.words.occurred),
    }),
    bookedAt: app.now().epochMilliseconds,
  };
}

function firstEventOf(mail: MailRow): ReadEvent | null {
  const { events, guess } = readingFrom(mail.reading);
  return events[0] ?? guess?.event ?? null;
}

function dayAt(at: number, timeZone: string): string {
  return dayOf(Temporal.Instant.fromEpochMilliseconds(at), timeZone).toString();
}

function typedOver(form: ReadonlyMap<string, string>, guess: TypedBooking): TypedBooking {
  return {
    merchant: form.get("merchant") ?? guess.merchant,
    amount: form.get("amount") ?? guess.amount,
    currency: form.get("currency") ?? guess.currency,
    date: form.get("date") ?? guess.date,
  };
}

function typedCurrency(text: string): Typed<string> {
  const code = text.trim().toUpperCase();
  const isOne = Intl.supportedValuesOf("currency").includes(code);
  return isOne ? { value: code } : { error: "A currency has three letters, like USD or EUR." };
}

function typedDay(text: string, today: Temporal.PlainDate): Typed<Temporal.PlainDate> {
  const day = parseDay(text.trim());
  if (day === null) return { error: "A day looks like 2026-11-17." };
  // A slip of the year would take the purchase out of everybody's sight.
  return Temporal.PlainDate.compare(day, today) > 0 ? { error: "This day has not come yet." } : { value: day };
}

/** What was read, unless the amount now goes the other way. */
function kindOf(event: ReadEvent | null, amountMinor: number): string {
  const isSame = event !== null && isSpending(event.kind) && (signedAmount(event) ?? 0) < 0 === amountMinor < 0;
  if (isSame) return event.kind;
  return amountMinor < 0 ? "refund" : "purchase";
}

function noonOf(day: Temporal.PlainDate): { occurredAt: number; occurredOn: string } {
  const noon = day.toZonedDateTime({ timeZone: "UTC", plainTime: "12:00" });
  return { occurredAt: noon.epochMilliseconds, occurredOn: day.toString() };
}

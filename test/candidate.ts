import type { Candidate } from "../ledger/look-alikes.ts";

/** What a test says of a candidate; the rest is a purchase for 12.34 USD on the card 1234 of a bank. */
export type Said = Partial<Omit<Candidate, "occurredAt" | "occurredOn" | "mailDate">> & {
  /** A time of day (`2026-11-20T16:44`) or a date that the mail states, both in UTC; without it, it states nothing. */
  readonly at?: string;
  readonly mailed: string;
};

let count = 0;

/** One booked purchase as its mail said it, each of another mail. */
export function candidate({ at, mailed, ...said }: Said): Candidate {
  count += 1;
  const mailDate = instant(mailed);
  const isDay = at !== undefined && !at.includes("T");
  return {
    id: `purchase-${count}`,
    mailId: `mail-${count}`,
    institution: "bank",
    kind: "purchase",
    merchant: "ANMOL INDIAN RESTAURANT",
    amountMinor: 1234,
    currency: "USD",
    card: "1234",
    ...said,
    occurredAt: at === undefined ? mailDate : instant(isDay ? `${at}T12:00` : at),
    occurredOn: isDay ? at : null,
    mailDate,
  };
}

function instant(text: string): number {
  return Temporal.Instant.from(`${text}Z`).epochMilliseconds;
}

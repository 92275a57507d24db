import type { Statement } from "./libsql.ts";

/** How it is known that a purchase is real: its mail came to an alert address, the person said so, or it is our sample. */
export type Origin = "addressed" | "person" | "sample";

/** Something to be booked. */
export type NewPurchase = {
  readonly id: string;
  readonly accountId: string;
  readonly mailId: string;
  readonly position: number;
  readonly institution: string;
  readonly kind: string;
  readonly merchant: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
  readonly origin: Origin;
  /** JSON: the words of the mail that were read. */
  readonly words: string;
  readonly bookedAt: number;
};

/**
 * The statement that books one event. `when` is a condition on the mail (`?1` is the purchase's mail id), so that the
 * decision whether it counts is made in the same batch.
 */
export function bookStatement(purchase: NewPurchase, when: string): Statement {
  return {
    sql: `INSERT INTO purchases (mail_id, id, account_id, position, institution, kind, merchant, amount_minor, currency,
            card, occurred_at, occurred_on, origin, words, booked_at)
          SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15 WHERE ${when}
          ON CONFLICT (mail_id, position) DO NOTHING`,
    args: [
      purchase.mailId,
      purchase.id,
      purchase.accountId,
      purchase.position,
      purchase.institution,
      purchase.kind,
      purchase.merchant,
      purchase.amountMinor,
      purchase.currency,
      purchase.card,
      purchase.occurredAt,
      purchase.occurredOn,
      purchase.origin,
      purchase.words,
      purchase.bookedAt,
    ],
  };
}

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
  /** 1 when the merchant is the person's own word: then that is its name. */
  readonly named?: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
  readonly origin: Origin;
  /** The domain of the bank whose signature on the mail holds, or null. */
  readonly signedBy: string | null;
  /** JSON: the words of the mail that were read. */
  readonly words: string;
  readonly bookedAt: number;
};

/**
 * The statement that books one event, or brings what was booked for it up to a better reading of the same mail. `when` is a condition on the mail (`?1` is the purchase's mail id), so that the
 * decision whether it counts is made in the same batch.
 */
export function bookStatement(purchase: NewPurchase, when: string): Statement {
  return {
    sql: `INSERT INTO purchases (mail_id, id, account_id, position, institution, kind, merchant, amount_minor, currency,
            card, occurred_at, occurred_on, origin, words, booked_at, signed_by, named)
          SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17 WHERE ${when}
          ON CONFLICT (mail_id, position) DO UPDATE SET kind = excluded.kind, merchant = excluded.merchant,
            named = excluded.named,
            amount_minor = excluded.amount_minor, currency = excluded.currency, card = excluded.card,
            occurred_at = excluded.occurred_at, occurred_on = excluded.occurred_on, words = excluded.words,
            origin = excluded.origin, signed_by = excluded.signed_by, withdrawn_at = NULL, compared = 0`,
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
      purchase.signedBy,
      purchase.named ?? 0,
    ],
  };
}

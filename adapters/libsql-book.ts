import { jsonRows } from "./json-rows.ts";
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
 * The statements that book events, or bring what was booked for them up to a better reading of the same mail. `when` is a
 * condition on the row (`new`), so that the decision whether it counts is made in the same batch.
 */
export function bookStatements(purchases: readonly NewPurchase[], when: string): Statement[] {
  if (purchases.length === 0) return [];
  return [
    {
      sql: `WITH new AS MATERIALIZED (
              SELECT value ->> 'mailId' AS mail_id, value ->> 'id' AS id, value ->> 'accountId' AS account_id,
                value ->> 'position' AS position, value ->> 'institution' AS institution, value ->> 'kind' AS kind,
                value ->> 'merchant' AS merchant, value ->> 'amountMinor' AS amount_minor, value ->> 'currency' AS currency,
                value ->> 'card' AS card, value ->> 'occurredAt' AS occurred_at, value ->> 'occurredOn' AS occurred_on,
                value ->> 'origin' AS origin, value ->> 'words' AS words, value ->> 'bookedAt' AS booked_at,
                value ->> 'signedBy' AS signed_by, coalesce(value ->> 'named', 0) AS named
              FROM json_each(?1))
            INSERT INTO purchases (mail_id, id, account_id, position, institution, kind, merchant, amount_minor, currency,
              card, occurred_at, occurred_on, origin, words, booked_at, signed_by, named)
            SELECT * FROM new WHERE ${when}
            ON CONFLICT (mail_id, position) DO UPDATE SET kind = excluded.kind, merchant = excluded.merchant,
              named = excluded.named,
              amount_minor = excluded.amount_minor, currency = excluded.currency, card = excluded.card,
              occurred_at = excluded.occurred_at, occurred_on = excluded.occurred_on, words = excluded.words,
              origin = excluded.origin, signed_by = excluded.signed_by, withdrawn_at = NULL, compared = 0`,
      args: [jsonRows(purchases)],
    },
  ];
}

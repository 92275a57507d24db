import type { NewPurchase } from "./libsql-book.ts";
import type { ClaimedMail } from "./libsql-queue.ts";
import type { Database } from "./libsql.ts";

/** A mail that was interpreted, with what came of it. */
export type ReplayedMail = ClaimedMail & {
  readonly number: number;
  readonly institution: string | null;
  readonly reason: string;
  /** As it is stored for pages, or null. */
  readonly reading: string | null;
  /** What it counts as spending, in the order of the mail. */
  readonly purchases: readonly StoredPurchase[];
};

/** The part of a purchase that a reading decides. */
export type StoredPurchase = Pick<
  NewPurchase,
  "position" | "kind" | "merchant" | "amountMinor" | "currency" | "card" | "occurredAt" | "occurredOn" | "words"
>;

// A mail whose person decided about it is past reading; so is one that stands in review for another with its Message-ID.
const MAY_BE_REPLAYED = `m.state = 'done' AND m.outcome IN ('booked', 'not_a_purchase', 'review')
  AND NOT EXISTS (SELECT 1 FROM review_decisions WHERE mail_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM samples WHERE used_by_mail = m.id)
  AND (m.outcome <> 'review' OR NOT EXISTS (
    SELECT 1 FROM mail_identities i JOIN mail_identities o ON o.account_id = i.account_id AND o.message_id = i.message_id
    WHERE i.mail_id = m.id AND o.mail_id <> m.id))`;

/** Kept mails that are read once more. */
export function replayStore(db: Database) {
  return {
    /** Mails that a better reading may change, in the order of arrival, those after a number. For the operator. */
    async mailsToReplay(range: {
      readonly after: number;
      readonly since: Temporal.Instant | null;
      readonly accountId: string | null;
      readonly limit: number;
    }): Promise<ReplayedMail[]> {
      const rows = await db.all<Omit<ReplayedMail, "purchases"> & { purchases: string }>(
        `SELECT m.number, m.id, m.account_id AS accountId, m.route, m.recipient, m.received_at AS receivedAt, 1 AS attempts,
           m.outcome, m.signature AS originCheck, m.institution, m.reason,
           (SELECT reading FROM mail_readings WHERE mail_number = m.number) AS reading,
           (SELECT json_group_array(json_object('position', position, 'kind', kind, 'merchant', merchant,
              'amountMinor', amount_minor, 'currency', currency, 'card', card, 'occurredAt', occurred_at,
              'occurredOn', occurred_on, 'words', words) ORDER BY position)
            FROM purchases WHERE mail_id = m.id AND withdrawn_at IS NULL) AS purchases
         FROM mails m
         WHERE m.number > ?1 AND m.account_id IS NOT NULL AND (?2 IS NULL OR m.received_at >= ?2)
           AND (?3 IS NULL OR m.account_id = ?3) AND ${MAY_BE_REPLAYED}
         ORDER BY m.number LIMIT ?4`,
        [range.after, range.since?.epochMilliseconds ?? null, range.accountId, range.limit],
      );
      return rows.map((row) => ({ ...row, purchases: JSON.parse(row.purchases) as StoredPurchase[] }));
    },

    /** Has mails interpreted once more. For the operator. */
    async replayMails(ids: readonly string[]): Promise<void> {
      await db.write([
        {
          sql: `UPDATE mails AS m SET state = 'waiting', lease_until = 0, attempts = 0
                WHERE m.id IN (SELECT value FROM json_each(?1)) AND ${MAY_BE_REPLAYED}`,
          args: [JSON.stringify(ids)],
        },
      ]);
    },

    /** How many of these mails wait to be interpreted. For the operator. */
    async waitingAmong(ids: readonly string[]): Promise<number> {
      const row = await db.one<{ count: number }>(
        "SELECT count(*) AS count FROM mails WHERE state = 'waiting' AND id IN (SELECT value FROM json_each(?))",
        [JSON.stringify(ids)],
      );
      return row?.count ?? 0;
    },
  };
}

import { ACCOUNTED_AS, type AccountedAs } from "./libsql-accounting.ts";
import type { MailOutcome } from "./libsql-interpretation.ts";
import type { Database } from "./libsql.ts";

/** One of the account's mails as the list of all of them shows it; instants in milliseconds since 1970. */
export type ListedMail = {
  /** Its place among all mails, in the order of arrival. */
  readonly number: number;
  readonly id: string;
  readonly receivedAt: number;
  readonly outcome: MailOutcome | null;
  readonly accountedAs: AccountedAs | null;
  readonly reason: string;
  readonly sender: string;
  readonly subject: string;
  /** How sure its origin is; null for what no origin is asked of. */
  readonly verdict: "bank-signed" | "addressed" | "unverified" | "suspect" | null;
  /** The domain whose signature holds. */
  readonly signedBy: string | null;
  /** What it was read as, as JSON; null when it could not be read, or not yet. */
  readonly reading: string | null;
};

/** A place in the list of all mails. */
export type MailPlace = { readonly receivedAt: number; readonly number: number };

const END: MailPlace = { receivedAt: Number.MAX_SAFE_INTEGER, number: 0 };

/** All mails of a person, whatever became of them. */
export function mailListStore(db: Database) {
  return {
    /** One page of the account's mails, newest first, of all or of those that are accounted for in one way. */
    listMails: (accountId: string, as: AccountedAs | null, before: MailPlace | null, limit: number) =>
      db.all<ListedMail>(
        `SELECT * FROM (
           SELECT m.number, m.id, m.received_at AS receivedAt, m.outcome, ${ACCOUNTED_AS} AS accountedAs, m.reason,
             m.sender, m.subject, m.verdict, m.signed_by AS signedBy,
             (SELECT reading FROM mail_readings WHERE mail_number = m.number) AS reading
           FROM mails m WHERE m.account_id = ?1 AND (m.received_at, m.number) < (?2, ?3))
         WHERE ?4 IS NULL OR accountedAs = ?4 ORDER BY receivedAt DESC, number DESC LIMIT ?5`,
        [accountId, (before ?? END).receivedAt, (before ?? END).number, as, limit],
      ),

    /**
     * Puts a mail into review that was taken for no purchase, by us or by the person, because the person says that it was
     * one. It stays the person's from then on. False when the account has no such mail.
     */
    async wasAPurchase(said: {
      id: string;
      accountId: string;
      mailId: string;
      at: Temporal.Instant;
    }): Promise<boolean> {
      const [made] = await db.write([
        {
          sql: `INSERT INTO review_decisions (id, account_id, mail_id, sequence, at, decision)
                SELECT ?1, m.account_id, m.id,
                  1 + (SELECT coalesce(max(sequence), 0) FROM review_decisions WHERE mail_id = m.id), ?4, 'waiting'
                FROM mails m WHERE m.id = ?3 AND m.account_id = ?2 AND m.outcome IN ('not_a_purchase', 'review')
                  AND ${ACCOUNTED_AS} = 'not_a_purchase'`,
          args: [said.id, said.accountId, said.mailId, said.at.epochMilliseconds],
        },
        {
          // Trusting its way would only have it read again, and taken for no purchase again.
          sql: `UPDATE mails SET outcome = 'review', reason = 'You said that this was a purchase.', state = 'done',
                  route_in_doubt = NULL
                WHERE id = ?2 AND outcome = 'not_a_purchase' AND EXISTS (SELECT 1 FROM review_decisions WHERE id = ?1)`,
          args: [said.id, said.mailId],
        },
      ]);
      return made?.changed === 1;
    },
  };
}

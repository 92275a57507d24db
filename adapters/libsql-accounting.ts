import type { Database } from "./libsql.ts";

/** What counts as done with a mail: it is in the books, known to be no purchase, with its person, or not read to the end. */
export type AccountedAs = "booked" | "not_a_purchase" | "review" | "waiting";

/**
 * How many mails came in, and what they are accounted for as. The four are counted each by what its mails are, none as
 * what is left of the others: their sum falls short of `mailsIn` when an outcome has been forgotten here.
 */
export type MailCounts = {
  readonly mailsIn: number;
  readonly booked: number;
  readonly notPurchases: number;
  readonly inReview: number;
  /** Not interpreted yet, or its origin can't be checked just now. */
  readonly waiting: number;
};

/** A delivery of a mail that came before, and what only carried other mails, are no mails of their own. */
const IS_MAIL = "(m.outcome IS NULL OR m.outcome NOT IN ('duplicate', 'carrier'))";

/** What a mail `m` is accounted for as; null for what is no mail of its own. What a person decided counts. */
export const ACCOUNTED_AS = `CASE
  WHEN m.outcome = 'booked' THEN 'booked'
  WHEN m.outcome IN ('not_a_purchase', 'ours', 'confirmation') THEN 'not_a_purchase'
  WHEN m.outcome = 'review' THEN
    CASE (SELECT decision FROM review_decisions WHERE mail_id = m.id ORDER BY sequence DESC LIMIT 1)
      WHEN 'booked' THEN 'booked' WHEN 'dismissed' THEN 'not_a_purchase' ELSE 'review' END
  WHEN m.outcome IS NULL OR m.outcome IN ('unverified', 'held', 'unreadable') THEN 'waiting'
END`;

/** Every mail is accounted for. */
export function accountingStore(db: Database) {
  return {
    /** What became of the account's mails that arrived from an instant up to, and without, another. */
    async countMails(accountId: string, from: Temporal.Instant, to: Temporal.Instant): Promise<MailCounts> {
      const counts = await db.one<MailCounts>(
        `SELECT count(*) FILTER (WHERE isMail) AS mailsIn,
           count(*) FILTER (WHERE accountedAs = 'booked') AS booked,
           count(*) FILTER (WHERE accountedAs = 'not_a_purchase') AS notPurchases,
           count(*) FILTER (WHERE accountedAs = 'review') AS inReview,
           count(*) FILTER (WHERE accountedAs = 'waiting') AS waiting
         FROM (SELECT ${IS_MAIL} AS isMail, ${ACCOUNTED_AS} AS accountedAs FROM mails m
               WHERE m.account_id = ? AND m.received_at >= ? AND m.received_at < ?)`,
        [accountId, from.epochMilliseconds, to.epochMilliseconds],
      );
      return counts ?? { mailsIn: 0, booked: 0, notPurchases: 0, inReview: 0, waiting: 0 };
    },
  };
}

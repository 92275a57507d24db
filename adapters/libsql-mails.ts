import type { MailOutcome } from "./libsql-interpretation.ts";
import { WAITS_FOR_PERSON } from "./waits-for-person.ts";
import { bookStatements, type NewPurchase } from "./libsql-book.ts";
import type { Database } from "./libsql.ts";
import { ruleStatements, type NewReadingRule } from "./libsql-reading-rules.ts";

/** One of the account's mails as lists and pages show it; instants in milliseconds since 1970. */
export type MailRow = {
  /** Its place among all mails, in the order of arrival. */
  readonly number: number;
  readonly id: string;
  readonly receivedAt: number;
  readonly outcome: MailOutcome | null;
  readonly reason: string;
  readonly institution: string | null;
  readonly sender: string;
  readonly subject: string;
  readonly mailDate: number | null;
  /** What it was read as, as JSON; null when it could not be read. */
  readonly reading: string | null;
  /** What the person decided in review, if anything. */
  readonly decision: "dismissed" | "booked" | "waiting" | null;
  /**
   * What trusting the way it came would trust; null when its origin is sure or must not be trusted, and for whoever wants
   * only what banks signed.
   */
  readonly routeInDoubt: string | null;
  /** What was found out about its origin, as JSON, or null. */
  readonly originCheck: string | null;
  /** What the rule goes by that it was read by; null for what a parser reads. */
  readonly readBy: "example" | "form" | null;
};

const MAIL = `m.number, m.id, m.received_at AS receivedAt, m.outcome, m.reason, m.institution, m.sender, m.subject,
  m.mail_date AS mailDate, (SELECT reading FROM mail_readings WHERE mail_number = m.number) AS reading,
  (SELECT decision FROM review_decisions WHERE mail_id = m.id ORDER BY sequence DESC LIMIT 1) AS decision,
  iif((SELECT requires_signature FROM accounts WHERE id = m.account_id) = 1, NULL, m.route_in_doubt) AS routeInDoubt,
  m.signature AS originCheck, (SELECT json_extract(rule, '$.by') FROM reading_rules WHERE id = m.rule_id) AS readBy`;

const WAITS = `m.account_id = ?1 AND m.outcome = 'review' AND ${WAITS_FOR_PERSON}`;

/** A person's mails, and what the person decides about those in review. */
export function mailStore(db: Database) {
  return {
    /** One of the account's mails, or null. */
    mail: (accountId: string, mailId: string) =>
      db.one<MailRow>(`SELECT ${MAIL} FROM mails m WHERE m.account_id = ? AND m.id = ?`, [accountId, mailId]),

    /** The account's mails that wait for the person, newest first; those before a number when one is given. */
    mailsInReview: (accountId: string, before: number | null, limit: number) =>
      db.all<MailRow>(
        `SELECT ${MAIL} FROM mails m WHERE ${WAITS} AND (?2 IS NULL OR m.number < ?2) ORDER BY m.number DESC LIMIT ?3`,
        [accountId, before, limit],
      ),

    /** The account's mails that the person set aside in review, the last decision first. */
    mailsSetAside: (accountId: string, limit: number) =>
      db.all<MailRow & { decidedAt: number }>(
        `SELECT ${MAIL}, d.at AS decidedAt FROM review_decisions d JOIN mails m ON m.id = d.mail_id
         WHERE d.account_id = ? AND d.decision = 'dismissed'
           AND NOT EXISTS (SELECT 1 FROM review_decisions n WHERE n.mail_id = d.mail_id AND n.sequence > d.sequence)
         ORDER BY d.at DESC LIMIT ?`,
        [accountId, limit],
      ),

    /** How many of the account's mails wait for the person. */
    async countInReview(accountId: string): Promise<number> {
      const row = await db.one<{ count: number }>(`SELECT count(*) AS count FROM mails m WHERE ${WAITS}`, [accountId]);
      return row?.count ?? 0;
    },

    /** When the account's last mail came, samples and confirmations included; milliseconds since 1970, or null. */
    async lastMailAt(accountId: string): Promise<number | null> {
      const row = await db.one<{ at: number | null }>("SELECT max(received_at) AS at FROM mails WHERE account_id = ?", [
        accountId,
      ]);
      return row?.at ?? null;
    },

    /**
     * Writes what the person decided about a mail in review, and books its purchases if that is the decision. Only what
     * waits can be dismissed or booked, and only what was dismissed can wait again: of two presses at once one counts.
     * False when the account has no such mail in review, or it is past that decision.
     */
    async decide(decision: {
      id: string;
      accountId: string;
      mailId: string;
      decision: "dismissed" | "booked" | "waiting";
      purchases: readonly NewPurchase[];
      /** What the sender's mails are read by from then on. */
      rule?: Omit<NewReadingRule, "decisionId">;
      at: Temporal.Instant;
    }): Promise<boolean> {
      const [made] = await db.write([
        {
          sql: `INSERT INTO review_decisions (id, account_id, mail_id, sequence, at, decision)
                SELECT ?1, account_id, id,
                  1 + (SELECT coalesce(max(sequence), 0) FROM review_decisions WHERE mail_id = ?3), ?4, ?5
                FROM mails WHERE id = ?3 AND account_id = ?2 AND outcome = 'review'
                  AND coalesce((SELECT decision FROM review_decisions WHERE mail_id = ?3 ORDER BY sequence DESC LIMIT 1),
                    'waiting') = iif(?5 = 'waiting', 'dismissed', 'waiting')`,
          args: [decision.id, decision.accountId, decision.mailId, decision.at.epochMilliseconds, decision.decision],
        },
        // Whatever it was to be read again for, the person has decided.
        {
          sql: "UPDATE mails SET state = 'done' WHERE id = ?2 AND EXISTS (SELECT 1 FROM review_decisions WHERE id = ?1)",
          args: [decision.id, decision.mailId],
        },
        ...bookStatements(
          decision.purchases,
          `(SELECT decision FROM review_decisions WHERE mail_id = new.mail_id ORDER BY sequence DESC LIMIT 1) = 'booked'
           AND EXISTS (SELECT 1 FROM mails WHERE id = new.mail_id AND account_id = new.account_id)`,
        ),
        ...(decision.rule === undefined ? [] : ruleStatements({ ...decision.rule, decisionId: decision.id })),
      ]);
      return made?.changed === 1;
    },
  };
}

import type { Database, Statement } from "./libsql.ts";
import { WAITS_FOR_PERSON } from "./waits-for-person.ts";

/** A rule to be remembered. */
export type NewReadingRule = {
  readonly id: string;
  readonly accountId: string;
  /** Bare address, lower case. */
  readonly sender: string;
  /** What makes two rules versions of one. */
  readonly form: string;
  /** JSON, the shape in handlers/reading-rules.ts. */
  readonly rule: string;
  readonly isSigned: boolean;
  /** The mail that it comes from. */
  readonly mailId: string;
  /** The decision about that mail that it is a part of; without that decision it is not remembered. */
  readonly decisionId?: string;
  readonly at: Temporal.Instant;
};

/** A rule as mails are read by it. */
export type ReadingRule = { readonly id: string; readonly rule: string; readonly isSigned: boolean };

/** A rule as its person sees it; instants in milliseconds since 1970. */
export type ListedRule = {
  readonly id: string;
  readonly sender: string;
  readonly version: number;
  readonly rule: string;
  readonly mailId: string;
  readonly subject: string;
  readonly createdAt: number;
  readonly stoppedAt: number | null;
  /** How many mails were booked by it. */
  readonly booked: number;
};

/** A kept mail of a sender that no parser knows. */
export type SendersMail = {
  readonly id: string;
  readonly subject: string;
  readonly outcome: string;
  readonly mailDate: number | null;
  readonly receivedAt: number;
  readonly reading: string | null;
};

/** Rules by which mails of senders are read that no parser knows. */
export function readingRuleStore(db: Database) {
  return {
    /**
     * The rules for a sender's mail of that form at this account that are in use, its own before everybody's, the newest
     * first; examples are for any form. Whoever stops a rule stops it for themselves alone.
     */
    async readingRules(accountId: string, sender: string, form: string | null): Promise<ReadingRule[]> {
      const rows = await db.all<{ id: string; rule: string; signed: number }>(
        `SELECT id, rule, signed FROM reading_rules
         WHERE sender = ?2 AND iif(account_id = ?1, stopped_at IS NULL, shared_at IS NOT NULL)
           AND (json_extract(rule, '$.by') = 'example' OR form = ?3)
         ORDER BY account_id <> ?1, created_at DESC, version DESC LIMIT 100`,
        [accountId, sender, form],
      );
      return rows.map(({ id, rule, signed }) => ({ id, rule, isSigned: signed === 1 }));
    },

    /** Every rule of the account, those in use first, the newest first. */
    allReadingRules: (accountId: string) =>
      db.all<ListedRule>(
        `SELECT r.id, r.sender, r.version, r.rule, r.mail_id AS mailId, m.subject, r.created_at AS createdAt,
           r.stopped_at AS stoppedAt,
           (SELECT count(*) FROM mails b WHERE b.account_id = r.account_id AND b.rule_id = r.id AND b.outcome = 'booked') AS booked
         FROM reading_rules r JOIN mails m ON m.id = r.mail_id
         WHERE r.account_id = ? ORDER BY r.stopped_at IS NOT NULL, r.created_at DESC, r.version DESC, r.id LIMIT 200`,
        [accountId],
      ),

    /**
     * Remembers a rule, and has the sender's mails that wait for the person read again. Earlier ones stay in use for mails
     * of their own form. False when the account has no such mail in review.
     */
    async addReadingRule(rule: NewReadingRule): Promise<boolean> {
      const [made] = await db.write(ruleStatements(rule));
      return made?.changed === 1;
    },

    /** Stops a rule, or takes it up again; what was booked by it stays. False when the account has no such rule. */
    async stopReadingRule(accountId: string, id: string, stoppedAt: Temporal.Instant | null): Promise<boolean> {
      const [changed] = await db.write([
        {
          sql: "UPDATE reading_rules SET stopped_at = ?3 WHERE id = ?2 AND account_id = ?1",
          args: [accountId, id, stoppedAt?.epochMilliseconds ?? null],
        },
        ...(stoppedAt === null ? [againStatement(accountId, id)] : []),
      ]);
      return changed?.changed === 1;
    },

    /** What the account keeps from a sender that no parser knows, the newest first. */
    mailsOfSender: (accountId: string, sender: string, limit: number) =>
      db.all<SendersMail>(
        `SELECT id, subject, outcome, mail_date AS mailDate, received_at AS receivedAt,
           (SELECT reading FROM mail_readings WHERE mail_number = m.number) AS reading
         FROM mails m WHERE account_id = ?1 AND sender = ?2 AND institution IS NULL
           AND outcome IN ('review', 'booked', 'not_a_purchase')
         ORDER BY number DESC LIMIT ?3`,
        [accountId, sender, limit],
      ),

    /** Makes a rule everybody's, or its account's alone again. False when there is none. For the operator. */
    async shareReadingRule(id: string, sharedAt: Temporal.Instant | null): Promise<boolean> {
      const [changed] = await db.write([
        {
          sql: "UPDATE reading_rules SET shared_at = ?2 WHERE id = ?1",
          args: [id, sharedAt?.epochMilliseconds ?? null],
        },
      ]);
      return changed?.changed === 1;
    },

    /** Every rule in use, the newest first, without whose it is. For the operator. */
    rulesInUse: () =>
      db.all<{ id: string; sender: string; version: number; isShared: number; createdAt: number; booked: number }>(
        `SELECT id, sender, version, shared_at IS NOT NULL AS isShared, created_at AS createdAt,
           (SELECT count(*) FROM mails b WHERE b.rule_id = r.id AND b.outcome = 'booked') AS booked
         FROM reading_rules r WHERE (stopped_at IS NULL OR shared_at IS NOT NULL) AND created_at > 0 ORDER BY created_at DESC, id LIMIT 1000`,
      ),
  };
}

/** Remembers a rule, to be written together with what else the person decided. */
export function ruleStatements(rule: NewReadingRule): Statement[] {
  const { id, accountId, sender, form, mailId, at, decisionId = null } = rule;
  return [
    {
      // What was asked to be signed stays so, or one press on a forgery would open the door for the next.
      sql: `INSERT INTO reading_rules (id, account_id, sender, form, version, rule, signed, mail_id, created_at)
            SELECT ?6, ?1, ?2, ?3,
              1 + (SELECT coalesce(max(version), 0) FROM reading_rules WHERE account_id = ?1 AND sender = ?2 AND form = ?3),
              ?7, max(?8, (SELECT coalesce(max(signed), 0) FROM reading_rules
                WHERE account_id = ?1 AND sender = ?2 AND stopped_at IS NULL)), ?4, ?5
            WHERE EXISTS (SELECT 1 FROM mails WHERE id = ?4 AND account_id = ?1 AND outcome = 'review' AND institution IS NULL)
              AND (?9 IS NULL OR EXISTS (SELECT 1 FROM review_decisions WHERE id = ?9)) ON CONFLICT DO NOTHING`,
      args: [accountId, sender, form, mailId, at.epochMilliseconds, id, rule.rule, rule.isSigned ? 1 : 0, decisionId],
    },
    againStatement(accountId, id),
  ];
}

/** What waits for the person is read again, now that there is another rule. */
function againStatement(accountId: string, ruleId: string): Statement {
  return {
    sql: `UPDATE mails AS m SET state = 'waiting', lease_until = 0, attempts = 0
          WHERE m.outcome = 'review' AND m.state = 'done' AND m.institution IS NULL AND ${WAITS_FOR_PERSON}
            AND m.account_id = ?1 AND m.sender = (SELECT sender FROM reading_rules WHERE id = ?2 AND account_id = ?1)`,
    args: [accountId, ruleId],
  };
}

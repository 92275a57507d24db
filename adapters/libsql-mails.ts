import { signUpStatements, type SignUp } from "./libsql-accounts.ts";
import { keepMails, type Delivery } from "./libsql-keep.ts";
import { bookStatement, type NewPurchase } from "./libsql-purchases.ts";
import type { Database, Statement } from "./libsql.ts";

/** What became of a mail. */
export type MailOutcome =
  | "booked"
  | "not_a_purchase"
  | "review"
  | "duplicate"
  | "ours"
  | "confirmation"
  | "signup"
  | "unreadable"
  | "unknown_recipient";

/** A mail that waits to be interpreted. */
export type ClaimedMail = {
  readonly id: string;
  readonly accountId: string | null;
  readonly route: Delivery["route"];
  readonly recipient: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly attempts: number;
};

/** The interpretation of one mail, to be written as one. */
export type Interpretation = {
  readonly mailId: string;
  readonly accountId: string | null;
  readonly outcome: MailOutcome;
  readonly reason: string;
  readonly institution: string | null;
  readonly sender: string;
  readonly subject: string;
  readonly mailDate: number | null;
  readonly interpretedAt: number;
  /** What makes two deliveries the same mail; null for what is not told apart. */
  readonly identity: { readonly messageId: string; readonly bodySha256: string } | null;
  readonly purchases: readonly NewPurchase[];
  /** The code of the sample alert this claims to be; it counts once and for its own account only. */
  readonly sampleCode: string | null;
  readonly confirmation: {
    readonly requester: string | null;
    readonly code: string | null;
    readonly link: string | null;
  } | null;
  readonly signUp: SignUp | null;
};

/** One of the account's mails as lists and pages show it; instants in milliseconds since 1970. */
export type MailRow = {
  readonly id: string;
  readonly receivedAt: number;
  readonly outcome: MailOutcome | null;
  readonly reason: string;
  readonly institution: string | null;
  readonly sender: string;
  readonly subject: string;
  readonly mailDate: number | null;
  /** What the person decided in review, if anything. */
  readonly decision: "dismissed" | "booked" | "waiting" | null;
};

const MAIL = `m.id, m.received_at AS receivedAt, m.outcome, m.reason, m.institution, m.sender, m.subject,
  m.mail_date AS mailDate,
  (SELECT decision FROM review_decisions WHERE mail_id = m.id ORDER BY sequence DESC LIMIT 1) AS decision`;

const WAITS = `m.account_id = ?1 AND m.outcome = 'review' AND coalesce(
  (SELECT decision FROM review_decisions WHERE mail_id = m.id ORDER BY sequence DESC LIMIT 1), 'waiting') = 'waiting'`;

/** Mails: kept whole first, understood later. */
export function mailStore(db: Database) {
  return {
    /** Keeps a delivery; on disk when this resolves. The same delivery again changes nothing. */
    keepMail: keepMails(db),

    /**
     * Takes mails that wait, the oldest first. Until `leaseMs` is over nobody else gets them; a mail whose interpreter
     * died waits again then. What was taken before without coming to an end is taken alone, so that a mail that brings
     * its interpreter down uses up its own attempts and no others.
     */
    async claimMails(at: Temporal.Instant, leaseMs: number, limit: number): Promise<ClaimedMail[]> {
      const now = at.epochMilliseconds;
      const oldest = await db.one<{ number: number; attempts: number }>(
        `SELECT number, attempts FROM mails WHERE state = 'waiting' AND lease_until <= ?
         ORDER BY received_at, number LIMIT 1`,
        [now],
      );
      if (oldest === null) return [];
      const [claimed] = await db.write([
        {
          sql: `UPDATE mails SET lease_until = ?1, attempts = attempts + 1 WHERE number IN (
                  SELECT number FROM mails WHERE state = 'waiting' AND lease_until <= ?2
                    AND iif(?4 = 0, attempts = 0, number = ?5)
                  ORDER BY received_at, number LIMIT ?3)
                RETURNING id, account_id, route, recipient, received_at, attempts`,
          args: [now + leaseMs, now, limit, oldest.attempts, oldest.number],
        },
      ]);
      const mails = (claimed?.rows ?? []).map((row) => ({
        id: String(row["id"]),
        accountId: row["account_id"] === null ? null : String(row["account_id"]),
        route: routeFrom(row["route"]),
        recipient: String(row["recipient"]),
        receivedAt: Number(row["received_at"]),
        attempts: Number(row["attempts"]),
      }));
      // RETURNING gives rows in no order.
      return mails.sort((a, b) => a.receivedAt - b.receivedAt);
    },

    /** The webhook body of a mail as it was kept, compressed with zstd; null when there is none. */
    async payload(mailId: string): Promise<Uint8Array | null> {
      const row = await db.one<{ payload: ArrayBuffer }>(
        "SELECT payload FROM mail_payloads WHERE mail_number = (SELECT number FROM mails WHERE id = ?)",
        [mailId],
      );
      return row === null ? null : new Uint8Array(row.payload);
    },

    /** Writes interpretations, all of them or none: outcomes, purchases, letters. Repeating it changes nothing. */
    async finishMails(interpretations: readonly Interpretation[]): Promise<void> {
      if (interpretations.length > 0) await db.write(interpretations.flatMap(finishStatements));
    },

    /**
     * Makes mails due that an earlier process left unfinished, and those that it could not read at all, since this
     * release may. Only for the one process that interprets.
     */
    async requeueMails(): Promise<void> {
      await db.write([
        { sql: "UPDATE mails SET lease_until = 0 WHERE state = 'waiting'" },
        // It came to an end each time, so its attempts are no sign of harm.
        {
          sql: `UPDATE mails SET state = 'waiting', lease_until = 0, attempts = 0
                WHERE outcome = 'unreadable' AND state = 'done'`,
        },
      ]);
    },

    /** What became of a delivery; null when it is unknown or not interpreted yet. For the operator. */
    outcomeOf: (mailId: string) =>
      db.one<{ outcome: MailOutcome; reason: string }>(
        "SELECT outcome, reason FROM mails WHERE id = ? AND state = 'done'",
        [mailId],
      ),

    /** One of the account's mails, or null. */
    mail: (accountId: string, mailId: string) =>
      db.one<MailRow>(`SELECT ${MAIL} FROM mails m WHERE m.account_id = ? AND m.id = ?`, [accountId, mailId]),

    /** The account's mails that wait for the person, newest first. */
    mailsInReview: (accountId: string, limit: number) =>
      db.all<MailRow>(`SELECT ${MAIL} FROM mails m WHERE ${WAITS} ORDER BY m.received_at DESC LIMIT ?2`, [
        accountId,
        limit,
      ]),

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

    /** Forwarding confirmations that came to the account's alert address, newest first. */
    confirmations: (accountId: string) =>
      db.all<{ receivedAt: number; requester: string | null; code: string | null; link: string | null }>(
        `SELECT received_at AS receivedAt, requester, code, link FROM forwarding_confirmations
         WHERE account_id = ? ORDER BY received_at DESC LIMIT 5`,
        [accountId],
      ),

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
        ...decision.purchases.map((purchase) =>
          bookStatement(
            purchase,
            `(SELECT decision FROM review_decisions WHERE mail_id = ?1 ORDER BY sequence DESC LIMIT 1) = 'booked'
             AND EXISTS (SELECT 1 FROM mails WHERE id = ?1 AND account_id = ?3)`,
          ),
        ),
      ]);
      return made?.changed === 1;
    },
  };
}

function routeFrom(value: unknown): Delivery["route"] {
  const routes = ["alert", "shared", "signup", "none", "unreadable"] as const;
  return routes.find((route) => route === value) ?? "none";
}

function finishStatements(mail: Interpretation): Statement[] {
  return [
    ...(mail.signUp === null ? [] : signUpStatements(mail.signUp)),
    ...identityStatements(mail),
    ...sampleStatements(mail),
    outcomeStatement(mail),
    ...mail.purchases.map((purchase) =>
      bookStatement(purchase, "EXISTS (SELECT 1 FROM mails WHERE id = ?1 AND outcome = 'booked' AND account_id = ?3)"),
    ),
    ...confirmationStatements(mail),
  ];
}

function identityStatements({ mailId, accountId, identity }: Interpretation): Statement[] {
  if (accountId === null || identity === null) return [];
  return [
    {
      sql: `INSERT INTO mail_identities (account_id, message_id, body_sha256, mail_id) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING`,
      args: [accountId, identity.messageId, identity.bodySha256, mailId],
    },
  ];
}

function sampleStatements({ mailId, accountId, sampleCode }: Interpretation): Statement[] {
  if (accountId === null || sampleCode === null) return [];
  return [
    {
      sql: "UPDATE samples SET used_by_mail = ? WHERE code = ? AND account_id = ? AND used_by_mail IS NULL",
      args: [mailId, sampleCode, accountId],
    },
  ];
}

/** Decides in SQL, in the batch that books, whether this delivery is the first of its mail. */
function outcomeStatement(mail: Interpretation): Statement {
  const sameMail = `EXISTS (SELECT 1 FROM mail_identities
    WHERE account_id = ?9 AND message_id = ?10 AND body_sha256 = ?11 AND mail_id <> ?1)`;
  const otherBody = `EXISTS (SELECT 1 FROM mail_identities
    WHERE account_id = ?9 AND message_id = ?10 AND body_sha256 <> ?11 AND mail_id <> ?1)`;
  const unusedSample =
    "(?12 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM samples WHERE code = ?12 AND used_by_mail = ?1))";
  return {
    sql: `UPDATE mails SET state = 'done', interpreted_at = ?2, institution = ?5, sender = ?6, subject = ?7, mail_date = ?8,
            outcome = CASE WHEN ${sameMail} THEN 'duplicate' WHEN ${unusedSample} THEN 'ours'
              WHEN ${otherBody} THEN 'review' ELSE ?3 END,
            reason = CASE WHEN ${sameMail} THEN 'This mail came before.' WHEN ${unusedSample} THEN 'A sample of ours, used before.'
              WHEN ${otherBody} THEN 'Another mail with the same Message-ID came before, with other words.' ELSE ?4 END,
            account_id = coalesce(account_id, ?9)
          WHERE id = ?1 AND state = 'waiting'`,
    args: [
      mail.mailId,
      mail.interpretedAt,
      mail.outcome,
      mail.reason,
      mail.institution,
      mail.sender,
      mail.subject,
      mail.mailDate,
      mail.accountId,
      mail.identity?.messageId ?? null,
      mail.identity?.bodySha256 ?? null,
      mail.sampleCode,
    ],
  };
}

function confirmationStatements({ mailId, accountId, confirmation, interpretedAt }: Interpretation): Statement[] {
  if (accountId === null || confirmation === null) return [];
  return [
    {
      sql: `INSERT INTO forwarding_confirmations (mail_id, account_id, received_at, requester, code, link)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM mails WHERE id = ?1 AND outcome = 'confirmation')
            ON CONFLICT DO NOTHING`,
      args: [mailId, accountId, interpretedAt, confirmation.requester, confirmation.code, confirmation.link],
    },
  ];
}

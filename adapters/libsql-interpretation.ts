import { signUpStatements, type SignUp } from "./libsql-accounts.ts";
import { bookStatement, type NewPurchase } from "./libsql-book.ts";
import type { Statement } from "./libsql.ts";

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
  /** What pages show of it, as JSON; null when it could not be read. */
  readonly reading: string | null;
  /** What takes the place of the kept body, compressed with zstd; null when that stays as it came. */
  readonly payload: Uint8Array | null;
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

/** A condition on a mail `m` in review: its person has not decided, or has taken the decision back. */
export const WAITS_FOR_PERSON = `coalesce(
  (SELECT decision FROM review_decisions WHERE mail_id = m.id ORDER BY sequence DESC LIMIT 1), 'waiting') = 'waiting'`;

/** The statements that write an interpretation down, to be written together. Repeating them changes nothing. */
export function finishStatements(mail: Interpretation): Statement[] {
  return [
    ...(mail.signUp === null ? [] : signUpStatements(mail.signUp)),
    ...identityStatements(mail),
    ...sampleStatements(mail),
    ...betterCopyStatements(mail),
    outcomeStatement(mail),
    ...readingStatements(mail),
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

/** A copy that waits only because its origin was in doubt makes way for one whose origin is established. */
function betterCopyStatements({ mailId, accountId, outcome, identity }: Interpretation): Statement[] {
  if (accountId === null || identity === null || outcome !== "booked") return [];
  const place = [accountId, identity.messageId, identity.bodySha256, mailId];
  const held = `SELECT i.mail_id FROM mail_identities i JOIN mails m ON m.id = i.mail_id
    WHERE i.account_id = ?1 AND i.message_id = ?2 AND i.body_sha256 = ?3 AND i.mail_id <> ?4 AND m.outcome = 'review'
      AND ${WAITS_FOR_PERSON}
      AND NOT EXISTS (SELECT 1 FROM mail_identities WHERE account_id = ?1 AND message_id = ?2 AND body_sha256 <> ?3)`;
  return [
    {
      sql: `UPDATE mails SET outcome = 'duplicate', reason = 'A copy of this mail came whose origin is sure.'
            WHERE id IN (${held})`,
      args: place,
    },
    {
      sql: `UPDATE mail_identities SET mail_id = ?4
            WHERE account_id = ?1 AND message_id = ?2 AND body_sha256 = ?3
              AND EXISTS (SELECT 1 FROM mails WHERE id = mail_identities.mail_id AND outcome = 'duplicate')`,
      args: place,
    },
  ];
}

function readingStatements({ mailId, reading, payload }: Interpretation): Statement[] {
  const number = "(SELECT number FROM mails WHERE id = ?2)";
  return [
    ...(reading === null
      ? []
      : [
          {
            sql: `INSERT INTO mail_readings (mail_number, reading) SELECT ${number}, ?1 WHERE true
                  ON CONFLICT (mail_number) DO UPDATE SET reading = excluded.reading`,
            args: [reading, mailId],
          },
        ]),
    ...(payload === null
      ? []
      : [{ sql: `UPDATE mail_payloads SET payload = ?1 WHERE mail_number = ${number}`, args: [payload, mailId] }]),
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
            reason = CASE WHEN ${sameMail} THEN 'This mail came before.' WHEN ${unusedSample} THEN 'A sample of ours that counts no more.'
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

import { signUpStatements, type SignUp } from "./libsql-accounts.ts";
import { bookStatement, type NewPurchase } from "./libsql-book.ts";
import { heldStatements } from "./libsql-held.ts";
import { betterCopyStatements, identityStatements } from "./libsql-identities.ts";
import type { Statement } from "./libsql.ts";

/** What became of a mail. */
export type MailOutcome =
  | "booked"
  | "not_a_purchase"
  | "review"
  /** Its signature can't be checked just now; it waits and is tried again. */
  | "unverified"
  | "duplicate"
  /** It carried other mails, which are interpreted each by itself. */
  | "carrier"
  /** Signed by a bank and sent to the shared address, for a mailbox that no account has proven yet. */
  | "held"
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
  readonly identity: { readonly messageIds: readonly string[]; readonly bodySha256: string } | null;
  /** What was found out about its origin, as JSON; null when nothing was asked. */
  readonly originCheck: string | null;
  /** How sure its origin is; null for what no origin is asked of. */
  readonly verdict: "bank-signed" | "addressed" | "unverified" | "suspect" | null;
  /** The domain whose signature holds. */
  readonly signedBy: string | null;
  /** What trusting this mail's way would trust. */
  readonly routeInDoubt: string | null;
  /** The mailbox that it was signed for, when it belongs to no account yet. */
  readonly heldFor: string | null;
  /** The letter that tells that mailbox; it goes out once. */
  readonly heldLetterId: string | null;
  /** When to try again, in milliseconds since 1970; null for a mail that is done. */
  readonly tryAgainAt: number | null;
  /** The rule that it was read by; null for what a parser reads. */
  readonly ruleId: string | null;
  /** What it counts as spending. Bookings of an earlier interpretation keep their positions, see `ledger/reconcile-events.ts`. */
  readonly purchases: readonly NewPurchase[];
  /** Positions of bookings that nothing in the mail stands for any more. */
  readonly withdrawn: readonly number[];
  /** The mails that it carried, to be kept and interpreted. */
  readonly carried: readonly CarriedMail[];
  /** The code of the sample alert this claims to be; it counts once and for its own account only. */
  readonly sampleCode: string | null;
  readonly confirmation: {
    readonly requester: string | null;
    readonly code: string | null;
    readonly link: string | null;
    /** Whether all is sure enough that we confirm it without being asked. */
    readonly isDue: boolean;
  } | null;
  readonly signUp: SignUp | null;
};

/** What was booked for one event of a mail, as that mail was read then. */
export type BookedEvent = Pick<
  NewPurchase,
  "position" | "amountMinor" | "currency" | "merchant" | "occurredAt" | "occurredOn" | "kind"
> & {
  /** Whether it counts no more, or the person had a hand in it: then it is not for a reading to withdraw. */
  readonly isSettled: boolean;
};

/** A mail that hung on another one. */
export type CarriedMail = {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly payloadSha256: Uint8Array;
  readonly originCheck: string;
};

/**
 * A condition on a purchase `p` that its person had a hand in: changed it, or said that it and another are one. What was
 * joined must not be withdrawn, for the others that it counts for would be in no total either.
 */
export const IS_PERSONS = `EXISTS (SELECT 1 FROM amendments WHERE purchase_id = p.id) OR p.joined_into IS NOT NULL
  OR EXISTS (SELECT 1 FROM purchases WHERE joined_into = p.id)`;

/** The statements that write an interpretation down, to be written together. Repeating them changes nothing. */
export function finishStatements(mail: Interpretation): Statement[] {
  if (mail.tryAgainAt !== null) return [laterStatement(mail, mail.tryAgainAt), ...readingStatements(mail)];
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
    ...withdrawStatements(mail),
    ...carriedStatements(mail),
    ...confirmationStatements(mail),
    ...heldStatements(mail),
  ];
}

/** It stays in the queue, with what is known of it so far, so that its person can see it. */
function laterStatement(mail: Interpretation, tryAgainAt: number): Statement {
  return {
    // It came to an end, so its attempts are no sign of harm.
    sql: `UPDATE mails SET lease_until = ?2, attempts = 0, outcome = ?3, reason = ?4, verdict = ?5, institution = ?6,
            sender = ?7, subject = ?8, mail_date = ?9, account_id = coalesce(account_id, ?10)
          WHERE id = ?1 AND state = 'waiting' RETURNING outcome`,
    args: [
      mail.mailId,
      tryAgainAt,
      mail.outcome,
      mail.reason,
      mail.verdict,
      mail.institution,
      mail.sender,
      mail.subject,
      mail.mailDate,
      mail.accountId,
    ],
  };
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
      : [
          { sql: `UPDATE mail_payloads SET payload = ?1 WHERE mail_number = ${number}`, args: [payload, mailId] },
          { sql: "UPDATE mails SET payload_bytes = ?1 WHERE id = ?2", args: [payload.byteLength, mailId] },
        ]),
  ];
}

/** Decides in SQL, in the batch that books, whether this delivery is the first of its mail. */
function outcomeStatement(mail: Interpretation): Statement {
  const sameMail = `EXISTS (SELECT 1 FROM mail_identities
    WHERE account_id = ?9 AND message_id IN (SELECT value FROM json_each(?10)) AND body_sha256 = ?11 AND mail_id <> ?1)`;
  // What is booked already came first, whatever came after it.
  const otherBody = `coalesce(outcome, '') <> 'booked' AND EXISTS (SELECT 1 FROM mail_identities
    WHERE account_id = ?9 AND message_id IN (SELECT value FROM json_each(?10)) AND body_sha256 <> ?11 AND mail_id <> ?1)`;
  const unusedSample =
    "(?12 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM samples WHERE code = ?12 AND used_by_mail = ?1))";
  return {
    sql: `UPDATE mails SET state = 'done', interpreted_at = ?2, institution = ?5, sender = ?6, subject = ?7, mail_date = ?8,
            outcome = CASE WHEN ${sameMail} THEN 'duplicate' WHEN ${unusedSample} THEN 'ours'
              WHEN ${otherBody} THEN 'review' ELSE ?3 END,
            reason = CASE WHEN ${sameMail} THEN 'This mail came before.' WHEN ${unusedSample} THEN 'A sample of ours that counts no more.'
              WHEN ${otherBody} THEN 'Another mail with the same Message-ID came before, with other words.' ELSE ?4 END,
            account_id = coalesce(account_id, ?9), verdict = ?13, signed_by = ?14, route_in_doubt = ?15, held_for = ?16,
            signature = coalesce(?17, signature), rule_id = iif(?5 IS NULL, coalesce(?18, rule_id), ?18)
          WHERE id = ?1 AND state = 'waiting' RETURNING outcome`,
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
      mail.identity === null ? null : JSON.stringify(mail.identity.messageIds),
      mail.identity?.bodySha256 ?? null,
      mail.sampleCode,
      mail.verdict,
      mail.signedBy,
      mail.routeInDoubt,
      mail.heldFor,
      mail.originCheck,
      mail.ruleId,
    ],
  };
}

/** What a better reading found to be no purchase counts no more, unless the person had a hand in it. */
function withdrawStatements({ mailId, interpretedAt, withdrawn, outcome }: Interpretation): Statement[] {
  if (outcome !== "booked" && outcome !== "not_a_purchase") return [];
  return withdrawn.map((position) => ({
    sql: `UPDATE purchases AS p SET withdrawn_at = ?3 WHERE mail_id = ?1 AND position = ?2 AND NOT (${IS_PERSONS})`,
    args: [mailId, position, interpretedAt],
  }));
}

function carriedStatements({ mailId, carried }: Interpretation): Statement[] {
  return carried.flatMap(({ id, payload, payloadSha256, originCheck }) => [
    {
      sql: `INSERT INTO mails (id, payload_sha256, account_id, route, recipient, received_at, payload_bytes, signature, part_of)
            SELECT ?1, ?2, account_id, route, recipient, received_at, ?3, ?4, id FROM mails
            WHERE id = ?5 ON CONFLICT (id) DO NOTHING`,
      args: [id, payloadSha256, payload.byteLength, originCheck, mailId],
    },
    {
      sql: `INSERT INTO mail_payloads (mail_number, payload) SELECT number, ?2 FROM mails WHERE id = ?1 AND part_of = ?3
            ON CONFLICT DO NOTHING`,
      args: [id, payload, mailId],
    },
  ]);
}

function confirmationStatements({ mailId, accountId, confirmation, interpretedAt }: Interpretation): Statement[] {
  if (accountId === null || confirmation === null) return [];
  return [
    {
      sql: `INSERT INTO forwarding_confirmations (mail_id, account_id, received_at, requester, code, link, state,
              next_attempt_at)
            SELECT ?1, ?2, ?3, ?4, ?5, ?6, iif(?7, 'due', 'waiting'), ?3 WHERE EXISTS (SELECT 1 FROM mails WHERE id = ?1 AND outcome = 'confirmation')
            ON CONFLICT DO NOTHING`,
      args: [
        mailId,
        accountId,
        interpretedAt,
        confirmation.requester,
        confirmation.code,
        confirmation.link,
        confirmation.isDue ? 1 : 0,
      ],
    },
  ];
}

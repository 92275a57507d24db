import { signUpStatements } from "./libsql-accounts.ts";
import { IS_PERSONS } from "./is-persons.ts";
import { jsonRows } from "./json-rows.ts";
import { bookStatements } from "./libsql-book.ts";
import { heldStatements } from "./libsql-held.ts";
import { betterCopyStatements, identityStatements } from "./libsql-identities.ts";
import type { Interpretation } from "./libsql-interpretation.ts";
import type { Statement } from "./libsql.ts";

/**
 * The statements that write interpretations down, to be written together. Repeating them changes nothing. Each statement
 * takes all mails that it can, because preparing one costs more than what it does for a mail.
 */
export function finishStatements(mails: readonly Interpretation[]): Statement[] {
  const later = mails.filter(({ tryAgainAt }) => tryAgainAt !== null);
  const done = mails.filter(({ tryAgainAt }) => tryAgainAt === null);
  return [
    ...payloadStatements(later),
    ...later.map(laterStatement),
    ...readingStatements(later),
    ...rounds(done).flatMap(finishRound),
  ];
}

/** Of two copies of one mail the first must be written when the second is decided. */
function rounds(mails: readonly Interpretation[]): Interpretation[][] {
  const found: { readonly taken: Set<string>; readonly mails: Interpretation[] }[] = [];
  for (const mail of mails) {
    const names = namesOf(mail);
    const last = found.at(-1);
    if (last === undefined || names.some((name) => last.taken.has(name))) {
      found.push({ taken: new Set(names), mails: [mail] });
    } else {
      for (const name of names) last.taken.add(name);
      last.mails.push(mail);
    }
  }
  return found.map(({ mails: together }) => together);
}

/** What no two mails may share that are decided at once. */
function namesOf({ accountId, identity, sampleCode }: Interpretation): string[] {
  const messages = (identity?.messageIds ?? []).map((id) => `${accountId} ${id}`);
  return sampleCode === null ? messages : [...messages, sampleCode];
}

function finishRound(mails: readonly Interpretation[]): Statement[] {
  return [
    ...mails.flatMap(({ signUp }) => (signUp === null ? [] : signUpStatements(signUp))),
    ...identityStatements(mails),
    ...mails.flatMap(sampleStatements),
    ...betterCopyStatements(mails),
    ...payloadStatements(mails),
    outcomeStatement(mails),
    ...readingStatements(mails),
    ...bookStatements(
      mails.flatMap(({ purchases }) => purchases),
      "EXISTS (SELECT 1 FROM mails WHERE id = new.mail_id AND outcome = 'booked' AND account_id = new.account_id)",
    ),
    ...mails.flatMap((mail) => [
      ...withdrawStatements(mail),
      ...carriedStatements(mail),
      ...confirmationStatements(mail),
      ...heldStatements(mail),
    ]),
  ];
}

/** It stays in the queue, with what is known of it so far, so that its person can see it. */
function laterStatement(mail: Interpretation): Statement {
  return {
    // It came to an end, so its attempts are no sign of harm.
    sql: `UPDATE mails SET lease_until = ?2, attempts = 0, outcome = ?3, reason = ?4, verdict = ?5, institution = ?6,
            sender = ?7, subject = ?8, mail_date = ?9, account_id = coalesce(account_id, ?10),
            payload_bytes = coalesce(?11, payload_bytes)
          WHERE id = ?1 AND state = 'waiting' RETURNING outcome`,
    args: [
      mail.mailId,
      mail.tryAgainAt,
      mail.outcome,
      mail.reason,
      mail.verdict,
      mail.institution,
      mail.sender,
      mail.subject,
      mail.mailDate,
      mail.accountId,
      mail.payload?.byteLength ?? null,
    ],
  };
}

function readingStatements(mails: readonly Interpretation[]): Statement[] {
  const read = mails.flatMap(({ mailId, reading }) => (reading === null ? [] : [{ mailId, reading }]));
  return [
    ...(read.length === 0
      ? []
      : [
          {
            sql: `INSERT INTO mail_readings (mail_number, reading)
                  SELECT mails.number, value ->> 'reading' FROM json_each(?1) JOIN mails ON mails.id = value ->> 'mailId'
                  WHERE true ON CONFLICT (mail_number) DO UPDATE SET reading = excluded.reading`,
            args: [jsonRows(read)],
          },
        ]),
  ];
}

/** Bytes are no JSON: of each mail that has a new payload its id and the payload are bound. Before it is done: then it stays. */
function payloadStatements(mails: readonly Interpretation[]): Statement[] {
  const changed = mails.flatMap(({ mailId, payload }) => (payload === null ? [] : [{ mailId, payload }]));
  if (changed.length === 0) return [];
  const ids = changed.map((_, index) => `?${2 * index + 1}`);
  return [
    {
      sql: `UPDATE mail_payloads SET payload = CASE (SELECT id FROM mails WHERE number = mail_number)
              ${ids.map((id, index) => `WHEN ${id} THEN ?${2 * index + 2}`).join(" ")} END
            WHERE mail_number IN (SELECT number FROM mails WHERE id IN (${ids.join(", ")}) AND state = 'waiting')`,
      args: changed.flatMap(({ mailId, payload }) => [mailId, payload]),
    },
  ];
}

/** Decides in SQL, in the batch that books, whether a delivery is the first of its mail. */
function outcomeStatement(mails: readonly Interpretation[]): Statement {
  const sameMessage = `SELECT 1 FROM mail_identities WHERE account_id = value ->> 'accountId'
    AND message_id IN (SELECT value FROM json_each(mail.value, '$.messageIds')) AND mail_id <> value ->> 'mailId'`;
  return {
    sql: `WITH done AS MATERIALIZED (
            SELECT value ->> 'mailId' AS mail_id, value ->> 'interpretedAt' AS at, value ->> 'outcome' AS outcome,
              value ->> 'reason' AS reason, value ->> 'institution' AS institution, value ->> 'sender' AS sender,
              value ->> 'subject' AS subject, value ->> 'mailDate' AS mail_date, value ->> 'accountId' AS account_id,
              value ->> 'verdict' AS verdict, value ->> 'signedBy' AS signed_by, value ->> 'routeInDoubt' AS route,
              value ->> 'heldFor' AS held_for, value ->> 'originCheck' AS origin_check, value ->> 'ruleId' AS rule_id,
              value ->> 'payloadBytes' AS payload_bytes,
              EXISTS (${sameMessage} AND body_sha256 = value ->> 'bodySha256') AS came_before,
              EXISTS (${sameMessage} AND body_sha256 <> value ->> 'bodySha256') AS has_other_body,
              value ->> 'sampleCode' IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM samples WHERE code = value ->> 'sampleCode' AND used_by_mail = value ->> 'mailId') AS is_old_sample
            FROM json_each(?1) AS mail)
          UPDATE mails SET state = 'done', interpreted_at = done.at, institution = done.institution, sender = done.sender,
            subject = done.subject, mail_date = done.mail_date,
            outcome = CASE WHEN came_before THEN 'duplicate' WHEN is_old_sample THEN 'ours'
              -- What is booked already came first, whatever came after it.
              WHEN has_other_body AND mails.outcome IS NOT 'booked' THEN 'review' ELSE done.outcome END,
            reason = CASE WHEN came_before THEN 'This mail came before.' WHEN is_old_sample THEN 'A sample of ours that counts no more.'
              WHEN has_other_body AND mails.outcome IS NOT 'booked'
                THEN 'Another mail with the same Message-ID came before, with other words.' ELSE done.reason END,
            account_id = coalesce(mails.account_id, done.account_id), verdict = done.verdict, signed_by = done.signed_by,
            route_in_doubt = done.route, held_for = done.held_for, signature = coalesce(done.origin_check, mails.signature),
            payload_bytes = coalesce(done.payload_bytes, mails.payload_bytes),
            rule_id = iif(done.institution IS NULL, coalesce(done.rule_id, mails.rule_id), done.rule_id)
          FROM done WHERE mails.id = done.mail_id AND mails.state = 'waiting' RETURNING mails.outcome AS outcome`,
    args: [jsonRows(mails.map(outcomeRow))],
  };
}

/** Without what is large and written elsewhere. */
function outcomeRow(mail: Interpretation): object {
  const { messageIds = [], bodySha256 = null } = mail.identity ?? {};
  const payloadBytes = mail.payload?.byteLength ?? null;
  return {
    ...mail,
    reading: null,
    payload: null,
    purchases: null,
    carried: null,
    messageIds,
    bodySha256,
    payloadBytes,
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

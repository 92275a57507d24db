import type { Interpretation } from "./libsql-interpretation.ts";
import { jsonRows } from "./json-rows.ts";
import type { Statement } from "./libsql.ts";
import { WAITS_FOR_PERSON } from "./waits-for-person.ts";

// One row for each Message-ID of each mail.
const NAMED = `named AS MATERIALIZED (
  SELECT mail.value ->> 'accountId' AS account_id, message.value AS message_id, mail.value ->> 'bodySha256' AS body_sha256,
    mail.value ->> 'mailId' AS mail_id
  FROM json_each(?1) AS mail, json_each(mail.value, '$.messageIds') AS message)`;

/** Gives mails to their accounts, unless another delivery of them came first. */
export function identityStatements(mails: readonly Interpretation[]): Statement[] {
  const rows = rowsOf(mails);
  if (rows.length === 0) return [];
  return [
    {
      sql: `WITH ${NAMED} INSERT INTO mail_identities (account_id, message_id, body_sha256, mail_id)
            SELECT account_id, message_id, body_sha256, mail_id FROM named WHERE true ON CONFLICT DO NOTHING`,
      args: [jsonRows(rows)],
    },
  ];
}

/** A copy that waits only because its origin was in doubt makes way for one whose origin is established. */
export function betterCopyStatements(mails: readonly Interpretation[]): Statement[] {
  const rows = rowsOf(mails.filter(({ outcome }) => outcome === "booked"));
  if (rows.length === 0) return [];
  const json = jsonRows(rows);
  return [
    {
      sql: `WITH ${NAMED} UPDATE mails SET outcome = 'duplicate', reason = 'A copy of this mail came whose origin is sure.'
            WHERE id IN (
              SELECT m.id FROM named
              CROSS JOIN mail_identities i ON i.account_id = named.account_id AND i.message_id = named.message_id
                AND i.body_sha256 = named.body_sha256 AND i.mail_id <> named.mail_id
              CROSS JOIN mails m ON m.id = i.mail_id AND m.outcome = 'review'
              WHERE ${WAITS_FOR_PERSON} AND NOT EXISTS (
                SELECT 1 FROM named other JOIN mail_identities o
                  ON o.account_id = other.account_id AND o.message_id = other.message_id AND o.body_sha256 <> other.body_sha256
                WHERE other.mail_id = named.mail_id))`,
      args: [json],
    },
    {
      sql: `WITH ${NAMED} UPDATE mail_identities AS i SET mail_id = named.mail_id FROM named
            WHERE i.account_id = named.account_id AND i.message_id = named.message_id AND i.body_sha256 = named.body_sha256
              AND EXISTS (SELECT 1 FROM mails WHERE id = i.mail_id AND outcome = 'duplicate')`,
      args: [json],
    },
  ];
}

function rowsOf(mails: readonly Interpretation[]) {
  return mails.flatMap(({ mailId, accountId, identity }) =>
    accountId === null || identity === null ? [] : [{ mailId, accountId, ...identity }],
  );
}

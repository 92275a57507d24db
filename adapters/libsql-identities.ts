import type { Interpretation } from "./libsql-interpretation.ts";
import { WAITS_FOR_PERSON } from "./waits-for-person.ts";
import type { Statement } from "./libsql.ts";

/** Gives the mail to its account, unless another delivery of it came first. */
export function identityStatements({ mailId, accountId, identity }: Interpretation): Statement[] {
  if (accountId === null || identity === null) return [];
  return [
    {
      sql: `INSERT INTO mail_identities (account_id, message_id, body_sha256, mail_id)
            SELECT ?1, value, ?3, ?4 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`,
      args: [accountId, JSON.stringify(identity.messageIds), identity.bodySha256, mailId],
    },
  ];
}

/** A copy that waits only because its origin was in doubt makes way for one whose origin is established. */
export function betterCopyStatements({ mailId, accountId, outcome, identity }: Interpretation): Statement[] {
  if (accountId === null || identity === null || outcome !== "booked") return [];
  const place = [accountId, JSON.stringify(identity.messageIds), identity.bodySha256, mailId];
  const held = `SELECT i.mail_id FROM mail_identities i JOIN mails m ON m.id = i.mail_id
    WHERE i.account_id = ?1 AND i.message_id IN (SELECT value FROM json_each(?2)) AND i.body_sha256 = ?3 AND i.mail_id <> ?4 AND m.outcome = 'review'
      AND ${WAITS_FOR_PERSON}
      AND NOT EXISTS (SELECT 1 FROM mail_identities
        WHERE account_id = ?1 AND message_id IN (SELECT value FROM json_each(?2)) AND body_sha256 <> ?3)`;
  return [
    {
      sql: `UPDATE mails SET outcome = 'duplicate', reason = 'A copy of this mail came whose origin is sure.'
            WHERE id IN (${held})`,
      args: place,
    },
    {
      sql: `UPDATE mail_identities SET mail_id = ?4
            WHERE account_id = ?1 AND message_id IN (SELECT value FROM json_each(?2)) AND body_sha256 = ?3
              AND EXISTS (SELECT 1 FROM mails WHERE id = mail_identities.mail_id AND outcome = 'duplicate')`,
      args: place,
    },
  ];
}

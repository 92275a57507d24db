import type { Interpretation } from "./libsql-interpretation.ts";
import type { Statement } from "./libsql.ts";

/** How long mail is kept that belongs to nobody yet. */
export const HELD_MS = 30 * 24 * 60 * 60_000;

/** Gives an account what was held for the addresses that it has proven, to be interpreted as its own. */
export function adoptStatement(accountId: string): Statement {
  return {
    sql: `UPDATE mails SET account_id = ?1, state = 'waiting', lease_until = 0, attempts = 0
          WHERE outcome = 'held' AND account_id IS NULL AND held_for IN (
            SELECT address FROM addresses WHERE account_id = ?1 AND proven_at IS NOT NULL)`,
    args: [accountId],
  };
}

/** One letter in the time that such mail is kept, so that a bank's customer who mistypes an address is no nuisance. */
export function heldStatements({ mailId, heldFor, heldLetterId, interpretedAt }: Interpretation): Statement[] {
  if (heldFor === null || heldLetterId === null) return [];
  return [
    {
      // Its mailbox may have been proven while the mail was read.
      sql: `UPDATE mails SET account_id = (SELECT account_id FROM addresses WHERE address = ?2 AND proven_at IS NOT NULL),
              state = 'waiting', lease_until = 0, attempts = 0
            WHERE id = ?1 AND outcome = 'held' AND account_id IS NULL
              AND EXISTS (SELECT 1 FROM addresses WHERE address = ?2 AND proven_at IS NOT NULL)`,
      args: [mailId, heldFor],
    },
    {
      sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
            SELECT ?1, 'held', NULL, ?2, '{}', ?3, ?3
            WHERE EXISTS (SELECT 1 FROM mails WHERE id = ?4 AND outcome = 'held' AND account_id IS NULL)
              AND NOT EXISTS (SELECT 1 FROM letters WHERE to_address = ?2 AND kind = 'held' AND created_at > ?5)
            ON CONFLICT DO NOTHING`,
      args: [heldLetterId, heldFor, interpretedAt, mailId, interpretedAt - HELD_MS],
    },
  ];
}

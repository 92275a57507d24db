import type { Candidate, LookAlike } from "../ledger/look-alikes.ts";
import type { Database } from "./libsql.ts";

const CANDIDATE = `p.id, p.mail_id AS mailId, p.institution, p.kind, p.merchant, p.amount_minor AS amountMinor,
  p.currency, p.card, p.occurred_at AS occurredAt, p.occurred_on AS occurredOn,
  coalesce(m.mail_date, m.received_at) AS mailDate`;
const COUNTS = "p.origin <> 'sample' AND p.withdrawn_at IS NULL";

/** Purchases that may be one. */
export function lookAlikeStore(db: Database) {
  return {
    /** An account with purchases that were not compared yet, or null. */
    async accountToCompare(): Promise<string | null> {
      const row = await db.one<{ id: string }>(
        "SELECT account_id AS id FROM purchases WHERE compared = 0 ORDER BY account_id LIMIT 1",
      );
      return row?.id ?? null;
    },

    /**
     * Purchases of the account that were not compared yet, and everything that counts within `nearMs` of them; null when
     * there are none. `compared` names those that this comparison settles.
     */
    async purchasesToCompare(accountId: string, nearMs: number, limit: number) {
      const fresh = await db.all<Candidate>(
        `SELECT ${CANDIDATE} FROM purchases p JOIN mails m ON m.id = p.mail_id
         WHERE p.account_id = ? AND p.compared = 0 ORDER BY p.occurred_at, p.id LIMIT ?`,
        [accountId, limit],
      );
      const [first, last] = [fresh[0], fresh.at(-1)];
      if (first === undefined || last === undefined) return null;
      const all = await db.all<Candidate>(
        `SELECT ${CANDIDATE} FROM purchases p JOIN mails m ON m.id = p.mail_id
         WHERE p.account_id = ? AND p.occurred_at BETWEEN ? AND ? AND ${COUNTS} ORDER BY p.occurred_at, p.id`,
        [accountId, first.occurredAt - nearMs, last.occurredAt + nearMs],
      );
      const counted = new Set(all.map(({ id }) => id));
      return { fresh: fresh.filter(({ id }) => counted.has(id)), all, compared: fresh.map(({ id }) => id) };
    },

    /** Writes proposals down, those that are new, and that the purchases were compared. */
    async proposeLookAlikes(comparison: {
      readonly accountId: string;
      readonly compared: readonly string[];
      readonly proposals: readonly (LookAlike & { readonly id: string })[];
      readonly at: Temporal.Instant;
    }): Promise<void> {
      const { accountId, compared, proposals, at } = comparison;
      await db.write([
        ...proposals.map(({ id, a, b, why, reason }) => ({
          sql: `INSERT INTO look_alikes (id, account_id, first_purchase, second_purchase, why, reason, created_at)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                WHERE 2 = (SELECT count(*) FROM purchases WHERE id IN (?3, ?4) AND account_id = ?2)
                  AND NOT EXISTS (SELECT 1 FROM look_alikes WHERE first_purchase = ?4 AND second_purchase = ?3)
                ON CONFLICT DO NOTHING`,
          args: [id, accountId, a, b, why, reason, at.epochMilliseconds],
        })),
        {
          sql: `UPDATE purchases SET compared = 1 WHERE account_id = ?1 AND id IN (SELECT value FROM json_each(?2))`,
          args: [accountId, JSON.stringify(compared)],
        },
      ]);
    },
  };
}

import type { Candidate, LookAlike } from "../ledger/look-alikes.ts";
import { jsonRows } from "./json-rows.ts";
import type { Database, Statement } from "./libsql.ts";

/** A purchase, and when the mail was interpreted that it was compared as: milliseconds since 1970. */
export type Compared = { readonly id: string; readonly interpretedAt: number };

/** What comparing some of an account's purchases came to. */
export type Comparison = {
  readonly accountId: string;
  /** Those that it settles. */
  readonly compared: readonly Compared[];
  /** No two of the same purchases. */
  readonly proposals: readonly (LookAlike & { readonly id: string })[];
};

const CANDIDATE = `p.id, p.mail_id AS mailId, p.institution, p.kind, p.merchant, p.amount_minor AS amountMinor,
  p.currency, p.card, p.occurred_at AS occurredAt, p.occurred_on AS occurredOn,
  coalesce(m.mail_date, m.received_at) AS mailDate`;
const COUNTS = "p.origin <> 'sample' AND p.withdrawn_at IS NULL";

/** Purchases that are new, and what comparing them comes to. For the comparer. */
export function comparisonStore(db: Database) {
  return {
    /** The first accounts, by their ids, with purchases that were not compared yet. */
    async accountsToCompare(limit: number): Promise<string[]> {
      const rows = await db.all<{ id: string }>(
        // SQLite would walk through all that waits to find out whose it is.
        `WITH RECURSIVE waiting (id) AS (
           SELECT min(account_id) FROM purchases WHERE compared = 0
           UNION ALL SELECT (SELECT min(account_id) FROM purchases WHERE compared = 0 AND account_id > waiting.id)
           FROM waiting WHERE waiting.id IS NOT NULL)
         SELECT id FROM waiting WHERE id IS NOT NULL LIMIT ?`,
        [limit],
      );
      return rows.map(({ id }) => id);
    },

    /**
     * Purchases of the account that were not compared yet, the earliest and those within `nearMs` of it, and everything that
     * counts within `nearMs` of them; null when there are none. `compared` are those that this comparison settles. What is
     * years apart is compared in turn, so that nobody's whole history is ever loaded.
     */
    async purchasesToCompare(accountId: string, nearMs: number, limit: number) {
      const fresh = await db.all<Candidate & Compared>(
        // The pluses keep SQLite from looking through the account's whole history for the few that are new.
        `SELECT ${CANDIDATE}, m.interpreted_at AS interpretedAt FROM purchases p JOIN mails m ON m.id = p.mail_id
         WHERE p.account_id = ?1 AND p.compared = 0 AND +p.occurred_at <=
           ?2 + (SELECT min(+occurred_at) FROM purchases WHERE account_id = ?1 AND compared = 0)
         ORDER BY +p.occurred_at, p.id LIMIT ?3`,
        [accountId, nearMs, limit],
      );
      const [first, last] = [fresh[0], fresh.at(-1)];
      if (first === undefined || last === undefined) return null;
      const all = await db.all<Candidate>(
        `SELECT ${CANDIDATE} FROM purchases p JOIN mails m ON m.id = p.mail_id
         WHERE p.account_id = ? AND p.occurred_at BETWEEN ? AND ? AND ${COUNTS} ORDER BY p.occurred_at, p.id`,
        [accountId, first.occurredAt - nearMs, last.occurredAt + nearMs],
      );
      const counted = new Set(all.map(({ id }) => id));
      return {
        fresh: fresh.filter(({ id }) => counted.has(id)),
        all,
        compared: fresh.map(({ id, interpretedAt }) => ({ id, interpretedAt })),
      };
    },

    /**
     * Writes down what comparisons of different accounts found, and that the purchases were compared. What was proposed of
     * them before, is no likeness any more and nobody has decided about is withdrawn. A purchase that was read anew meanwhile
     * is compared again.
     */
    async proposeLookAlikes(comparisons: readonly Comparison[], at: Temporal.Instant): Promise<void> {
      const compared = jsonRows(
        comparisons.flatMap((of) => of.compared.map((one) => ({ ...one, accountId: of.accountId }))),
      );
      const proposals = comparisons.flatMap((of) => of.proposals.map((pair) => ({ ...pair, accountId: of.accountId })));
      await db.write([
        {
          sql: `DELETE FROM look_alikes WHERE id IN (
                    SELECT l.id FROM json_each(?1) one JOIN look_alikes l
                      ON l.first_purchase = one.value ->> 'id' AND +l.account_id = one.value ->> 'accountId'
                    UNION ALL SELECT l.id FROM json_each(?1) one JOIN look_alikes l
                      ON l.second_purchase = one.value ->> 'id' AND +l.account_id = one.value ->> 'accountId')
                  AND first_purchase || ' ' || second_purchase NOT IN (SELECT value FROM json_each(?2))
                  AND NOT EXISTS (SELECT 1 FROM look_alike_decisions WHERE look_alike_id = look_alikes.id)`,
          args: [compared, JSON.stringify(proposals.map(({ a, b }) => `${a} ${b}`))],
        },
        ...(proposals.length === 0 ? [] : [proposalsStatement(proposals, at)]),
        {
          sql: `UPDATE purchases SET compared = 1 FROM json_each(?1)
                WHERE purchases.id = value ->> 'id' AND +account_id = value ->> 'accountId'
                  AND (SELECT interpreted_at FROM mails WHERE id = mail_id) IS value ->> 'interpretedAt'`,
          args: [compared],
        },
      ]);
    },
  };
}

/** One for all of them, because preparing a statement costs more than what it does for a pair. */
function proposalsStatement(
  proposals: readonly (Comparison["proposals"][number] & { readonly accountId: string })[],
  at: Temporal.Instant,
): Statement {
  return {
    sql: `WITH new AS MATERIALIZED (
            SELECT value ->> 'id' AS id, value ->> 'accountId' AS account_id, value ->> 'a' AS a, value ->> 'b' AS b,
              value ->> 'why' AS why, value ->> 'reason' AS reason
            FROM json_each(?1))
          INSERT INTO look_alikes (id, account_id, first_purchase, second_purchase, why, reason, created_at)
          SELECT id, account_id, a, b, why, reason, ?2 FROM new
          WHERE 2 = (SELECT count(*) FROM purchases p WHERE p.id IN (new.a, new.b) AND +p.account_id = new.account_id)
            AND NOT EXISTS (SELECT 1 FROM look_alikes l WHERE l.first_purchase = new.b AND l.second_purchase = new.a)
          ON CONFLICT (first_purchase, second_purchase) DO UPDATE SET why = excluded.why, reason = excluded.reason`,
    args: [jsonRows(proposals), at.epochMilliseconds],
  };
}

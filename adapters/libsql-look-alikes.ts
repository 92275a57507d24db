import type { Candidate, LookAlike } from "../ledger/look-alikes.ts";
import { jsonRows } from "./json-rows.ts";
import type { MailRow } from "./libsql-mails.ts";
import { PURCHASE, type PurchaseRow } from "./libsql-purchases.ts";
import type { Database, Statement } from "./libsql.ts";

/** A proposal, and what its person says of it. */
export type LookAlikeRow = Pick<LookAlike, "why" | "reason"> & {
  readonly id: string;
  /** What stands of all that the person said. */
  readonly decision: "waiting" | "joined" | "apart";
  /** The decision that the next undo takes back; null when none stands. */
  readonly undoable: string | null;
  /** The purchase whose mail was sent first. */
  readonly first: string;
  readonly second: string;
  /** The purchases that count for the two: they themselves, unless they were joined into another one. */
  readonly firstCounted: string;
  readonly secondCounted: string;
  /** 1 when two different purchases are in the totals for them, so that there is something to join. */
  readonly mayBeJoined: number;
};

/** A purchase with the mail that tells of it. */
export type ToldPurchase = PurchaseRow & Pick<MailRow, "sender" | "subject" | "receivedAt" | "mailDate" | "reading">;

/** A purchase, and when the mail was interpreted that it was compared as: milliseconds since 1970. */
export type Compared = { readonly id: string; readonly interpretedAt: number };

/** What comparing some of an account's purchases came to. */
export type Comparison = {
  readonly accountId: string;
  /** Those that it settles. */
  readonly compared: readonly Compared[];
  readonly proposals: readonly (LookAlike & { readonly id: string })[];
};

const CANDIDATE = `p.id, p.mail_id AS mailId, p.institution, p.kind, p.merchant, p.amount_minor AS amountMinor,
  p.currency, p.card, p.occurred_at AS occurredAt, p.occurred_on AS occurredOn,
  coalesce(m.mail_date, m.received_at) AS mailDate`;
const COUNTS = "p.origin <> 'sample' AND p.withdrawn_at IS NULL";

/** A condition on a decision `d`: it was not taken back, and does not itself take one back. */
export const IS_STANDING = `+d.undoes IS NULL
  AND NOT EXISTS (SELECT 1 FROM look_alike_decisions u WHERE u.undoes = d.id)`;

/** Proposals with all that `LookAlikeRow` says of them. */
export const LOOK_ALIKES = `SELECT pair.*, (
    SELECT count(*) FROM current_purchases c WHERE c.id IN (firstCounted, secondCounted) AND c.removed = 0
  ) = 2 AS mayBeJoined
  FROM (SELECT l.id, l.account_id, l.why, l.reason, l.created_at, l.first_purchase AS first, l.second_purchase AS second,
    coalesce(a.joined_into, a.id) AS firstCounted, coalesce(b.joined_into, b.id) AS secondCounted,
    coalesce((SELECT decision FROM look_alike_decisions WHERE look_alike_id = l.id ORDER BY sequence DESC LIMIT 1),
      'waiting') AS decision,
    (SELECT d.id FROM look_alike_decisions d WHERE d.look_alike_id = l.id AND ${IS_STANDING}
     ORDER BY sequence DESC LIMIT 1) AS undoable
    FROM look_alikes l JOIN purchases a ON a.id = l.first_purchase JOIN purchases b ON b.id = l.second_purchase) pair`;
const ROW = "id, why, reason, decision, undoable, first, second, firstCounted, secondCounted, mayBeJoined";
const IS_OPEN = "account_id = ?1 AND decision = 'waiting' AND mayBeJoined";

/** Purchases that may be one. */
export function lookAlikeStore(db: Database) {
  return {
    /** The account's proposals that wait for the person, the newest first. */
    openLookAlikes: (accountId: string, limit: number) =>
      db.all<LookAlikeRow>(
        `SELECT ${ROW} FROM (${LOOK_ALIKES}) WHERE ${IS_OPEN} ORDER BY created_at DESC, id DESC LIMIT ?2`,
        [accountId, limit],
      ),

    /** How many of the account's proposals wait for the person. */
    async countOpenLookAlikes(accountId: string): Promise<number> {
      const sql = `SELECT count(*) AS count FROM (${LOOK_ALIKES}) WHERE ${IS_OPEN}`;
      const row = await db.one<{ count: number }>(sql, [accountId]);
      return row?.count ?? 0;
    },

    /** One of the account's proposals, or null. */
    lookAlike: (accountId: string, id: string) =>
      db.one<LookAlikeRow>(`SELECT ${ROW} FROM (${LOOK_ALIKES}) WHERE account_id = ? AND id = ?`, [accountId, id]),

    /** All proposals that one of the account's purchases is in, the oldest first. */
    lookAlikesOf: (accountId: string, purchaseId: string) =>
      db.all<LookAlikeRow>(
        `SELECT ${ROW} FROM (${LOOK_ALIKES}) WHERE (first = ?2 OR second = ?2) AND +account_id = ?1 ORDER BY created_at, id`,
        [accountId, purchaseId],
      ),

    /** These purchases of the account, each with its mail, those that were told first first. */
    toldPurchases: (accountId: string, ids: readonly string[]) =>
      db.all<ToldPurchase>(
        // The plus keeps SQLite from looking through all purchases of the account.
        `SELECT p.*, m.sender, m.subject, m.received_at AS receivedAt, m.mail_date AS mailDate,
           (SELECT reading FROM mail_readings WHERE mail_number = m.number) AS reading
         FROM (SELECT ${PURCHASE} FROM current_purchases
           WHERE id IN (SELECT value FROM json_each(?2)) AND +account_id = ?1) p
         JOIN mails m ON m.id = p.mailId ORDER BY coalesce(m.mail_date, m.received_at), m.number`,
        [accountId, JSON.stringify(ids)],
      ),

    /** The account's purchases that are counted together with this one, without it. */
    async countedWith(accountId: string, purchaseId: string): Promise<string[]> {
      const rows = await db.all<{ id: string }>(
        `SELECT o.id FROM purchases p JOIN purchases o
           ON o.id = coalesce(p.joined_into, p.id) OR o.joined_into = coalesce(p.joined_into, p.id)
         WHERE p.id = ?2 AND p.account_id = ?1 AND o.id <> p.id ORDER BY o.id`,
        [accountId, purchaseId],
      );
      return rows.map(({ id }) => id);
    },

    /** Accounts with purchases that were not compared yet. */
    async accountsToCompare(limit: number): Promise<string[]> {
      const rows = await db.all<{ id: string }>(
        "SELECT DISTINCT account_id AS id FROM purchases WHERE compared = 0 ORDER BY account_id LIMIT ?",
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
        `SELECT ${CANDIDATE}, m.interpreted_at AS interpretedAt FROM purchases p JOIN mails m ON m.id = p.mail_id
         WHERE p.account_id = ?1 AND p.compared = 0 AND p.occurred_at <=
           ?2 + (SELECT min(occurred_at) FROM purchases WHERE account_id = ?1 AND compared = 0)
         ORDER BY p.occurred_at, p.id LIMIT ?3`,
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

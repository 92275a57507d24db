import type { LookAlike } from "../ledger/look-alikes.ts";
import type { MailRow } from "./libsql-mails.ts";
import { PURCHASE, type PurchaseRow } from "./libsql-purchases.ts";
import type { Database } from "./libsql.ts";

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
  };
}

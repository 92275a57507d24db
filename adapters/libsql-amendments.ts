import type { Database } from "./libsql.ts";

/** One of a person's changes, or the undoing of one. */
export type AmendmentRow = {
  readonly id: string;
  readonly at: number;
  readonly undoes: string | null;
  readonly merchant: string;
  /** 1 when the merchant is the person's own word. */
  readonly named: number;
  readonly amountMinor: number;
  readonly removed: number;
};

/** A person's changes to purchases; only ever added to. Every call takes the account's id, as those that find purchases do. */
export function amendmentStore(db: Database) {
  return {
    /** All changes to a purchase of the account, oldest first. */
    amendments: (accountId: string, purchaseId: string) =>
      db.all<AmendmentRow>(
        `SELECT id, at, undoes, merchant, named, amount_minor AS amountMinor, removed FROM amendments
         WHERE account_id = ? AND purchase_id = ? ORDER BY sequence`,
        [accountId, purchaseId],
      ),

    /** Adds a change; false when the account has no such purchase. */
    async amend(change: {
      id: string;
      accountId: string;
      purchaseId: string;
      at: Temporal.Instant;
      merchant: string;
      /** Whether the merchant is the person's own word. */
      isNamed: boolean;
      amountMinor: number;
      removed: boolean;
    }): Promise<boolean> {
      const [result] = await db.write([
        {
          sql: `INSERT INTO amendments (id, account_id, purchase_id, sequence, at, merchant, amount_minor, removed, named)
                SELECT ?1, account_id, id,
                  1 + (SELECT coalesce(max(sequence), 0) FROM amendments WHERE purchase_id = ?3), ?4, ?5, ?6, ?7, ?8
                FROM purchases WHERE id = ?3 AND account_id = ?2`,
          args: [
            change.id,
            change.accountId,
            change.purchaseId,
            change.at.epochMilliseconds,
            change.merchant,
            change.amountMinor,
            change.removed ? 1 : 0,
            change.isNamed ? 1 : 0,
          ],
        },
      ]);
      return result?.changed === 1;
    },

    /**
     * Takes the newest change that still stands back. False when none stands, when the newest is not the one that
     * `change` names, or when the purchase is not the account's. Null for `change` means whichever is the newest.
     */
    async undoAmendment(undo: {
      id: string;
      accountId: string;
      purchaseId: string;
      change: string | null;
      at: Temporal.Instant;
    }): Promise<boolean> {
      const [result] = await db.write([
        {
          sql: `INSERT INTO amendments (id, account_id, purchase_id, sequence, at, undoes, merchant, amount_minor, removed, named)
                SELECT ?1, newest.account_id, newest.purchase_id,
                  1 + (SELECT max(sequence) FROM amendments WHERE purchase_id = ?3), ?4, newest.id,
                  newest.merchant, newest.amount_minor, newest.removed, newest.named
                FROM amendments newest
                WHERE (?5 IS NULL OR newest.id = ?5) AND newest.id = (
                  SELECT c.id FROM amendments c
                  WHERE c.purchase_id = ?3 AND c.account_id = ?2 AND +c.undoes IS NULL
                    AND NOT EXISTS (SELECT 1 FROM amendments u WHERE u.undoes = c.id)
                  ORDER BY c.sequence DESC LIMIT 1)`,
          args: [undo.id, undo.accountId, undo.purchaseId, undo.at.epochMilliseconds, undo.change],
        },
      ]);
      return result?.changed === 1;
    },
  };
}

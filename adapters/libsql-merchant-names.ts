import type { Database } from "./libsql.ts";

/** What one merchant is called, as the newest thing says that its person said and did not take back. */
export type MerchantNameRow = {
  /** Of that change: it is what the next undo takes back. */
  readonly id: string;
  /** The merchant as a mail wrote it. */
  readonly written: string;
  /** Null when no name of the person's counts any more. */
  readonly name: string | null;
  /** What it was called before, and is again after an undo; null for no name of the person's. */
  readonly before: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
};

const STANDING = "+n.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM merchant_names u WHERE u.undoes = n.id)";
const NEWEST = "ORDER BY n.sequence DESC LIMIT 1";
const INSERT = "INSERT INTO merchant_names (id, account_id, merchant_key, sequence, at, written, name, undoes)";

/** The sequence of the next change of what a merchant of an account is called. */
function nextSequence(account: string, key: string): string {
  return `1 + (SELECT coalesce(max(sequence), 0) FROM merchant_names WHERE account_id = ${account} AND merchant_key = ${key})`;
}

/** The newest standing change of what a merchant of an account is called: one of its columns. */
function standing(column: "id" | "name", account: string, key: string): string {
  return `(SELECT n.${column} FROM merchant_names n
    WHERE n.account_id = ${account} AND n.merchant_key = ${key} AND ${STANDING} ${NEWEST})`;
}

/** What a person calls merchants; only ever added to. Every call takes the account's id. */
export function merchantNameStore(db: Database) {
  return {
    /** What the account's person calls merchants, or has called them, the newest last. */
    merchantNames: (accountId: string) =>
      db.all<MerchantNameRow>(
        `SELECT c.id, c.written, c.name, c.at,
           (SELECT n.name FROM merchant_names n WHERE n.account_id = c.account_id AND n.merchant_key = c.merchant_key
              AND n.sequence < c.sequence AND ${STANDING} ${NEWEST}) AS before
         FROM merchant_names c
         WHERE c.account_id = ?1 AND c.id = ${standing("id", "c.account_id", "c.merchant_key")} ORDER BY c.at, c.id`,
        [accountId],
      ),

    /**
     * Gives the merchant of a purchase a name, as `key` knows it, for this and every other of its purchases. False when it
     * has that name already, or the account has no such purchase.
     */
    async nameMerchant(change: {
      id: string;
      accountId: string;
      purchaseId: string;
      key: string;
      name: string;
      at: Temporal.Instant;
    }): Promise<boolean> {
      const [result] = await db.write([
        {
          sql: `${INSERT} SELECT ?1, account_id, ?4, ${nextSequence("?2", "?4")}, ?6, merchant, ?5, NULL
                FROM purchases WHERE id = ?3 AND account_id = ?2 AND ${standing("name", "?2", "?4")} IS NOT ?5`,
          args: [change.id, change.accountId, change.purchaseId, change.key, change.name, change.at.epochMilliseconds],
        },
      ]);
      return result?.changed === 1;
    },

    /** Ends the name that a change gave. False when it does not stand any more, or is not the account's. */
    async endMerchantName(end: {
      id: string;
      accountId: string;
      change: string;
      at: Temporal.Instant;
    }): Promise<boolean> {
      const [result] = await db.write([
        {
          sql: `${INSERT} SELECT ?1, c.account_id, c.merchant_key, ${nextSequence("c.account_id", "c.merchant_key")}, ?4,
                  c.written, NULL, NULL
                FROM merchant_names c WHERE c.id = ?3 AND c.account_id = ?2 AND c.name IS NOT NULL
                  AND c.id = ${standing("id", "c.account_id", "c.merchant_key")}`,
          args: [end.id, end.accountId, end.change, end.at.epochMilliseconds],
        },
      ]);
      return result?.changed === 1;
    },

    /** Takes a change back. False when it is not its merchant's newest that stands, or not the account's. */
    async undoMerchantName(undo: {
      id: string;
      accountId: string;
      change: string;
      at: Temporal.Instant;
    }): Promise<boolean> {
      const [result] = await db.write([
        {
          sql: `${INSERT} SELECT ?1, c.account_id, c.merchant_key, ${nextSequence("c.account_id", "c.merchant_key")}, ?4,
                  c.written, c.name, c.id
                FROM merchant_names c WHERE c.id = ?3 AND c.account_id = ?2
                  AND c.id = ${standing("id", "c.account_id", "c.merchant_key")}`,
          args: [undo.id, undo.accountId, undo.change, undo.at.epochMilliseconds],
        },
      ]);
      return result?.changed === 1;
    },
  };
}

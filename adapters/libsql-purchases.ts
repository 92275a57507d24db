import type { Database, Statement, Value } from "./libsql.ts";

/** A purchase as it stands after the person's changes. */
export type PurchaseRow = {
  readonly id: string;
  readonly mailId: string;
  readonly institution: string;
  readonly kind: string;
  readonly merchant: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
  readonly origin: "addressed" | "person" | "sample";
  /** 0 or 1. */
  readonly removed: number;
  readonly bookedMerchant: string;
  readonly bookedAmountMinor: number;
  /** JSON: the words of the mail that were read. */
  readonly words: string;
  readonly bookedAt: number;
};

/** One of a person's changes, or the undoing of one. */
export type AmendmentRow = {
  readonly id: string;
  readonly at: number;
  readonly undoes: string | null;
  readonly merchant: string;
  readonly amountMinor: number;
  readonly removed: number;
};

/** Something to be booked. */
export type NewPurchase = {
  readonly id: string;
  readonly accountId: string;
  readonly mailId: string;
  readonly position: number;
  readonly institution: string;
  readonly kind: string;
  readonly merchant: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly card: string | null;
  readonly occurredAt: number;
  readonly occurredOn: string | null;
  readonly origin: PurchaseRow["origin"];
  readonly words: string;
  readonly bookedAt: number;
};

/** What to search for; days are those of the account's zone, given with the instants that they span. */
export type PurchaseSearch = {
  readonly text: string | null;
  readonly from: { readonly day: string; readonly at: number } | null;
  readonly to: { readonly day: string; readonly at: number } | null;
};

/** A place in a list that is sorted by time, newest first. */
export type Cursor = { readonly occurredAt: number; readonly id: string };

const COLUMNS = `id, mail_id AS mailId, institution, kind, merchant, amount_minor AS amountMinor, currency, card,
  occurred_at AS occurredAt, occurred_on AS occurredOn, origin, removed, booked_merchant AS bookedMerchant,
  booked_amount_minor AS bookedAmountMinor, words, booked_at AS bookedAt`;

const HALF_DAY_MS = 12 * 60 * 60_000;

/**
 * The statement that books one event. `when` is a condition on the mail (`?1` is the purchase's mail id), so that the
 * decision whether it counts is made in the same batch.
 */
export function bookStatement(purchase: NewPurchase, when: string): Statement {
  return {
    sql: `INSERT INTO purchases (mail_id, id, account_id, position, institution, kind, merchant, amount_minor, currency,
            card, occurred_at, occurred_on, origin, words, booked_at)
          SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15 WHERE ${when}
          ON CONFLICT (mail_id, position) DO NOTHING`,
    args: [
      purchase.mailId,
      purchase.id,
      purchase.accountId,
      purchase.position,
      purchase.institution,
      purchase.kind,
      purchase.merchant,
      purchase.amountMinor,
      purchase.currency,
      purchase.card,
      purchase.occurredAt,
      purchase.occurredOn,
      purchase.origin,
      purchase.words,
      purchase.bookedAt,
    ],
  };
}

/** Purchases and a person's changes to them. Every call takes the account's id; another account's purchase does not exist. */
export function purchaseStore(db: Database) {
  return {
    /** Purchases, samples and removed ones included, that lie between two instants give or take half a day, newest first. */
    purchasesBetween: (accountId: string, from: Temporal.Instant, to: Temporal.Instant) =>
      db.all<PurchaseRow>(
        // A date without a time is stored as noon in UTC, up to half a day away from the same day elsewhere.
        `SELECT ${COLUMNS} FROM current_purchases WHERE account_id = ? AND occurred_at >= ? AND occurred_at < ?
         ORDER BY occurred_at DESC, id DESC`,
        [accountId, from.epochMilliseconds - HALF_DAY_MS, to.epochMilliseconds + HALF_DAY_MS],
      ),

    /** One page of what was searched for, newest first. */
    async searchPurchases(accountId: string, search: PurchaseSearch, before: Cursor | null, limit: number) {
      const { where, args } = conditionOf(accountId, search);
      const page = before === null ? "" : " AND (occurred_at, id) < (?, ?)";
      return db.all<PurchaseRow>(
        `SELECT ${COLUMNS} FROM current_purchases WHERE ${where}${page} ORDER BY occurred_at DESC, id DESC LIMIT ?`,
        [...args, ...(before === null ? [] : [before.occurredAt, before.id]), limit],
      );
    },

    /** Sum and number of all that was searched for, per currency; samples and removed ones don't count. */
    async searchTotals(accountId: string, search: PurchaseSearch) {
      const { where, args } = conditionOf(accountId, search);
      return db.all<{ currency: string; amountMinor: number; count: number }>(
        `SELECT currency, sum(amount_minor) AS amountMinor, count(*) AS count FROM current_purchases
         WHERE ${where} AND removed = 0 AND origin <> 'sample' GROUP BY currency ORDER BY count DESC, currency`,
        args,
      );
    },

    /** One purchase of the account, or null. */
    purchase: (accountId: string, id: string) =>
      db.one<PurchaseRow>(`SELECT ${COLUMNS} FROM current_purchases WHERE account_id = ? AND id = ?`, [accountId, id]),

    /** The account's newest purchase that came from a sample alert and was not removed, or null. */
    samplePurchase: (accountId: string) =>
      db.one<PurchaseRow>(
        `SELECT ${COLUMNS} FROM current_purchases WHERE account_id = ? AND origin = 'sample' AND removed = 0
         ORDER BY booked_at DESC LIMIT 1`,
        [accountId],
      ),

    /** All changes to a purchase of the account, oldest first. */
    amendments: (accountId: string, purchaseId: string) =>
      db.all<AmendmentRow>(
        `SELECT id, at, undoes, merchant, amount_minor AS amountMinor, removed FROM amendments
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
      amountMinor: number;
      removed: boolean;
    }): Promise<boolean> {
      const [result] = await db.write([
        {
          sql: `INSERT INTO amendments (id, account_id, purchase_id, sequence, at, merchant, amount_minor, removed)
                SELECT ?1, account_id, id,
                  1 + (SELECT coalesce(max(sequence), 0) FROM amendments WHERE purchase_id = ?3), ?4, ?5, ?6, ?7
                FROM purchases WHERE id = ?3 AND account_id = ?2`,
          args: [
            change.id,
            change.accountId,
            change.purchaseId,
            change.at.epochMilliseconds,
            change.merchant,
            change.amountMinor,
            change.removed ? 1 : 0,
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
          sql: `INSERT INTO amendments (id, account_id, purchase_id, sequence, at, undoes, merchant, amount_minor, removed)
                SELECT ?1, newest.account_id, newest.purchase_id,
                  1 + (SELECT max(sequence) FROM amendments WHERE purchase_id = ?3), ?4, newest.id,
                  newest.merchant, newest.amount_minor, newest.removed
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

function conditionOf(accountId: string, { text, from, to }: PurchaseSearch): { where: string; args: Value[] } {
  const parts = ["account_id = ?"];
  const args: Value[] = [accountId];
  if (text !== null) {
    parts.push("merchant LIKE ? ESCAPE '\\'");
    args.push(`%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  }
  if (from !== null) {
    parts.push("iif(occurred_on IS NULL, occurred_at >= ?, occurred_on >= ?)");
    args.push(from.at, from.day);
  }
  if (to !== null) {
    parts.push("iif(occurred_on IS NULL, occurred_at < ?, occurred_on <= ?)");
    args.push(to.at, to.day);
  }
  return { where: parts.join(" AND "), args };
}

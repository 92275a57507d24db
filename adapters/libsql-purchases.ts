import type { NewPurchase } from "./libsql-book.ts";
import type { Database, Value } from "./libsql.ts";

/** A purchase as it stands after the person's changes. */
export type PurchaseRow = Omit<NewPurchase, "accountId" | "position" | "named"> & {
  /** 1 when the merchant is the person's own word, which is its name; else its name follows from `bookedMerchant`. */
  readonly named: number;
  /** 1 when it is in no total: its person removed it, it was joined into another one, or it was withdrawn. */
  readonly removed: number;
  /** The purchase that counts for it, or null. */
  readonly joinedInto: string | null;
  /** When a better reading of its mail found that it is none, in milliseconds since 1970; null when it is one. */
  readonly withdrawnAt: number | null;
  readonly bookedMerchant: string;
  readonly bookedAmountMinor: number;
};

/** What to search for; days are those of the account's zone, given with the instants that they span. */
export type PurchaseSearch = {
  readonly text: string | null;
  /** Merchants as mails wrote them, whose names hold the text where what was written does not. */
  readonly written?: readonly string[];
  readonly from: { readonly day: string; readonly at: number } | null;
  readonly to: { readonly day: string; readonly at: number } | null;
};

/** A place in a list that is sorted by time, newest first. */
export type Cursor = { readonly occurredAt: number; readonly id: string };

/** The columns of a `PurchaseRow`. */
export const PURCHASE = `id, mail_id AS mailId, institution, kind, merchant, named, amount_minor AS amountMinor, currency, card,
  occurred_at AS occurredAt, occurred_on AS occurredOn, origin, signed_by AS signedBy, removed, joined_into AS joinedInto, withdrawn_at AS withdrawnAt,
  booked_merchant AS bookedMerchant, booked_amount_minor AS bookedAmountMinor, words, booked_at AS bookedAt`;

const HALF_DAY_MS = 12 * 60 * 60_000;

/** Finding purchases. Every call takes the account's id; another account's purchase does not exist. */
export function purchaseStore(db: Database) {
  return {
    /** Purchases, samples and removed ones included, that lie between two instants give or take half a day, newest first. */
    purchasesBetween: (accountId: string, from: Temporal.Instant, to: Temporal.Instant) =>
      db.all<PurchaseRow>(
        // A date without a time is stored as noon in UTC, up to half a day away from the same day elsewhere.
        `SELECT ${PURCHASE} FROM current_purchases WHERE account_id = ? AND occurred_at >= ? AND occurred_at < ?
         ORDER BY occurred_at DESC, id DESC`,
        [accountId, from.epochMilliseconds - HALF_DAY_MS, to.epochMilliseconds + HALF_DAY_MS],
      ),

    /** One page of what was searched for, newest first. */
    async searchPurchases(accountId: string, search: PurchaseSearch, before: Cursor | null, limit: number) {
      const { where, args } = conditionOf(accountId, search);
      const page = before === null ? "" : " AND (occurred_at, id) < (?, ?)";
      return db.all<PurchaseRow>(
        `SELECT ${PURCHASE} FROM current_purchases WHERE ${where}${page} ORDER BY occurred_at DESC, id DESC LIMIT ?`,
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

    /** The merchants of the account's purchases as mails wrote them, each once. */
    async writtenMerchants(accountId: string): Promise<string[]> {
      const sql = "SELECT DISTINCT merchant FROM purchases WHERE account_id = ?";
      return (await db.all<{ merchant: string }>(sql, [accountId])).map(({ merchant }) => merchant);
    },

    /** What counts in one currency between two times, both included: what was spent, or what came back; oldest first. */
    countedBetween: (
      accountId: string,
      { currency, from, to, cameBack }: { currency: string; from: number; to: number; cameBack: boolean },
    ) =>
      db.all<PurchaseRow>(
        `SELECT ${PURCHASE} FROM current_purchases WHERE account_id = ? AND occurred_at BETWEEN ? AND ? AND currency = ?
           AND removed = 0 AND origin <> 'sample' AND iif(?, amount_minor < 0, amount_minor > 0) ORDER BY occurred_at, id`,
        [accountId, from, to, currency, cameBack ? 1 : 0],
      ),

    /** One purchase of the account, or null. */
    purchase: (accountId: string, id: string) =>
      db.one<PurchaseRow>(`SELECT ${PURCHASE} FROM current_purchases WHERE account_id = ? AND id = ?`, [accountId, id]),

    /** What was booked from these mails of the account, counted or not, the first of each mail first. */
    purchasesOfMails: (accountId: string, mailIds: readonly string[]) =>
      db.all<PurchaseRow>(
        // The plus keeps SQLite from looking through all purchases of the account.
        `SELECT ${PURCHASE} FROM current_purchases
         WHERE mail_id IN (SELECT value FROM json_each(?2)) AND +account_id = ?1 ORDER BY booked_at, id`,
        [accountId, JSON.stringify(mailIds)],
      ),

    /** The account's newest purchase that came from a sample alert and was not removed, or null. */
    samplePurchase: (accountId: string) =>
      db.one<PurchaseRow>(
        `SELECT ${PURCHASE} FROM current_purchases WHERE account_id = ? AND origin = 'sample' AND removed = 0
         ORDER BY booked_at DESC LIMIT 1`,
        [accountId],
      ),
  };
}

function conditionOf(
  accountId: string,
  { text, written = [], from, to }: PurchaseSearch,
): { where: string; args: Value[] } {
  const parts = ["account_id = ?"];
  const args: Value[] = [accountId];
  if (text !== null) {
    const like = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    parts.push(`(merchant LIKE ? ESCAPE '\\' OR booked_merchant LIKE ? ESCAPE '\\'
      OR (named = 0 AND booked_merchant IN (SELECT value FROM json_each(?))))`);
    args.push(like, like, JSON.stringify(written));
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

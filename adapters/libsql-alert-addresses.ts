import { OVERLAP_DAYS } from "../access/tokens.ts";
import type { Database } from "./libsql.ts";

/** An address that a person's banks write to, or wrote to; instants in milliseconds since 1970. */
export type AlertAddressRow = {
  readonly token: string;
  readonly createdAt: number;
  /** From when on it takes no mail; null for the one that the person gives to banks. */
  readonly retiredAt: number | null;
};

/** Names one of the account's alert addresses. */
type OneOfThem = { readonly accountId: string; readonly token: string; readonly at: Temporal.Instant };

const DAY_MS = 24 * 60 * 60_000;
const OVERLAP_MS = OVERLAP_DAYS * DAY_MS;
// Each is one more secret that lets strangers in once it leaks, and one more row that stays for ever.
const MOST = 10;
/** Of account `?1` at `?3`. */
const HAS_ROOM = `(SELECT count(*) FROM alert_addresses
  WHERE account_id = ?1 AND (coalesce(retired_at > ?3, TRUE) OR created_at > ?3 - ${DAY_MS})) < ${MOST}`;

/**
 * The alert addresses of accounts. One of an account's is its own; those before it take mail until their last day, so
 * that no alert is lost while a bank is told.
 */
export function alertAddressStore(db: Database) {
  return {
    /** The account's own one first, then the others by their last day, the latest first. */
    alertAddresses: (accountId: string) =>
      db.all<AlertAddressRow>(
        `SELECT token, created_at AS createdAt, retired_at AS retiredAt FROM alert_addresses WHERE account_id = ?
         ORDER BY retired_at IS NOT NULL, retired_at DESC, token LIMIT 100`,
        [accountId],
      ),

    /**
     * Gives the account a new one in the place of `token`, which works for 30 more days. False when `token` is not its own
     * one any more, or it has ten that work or are younger than a day.
     */
    async replaceAlertAddress({ accountId, token, at, newToken }: OneOfThem & { newToken: string }): Promise<boolean> {
      const now = at.epochMilliseconds;
      const [made] = await db.write([
        {
          sql: `INSERT INTO alert_addresses (token, account_id, created_at)
                SELECT ?4, account_id, ?3 FROM alert_addresses
                WHERE token = ?2 AND account_id = ?1 AND retired_at IS NULL AND ${HAS_ROOM} ON CONFLICT DO NOTHING`,
          args: [accountId, token, now, newToken],
        },
        {
          sql: `UPDATE alert_addresses SET retired_at = ?3 WHERE token = ?2 AND account_id = ?1 AND retired_at IS NULL
                  AND EXISTS (SELECT 1 FROM alert_addresses WHERE token = ?4 AND account_id = ?1)`,
          args: [accountId, token, now + OVERLAP_MS, newToken],
        },
      ]);
      return made?.changed === 1;
    },

    /**
     * Makes one that still works the account's own again; the one whose place it takes works for 30 more days. False when
     * it is no such address of the account.
     */
    async keepAlertAddress({ accountId, token, at }: OneOfThem): Promise<boolean> {
      const now = at.epochMilliseconds;
      const stillWorks = "token = ?2 AND account_id = ?1 AND retired_at > ?3";
      const results = await db.write([
        {
          sql: `UPDATE alert_addresses SET retired_at = ?4 WHERE account_id = ?1 AND retired_at IS NULL
                  AND EXISTS (SELECT 1 FROM alert_addresses WHERE ${stillWorks})`,
          args: [accountId, token, now, now + OVERLAP_MS],
        },
        { sql: `UPDATE alert_addresses SET retired_at = NULL WHERE ${stillWorks}`, args: [accountId, token, now] },
      ]);
      return results[1]?.changed === 1;
    },

    /** Lets a former one that still works take no mail from now on. False when it is no such address of the account. */
    async stopAlertAddress({ accountId, token, at }: OneOfThem): Promise<boolean> {
      const [stopped] = await db.write([
        {
          sql: "UPDATE alert_addresses SET retired_at = ?3 WHERE token = ?2 AND account_id = ?1 AND retired_at > ?3",
          args: [accountId, token, at.epochMilliseconds],
        },
      ]);
      return stopped?.changed === 1;
    },

    /** Lets one that takes no mail any more work for 30 days. False when it is no such one, or as for a new one. */
    async resumeAlertAddress({ accountId, token, at }: OneOfThem): Promise<boolean> {
      const now = at.epochMilliseconds;
      const [resumed] = await db.write([
        {
          sql: `UPDATE alert_addresses SET retired_at = ?4
                WHERE token = ?2 AND account_id = ?1 AND retired_at <= ?3 AND ${HAS_ROOM}`,
          args: [accountId, token, now, now + OVERLAP_MS],
        },
      ]);
      return resumed?.changed === 1;
    },
  };
}

import { IS_PERSONS } from "./is-persons.ts";
import type { BookedEvent } from "./libsql-interpretation.ts";
import { WAITS_FOR_PERSON } from "./waits-for-person.ts";
import type { Database } from "./libsql.ts";

/** What of an account decides whether a mail is real, and how it is read. */
export type RecipientFacts = {
  /** The mail addresses that the person has proven. */
  readonly addresses: readonly string[];
  /** Tokens of the alert addresses that work. */
  readonly tokens: readonly string[];
  readonly trustedRoutes: readonly string[];
  readonly requiresSignature: boolean;
  /** What most of its last purchases are in, ISO 4217; null before the first. */
  readonly usualCurrency: string | null;
  readonly timeZone: string;
};

/** A way that a person trusts; instants in milliseconds since 1970. */
export type TrustedRoute = {
  readonly id: string;
  readonly sender: string;
  readonly subject: string;
  readonly reason: string;
  readonly createdAt: number;
};

/** What accounts hold to be theirs, and whom they trust. */
export function originStore(db: Database) {
  return {
    /** What of this account decides about its mail; null for an account that is gone. */
    async recipientFacts(accountId: string, at: Temporal.Instant): Promise<RecipientFacts | null> {
      const row = await db.one<{
        requires: number;
        addresses: string;
        tokens: string;
        routes: string;
        currency: string | null;
        zone: string;
      }>(
        `SELECT requires_signature AS requires, time_zone AS zone,
           (SELECT currency FROM (SELECT currency FROM purchases WHERE account_id = a.id
            ORDER BY occurred_at DESC, id DESC LIMIT 50) GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1) AS currency,
           (SELECT json_group_array(address) FROM addresses
            WHERE account_id = a.id AND proven_at IS NOT NULL) AS addresses,
           (SELECT json_group_array(token) FROM alert_addresses
            WHERE account_id = a.id AND coalesce(retired_at > ?2, TRUE)) AS tokens,
           (SELECT json_group_array(route) FROM trusted_routes
            WHERE account_id = a.id AND revoked_at IS NULL) AS routes
         FROM accounts a WHERE a.id = ?1`,
        [accountId, at.epochMilliseconds],
      );
      if (row === null) return null;
      return {
        addresses: stringsOf(row.addresses),
        tokens: stringsOf(row.tokens),
        trustedRoutes: stringsOf(row.routes),
        requiresSignature: row.requires === 1,
        usualCurrency: row.currency,
        timeZone: row.zone,
      };
    },

    /** The account that has proven this mail address to be its own, or null. */
    async accountIdOfProvenAddress(address: string): Promise<string | null> {
      const row = await db.one<{ id: string }>(
        "SELECT account_id AS id FROM addresses WHERE address = ? AND proven_at IS NOT NULL",
        [address],
      );
      return row?.id ?? null;
    },

    /** What was booked for the account's mail, counted or not, in the order of the mail. */
    async bookedOf(accountId: string, mailId: string): Promise<BookedEvent[]> {
      const rows = await db.all<Omit<BookedEvent, "isSettled"> & { isSettled: number }>(
        `SELECT position, amount_minor AS amountMinor, currency, merchant, occurred_at AS occurredAt,
           occurred_on AS occurredOn, kind,
           withdrawn_at IS NOT NULL OR ${IS_PERSONS} AS isSettled
         FROM purchases p WHERE account_id = ? AND mail_id = ? ORDER BY position`,
        [accountId, mailId],
      );
      return rows.map((row) => ({ ...row, isSettled: row.isSettled === 1 }));
    },

    /**
     * Trusts the way on which a mail in review came, and has every mail interpreted again that waits only because it came
     * that way. False when the account has no such mail in review, or its way may not be trusted.
     */
    async trustRoute(trust: { id: string; accountId: string; mailId: string; at: Temporal.Instant }): Promise<boolean> {
      const [made] = await db.write([
        {
          sql: `INSERT INTO trusted_routes (id, account_id, route, mail_id, created_at)
                SELECT ?1, account_id, route_in_doubt, id, ?4 FROM mails m
                WHERE id = ?3 AND account_id = ?2 AND outcome = 'review' AND route_in_doubt IS NOT NULL
                  AND ${WAITS_FOR_PERSON}
                ON CONFLICT DO NOTHING`,
          args: [trust.id, trust.accountId, trust.mailId, trust.at.epochMilliseconds],
        },
        {
          sql: `UPDATE mails AS m SET state = 'waiting', lease_until = 0, attempts = 0
                WHERE m.account_id = ?2 AND m.outcome = 'review' AND m.state = 'done'
                  AND m.route_in_doubt = (SELECT route FROM trusted_routes WHERE id = ?1)
                  AND ${WAITS_FOR_PERSON}`,
          args: [trust.id, trust.accountId],
        },
      ]);
      return made?.changed === 1;
    },

    /** The ways that the account trusts, the newest first. */
    trustedRoutes: (accountId: string) =>
      db.all<TrustedRoute>(
        `SELECT r.id, m.sender, m.subject, r.route AS reason, r.created_at AS createdAt
         FROM trusted_routes r JOIN mails m ON m.id = r.mail_id
         WHERE r.account_id = ? AND r.revoked_at IS NULL ORDER BY r.created_at DESC, r.id`,
        [accountId],
      ),

    /** Ends the trust; what was booked through it stays. False when the account trusts no such way. */
    async revokeRoute(accountId: string, id: string, at: Temporal.Instant): Promise<boolean> {
      const [revoked] = await db.write([
        {
          sql: "UPDATE trusted_routes SET revoked_at = ?3 WHERE id = ?2 AND account_id = ?1 AND revoked_at IS NULL",
          args: [accountId, id, at.epochMilliseconds],
        },
      ]);
      return revoked?.changed === 1;
    },

    /** Whether this account's purchases are booked by themselves only when the bank signed the mail. */
    async setRequiresSignature(accountId: string, isRequired: boolean): Promise<void> {
      await db.write([
        { sql: "UPDATE accounts SET requires_signature = ? WHERE id = ?", args: [isRequired ? 1 : 0, accountId] },
      ]);
    },
  };
}

/** A column made by json_group_array. */
function stringsOf(json: string): string[] {
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.map(String) : [];
}

import { CLAIM_MS } from "./libsql-addresses.ts";
import type { Database } from "./libsql.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What the store knows about how the service is doing; ages in milliseconds, null when there is nothing that old. */
export type ServiceState = {
  readonly oldestLetterWaitingMs: number | null;
  readonly oldestMailWaitingMs: number | null;
  readonly lastMailAgeMs: number | null;
  readonly unreadableMails: number;
  readonly refusedLetters: number;
  /** Deliveries refused because their body was over the cap. */
  readonly tooLargeDeliveries: number;
  /** Deliveries refused because their account had had its mail of the day. */
  readonly deliveriesOverLimit: number;
  /** Mails for nobody that were only counted, since the disk was nearly full. */
  readonly mailsOnlyCounted: number;
  /** Mails for nobody that made room for newer ones, or were too old. */
  readonly unknownMailsDropped: number;
};

/** Things that are refused or dropped and therefore stand nowhere else. */
export type Counter = "webhook_too_large" | "account_over_limit" | "unknown_on_low_disk";

function countOf(name: Counter | "unknown_dropped"): string {
  return `(SELECT coalesce(sum(value), 0) FROM counters WHERE name = '${name}')`;
}

/** What belongs to the service and to no account. */
export function serviceStore(db: Database) {
  return {
    /** Counts something that was refused and is therefore kept nowhere else. */
    async count(name: Counter, at: Temporal.Instant): Promise<void> {
      await db.write([
        {
          sql: `INSERT INTO counters (name, value, last_at) VALUES (?1, 1, ?2)
                ON CONFLICT (name) DO UPDATE SET value = value + 1, last_at = excluded.last_at`,
          args: [name, at.epochMilliseconds],
        },
      ]);
    },

    /** Keeps what the mail provider says about letters, whole. The same event again changes nothing. */
    async keepProviderEvent(id: string, payload: Uint8Array, at: Temporal.Instant): Promise<void> {
      await db.write([
        {
          sql: "INSERT INTO provider_events (id, received_at, payload) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
          args: [id, at.epochMilliseconds, payload],
        },
      ]);
    },

    /** Proves that the store can be written, by writing. */
    async probe(at: Temporal.Instant): Promise<void> {
      await db.write([
        {
          sql: `INSERT INTO counters (name, value, last_at) VALUES ('probe', 1, ?1)
                ON CONFLICT (name) DO UPDATE SET value = value + 1, last_at = excluded.last_at`,
          args: [at.epochMilliseconds],
        },
      ]);
    },

    /** The number of the newest migration that was applied. */
    async schemaVersion(): Promise<number> {
      const row = await db.one<{ user_version: number }>("PRAGMA user_version");
      return row?.user_version ?? 0;
    },

    /** How the service is doing. */
    async serviceState(at: Temporal.Instant): Promise<ServiceState> {
      const row = await db.one<ServiceState>(
        `SELECT
           (SELECT ?1 - min(created_at) FROM letters WHERE state = 'waiting') AS oldestLetterWaitingMs,
           (SELECT ?1 - min(received_at) FROM mails WHERE state = 'waiting') AS oldestMailWaitingMs,
           (SELECT ?1 - received_at FROM mails ORDER BY number DESC LIMIT 1) AS lastMailAgeMs,
           (SELECT count(*) FROM mails WHERE outcome = 'unreadable') AS unreadableMails,
           (SELECT count(*) FROM letters WHERE state = 'refused') AS refusedLetters,
           ${countOf("webhook_too_large")} AS tooLargeDeliveries,
           ${countOf("account_over_limit")} AS deliveriesOverLimit,
           ${countOf("unknown_on_low_disk")} AS mailsOnlyCounted,
           ${countOf("unknown_dropped")} AS unknownMailsDropped`,
        [at.epochMilliseconds],
      );
      if (row === null) throw new Error("A query without FROM gave no row");
      return row;
    },

    /** Forgets what has run out: sessions, used links, sign-up counts, claims, codes of samples that never came. */
    async forgetExpired(at: Temporal.Instant): Promise<void> {
      const now = at.epochMilliseconds;
      await db.write([
        { sql: "DELETE FROM sessions WHERE expires_at < ?", args: [now] },
        // Kept a day longer than the link itself, so that a clock set back can't make a used link fresh.
        { sql: "DELETE FROM used_links WHERE expires_at < ?", args: [now - DAY_MS] },
        { sql: "DELETE FROM signups WHERE at < ?", args: [now - DAY_MS] },
        { sql: "DELETE FROM address_claims WHERE created_at < ?", args: [now - CLAIM_MS] },
        { sql: "DELETE FROM samples WHERE used_by_mail IS NULL AND created_at < ?", args: [now - DAY_MS] },
        { sql: "DELETE FROM account_days WHERE day < ?", args: [Math.floor(now / DAY_MS) - 1] },
      ]);
    },
  };
}

import { schemaVersionOf } from "../schema/version.ts";
import { CLAIM_MS } from "./libsql-addresses.ts";
import type { Database } from "./libsql.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What the store knows about how the service is doing; ages in milliseconds, null when there is nothing that old. */
export type ServiceState = {
  /** Since the store was first proven writable. */
  readonly serviceAgeMs: number | null;
  readonly lettersWaiting: number;
  readonly oldestLetterWaitingMs: number | null;
  /** Also those that were interpreted before and are to be once more. */
  readonly mailsWaiting: number;
  readonly oldestMailWaitingMs: number | null;
  /** Of which nobody knows yet what they say. */
  readonly oldestMailNotInterpretedMs: number | null;
  readonly lastMailAgeMs: number | null;
  readonly unreadableMails: number;
  readonly lastUnreadableMailAgeMs: number | null;
  readonly refusedLetters: number;
  /** Since the newest of them was written. */
  readonly lastRefusedLetterAgeMs: number | null;
  /** Deliveries refused because their body was over the cap. */
  readonly tooLargeDeliveries: number;
  readonly lastTooLargeDeliveryAgeMs: number | null;
  /** Deliveries refused because their account had had its mail of the day. */
  readonly deliveriesOverLimit: number;
  readonly lastDeliveryOverLimitAgeMs: number | null;
  /** Mails for nobody that were only counted, since the disk was nearly full. */
  readonly mailsOnlyCounted: number;
  readonly lastMailOnlyCountedAgeMs: number | null;
  /** Mails for nobody that made room for newer ones, or were too old. */
  readonly unknownMailsDropped: number;
  /** Since one had to make room before its time. */
  readonly lastUnknownMailPushedOutAgeMs: number | null;
  /** Since the oldest change that is not uploaded was made, by the database's own clock. */
  readonly oldestChangeWaitingMs: number | null;
};

/** Things that are refused or dropped and therefore stand nowhere else. */
export type Counter = "webhook_too_large" | "account_over_limit" | "unknown_on_low_disk";

type AnyCounter = Counter | "unknown_dropped" | "unknown_expired" | "first_probe";

function countOf(name: AnyCounter): string {
  return `coalesce((SELECT value FROM counters WHERE name = '${name}'), 0)`;
}

function ageOf(name: AnyCounter): string {
  return `(SELECT ?1 - last_at FROM counters WHERE name = '${name}')`;
}

/** The oldest that waits without an outcome. By both halves of the line, since each has its own beginning in the index. */
function oldestNotInterpreted(isNobodys: 0 | 1): string {
  return `SELECT min(received_at) AS at FROM mails
          WHERE state = 'waiting' AND (outcome IS NOT NULL) = 0 AND (account_id IS NULL) = ${isNobodys}`;
}

// The triggers of the journal go by it.
const DATABASE_NOW = "cast(round(unixepoch('subsec') * 1000) AS INTEGER)";

const OLDEST_CHANGE_WAITING = `(SELECT max(0, ${DATABASE_NOW} - at) FROM journal ORDER BY number LIMIT 1)`;

/** How old the service is, and the oldest change that is not uploaded: two ages of ServiceState, at the time ?1 (ms). */
export const LOSS_AGES_SQL = `SELECT
  ${ageOf("first_probe")} AS serviceAgeMs,
  ${OLDEST_CHANGE_WAITING} AS oldestChangeWaitingMs`;

const SERVICE_STATE = `SELECT
  ${ageOf("first_probe")} AS serviceAgeMs,
  (SELECT count(*) FROM letters WHERE state = 'waiting') AS lettersWaiting,
  (SELECT ?1 - min(created_at) FROM letters WHERE state = 'waiting') AS oldestLetterWaitingMs,
  (SELECT count(*) FROM mails WHERE state = 'waiting') AS mailsWaiting,
  (SELECT ?1 - min(received_at) FROM mails WHERE state = 'waiting') AS oldestMailWaitingMs,
  (SELECT ?1 - min(at) FROM (${oldestNotInterpreted(0)} UNION ALL ${oldestNotInterpreted(1)})) AS oldestMailNotInterpretedMs,
  (SELECT ?1 - received_at FROM mails ORDER BY number DESC LIMIT 1) AS lastMailAgeMs,
  (SELECT count(*) FROM mails WHERE outcome = 'unreadable') AS unreadableMails,
  (SELECT ?1 - max(received_at) FROM mails WHERE outcome = 'unreadable') AS lastUnreadableMailAgeMs,
  (SELECT count(*) FROM letters WHERE state = 'refused') AS refusedLetters,
  (SELECT ?1 - max(created_at) FROM letters WHERE state = 'refused') AS lastRefusedLetterAgeMs,
  ${countOf("webhook_too_large")} AS tooLargeDeliveries,
  ${ageOf("webhook_too_large")} AS lastTooLargeDeliveryAgeMs,
  ${countOf("account_over_limit")} AS deliveriesOverLimit,
  ${ageOf("account_over_limit")} AS lastDeliveryOverLimitAgeMs,
  ${countOf("unknown_on_low_disk")} AS mailsOnlyCounted,
  ${ageOf("unknown_on_low_disk")} AS lastMailOnlyCountedAgeMs,
  ${countOf("unknown_dropped")} + ${countOf("unknown_expired")} AS unknownMailsDropped,
  ${ageOf("unknown_dropped")} AS lastUnknownMailPushedOutAgeMs,
  ${OLDEST_CHANGE_WAITING} AS oldestChangeWaitingMs`;

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

    /** Proves that the store can be written, by writing. The first one is remembered: since then there is a service. */
    async probe(at: Temporal.Instant): Promise<void> {
      await db.write([
        {
          sql: `INSERT INTO counters (name, value, last_at) VALUES ('probe', 1, ?1)
                ON CONFLICT (name) DO UPDATE SET value = value + 1, last_at = excluded.last_at`,
          args: [at.epochMilliseconds],
        },
        {
          sql: "INSERT INTO counters (name, value, last_at) VALUES ('first_probe', 1, ?) ON CONFLICT DO NOTHING",
          args: [at.epochMilliseconds],
        },
      ]);
    },

    /** The number of the newest migration that was applied. */
    async schemaVersion(): Promise<number> {
      return schemaVersionOf(db);
    },

    /** How the service is doing. */
    async serviceState(at: Temporal.Instant): Promise<ServiceState> {
      const row = await db.one<ServiceState>(SERVICE_STATE, [at.epochMilliseconds]);
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

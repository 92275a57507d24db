import { HELD_MS } from "./libsql-held.ts";
import type { Database, Statement } from "./libsql.ts";

// Mail for nobody is kept for a while, since a person may ask where it went. Strangers must not fill the disk with it.
const MOST_MAILS = 5_000;
const MOST_BYTES = 200 * 1024 * 1024;

// What is not in the agreed form may be anybody's: a later release may read it.
const OF_NOBODY = "account_id IS NULL AND state = 'done' AND outcome <> 'unreadable'";
const DROPPED_MAILS = `(
  SELECT number, received_at FROM (
    SELECT number, received_at, outcome, row_number() OVER newest AS place, sum(payload_bytes) OVER newest AS bytes
    FROM mails WHERE ${OF_NOBODY}
    WINDOW newest AS (PARTITION BY outcome ORDER BY number DESC))
  WHERE received_at <= ?1 OR place > ${MOST_MAILS} OR bytes > ${MOST_BYTES})`;
const DROPPED = `(SELECT number FROM ${DROPPED_MAILS})`;

/** Mail that belongs to nobody. */
export function unknownStore(db: Database) {
  return {
    /** Drops the oldest of it beyond what is kept, and counts what was dropped; how many mails that were. */
    async dropUnknownMails(at: Temporal.Instant): Promise<number> {
      const before = at.epochMilliseconds - HELD_MS;
      // Nearly always there is nothing, and each of the statements would look through all of it.
      if ((await db.one(`SELECT 1 FROM ${DROPPED_MAILS} LIMIT 1`, [before])) === null) return 0;
      const drop = (table: string): Statement => ({
        sql: `DELETE FROM ${table} WHERE mail_number IN ${DROPPED}`,
        args: [before],
      });
      const results = await db.write([
        {
          // That mail grows old is as it should be; that it had to make room before is worth a look.
          sql: `INSERT INTO counters (name, value, last_at)
                SELECT iif(received_at <= ?1, 'unknown_expired', 'unknown_dropped'), count(*), ?2 FROM ${DROPPED_MAILS}
                WHERE true GROUP BY 1
                ON CONFLICT (name) DO UPDATE SET value = value + excluded.value, last_at = excluded.last_at`,
          args: [before, at.epochMilliseconds],
        },
        drop("mail_payloads"),
        drop("mail_readings"),
        { sql: `DELETE FROM mails WHERE number IN ${DROPPED}`, args: [before] },
      ]);
      return results.at(-1)?.changed ?? 0;
    },
  };
}

import type { Database, Statement } from "./libsql.ts";

/** A letter to the operator, who needs no account. */
export type OperatorLetter = { readonly id: string; readonly to: string; readonly at: Temporal.Instant };

const DAY_MS = 24 * 60 * 60_000;

/** Letters to the operator, about the service itself. */
export function alarmStore(db: Database) {
  return {
    /** Puts an alarm into the outbox, unless there was one in the last day; whether it did. */
    async addAlarm(letter: OperatorLetter): Promise<boolean> {
      const before = letter.at.epochMilliseconds - DAY_MS;
      const unless = "NOT EXISTS (SELECT 1 FROM letters WHERE to_address = ?2 AND kind = 'alarm' AND created_at > ?5)";
      const [added] = await db.write([adding("alarm", letter, unless, [before])]);
      return added?.changed === 1;
    },

    /** Puts the letter into the outbox that ends an alarm, when the last one that was sent has not been ended; whether it did. */
    async addAllClear(letter: OperatorLetter): Promise<boolean> {
      const when = `'alarm' = (SELECT kind FROM letters
        WHERE to_address = ?2 AND (kind = 'all-clear' OR kind = 'alarm' AND state = 'sent')
        ORDER BY created_at DESC, kind DESC LIMIT 1)`;
      const [added] = await db.write([adding("all-clear", letter, when, [])]);
      return added?.changed === 1;
    },
  };
}

function adding(kind: string, { id, to, at }: OperatorLetter, when: string, more: readonly number[]): Statement {
  return {
    sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
          SELECT ?1, ?3, NULL, ?2, '{}', ?4, ?4 WHERE ${when}`,
    args: [id, to, kind, at.epochMilliseconds, ...more],
  };
}

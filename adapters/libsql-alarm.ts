import type { Database, Statement } from "./libsql.ts";

/** A letter to the operator, who needs no account. */
export type OperatorLetter = { readonly id: string; readonly to: string; readonly at: Temporal.Instant };

type OperatorKind = "alarm" | "all-clear";

const DAY_MS = 24 * 60 * 60_000;

/** Letters to the operator, about the service itself. What the clock said when it was ahead counts for nothing. */
export function alarmStore(db: Database) {
  const put = async (kind: OperatorKind, letter: OperatorLetter, when: string): Promise<boolean> => {
    const [added] = await db.write([adding(kind, letter, when)]);
    return added?.changed === 1;
  };
  return {
    /**
     * Puts an alarm into the outbox, unless there was one in the last day and the operator was not told since that all is
     * well; whether it did.
     */
    async addAlarm(letter: OperatorLetter): Promise<boolean> {
      return put("alarm", letter, `NOT ${inTheLastDay("alarm")} OR 'all-clear' = ${lastBefore("alarm")}`);
    },

    /**
     * Puts the letter into the outbox that ends an alarm, when the last one that was sent has not been ended; whether it
     * did. One a day: what comes and goes is not well.
     */
    async addAllClear(letter: OperatorLetter): Promise<boolean> {
      return put("all-clear", letter, `NOT ${inTheLastDay("all-clear")} AND 'alarm' = ${lastBefore("all-clear")}`);
    },
  };
}

function inTheLastDay(kind: OperatorKind): string {
  return `EXISTS (SELECT 1 FROM letters WHERE to_address = ?2 AND kind = '${kind}' AND created_at > ?5 AND created_at <= ?4)`;
}

/** The kind of the last letter before one of this kind: what was not sent yet may turn out not to be needed. */
function lastBefore(kind: OperatorKind): string {
  // In the order in which they were written, since the clock may have been set back in between.
  return `(SELECT kind FROM letters
    WHERE to_address = ?2 AND kind IN ('alarm', 'all-clear') AND (kind = '${kind}' OR state = 'sent')
    ORDER BY rowid DESC LIMIT 1)`;
}

function adding(kind: OperatorKind, { id, to, at }: OperatorLetter, when: string): Statement {
  const now = at.epochMilliseconds;
  return {
    sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
          SELECT ?1, ?3, NULL, ?2, '{}', ?4, ?4 WHERE ${when}`,
    args: [id, to, kind, now, now - DAY_MS],
  };
}

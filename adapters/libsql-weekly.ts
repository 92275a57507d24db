import type { Database } from "./libsql.ts";

/** The weekly letters of one time zone. */
export type WeeklyLetters = {
  readonly timeZone: string;
  /** The week's name, `2026-W47`: of each week an account gets one letter. */
  readonly week: string;
  /** JSON, what the letter is made of when it is sent. */
  readonly details: string;
  /** When the week was over. */
  readonly weekEnd: Temporal.Instant;
  readonly at: Temporal.Instant;
};

/** Who gets a letter each week, and whether it was written. */
export function weeklyStore(db: Database) {
  return {
    /** The time zones of the accounts that want a letter each week. */
    async weeklyZones(): Promise<string[]> {
      const zones = await db.all<{ zone: string }>(
        "SELECT DISTINCT time_zone AS zone FROM accounts WHERE weekly_letter = 1",
        [],
      );
      return zones.map(({ zone }) => zone);
    },

    /**
     * Puts a week's letters of one time zone into the outbox: for each account that wants one, has proven an address, and
     * had a mail before the week was over. Repeating it changes nothing. How many there were to write.
     */
    async addWeeklyLetters({ timeZone, week, details, weekEnd, at }: WeeklyLetters): Promise<number> {
      const [added] = await db.write([
        {
          sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
                SELECT 'weekly:' || a.id || ':' || ?2, 'weekly', a.id, p.address, ?3, ?5, ?5
                FROM accounts a JOIN addresses p ON p.address = (
                  SELECT address FROM addresses WHERE account_id = a.id AND proven_at IS NOT NULL
                  ORDER BY created_at LIMIT 1)
                WHERE a.time_zone = ?1 AND a.weekly_letter = 1
                  AND NOT EXISTS (SELECT 1 FROM letters WHERE id = 'weekly:' || a.id || ':' || ?2)
                  AND EXISTS (SELECT 1 FROM mails WHERE account_id = a.id AND received_at < ?4)
                ON CONFLICT DO NOTHING`,
          args: [timeZone, week, details, weekEnd.epochMilliseconds, at.epochMilliseconds],
        },
      ]);
      return added?.changed ?? 0;
    },

    /** Whether the account gets a letter each week. */
    async wantsWeeklyLetter(accountId: string): Promise<boolean> {
      const row = await db.one<{ isOn: number }>("SELECT weekly_letter AS isOn FROM accounts WHERE id = ?", [
        accountId,
      ]);
      return row?.isOn === 1;
    },

    /** Switches the weekly letter on or off. */
    async setWeeklyLetter(accountId: string, isOn: boolean): Promise<void> {
      await db.write([{ sql: "UPDATE accounts SET weekly_letter = ? WHERE id = ?", args: [isOn ? 1 : 0, accountId] }]);
    },
  };
}

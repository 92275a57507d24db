import type { Database } from "./libsql.ts";

/** What is asked about mails that may be missing. For the operator. */
export function recoveryStore(db: Database) {
  return {
    /** Which of these mails are kept. */
    async keptAmong(ids: readonly string[]): Promise<string[]> {
      const rows = await db.all<{ id: string }>("SELECT id FROM mails WHERE id IN (SELECT value FROM json_each(?))", [
        JSON.stringify(ids),
      ]);
      return rows.map(({ id }) => id);
    },

    /** When the mail came that was kept last; null when there is none. */
    async newestMailAt(): Promise<Temporal.Instant | null> {
      const row = await db.one<{ at: number | null }>(
        "SELECT received_at AS at FROM mails WHERE number = (SELECT max(number) FROM mails)",
        [],
      );
      return row === null || row.at === null ? null : Temporal.Instant.fromEpochMilliseconds(row.at);
    },
  };
}

import type { Database, Statement } from "./libsql.ts";

/** A letter that is to be sent now. `details` is JSON whose shape `kind` gives. */
export type ClaimedLetter = {
  readonly id: string;
  readonly kind: string;
  /** Null when it goes to somebody who has no account. */
  readonly accountId: string | null;
  readonly to: string;
  readonly details: string;
  readonly attempts: number;
};

/** Puts a sample alert for the account's own alert address into the outbox, at most one a minute. */
export function sampleStatements(sample: {
  code: string;
  letterId: string;
  accountId: string;
  to: string;
  at: Temporal.Instant;
}): Statement[] {
  const now = sample.at.epochMilliseconds;
  return [
    {
      sql: `INSERT INTO samples (code, account_id, created_at) SELECT ?1, ?2, ?3
            WHERE NOT EXISTS (SELECT 1 FROM samples WHERE account_id = ?2 AND created_at > ?4)`,
      args: [sample.code, sample.accountId, now, now - 60_000],
    },
    {
      sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
            SELECT ?1, 'sample-alert', account_id, ?2, ?3, ?4, ?4 FROM samples WHERE code = ?5`,
      args: [sample.letterId, sample.to, JSON.stringify({ code: sample.code }), now, sample.code],
    },
  ];
}

/** The outbox. */
export function letterStore(db: Database) {
  return {
    /** Asks for a sample alert; false when one was asked for in the last minute. */
    async requestSample(sample: Parameters<typeof sampleStatements>[0]): Promise<boolean> {
      const [made] = await db.write(sampleStatements(sample));
      return made?.changed === 1;
    },

    /** When the account last asked for a sample alert that has not arrived, in milliseconds since 1970, or null. */
    async sampleAskedAt(accountId: string): Promise<number | null> {
      const row = await db.one<{ at: number | null }>(
        "SELECT max(created_at) AS at FROM samples WHERE account_id = ? AND used_by_mail IS NULL",
        [accountId],
      );
      return row?.at ?? null;
    },

    /**
     * Takes the letters that are due. Until `leaseMs` is over nobody else gets them; a letter whose sender died in
     * between is due again then.
     */
    async claimLetters(at: Temporal.Instant, leaseMs: number, limit: number): Promise<ClaimedLetter[]> {
      const now = at.epochMilliseconds;
      const [claimed] = await db.write([
        {
          sql: `UPDATE letters SET attempts = attempts + 1, next_attempt_at = ?1 WHERE id IN (
                  SELECT id FROM letters WHERE state = 'waiting' AND next_attempt_at <= ?2
                  ORDER BY next_attempt_at LIMIT ?3)
                RETURNING id, kind, account_id, to_address, details, attempts`,
          args: [now + leaseMs, now, limit],
        },
      ]);
      return (claimed?.rows ?? []).map((row) => ({
        id: String(row["id"]),
        kind: String(row["kind"]),
        accountId: row["account_id"] === null ? null : String(row["account_id"]),
        to: String(row["to_address"]),
        details: String(row["details"]),
        attempts: Number(row["attempts"]),
      }));
    },

    /** Gives letters back that were claimed and not tried. */
    async releaseLetters(ids: readonly string[]): Promise<void> {
      const sql =
        "UPDATE letters SET attempts = attempts - 1, next_attempt_at = created_at WHERE id = ? AND state = 'waiting'";
      if (ids.length > 0) await db.write(ids.map((id) => ({ sql, args: [id] })));
    },

    /** Writes down that the provider took the letter. */
    async letterSent(id: string, providerId: string, at: Temporal.Instant): Promise<void> {
      await db.write([
        {
          sql: "UPDATE letters SET state = 'sent', sent_at = ?, provider_id = ?, error = NULL WHERE id = ?",
          args: [at.epochMilliseconds, providerId, id],
        },
      ]);
    },

    /** Writes down why it was not sent and when to try again. */
    async letterDelayed(id: string, error: string, nextAttemptAt: Temporal.Instant): Promise<void> {
      await db.write([
        {
          sql: "UPDATE letters SET error = ?, next_attempt_at = ? WHERE id = ?",
          args: [error, nextAttemptAt.epochMilliseconds, id],
        },
      ]);
    },

    /** Forgets a letter that nobody needs any more: it was never sent. */
    async dropLetter(id: string): Promise<void> {
      await db.write([{ sql: "DELETE FROM letters WHERE id = ? AND state = 'waiting'", args: [id] }]);
    },

    /** Writes down that it will never be sent, and why. */
    async letterRefused(id: string, error: string): Promise<void> {
      await db.write([{ sql: "UPDATE letters SET state = 'refused', error = ? WHERE id = ?", args: [error, id] }]);
    },
  };
}

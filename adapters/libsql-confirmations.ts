import type { Database } from "./libsql.ts";

/** How far a request to forward got: it waits for a click, is due to be confirmed by us, or is settled. */
export type ConfirmationState = "waiting" | "due" | "confirmed" | "refused";

/** Gmail's request to forward to an account's alert address; instants in milliseconds since 1970. */
export type ConfirmationRow = {
  readonly receivedAt: number;
  readonly requester: string | null;
  readonly code: string | null;
  readonly link: string | null;
  readonly state: ConfirmationState;
  readonly settledAt: number | null;
};

/** A request that is to be confirmed now. */
export type ClaimedConfirmation = {
  readonly mailId: string;
  readonly link: string;
  /** This try included. */
  readonly attempts: number;
};

/** Requests of mailboxes that want to forward to us. */
export function confirmationStore(db: Database) {
  return {
    /** Those that came to the account's alert address, newest first. */
    confirmations: (accountId: string) =>
      db.all<ConfirmationRow>(
        `SELECT received_at AS receivedAt, requester, code, link, state, settled_at AS settledAt
         FROM forwarding_confirmations WHERE account_id = ? ORDER BY received_at DESC LIMIT 5`,
        [accountId],
      ),

    /**
     * Takes the request that is due for longest, or gives null. Until `leaseMs` is over nobody else gets it; one whose
     * confirmer died in between is due again then.
     */
    async claimConfirmation(at: Temporal.Instant, leaseMs: number): Promise<ClaimedConfirmation | null> {
      const now = at.epochMilliseconds;
      const [claimed] = await db.write([
        {
          sql: `UPDATE forwarding_confirmations SET attempts = attempts + 1, next_attempt_at = ?1 WHERE mail_id = (
                  SELECT mail_id FROM forwarding_confirmations WHERE state = 'due' AND next_attempt_at <= ?2
                  ORDER BY next_attempt_at LIMIT 1)
                RETURNING mail_id, link, attempts`,
          args: [now + leaseMs, now],
        },
      ]);
      const row = claimed?.rows[0];
      if (row === undefined) return null;
      return { mailId: String(row["mail_id"]), link: String(row["link"]), attempts: Number(row["attempts"]) };
    },

    /** Writes down what Google said, which is the end of it. */
    async confirmationDone(mailId: string, state: "confirmed" | "refused", at: Temporal.Instant): Promise<void> {
      const sql = "UPDATE forwarding_confirmations SET state = ?, settled_at = ? WHERE mail_id = ? AND state = 'due'";
      await db.write([{ sql, args: [state, at.epochMilliseconds, mailId] }]);
    },

    /** Writes down when to try again; null leaves it to a click of its person. */
    async confirmationDelayed(mailId: string, nextAttemptAt: Temporal.Instant | null): Promise<void> {
      const sql = `UPDATE forwarding_confirmations SET state = iif(?1 IS NULL, 'waiting', 'due'),
        next_attempt_at = coalesce(?1, next_attempt_at) WHERE mail_id = ?2 AND state = 'due'`;
      await db.write([{ sql, args: [nextAttemptAt?.epochMilliseconds ?? null, mailId] }]);
    },
  };
}

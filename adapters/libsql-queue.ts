import { finishStatements } from "./libsql-finish.ts";
import type { Interpretation, MailOutcome } from "./libsql-interpretation.ts";
import { keepMails, type Delivery } from "./libsql-keep.ts";
import type { Database } from "./libsql.ts";

/** A mail that waits to be interpreted. */
export type ClaimedMail = {
  readonly id: string;
  readonly accountId: string | null;
  readonly route: Delivery["route"];
  readonly recipient: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly attempts: number;
  /** What became of it when it was interpreted before, or null. */
  readonly outcome: MailOutcome | null;
  /** What was found out about its origin then, as JSON, or null. */
  readonly originCheck: string | null;
};

// New mail goes before what is read again, and mail of accounts before that of strangers, who could stop the line.
const IN_LINE = "(outcome IS NOT NULL), (account_id IS NULL), received_at, number";
// Nobody leases for longer than `?1` or puts a mail off for more than a day: beyond that, the clock was set back.
const IS_FREE = "(lease_until <= ?2 OR lease_until > iif(outcome IS 'unverified', ?2 + 86400000, ?1))";

/** Deliveries on their way: kept whole first, then waiting until they are understood. */
export function queueStore(db: Database) {
  async function payloads(mailIds: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const rows = await db.all<{ id: string; payload: ArrayBuffer }>(
      `SELECT m.id, p.payload FROM json_each(?) JOIN mails m ON m.id = value JOIN mail_payloads p ON p.mail_number = m.number`,
      [JSON.stringify(mailIds)],
    );
    return new Map(rows.map(({ id, payload }) => [id, new Uint8Array(payload)]));
  }

  return {
    /** Keeps a delivery; on disk when this resolves. The same delivery again changes nothing. */
    keepMail: keepMails(db),

    /**
     * Takes mails that wait: new ones first, those of accounts before others, the oldest first. Until `leaseMs` is over nobody else gets them; a mail whose interpreter
     * died waits again then. What was taken before without coming to an end is taken alone, so that a mail that brings
     * its interpreter down uses up its own attempts and no others.
     */
    async claimMails(at: Temporal.Instant, leaseMs: number, limit: number): Promise<ClaimedMail[]> {
      const now = at.epochMilliseconds;
      const oldest = await db.one<{ number: number; attempts: number }>(
        `SELECT number, attempts FROM mails WHERE state = 'waiting' AND ${IS_FREE}
         ORDER BY ${IN_LINE} LIMIT 1`,
        [now + leaseMs, now],
      );
      if (oldest === null) return [];
      const [claimed] = await db.write([
        {
          sql: `UPDATE mails SET lease_until = ?1, attempts = attempts + 1 WHERE number IN (
                  SELECT number FROM mails WHERE state = 'waiting' AND ${IS_FREE}
                    AND iif(?4 = 0, attempts = 0, number = ?5)
                  ORDER BY ${IN_LINE} LIMIT ?3)
                RETURNING id, account_id, route, recipient, received_at, attempts, outcome, signature`,
          args: [now + leaseMs, now, limit, oldest.attempts, oldest.number],
        },
      ]);
      const mails = (claimed?.rows ?? []).map((row) => ({
        id: String(row["id"]),
        accountId: row["account_id"] === null ? null : String(row["account_id"]),
        route: routeFrom(row["route"]),
        recipient: String(row["recipient"]),
        receivedAt: Number(row["received_at"]),
        attempts: Number(row["attempts"]),
        outcome: row["outcome"] === null ? null : (String(row["outcome"]) as MailOutcome),
        originCheck: row["signature"] === null ? null : String(row["signature"]),
      }));
      // RETURNING gives rows in no order.
      return mails.sort((a, b) => placeOf(a) - placeOf(b) || a.receivedAt - b.receivedAt);
    },

    /** Gives mails back that were claimed and not tried. */
    async releaseMails(ids: readonly string[]): Promise<void> {
      const sql = "UPDATE mails SET lease_until = 0, attempts = attempts - 1 WHERE id = ? AND state = 'waiting'";
      if (ids.length > 0) await db.write(ids.map((id) => ({ sql, args: [id] })));
    },

    /** The webhook bodies of mails as they are kept, by their ids. */
    payloads,

    /** The webhook body of a mail as it is kept; null when there is none. */
    payload: async (mailId: string) => (await payloads([mailId])).get(mailId) ?? null,

    /** Whose a kept mail is, and when it came (milliseconds since 1970); null when there is none. For the operator. */
    keptMail: (mailId: string) =>
      db.one<{ accountId: string | null; receivedAt: number }>(
        "SELECT account_id AS accountId, received_at AS receivedAt FROM mails WHERE id = ?",
        [mailId],
      ),

    /**
     * Writes interpretations, all of them or none: outcomes, purchases, letters. Repeating it changes nothing.
     *
     * @returns how many mails came to what; which of them came before is decided here
     */
    async finishMails(interpretations: readonly Interpretation[]): Promise<Readonly<Record<string, number>>> {
      if (interpretations.length === 0) return {};
      const results = await db.write(finishStatements(interpretations));
      const counts: Record<string, number> = {};
      for (const { outcome } of results.flatMap(({ rows }) => rows))
        if (typeof outcome === "string") counts[outcome] = (counts[outcome] ?? 0) + 1;
      return counts;
    },

    /**
     * Makes mails due that an earlier process left unfinished, and those that it could not read at all, since this
     * release may. Only for the one process that interprets.
     */
    async requeueMails(): Promise<void> {
      await db.write([
        { sql: "UPDATE mails SET lease_until = 0 WHERE state = 'waiting'" },
        // It came to an end each time, so its attempts are no sign of harm.
        {
          sql: `UPDATE mails SET state = 'waiting', lease_until = 0, attempts = 0
                WHERE outcome = 'unreadable' AND state = 'done'`,
        },
      ]);
    },

    /** What became of a delivery; null when it is unknown or not interpreted yet. For the operator. */
    outcomeOf: (mailId: string) =>
      db.one<{ outcome: MailOutcome; reason: string }>(
        "SELECT outcome, reason FROM mails WHERE id = ? AND state = 'done'",
        [mailId],
      ),
  };
}

/** As `IN_LINE`, within a batch. */
function placeOf({ outcome, accountId }: ClaimedMail): number {
  return (outcome === null ? 0 : 2) + (accountId === null ? 1 : 0);
}

function routeFrom(value: unknown): Delivery["route"] {
  const routes = ["alert", "shared", "signup", "none", "unreadable"] as const;
  return routes.find((route) => route === value) ?? "none";
}

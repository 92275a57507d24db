import { SESSION_DAYS } from "../access/cookies.ts";
import { adoptStatement } from "./libsql-held.ts";
import type { Database } from "./libsql.ts";

/** A signed-in browser. */
export type Session = {
  readonly id: string;
  readonly accountId: string;
  readonly timeZone: string;
  /** Milliseconds since 1970. */
  readonly lastSeenAt: number;
  /** Whether its 30 days have just started anew, so that those of its cookie must as well. */
  readonly isRenewed: boolean;
};

/** One line of the list of signed-in browsers. */
export type SessionLine = {
  readonly id: string;
  /** Milliseconds since 1970, like lastSeenAt. */
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly userAgent: string;
};

/** What using a sign-in link asks for. */
export type SignIn = {
  readonly linkId: string;
  readonly linkExpiresAt: Temporal.Instant;
  readonly accountId: string;
  readonly epoch: number;
  readonly sessionId: string;
  readonly tokenHash: string;
  readonly userAgent: string;
  readonly at: Temporal.Instant;
};

const DAY_MS = 24 * 60 * 60_000;
// Seen more often than this is not written down: a page view need not cost a sync to disk.
const TOUCH_AFTER_MS = 60 * 60_000;

/** Sessions; the token itself is never stored. */
export function sessionStore(db: Database) {
  return {
    /**
     * Uses a link up and makes the session, both or neither, and proves the account's first address.
     * False when the link was used before or its account no longer honours it.
     */
    async signIn({
      linkId,
      linkExpiresAt,
      accountId,
      epoch,
      sessionId,
      tokenHash,
      userAgent,
      at,
    }: SignIn): Promise<boolean> {
      const now = at.epochMilliseconds;
      const results = await db.write([
        {
          sql: `INSERT INTO used_links (link_id, session_id, expires_at) SELECT ?1, ?2, ?3
                WHERE EXISTS (SELECT 1 FROM accounts WHERE id = ?4 AND link_epoch = ?5) ON CONFLICT DO NOTHING`,
          args: [linkId, sessionId, linkExpiresAt.epochMilliseconds, accountId, epoch],
        },
        {
          sql: `INSERT INTO sessions (token_hash, id, account_id, created_at, last_seen_at, expires_at, user_agent)
                SELECT ?1, ?2, ?3, ?4, ?4, ?5, ?6
                WHERE EXISTS (SELECT 1 FROM used_links WHERE link_id = ?7 AND session_id = ?2)`,
          args: [tokenHash, sessionId, accountId, now, now + SESSION_DAYS * DAY_MS, userAgent, linkId],
        },
        {
          sql: `UPDATE addresses SET proven_at = ?1 WHERE proven_at IS NULL
                  AND address = (SELECT address FROM addresses WHERE account_id = ?2 ORDER BY created_at LIMIT 1)
                  AND EXISTS (SELECT 1 FROM sessions WHERE id = ?3)`,
          args: [now, accountId, sessionId],
        },
        adoptStatement(accountId),
      ]);
      return results[1]?.changed === 1;
    },

    /** Whether a sign-in link would still be taken: not used up, and of the account's present epoch. */
    async isLinkFresh({ linkId, accountId, epoch }: Pick<SignIn, "linkId" | "accountId" | "epoch">): Promise<boolean> {
      const row = await db.one(
        `SELECT 1 FROM accounts WHERE id = ?1 AND link_epoch = ?2
           AND NOT EXISTS (SELECT 1 FROM used_links WHERE link_id = ?3)`,
        [accountId, epoch, linkId],
      );
      return row !== null;
    },

    /** The live session of that token's hash, or null; its 30 days start anew. */
    async session(tokenHash: string, at: Temporal.Instant): Promise<Session | null> {
      const now = at.epochMilliseconds;
      const session = await db.one<Omit<Session, "isRenewed">>(
        `SELECT s.id, s.account_id AS accountId, a.time_zone AS timeZone, s.last_seen_at AS lastSeenAt
         FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = ? AND s.expires_at > ?`,
        [tokenHash, now],
      );
      if (session === null) return null;
      const isRenewed = now - session.lastSeenAt > TOUCH_AFTER_MS;
      if (isRenewed) {
        await db.write([
          {
            sql: "UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE token_hash = ?",
            args: [now, now + SESSION_DAYS * DAY_MS, tokenHash],
          },
        ]);
      }
      return { ...session, isRenewed };
    },

    /** The account's live sessions, the most recently seen first. */
    sessions: (accountId: string, at: Temporal.Instant) =>
      db.all<SessionLine>(
        `SELECT id, created_at AS createdAt, last_seen_at AS lastSeenAt, user_agent AS userAgent
         FROM sessions WHERE account_id = ? AND expires_at > ? ORDER BY last_seen_at DESC, id LIMIT 100`,
        [accountId, at.epochMilliseconds],
      ),

    /** Ends one of the account's sessions; false when the account has none of that id. */
    async revokeSession(accountId: string, sessionId: string): Promise<boolean> {
      const [result] = await db.write([
        { sql: "DELETE FROM sessions WHERE account_id = ? AND id = ?", args: [accountId, sessionId] },
      ]);
      return result?.changed === 1;
    },

    /** Ends all of the account's sessions but this one. */
    async revokeOtherSessions(accountId: string, sessionId: string): Promise<void> {
      await db.write([{ sql: "DELETE FROM sessions WHERE account_id = ? AND id <> ?", args: [accountId, sessionId] }]);
    },
  };
}

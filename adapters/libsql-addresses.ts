import { adoptStatement } from "./libsql-held.ts";
import type { Database } from "./libsql.ts";

/** One of a person's own mail addresses; instants in milliseconds since 1970. */
export type OwnAddress = { readonly address: string; readonly createdAt: number; readonly provenAt: number | null };

/** An address that an account says is its own, and that has not answered yet. */
export type AddressClaim = { readonly address: string; readonly askedAt: number };

/** What a link in a letter says about the claim that it proves. */
export type ClaimLink = { readonly claimId: string; readonly accountId: string; readonly epoch: number };

const DAY_MS = 24 * 60 * 60_000;
/** How long a claim is kept. */
export const CLAIM_MS = 30 * DAY_MS;
// No mail cannon: what one address gets, and what one account makes us send.
const LETTER_PAUSE_MS = 5 * 60_000;
const CLAIMS_PER_DAY = 10;

/** Of `?1` = claim, `?2` = account, `?3` = link epoch: it waits, and its account still honours the link. */
const OPEN_CLAIM = `FROM address_claims c JOIN accounts a ON a.id = c.account_id
  WHERE c.id = ?1 AND c.account_id = ?2 AND c.settled_at IS NULL AND a.link_epoch = ?3`;

/** Of the same: another account that somebody made with the claimed address, and that was never signed in to. */
const UNPROVEN_ELSEWHERE = `FROM addresses
  WHERE proven_at IS NULL AND account_id <> ?2 AND address = (SELECT c.address ${OPEN_CLAIM})`;

/** The mail addresses of accounts, and how one becomes an account's. An address belongs to one account at most. */
export function addressStore(db: Database) {
  return {
    /** The account's own addresses, the first one first. */
    addresses: (accountId: string) =>
      db.all<OwnAddress>(
        `SELECT address, created_at AS createdAt, proven_at AS provenAt FROM addresses
         WHERE account_id = ? ORDER BY created_at, rowid`,
        [accountId],
      ),

    /** What the account has claimed in the last 30 days and not proven, the newest first. */
    addressClaims: (accountId: string, at: Temporal.Instant) =>
      db.all<AddressClaim>(
        `SELECT address, max(created_at) AS askedAt FROM address_claims
         WHERE account_id = ? AND settled_at IS NULL AND created_at > ? GROUP BY address ORDER BY askedAt DESC, address`,
        [accountId, at.epochMilliseconds - CLAIM_MS],
      ),

    /**
     * Writes down that the account says an address is its own, and puts a letter to that address into the outbox: unless
     * an account has proven it, or it got such a letter in the last five minutes. Nothing tells the account which it was.
     * False when this account has claimed it in the last five minutes, or ten addresses in a day.
     */
    async claimAddress(claim: { id: string; accountId: string; address: string; at: Temporal.Instant }) {
      const now = claim.at.epochMilliseconds;
      const [made] = await db.write([
        {
          sql: `INSERT INTO address_claims (id, account_id, address, created_at) SELECT ?1, id, ?3, ?4 FROM accounts
                WHERE id = ?2 AND NOT EXISTS (
                    SELECT 1 FROM address_claims WHERE account_id = ?2 AND address = ?3 AND created_at > ?5)
                  AND (SELECT count(*) FROM address_claims WHERE account_id = ?2 AND created_at > ?6) < ${CLAIMS_PER_DAY}`,
          args: [claim.id, claim.accountId, claim.address, now, now - LETTER_PAUSE_MS, now - DAY_MS],
        },
        {
          sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
                SELECT id, 'prove-address', account_id, address, ?3, ?4, ?4 FROM address_claims c
                WHERE id = ?1 AND account_id = ?2
                  AND NOT EXISTS (SELECT 1 FROM addresses WHERE address = c.address AND proven_at IS NOT NULL)
                  AND NOT EXISTS (SELECT 1 FROM letters
                    WHERE to_address = c.address AND kind = 'prove-address' AND created_at > ?5)`,
          args: [claim.id, claim.accountId, JSON.stringify({ claim: claim.id }), now, now - LETTER_PAUSE_MS],
        },
      ]);
      return made?.changed === 1;
    },

    /** Takes the account's claims of an address back: no letter about them counts any more. False when there were none. */
    async cancelClaim(claim: { accountId: string; address: string; at: Temporal.Instant }): Promise<boolean> {
      const [cancelled] = await db.write([
        {
          sql: "UPDATE address_claims SET settled_at = ?3 WHERE account_id = ?1 AND address = ?2 AND settled_at IS NULL",
          args: [claim.accountId, claim.address, claim.at.epochMilliseconds],
        },
      ]);
      return (cancelled?.changed ?? 0) > 0;
    },

    /** The address that a link would prove; null when the link was used, or its claim or its account knows it no more. */
    async claimedAddress({ claimId, accountId, epoch }: ClaimLink): Promise<string | null> {
      const row = await db.one<{ address: string }>(`SELECT c.address ${OPEN_CLAIM}`, [claimId, accountId, epoch]);
      return row?.address ?? null;
    },

    /**
     * Makes the claimed address the account's own, uses its links up, and gives the account the mail that was held for it.
     * Anybody can sign up with anybody's address, so one that was only signed up with is taken from there: that account is
     * empty, and from then on nothing leads to it. False when the link counts no more (see `claimedAddress`), or another
     * account has proven the address.
     */
    async proveAddress({ claimId, accountId, epoch, at }: ClaimLink & { at: Temporal.Instant }): Promise<boolean> {
      const now = at.epochMilliseconds;
      const link = [claimId, accountId, epoch];
      const results = await db.write([
        // The sign-in letter that went to the address must not open an account that it leads to no more.
        {
          sql: `UPDATE accounts SET link_epoch = link_epoch + 1 WHERE id = (SELECT account_id ${UNPROVEN_ELSEWHERE})`,
          args: link,
        },
        // Not updated in place: as a new row it is the last of its new account's addresses, and its first one stays the first.
        { sql: `DELETE ${UNPROVEN_ELSEWHERE}`, args: link },
        {
          sql: `INSERT INTO addresses (address, account_id, created_at, proven_at) SELECT c.address, c.account_id, ?4, ?4
                ${OPEN_CLAIM} ON CONFLICT DO NOTHING`,
          args: [...link, now],
        },
        {
          sql: `UPDATE address_claims SET settled_at = ?3 WHERE account_id = ?2 AND settled_at IS NULL AND address = (
                  SELECT address FROM addresses WHERE account_id = ?2 AND address = (
                    SELECT address FROM address_claims WHERE id = ?1 AND account_id = ?2))`,
          args: [claimId, accountId, now],
        },
        adoptStatement(accountId),
      ]);
      return results[2]?.changed === 1;
    },

    /** How many mails with purchases wait for whoever signs up with this address. */
    async heldFor(address: string): Promise<number> {
      const row = await db.one<{ count: number }>(
        "SELECT count(*) AS count FROM mails WHERE held_for = ? AND outcome = 'held' AND account_id IS NULL",
        [address],
      );
      return row?.count ?? 0;
    },

    /**
     * Takes an address away from the account, and with it every link that was sent so far: whoever reads that mailbox
     * gets in no more. False when it is not the account's, or the only one it could be signed in to with.
     */
    async removeAddress(accountId: string, address: string): Promise<boolean> {
      const mayGo = `EXISTS (SELECT 1 FROM addresses WHERE address = ?2 AND account_id = ?1)
        AND EXISTS (SELECT 1 FROM addresses WHERE account_id = ?1 AND address <> ?2 AND proven_at IS NOT NULL)`;
      const results = await db.write([
        {
          sql: `UPDATE accounts SET link_epoch = link_epoch + 1 WHERE id = ?1 AND ${mayGo}`,
          args: [accountId, address],
        },
        { sql: `DELETE FROM addresses WHERE address = ?2 AND ${mayGo}`, args: [accountId, address] },
      ]);
      return results[1]?.changed === 1;
    },
  };
}

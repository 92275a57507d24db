import type { Database, Statement } from "./libsql.ts";

/** An account as pages and letters need it. */
export type Account = {
  readonly id: string;
  readonly timeZone: string;
  readonly linkEpoch: number;
  /** The address it signed up with. */
  readonly address: string;
  /** Token of its live alert address. */
  readonly alertToken: string;
};

/** Someone asks for a link to their dashboard. */
export type SignUp = {
  /** Names this request; a second one with the same id changes nothing. */
  readonly id: string;
  readonly address: string;
  /** Used when there is no account with that address yet. */
  readonly newAccount: { readonly id: string; readonly timeZone: string; readonly alertToken: string } | null;
  /** Where the request comes from, or null when the network is not ours to count (it came by mail). */
  readonly network: string | null;
  /** Where the link leads, a path of ours. */
  readonly next: string | null;
  readonly at: Temporal.Instant;
};

const LETTER_PAUSE_MS = 5 * 60_000;
const NETWORK_WINDOW_MS = 60 * 60_000;
// No mail cannon: what one network may make us send in an hour.
const SIGNUPS_PER_NETWORK = 20;

/**
 * The statements that carry a sign-up out, to be written together: account if there is none, one letter unless one
 * went to that address in the last five minutes, nothing at all beyond the network's limit.
 */
export function signUpStatements({ id, address, newAccount, network, next, at }: SignUp): Statement[] {
  const now = at.epochMilliseconds;
  const attempt: Statement = {
    sql: `INSERT INTO signups (id, network, at) SELECT ?1, ?2, ?3
          WHERE ?2 = '' OR (SELECT count(*) FROM signups WHERE network = ?2 AND at > ?4) < ${SIGNUPS_PER_NETWORK}
          ON CONFLICT DO NOTHING`,
    args: [id, network ?? "", now, now - NETWORK_WINDOW_MS],
  };
  const letter: Statement = {
    sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
          SELECT ?1, 'sign-in', account_id, address, ?3, ?4, ?4 FROM addresses
          WHERE address = ?2 AND EXISTS (SELECT 1 FROM signups WHERE id = ?1)
            AND NOT EXISTS (SELECT 1 FROM letters WHERE to_address = ?2 AND kind = 'sign-in' AND created_at > ?5)
          ON CONFLICT DO NOTHING`,
    args: [id, address, JSON.stringify({ next }), now, now - LETTER_PAUSE_MS],
  };
  return [attempt, ...(newAccount === null ? [] : newAccountStatements(id, address, newAccount, now)), letter];
}

function newAccountStatements(
  /** The sign-up that must have been accepted, or null when none is needed. */
  signUpId: string | null,
  address: string,
  account: NonNullable<SignUp["newAccount"]>,
  now: number,
): Statement[] {
  return [
    {
      sql: `INSERT INTO accounts (id, time_zone, created_at) SELECT ?1, ?2, ?3
            WHERE (?4 IS NULL OR EXISTS (SELECT 1 FROM signups WHERE id = ?4))
              AND NOT EXISTS (SELECT 1 FROM addresses WHERE address = ?5)
            ON CONFLICT DO NOTHING`,
      args: [account.id, account.timeZone, now, signUpId, address],
    },
    {
      sql: `INSERT INTO addresses (address, account_id, created_at) SELECT ?1, id, ?3 FROM accounts WHERE id = ?2
            ON CONFLICT DO NOTHING`,
      args: [address, account.id, now],
    },
    {
      sql: `INSERT INTO alert_addresses (token, account_id, created_at) SELECT ?1, id, ?3 FROM accounts WHERE id = ?2
            ON CONFLICT DO NOTHING`,
      args: [account.alertToken, account.id, now],
    },
  ];
}

// An account whose only address went to whoever proved it is nobody's: to pages, letters and commands it is not there.
const ACCOUNT = `
  SELECT a.id, a.time_zone AS timeZone, a.link_epoch AS linkEpoch, f.address,
    (SELECT token FROM alert_addresses WHERE account_id = a.id AND retired_at IS NULL
     ORDER BY created_at DESC LIMIT 1) AS alertToken
  FROM accounts a JOIN addresses f ON f.address = (
    SELECT address FROM addresses WHERE account_id = a.id ORDER BY created_at, rowid LIMIT 1)`;

/** Accounts and the addresses that lead to them. */
export function accountStore(db: Database) {
  return {
    /** Carries a sign-up out; false when the network's limit is reached and nothing was done. */
    async signUp(signUp: SignUp): Promise<boolean> {
      const [attempt] = await db.write(signUpStatements(signUp));
      return attempt?.changed === 1;
    },

    /** Makes an account for an address that has none, without a letter; changes nothing when there is one. */
    async createAccount(account: NonNullable<SignUp["newAccount"]> & { address: string; at: Temporal.Instant }) {
      await db.write(newAccountStatements(null, account.address, account, account.at.epochMilliseconds));
    },

    /** The only account there is, not counting the one with this address; null when there are none or several. */
    async onlyAccount(exceptAddress: string): Promise<Account | null> {
      const accounts = await db.all<Account>(
        `${ACCOUNT} WHERE a.id NOT IN (
        SELECT account_id FROM addresses WHERE address = ?) LIMIT 2`,
        [exceptAddress],
      );
      return accounts.length === 1 ? (accounts[0] ?? null) : null;
    },

    /** The account, or null when there is none, or no address leads to it any more. */
    account: (id: string) => db.one<Account>(`${ACCOUNT} WHERE a.id = ?`, [id]),

    /** Whose live alert address has this token, or null. */
    async accountIdOfToken(token: string, at: Temporal.Instant): Promise<string | null> {
      const row = await db.one<{ id: string }>(
        "SELECT account_id AS id FROM alert_addresses WHERE token = ? AND coalesce(retired_at > ?, TRUE)",
        [token, at.epochMilliseconds],
      );
      return row?.id ?? null;
    },

    /** The account that this mail address leads to, or null. */
    accountOfAddress: (address: string) =>
      db.one<Account>(`${ACCOUNT} WHERE a.id = (SELECT account_id FROM addresses WHERE address = ?)`, [address]),

    /** Makes the account's days be those of another IANA time zone. */
    async setTimeZone(accountId: string, timeZone: string): Promise<void> {
      await db.write([{ sql: "UPDATE accounts SET time_zone = ? WHERE id = ?", args: [timeZone, accountId] }]);
    },

    /** Makes every link that was sent to this account so far invalid. */
    async revokeLinks(accountId: string): Promise<void> {
      await db.write([{ sql: "UPDATE accounts SET link_epoch = link_epoch + 1 WHERE id = ?", args: [accountId] }]);
    },
  };
}

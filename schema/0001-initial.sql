-- Instants are milliseconds since 1970 in UTC. Money is integer minor units plus an ISO 4217 code.

CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  time_zone TEXT NOT NULL,
  -- Part of every signed link: raising it makes all links sent so far invalid.
  link_epoch INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- A person's own mail addresses. The primary key keeps an address with at most one account.
CREATE TABLE addresses (
  address TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL,
  proven_at INTEGER
) STRICT;

CREATE INDEX addresses_by_account ON addresses (account_id, created_at);

-- The token of alerts+TOKEN@DOMAIN.
CREATE TABLE alert_addresses (
  token TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;

CREATE INDEX alert_addresses_by_account ON alert_addresses (account_id, created_at);

CREATE TABLE sessions (
  -- Only the hash: whoever reads the database can't sign in with what is in it.
  token_hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  user_agent TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_account ON sessions (account_id, last_seen_at);

-- A row makes a sign-in link used; the session that it names is the one that used it.
CREATE TABLE used_links (
  link_id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signups (
  id TEXT PRIMARY KEY,
  network TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX signups_by_network ON signups (network, at);

-- The outbox. A letter's text is made when it is sent, so that no valid link ever stands in the database.
CREATE TABLE letters (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  to_address TEXT NOT NULL,
  -- JSON, its shape given by `kind`.
  details TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER NOT NULL,
  sent_at INTEGER,
  provider_id TEXT,
  error TEXT
) STRICT;

CREATE INDEX letters_waiting ON letters (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX letters_refused ON letters (created_at) WHERE state = 'refused';
CREATE INDEX letters_by_address ON letters (to_address, kind, created_at);

-- Every delivery that was acknowledged. What arrived stands in mail_payloads and is never changed.
CREATE TABLE mails (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- Null when it was sent to no live alert address.
  account_id TEXT REFERENCES accounts (id),
  route TEXT NOT NULL CHECK (route IN ('alert', 'shared', 'signup', 'none', 'unreadable')),
  recipient TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  payload_sha256 BLOB NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')),
  lease_until INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- Filled in by interpretation.
  interpreted_at INTEGER,
  outcome TEXT,
  reason TEXT NOT NULL DEFAULT '',
  institution TEXT,
  sender TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  mail_date INTEGER
) STRICT;

CREATE INDEX mails_waiting ON mails (received_at) WHERE state = 'waiting';
CREATE INDEX mails_unreadable ON mails (received_at) WHERE outcome = 'unreadable';
CREATE INDEX mails_by_account ON mails (account_id, received_at);
CREATE INDEX mails_in_review ON mails (account_id, number) WHERE outcome = 'review';

-- Apart from mails, so that a change of a mail's state does not write its bytes again.
CREATE TABLE mail_payloads (
  mail_number INTEGER PRIMARY KEY REFERENCES mails (number),
  -- The webhook body as it came (a letter of ours: without its links), compressed with zstd.
  payload BLOB NOT NULL
) STRICT;

-- What a mail was read as, for pages: they must not wait for a parser. JSON, the shape in handlers/stored-reading.ts.
CREATE TABLE mail_readings (
  mail_number INTEGER PRIMARY KEY REFERENCES mails (number),
  reading TEXT NOT NULL
) STRICT;

-- One row for each mail an account really got, however often and by whatever route it was delivered.
CREATE TABLE mail_identities (
  account_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  body_sha256 TEXT NOT NULL,
  mail_id TEXT NOT NULL REFERENCES mails (id),
  PRIMARY KEY (account_id, message_id, body_sha256)
) STRICT, WITHOUT ROWID;

-- What was booked, as the mail said it. Never changed afterwards: a person's changes are amendments.
CREATE TABLE purchases (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  mail_id TEXT NOT NULL REFERENCES mails (id),
  position INTEGER NOT NULL,
  institution TEXT NOT NULL,
  kind TEXT NOT NULL,
  merchant TEXT NOT NULL,
  -- Spending is positive, refunds are negative.
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  card TEXT,
  -- For a date without a time of day: noon in UTC of occurred_on.
  occurred_at INTEGER NOT NULL,
  occurred_on TEXT,
  -- How sure its origin is: 'addressed', 'person' (booked from review), 'sample'.
  origin TEXT NOT NULL CHECK (origin IN ('addressed', 'person', 'sample')),
  -- JSON: the words of the mail that were read.
  words TEXT NOT NULL,
  booked_at INTEGER NOT NULL,
  UNIQUE (mail_id, position)
) STRICT;

CREATE INDEX purchases_by_time ON purchases (account_id, occurred_at, id);

-- A person's changes. Rows are only ever added; an undo is a row that names the change it takes back.
CREATE TABLE amendments (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  purchase_id TEXT NOT NULL REFERENCES purchases (id),
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  undoes TEXT UNIQUE REFERENCES amendments (id),
  merchant TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  UNIQUE (purchase_id, sequence)
) STRICT;

CREATE VIEW current_purchases AS
SELECT
  p.id, p.account_id, p.mail_id, p.institution, p.kind, p.currency, p.card, p.occurred_at, p.occurred_on, p.origin,
  p.words, p.booked_at, p.merchant AS booked_merchant, p.amount_minor AS booked_amount_minor,
  coalesce(a.merchant, p.merchant) AS merchant,
  coalesce(a.amount_minor, p.amount_minor) AS amount_minor,
  coalesce(a.removed, 0) AS removed
FROM purchases p
LEFT JOIN amendments a ON a.id = (
  SELECT c.id FROM amendments c
  -- The plus keeps SQLite from looking through the index of undoes, and so through everybody's changes.
  WHERE c.purchase_id = p.id AND +c.undoes IS NULL
    AND NOT EXISTS (SELECT 1 FROM amendments u WHERE u.undoes = c.id)
  ORDER BY c.sequence DESC LIMIT 1
);

-- What a person decided about a mail in review; the newest row counts.
CREATE TABLE review_decisions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  mail_id TEXT NOT NULL REFERENCES mails (id),
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('dismissed', 'booked', 'waiting')),
  UNIQUE (mail_id, sequence)
) STRICT;

CREATE INDEX review_decisions_by_account ON review_decisions (account_id, at);

-- Single-use codes of the sample alerts that a person asked for.
CREATE TABLE samples (
  code TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  created_at INTEGER NOT NULL,
  used_by_mail TEXT
) STRICT;

CREATE INDEX samples_by_account ON samples (account_id, created_at);

-- Requests of a mailbox provider to confirm forwarding to an alert address.
CREATE TABLE forwarding_confirmations (
  mail_id TEXT PRIMARY KEY REFERENCES mails (id),
  account_id TEXT NOT NULL REFERENCES accounts (id),
  received_at INTEGER NOT NULL,
  requester TEXT,
  code TEXT,
  link TEXT
) STRICT;

CREATE INDEX forwarding_confirmations_by_account ON forwarding_confirmations (account_id, received_at);

-- What the mail provider tells about letters (bounces, complaints); kept whole, read later.
CREATE TABLE provider_events (
  id TEXT PRIMARY KEY,
  received_at INTEGER NOT NULL,
  payload BLOB NOT NULL
) STRICT;

-- Things that are refused and therefore kept nowhere else.
CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;

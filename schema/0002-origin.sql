-- Whether a mail is real, whose it is, what may be one purchase, and what each account may send.

ALTER TABLE accounts ADD COLUMN requires_signature INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN weekly_letter INTEGER NOT NULL DEFAULT 1;

-- Addresses that an account says are its own. One becomes the account's when the letter that went there is answered.
CREATE TABLE address_claims (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  address TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- When it was proven or taken back. Its row stays for a while, since what an account may ask for in a day is counted.
  settled_at INTEGER
) STRICT;

CREATE INDEX address_claims_by_account ON address_claims (account_id, created_at);
CREATE INDEX address_claims_by_address ON address_claims (address, created_at);

-- Ways on which a person's mail may come without a signature that holds; what the person trusts, and until when.
CREATE TABLE trusted_routes (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  -- The route of an origin that was in doubt, as access/origin.ts names it.
  route TEXT NOT NULL,
  -- The mail on which the person decided.
  mail_id TEXT NOT NULL REFERENCES mails (id),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE INDEX trusted_routes_by_account ON trusted_routes (account_id, created_at);
CREATE INDEX trusted_routes_by_mail ON trusted_routes (mail_id);
CREATE UNIQUE INDEX trusted_routes_live ON trusted_routes (account_id, route) WHERE revoked_at IS NULL;

ALTER TABLE mails ADD COLUMN payload_bytes INTEGER NOT NULL DEFAULT 0;
-- What its signatures were worth when it came, as JSON: keys change, so it is asked once.
ALTER TABLE mails ADD COLUMN signature TEXT;
-- 'bank-signed', 'addressed', 'unverified' or 'suspect'; null for what no origin is asked of.
ALTER TABLE mails ADD COLUMN verdict TEXT;
-- The domain whose signature holds.
ALTER TABLE mails ADD COLUMN signed_by TEXT;
-- What trusting this mail's way would trust.
ALTER TABLE mails ADD COLUMN route_in_doubt TEXT;
-- Signed by a bank, sent to the shared address, for a mailbox that no account has proven yet.
ALTER TABLE mails ADD COLUMN held_for TEXT;
-- The mail that this one hung on.
ALTER TABLE mails ADD COLUMN part_of TEXT REFERENCES mails (id);

CREATE INDEX mails_in_line ON mails ((outcome IS NOT NULL), (account_id IS NULL), received_at) WHERE state = 'waiting';
CREATE INDEX mails_held ON mails (held_for) WHERE held_for IS NOT NULL;
CREATE INDEX mails_of_nobody ON mails (received_at) WHERE account_id IS NULL;
CREATE INDEX mails_in_doubt ON mails (account_id, route_in_doubt) WHERE route_in_doubt IS NOT NULL;
CREATE INDEX mails_carried ON mails (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX mail_identities_by_mail ON mail_identities (mail_id);
CREATE INDEX samples_by_mail ON samples (used_by_mail) WHERE used_by_mail IS NOT NULL;

-- What was kept for each account on each day (in UTC), so that one account can't fill the disk for all.
CREATE TABLE account_days (
  account_id TEXT NOT NULL,
  -- Days since 1970.
  day INTEGER NOT NULL,
  mails INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER mails_of_the_day AFTER INSERT ON mails WHEN new.account_id IS NOT NULL AND new.part_of IS NULL BEGIN INSERT INTO account_days (account_id, day, mails, bytes) VALUES (new.account_id, new.received_at / 86400000, 1, new.payload_bytes) ON CONFLICT (account_id, day) DO UPDATE SET mails = mails + 1, bytes = bytes + excluded.bytes; END;

ALTER TABLE purchases ADD COLUMN signed_by TEXT;
-- Set when a better reading found that the mail tells of no purchase.
ALTER TABLE purchases ADD COLUMN withdrawn_at INTEGER;
-- The purchase that it was joined into, which counts for both. Follows from look_alike_decisions.
ALTER TABLE purchases ADD COLUMN joined_into TEXT REFERENCES purchases (id);
-- 1 once it was compared with those near it.
ALTER TABLE purchases ADD COLUMN compared INTEGER NOT NULL DEFAULT 0;

CREATE INDEX purchases_not_compared ON purchases (account_id) WHERE compared = 0;
CREATE INDEX purchases_joined ON purchases (joined_into) WHERE joined_into IS NOT NULL;

-- Two purchases that may be one. A proposal and no more: nothing is joined until the person says so.
CREATE TABLE look_alikes (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  first_purchase TEXT NOT NULL REFERENCES purchases (id),
  second_purchase TEXT NOT NULL REFERENCES purchases (id),
  why TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (first_purchase, second_purchase)
) STRICT;

CREATE INDEX look_alikes_by_account ON look_alikes (account_id, created_at);
CREATE INDEX look_alikes_by_second ON look_alikes (second_purchase);

-- What the person says of a proposal; the newest row counts. `kept` names the purchase that counts when they are joined.
CREATE TABLE look_alike_decisions (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  look_alike_id TEXT NOT NULL REFERENCES look_alikes (id),
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('joined', 'apart', 'waiting')),
  kept TEXT REFERENCES purchases (id),
  UNIQUE (look_alike_id, sequence)
) STRICT;

CREATE INDEX look_alike_decisions_by_account ON look_alike_decisions (account_id, at);
CREATE INDEX look_alike_decisions_by_kept ON look_alike_decisions (kept) WHERE kept IS NOT NULL;

DROP VIEW current_purchases;

CREATE VIEW current_purchases AS
SELECT
  p.id, p.account_id, p.mail_id, p.institution, p.kind, p.currency, p.card, p.occurred_at, p.occurred_on, p.origin,
  p.signed_by, p.words, p.booked_at, p.joined_into, p.withdrawn_at,
  p.merchant AS booked_merchant, p.amount_minor AS booked_amount_minor,
  coalesce(a.merchant, p.merchant) AS merchant,
  coalesce(a.amount_minor, p.amount_minor) AS amount_minor,
  iif(p.joined_into IS NOT NULL OR p.withdrawn_at IS NOT NULL, 1, coalesce(a.removed, 0)) AS removed
FROM purchases p
LEFT JOIN amendments a ON a.id = (
  SELECT c.id FROM amendments c
  -- The plus keeps SQLite from looking through the index of undoes, and so through everybody's changes.
  WHERE c.purchase_id = p.id AND +c.undoes IS NULL
    AND NOT EXISTS (SELECT 1 FROM amendments u WHERE u.undoes = c.id)
  ORDER BY c.sequence DESC LIMIT 1
);

-- 'waiting' for a click of the person, or 'due' to be confirmed by itself.
ALTER TABLE forwarding_confirmations ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'due', 'confirmed', 'refused'));
ALTER TABLE forwarding_confirmations ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE forwarding_confirmations ADD COLUMN next_attempt_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE forwarding_confirmations ADD COLUMN settled_at INTEGER;

CREATE INDEX forwarding_confirmations_due ON forwarding_confirmations (next_attempt_at) WHERE state = 'due';

-- A letter may go to somebody who has no account yet.
CREATE TABLE letters_to_anybody (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  account_id TEXT REFERENCES accounts (id),
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

INSERT INTO letters_to_anybody SELECT id, kind, account_id, to_address, details, created_at, state, attempts, next_attempt_at, sent_at, provider_id, error FROM letters;
DROP TABLE letters;
ALTER TABLE letters_to_anybody RENAME TO letters;

CREATE INDEX letters_waiting ON letters (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX letters_refused ON letters (created_at) WHERE state = 'refused';
CREATE INDEX letters_by_address ON letters (to_address, kind, created_at);

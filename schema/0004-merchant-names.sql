-- What merchants are called where the person's own words count.

-- Rows are only ever added; an undo is a row that names the one it takes back. The newest that stands counts.
CREATE TABLE merchant_names (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  -- What one merchant's names have in common, as ledger/merchant-name.ts found it.
  merchant_key TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- The merchant as a mail wrote it.
  written TEXT NOT NULL,
  -- Null when no name of the person's counts any more.
  name TEXT,
  undoes TEXT UNIQUE REFERENCES merchant_names (id),
  UNIQUE (account_id, merchant_key, sequence)
) STRICT;

-- 1 where the merchant is the person's own word, which nobody makes readable: so it may also be what was written.
ALTER TABLE purchases ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE amendments ADD COLUMN named INTEGER NOT NULL DEFAULT 0;

UPDATE amendments SET named = 1 WHERE merchant <> (SELECT p.merchant FROM purchases p WHERE p.id = purchase_id);

DROP VIEW current_purchases;

CREATE VIEW current_purchases AS
SELECT
  p.id, p.account_id, p.mail_id, p.institution, p.kind, p.currency, p.card, p.occurred_at, p.occurred_on, p.origin,
  p.signed_by, p.words, p.booked_at, p.joined_into, p.withdrawn_at,
  p.merchant AS booked_merchant, p.amount_minor AS booked_amount_minor,
  coalesce(a.merchant, p.merchant) AS merchant,
  max(p.named, coalesce(a.named, 0)) AS named,
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

-- How mails of senders that no parser knows are read: from an example that a person taught, or from a guess they agreed to.
CREATE TABLE reading_rules (
  id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  -- Bare address, lower case.
  sender TEXT NOT NULL,
  -- What makes two rules versions of one: the stable words of the subject, or the form of the mail.
  form TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- JSON, the shape in handlers/reading-rules.ts.
  rule TEXT NOT NULL,
  -- 1 when the sender's own signature held on the mail that it comes from: then it must hold on the others too.
  signed INTEGER NOT NULL,
  -- The mail that it comes from.
  mail_id TEXT NOT NULL REFERENCES mails (id),
  created_at INTEGER NOT NULL,
  stopped_at INTEGER,
  -- When the operator made it everybody's.
  shared_at INTEGER
) STRICT;

CREATE INDEX reading_rules_by_sender ON reading_rules (sender, account_id);
CREATE INDEX reading_rules_by_account ON reading_rules (account_id, created_at);
CREATE INDEX reading_rules_in_use ON reading_rules (created_at) WHERE stopped_at IS NULL OR shared_at IS NOT NULL;
CREATE INDEX reading_rules_by_mail ON reading_rules (mail_id);

-- The rule that a mail was read by; null for what a parser reads.
ALTER TABLE mails ADD COLUMN rule_id TEXT REFERENCES reading_rules (id);

CREATE INDEX mails_by_rule ON mails (rule_id) WHERE rule_id IS NOT NULL;
CREATE INDEX mails_of_sender ON mails (account_id, sender) WHERE institution IS NULL AND outcome IN ('review', 'booked', 'not_a_purchase');

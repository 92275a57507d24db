-- Which rows changed, so that what people do between two dumps is kept outside the machine: docs/decisions/0027-a-journal-of-rows.md.

-- A row for each change that is not uploaded yet, with its time in a form that the SQLite of Debian 12 knows as well: whoever
-- mends a database by hand there would otherwise be refused. A number is never used again, also when all rows are gone: it says what a
-- copy of the database holds.
CREATE TABLE journal (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL DEFAULT (cast(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
  table_name TEXT NOT NULL,
  -- JSON: the values of its primary key, in their order.
  key TEXT NOT NULL
) STRICT;

-- The life of this database between restores; one row, once there is a journal outside.
CREATE TABLE journal_state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  timeline TEXT NOT NULL,
  -- Where it went back in time: the timeline that it left, and the last of its numbers that it has. Null where none was left.
  parent TEXT,
  parent_position INTEGER,
  CHECK ((parent IS NULL) = (parent_position IS NULL))
) STRICT;

-- Accounts that must not come back with an older dump.
CREATE TABLE erased_accounts (
  account_id TEXT PRIMARY KEY,
  erased_at INTEGER NOT NULL
) STRICT;

-- Four for each table but those that adapters/journal/journalled-tables.ts leaves out; a key that changes is two rows' change.
-- A change of a column that is named by none of them is not worth a place: that file says why.

CREATE TRIGGER journal_accounts_added AFTER INSERT ON accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('accounts', json_array(new.id)); END;
CREATE TRIGGER journal_accounts_changed AFTER UPDATE OF time_zone, link_epoch, created_at, requires_signature, weekly_letter ON accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('accounts', json_array(new.id)); END;
CREATE TRIGGER journal_accounts_moved AFTER UPDATE OF id ON accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('accounts', json_array(old.id)), ('accounts', json_array(new.id)); END;
CREATE TRIGGER journal_accounts_removed AFTER DELETE ON accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('accounts', json_array(old.id)); END;

CREATE TRIGGER journal_addresses_added AFTER INSERT ON addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('addresses', json_array(new.address)); END;
CREATE TRIGGER journal_addresses_changed AFTER UPDATE OF account_id, created_at, proven_at ON addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('addresses', json_array(new.address)); END;
CREATE TRIGGER journal_addresses_moved AFTER UPDATE OF address ON addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('addresses', json_array(old.address)), ('addresses', json_array(new.address)); END;
CREATE TRIGGER journal_addresses_removed AFTER DELETE ON addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('addresses', json_array(old.address)); END;

CREATE TRIGGER journal_alert_addresses_added AFTER INSERT ON alert_addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('alert_addresses', json_array(new.token)); END;
CREATE TRIGGER journal_alert_addresses_changed AFTER UPDATE OF account_id, created_at, retired_at ON alert_addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('alert_addresses', json_array(new.token)); END;
CREATE TRIGGER journal_alert_addresses_moved AFTER UPDATE OF token ON alert_addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('alert_addresses', json_array(old.token)), ('alert_addresses', json_array(new.token)); END;
CREATE TRIGGER journal_alert_addresses_removed AFTER DELETE ON alert_addresses BEGIN INSERT INTO journal (table_name, key) VALUES ('alert_addresses', json_array(old.token)); END;

CREATE TRIGGER journal_sessions_added AFTER INSERT ON sessions BEGIN INSERT INTO journal (table_name, key) VALUES ('sessions', json_array(new.token_hash)); END;
CREATE TRIGGER journal_sessions_changed AFTER UPDATE OF id, account_id, created_at, user_agent ON sessions BEGIN INSERT INTO journal (table_name, key) VALUES ('sessions', json_array(new.token_hash)); END;
CREATE TRIGGER journal_sessions_moved AFTER UPDATE OF token_hash ON sessions BEGIN INSERT INTO journal (table_name, key) VALUES ('sessions', json_array(old.token_hash)), ('sessions', json_array(new.token_hash)); END;
CREATE TRIGGER journal_sessions_removed AFTER DELETE ON sessions BEGIN INSERT INTO journal (table_name, key) VALUES ('sessions', json_array(old.token_hash)); END;

CREATE TRIGGER journal_used_links_added AFTER INSERT ON used_links BEGIN INSERT INTO journal (table_name, key) VALUES ('used_links', json_array(new.link_id)); END;
CREATE TRIGGER journal_used_links_changed AFTER UPDATE OF session_id, expires_at ON used_links BEGIN INSERT INTO journal (table_name, key) VALUES ('used_links', json_array(new.link_id)); END;
CREATE TRIGGER journal_used_links_moved AFTER UPDATE OF link_id ON used_links BEGIN INSERT INTO journal (table_name, key) VALUES ('used_links', json_array(old.link_id)), ('used_links', json_array(new.link_id)); END;
CREATE TRIGGER journal_used_links_removed AFTER DELETE ON used_links BEGIN INSERT INTO journal (table_name, key) VALUES ('used_links', json_array(old.link_id)); END;

CREATE TRIGGER journal_mails_added AFTER INSERT ON mails BEGIN INSERT INTO journal (table_name, key) VALUES ('mails', json_array(new.number)); END;
CREATE TRIGGER journal_mails_changed AFTER UPDATE OF id, account_id, route, recipient, received_at, payload_sha256, state, interpreted_at, outcome, reason, institution, sender, subject, mail_date, payload_bytes, signature, verdict, signed_by, route_in_doubt, held_for, part_of, rule_id ON mails BEGIN INSERT INTO journal (table_name, key) VALUES ('mails', json_array(new.number)); END;
CREATE TRIGGER journal_mails_moved AFTER UPDATE OF number ON mails BEGIN INSERT INTO journal (table_name, key) VALUES ('mails', json_array(old.number)), ('mails', json_array(new.number)); END;
CREATE TRIGGER journal_mails_removed AFTER DELETE ON mails BEGIN INSERT INTO journal (table_name, key) VALUES ('mails', json_array(old.number)); END;

CREATE TRIGGER journal_mail_payloads_added AFTER INSERT ON mail_payloads BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_payloads', json_array(new.mail_number)); END;
CREATE TRIGGER journal_mail_payloads_changed AFTER UPDATE OF payload ON mail_payloads BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_payloads', json_array(new.mail_number)); END;
CREATE TRIGGER journal_mail_payloads_moved AFTER UPDATE OF mail_number ON mail_payloads BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_payloads', json_array(old.mail_number)), ('mail_payloads', json_array(new.mail_number)); END;
CREATE TRIGGER journal_mail_payloads_removed AFTER DELETE ON mail_payloads BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_payloads', json_array(old.mail_number)); END;

CREATE TRIGGER journal_mail_readings_added AFTER INSERT ON mail_readings BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_readings', json_array(new.mail_number)); END;
CREATE TRIGGER journal_mail_readings_changed AFTER UPDATE OF reading ON mail_readings BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_readings', json_array(new.mail_number)); END;
CREATE TRIGGER journal_mail_readings_moved AFTER UPDATE OF mail_number ON mail_readings BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_readings', json_array(old.mail_number)), ('mail_readings', json_array(new.mail_number)); END;
CREATE TRIGGER journal_mail_readings_removed AFTER DELETE ON mail_readings BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_readings', json_array(old.mail_number)); END;

CREATE TRIGGER journal_mail_identities_added AFTER INSERT ON mail_identities BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_identities', json_array(new.account_id, new.message_id, new.body_sha256)); END;
CREATE TRIGGER journal_mail_identities_changed AFTER UPDATE OF mail_id ON mail_identities BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_identities', json_array(new.account_id, new.message_id, new.body_sha256)); END;
CREATE TRIGGER journal_mail_identities_moved AFTER UPDATE OF account_id, message_id, body_sha256 ON mail_identities BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_identities', json_array(old.account_id, old.message_id, old.body_sha256)), ('mail_identities', json_array(new.account_id, new.message_id, new.body_sha256)); END;
CREATE TRIGGER journal_mail_identities_removed AFTER DELETE ON mail_identities BEGIN INSERT INTO journal (table_name, key) VALUES ('mail_identities', json_array(old.account_id, old.message_id, old.body_sha256)); END;

CREATE TRIGGER journal_purchases_added AFTER INSERT ON purchases BEGIN INSERT INTO journal (table_name, key) VALUES ('purchases', json_array(new.id)); END;
CREATE TRIGGER journal_purchases_changed AFTER UPDATE OF account_id, mail_id, position, institution, kind, merchant, amount_minor, currency, card, occurred_at, occurred_on, origin, words, booked_at, signed_by, withdrawn_at, joined_into, named ON purchases BEGIN INSERT INTO journal (table_name, key) VALUES ('purchases', json_array(new.id)); END;
CREATE TRIGGER journal_purchases_moved AFTER UPDATE OF id ON purchases BEGIN INSERT INTO journal (table_name, key) VALUES ('purchases', json_array(old.id)), ('purchases', json_array(new.id)); END;
CREATE TRIGGER journal_purchases_removed AFTER DELETE ON purchases BEGIN INSERT INTO journal (table_name, key) VALUES ('purchases', json_array(old.id)); END;

CREATE TRIGGER journal_amendments_added AFTER INSERT ON amendments BEGIN INSERT INTO journal (table_name, key) VALUES ('amendments', json_array(new.id)); END;
CREATE TRIGGER journal_amendments_changed AFTER UPDATE OF account_id, purchase_id, sequence, at, undoes, merchant, amount_minor, removed, named ON amendments BEGIN INSERT INTO journal (table_name, key) VALUES ('amendments', json_array(new.id)); END;
CREATE TRIGGER journal_amendments_moved AFTER UPDATE OF id ON amendments BEGIN INSERT INTO journal (table_name, key) VALUES ('amendments', json_array(old.id)), ('amendments', json_array(new.id)); END;
CREATE TRIGGER journal_amendments_removed AFTER DELETE ON amendments BEGIN INSERT INTO journal (table_name, key) VALUES ('amendments', json_array(old.id)); END;

CREATE TRIGGER journal_review_decisions_added AFTER INSERT ON review_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('review_decisions', json_array(new.id)); END;
CREATE TRIGGER journal_review_decisions_changed AFTER UPDATE OF account_id, mail_id, sequence, at, decision ON review_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('review_decisions', json_array(new.id)); END;
CREATE TRIGGER journal_review_decisions_moved AFTER UPDATE OF id ON review_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('review_decisions', json_array(old.id)), ('review_decisions', json_array(new.id)); END;
CREATE TRIGGER journal_review_decisions_removed AFTER DELETE ON review_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('review_decisions', json_array(old.id)); END;

CREATE TRIGGER journal_samples_added AFTER INSERT ON samples BEGIN INSERT INTO journal (table_name, key) VALUES ('samples', json_array(new.code)); END;
CREATE TRIGGER journal_samples_changed AFTER UPDATE OF account_id, created_at, used_by_mail ON samples BEGIN INSERT INTO journal (table_name, key) VALUES ('samples', json_array(new.code)); END;
CREATE TRIGGER journal_samples_moved AFTER UPDATE OF code ON samples BEGIN INSERT INTO journal (table_name, key) VALUES ('samples', json_array(old.code)), ('samples', json_array(new.code)); END;
CREATE TRIGGER journal_samples_removed AFTER DELETE ON samples BEGIN INSERT INTO journal (table_name, key) VALUES ('samples', json_array(old.code)); END;

CREATE TRIGGER journal_forwarding_confirmations_added AFTER INSERT ON forwarding_confirmations BEGIN INSERT INTO journal (table_name, key) VALUES ('forwarding_confirmations', json_array(new.mail_id)); END;
CREATE TRIGGER journal_forwarding_confirmations_changed AFTER UPDATE OF account_id, received_at, requester, code, link, state, settled_at ON forwarding_confirmations BEGIN INSERT INTO journal (table_name, key) VALUES ('forwarding_confirmations', json_array(new.mail_id)); END;
CREATE TRIGGER journal_forwarding_confirmations_moved AFTER UPDATE OF mail_id ON forwarding_confirmations BEGIN INSERT INTO journal (table_name, key) VALUES ('forwarding_confirmations', json_array(old.mail_id)), ('forwarding_confirmations', json_array(new.mail_id)); END;
CREATE TRIGGER journal_forwarding_confirmations_removed AFTER DELETE ON forwarding_confirmations BEGIN INSERT INTO journal (table_name, key) VALUES ('forwarding_confirmations', json_array(old.mail_id)); END;

CREATE TRIGGER journal_provider_events_added AFTER INSERT ON provider_events BEGIN INSERT INTO journal (table_name, key) VALUES ('provider_events', json_array(new.id)); END;
CREATE TRIGGER journal_provider_events_changed AFTER UPDATE OF received_at, payload ON provider_events BEGIN INSERT INTO journal (table_name, key) VALUES ('provider_events', json_array(new.id)); END;
CREATE TRIGGER journal_provider_events_moved AFTER UPDATE OF id ON provider_events BEGIN INSERT INTO journal (table_name, key) VALUES ('provider_events', json_array(old.id)), ('provider_events', json_array(new.id)); END;
CREATE TRIGGER journal_provider_events_removed AFTER DELETE ON provider_events BEGIN INSERT INTO journal (table_name, key) VALUES ('provider_events', json_array(old.id)); END;

CREATE TRIGGER journal_address_claims_added AFTER INSERT ON address_claims BEGIN INSERT INTO journal (table_name, key) VALUES ('address_claims', json_array(new.id)); END;
CREATE TRIGGER journal_address_claims_changed AFTER UPDATE OF account_id, address, created_at, settled_at ON address_claims BEGIN INSERT INTO journal (table_name, key) VALUES ('address_claims', json_array(new.id)); END;
CREATE TRIGGER journal_address_claims_moved AFTER UPDATE OF id ON address_claims BEGIN INSERT INTO journal (table_name, key) VALUES ('address_claims', json_array(old.id)), ('address_claims', json_array(new.id)); END;
CREATE TRIGGER journal_address_claims_removed AFTER DELETE ON address_claims BEGIN INSERT INTO journal (table_name, key) VALUES ('address_claims', json_array(old.id)); END;

CREATE TRIGGER journal_trusted_routes_added AFTER INSERT ON trusted_routes BEGIN INSERT INTO journal (table_name, key) VALUES ('trusted_routes', json_array(new.id)); END;
CREATE TRIGGER journal_trusted_routes_changed AFTER UPDATE OF account_id, route, mail_id, created_at, revoked_at ON trusted_routes BEGIN INSERT INTO journal (table_name, key) VALUES ('trusted_routes', json_array(new.id)); END;
CREATE TRIGGER journal_trusted_routes_moved AFTER UPDATE OF id ON trusted_routes BEGIN INSERT INTO journal (table_name, key) VALUES ('trusted_routes', json_array(old.id)), ('trusted_routes', json_array(new.id)); END;
CREATE TRIGGER journal_trusted_routes_removed AFTER DELETE ON trusted_routes BEGIN INSERT INTO journal (table_name, key) VALUES ('trusted_routes', json_array(old.id)); END;

CREATE TRIGGER journal_look_alikes_added AFTER INSERT ON look_alikes BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alikes', json_array(new.id)); END;
CREATE TRIGGER journal_look_alikes_changed AFTER UPDATE OF account_id, first_purchase, second_purchase, why, reason, created_at ON look_alikes BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alikes', json_array(new.id)); END;
CREATE TRIGGER journal_look_alikes_moved AFTER UPDATE OF id ON look_alikes BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alikes', json_array(old.id)), ('look_alikes', json_array(new.id)); END;
CREATE TRIGGER journal_look_alikes_removed AFTER DELETE ON look_alikes BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alikes', json_array(old.id)); END;

CREATE TRIGGER journal_look_alike_decisions_added AFTER INSERT ON look_alike_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alike_decisions', json_array(new.id)); END;
CREATE TRIGGER journal_look_alike_decisions_changed AFTER UPDATE OF account_id, look_alike_id, sequence, at, decision, kept, undoes ON look_alike_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alike_decisions', json_array(new.id)); END;
CREATE TRIGGER journal_look_alike_decisions_moved AFTER UPDATE OF id ON look_alike_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alike_decisions', json_array(old.id)), ('look_alike_decisions', json_array(new.id)); END;
CREATE TRIGGER journal_look_alike_decisions_removed AFTER DELETE ON look_alike_decisions BEGIN INSERT INTO journal (table_name, key) VALUES ('look_alike_decisions', json_array(old.id)); END;

CREATE TRIGGER journal_letters_added AFTER INSERT ON letters BEGIN INSERT INTO journal (table_name, key) VALUES ('letters', json_array(new.id)); END;
CREATE TRIGGER journal_letters_changed AFTER UPDATE OF kind, account_id, to_address, details, created_at, state, sent_at, provider_id, error ON letters BEGIN INSERT INTO journal (table_name, key) VALUES ('letters', json_array(new.id)); END;
CREATE TRIGGER journal_letters_moved AFTER UPDATE OF id ON letters BEGIN INSERT INTO journal (table_name, key) VALUES ('letters', json_array(old.id)), ('letters', json_array(new.id)); END;
CREATE TRIGGER journal_letters_removed AFTER DELETE ON letters BEGIN INSERT INTO journal (table_name, key) VALUES ('letters', json_array(old.id)); END;

CREATE TRIGGER journal_merchant_names_added AFTER INSERT ON merchant_names BEGIN INSERT INTO journal (table_name, key) VALUES ('merchant_names', json_array(new.id)); END;
CREATE TRIGGER journal_merchant_names_changed AFTER UPDATE OF account_id, merchant_key, sequence, at, written, name, undoes ON merchant_names BEGIN INSERT INTO journal (table_name, key) VALUES ('merchant_names', json_array(new.id)); END;
CREATE TRIGGER journal_merchant_names_moved AFTER UPDATE OF id ON merchant_names BEGIN INSERT INTO journal (table_name, key) VALUES ('merchant_names', json_array(old.id)), ('merchant_names', json_array(new.id)); END;
CREATE TRIGGER journal_merchant_names_removed AFTER DELETE ON merchant_names BEGIN INSERT INTO journal (table_name, key) VALUES ('merchant_names', json_array(old.id)); END;

CREATE TRIGGER journal_reading_rules_added AFTER INSERT ON reading_rules BEGIN INSERT INTO journal (table_name, key) VALUES ('reading_rules', json_array(new.id)); END;
CREATE TRIGGER journal_reading_rules_changed AFTER UPDATE OF account_id, sender, form, version, rule, signed, mail_id, created_at, stopped_at, shared_at ON reading_rules BEGIN INSERT INTO journal (table_name, key) VALUES ('reading_rules', json_array(new.id)); END;
CREATE TRIGGER journal_reading_rules_moved AFTER UPDATE OF id ON reading_rules BEGIN INSERT INTO journal (table_name, key) VALUES ('reading_rules', json_array(old.id)), ('reading_rules', json_array(new.id)); END;
CREATE TRIGGER journal_reading_rules_removed AFTER DELETE ON reading_rules BEGIN INSERT INTO journal (table_name, key) VALUES ('reading_rules', json_array(old.id)); END;

CREATE TRIGGER journal_erased_accounts_added AFTER INSERT ON erased_accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('erased_accounts', json_array(new.account_id)); END;
CREATE TRIGGER journal_erased_accounts_changed AFTER UPDATE OF erased_at ON erased_accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('erased_accounts', json_array(new.account_id)); END;
CREATE TRIGGER journal_erased_accounts_moved AFTER UPDATE OF account_id ON erased_accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('erased_accounts', json_array(old.account_id)), ('erased_accounts', json_array(new.account_id)); END;
CREATE TRIGGER journal_erased_accounts_removed AFTER DELETE ON erased_accounts BEGIN INSERT INTO journal (table_name, key) VALUES ('erased_accounts', json_array(old.account_id)); END;

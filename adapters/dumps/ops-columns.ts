/**
 * What becomes of a table in the copy that ops may read: its columns, each kept as it is, or with what stands there instead;
 * null when the copy has no such table.
 */
export type OpsTable = { readonly kept: readonly string[]; readonly instead: Readonly<Record<string, string>> } | null;

const kept = (columns: string, instead: Readonly<Record<string, string>> = {}): OpsTable => ({
  kept: columns.split(" "),
  instead,
});

// A key that must stay different in each row.
const NUMBERED = "CAST(rowid AS TEXT)";
const NO_TEXT = "''";
const NO_JSON = "'{}'";

/**
 * Every table and column of the schema. What lets somebody in, what would read a person's letters, and mails themselves stay
 * out; what people spent, and what became of their mails, is what the copy is for. Where a value must stay out, an SQL
 * expression stands in its place.
 */
export const OPS_TABLES: Readonly<Record<string, OpsTable>> = {
  accounts: kept("id time_zone link_epoch created_at requires_signature weekly_letter"),
  addresses: kept("address account_id created_at proven_at"),
  // Whoever knows one sends mail to that account.
  alert_addresses: kept("account_id created_at retired_at", { token: NUMBERED }),
  sessions: null,
  used_links: null,
  signups: null,
  // A sample alert goes to the account's own alert address.
  letters: kept("id kind account_id created_at state attempts next_attempt_at sent_at provider_id", {
    to_address: NO_TEXT,
    details: NO_JSON,
    error: "NULL",
  }),
  // The recipient is an alert address; the subject of a forwarding request is its code.
  mails: kept(
    "number id account_id route received_at payload_sha256 state lease_until attempts interpreted_at outcome reason " +
      "institution sender mail_date payload_bytes verdict signed_by route_in_doubt held_for part_of rule_id",
    { recipient: NO_TEXT, subject: NO_TEXT, signature: "NULL" },
  ),
  mail_payloads: null,
  mail_readings: null,
  mail_identities: kept("account_id message_id body_sha256 mail_id"),
  purchases: kept(
    "id account_id mail_id position institution kind merchant amount_minor currency card occurred_at occurred_on origin " +
      "booked_at signed_by withdrawn_at joined_into compared named",
    { words: NO_JSON },
  ),
  amendments: kept("id account_id purchase_id sequence at undoes merchant amount_minor removed named"),
  review_decisions: kept("id account_id mail_id sequence at decision"),
  samples: null,
  forwarding_confirmations: kept("mail_id account_id received_at requester state attempts next_attempt_at settled_at", {
    code: "NULL",
    link: "NULL",
  }),
  provider_events: kept("id received_at", { payload: "x''" }),
  counters: kept("name value last_at"),
  // Its id stands in the link that proves the address.
  address_claims: kept("account_id address created_at settled_at", { id: NUMBERED }),
  trusted_routes: kept("id account_id route mail_id created_at revoked_at"),
  account_days: kept("account_id day mails bytes"),
  look_alikes: kept("id account_id first_purchase second_purchase why reason created_at"),
  look_alike_decisions: kept("id account_id look_alike_id sequence at decision kept undoes"),
  merchant_names: kept("id account_id merchant_key sequence at written name undoes"),
  // Words of the mail that it was taught on.
  reading_rules: kept("id account_id sender version signed mail_id created_at stopped_at shared_at", {
    form: NO_TEXT,
    rule: NO_JSON,
  }),
  schema_steps: kept("version oldest_program"),
  // It names rows by their keys, tokens among them.
  journal: null,
  journal_state: null,
  erased_accounts: kept("account_id erased_at"),
};

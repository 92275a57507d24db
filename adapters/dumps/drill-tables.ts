/** What is compared of a table: columns that stay as they are from a moment on, which is an SQL expression on its row `l`. */
export type ComparedTable = { readonly same: readonly string[]; readonly since: string };

const words = (text: string) => text.split(" ");
const mailBy = (key: "id" | "number", column: string, instant: string) =>
  `(SELECT ${instant} FROM live.mails m WHERE m.${key} = l.${column})`;

/**
 * What must be in a dump of what is in the live database now. Rows that were added or read anew after the dump say so by
 * their moment; rows that are gone by now are not asked for.
 */
export const COMPARED: Readonly<Record<string, ComparedTable>> = {
  accounts: { same: words("id created_at"), since: "l.created_at" },
  addresses: { same: words("address account_id created_at"), since: "l.created_at" },
  alert_addresses: { same: words("token account_id created_at"), since: "l.created_at" },
  sessions: { same: words("token_hash id account_id created_at"), since: "l.created_at" },
  letters: { same: words("id kind account_id to_address details created_at"), since: "l.created_at" },
  mails: { same: words("number id received_at payload_sha256"), since: "l.received_at" },
  // Letters of ours lose their links when they are interpreted.
  mail_payloads: {
    same: words("mail_number payload"),
    since: mailBy("number", "mail_number", "coalesce(m.interpreted_at, m.received_at)"),
  },
  mail_readings: { same: words("mail_number reading"), since: mailBy("number", "mail_number", "m.interpreted_at") },
  mail_identities: {
    same: words("account_id message_id body_sha256"),
    since: mailBy("id", "mail_id", "m.received_at"),
  },
  // A better reading of its mail corrects what was booked.
  purchases: {
    same: words("id account_id mail_id position kind merchant amount_minor currency occurred_at occurred_on booked_at"),
    since: `max(l.booked_at, ${mailBy("id", "mail_id", "coalesce(m.interpreted_at, 0)")})`,
  },
  amendments: {
    same: words("id account_id purchase_id sequence at undoes merchant amount_minor removed named"),
    since: "l.at",
  },
  review_decisions: { same: words("id account_id mail_id sequence at decision"), since: "l.at" },
  samples: { same: words("code account_id created_at"), since: "l.created_at" },
  forwarding_confirmations: {
    same: words("mail_id account_id received_at requester code link"),
    since: "l.received_at",
  },
  provider_events: { same: words("id received_at payload"), since: "l.received_at" },
  address_claims: { same: words("id account_id address created_at"), since: "l.created_at" },
  trusted_routes: { same: words("id account_id route mail_id created_at"), since: "l.created_at" },
  look_alikes: { same: words("id account_id first_purchase second_purchase created_at"), since: "l.created_at" },
  look_alike_decisions: {
    same: words("id account_id look_alike_id sequence at decision kept undoes"),
    since: "l.at",
  },
  merchant_names: { same: words("id account_id merchant_key sequence at written name undoes"), since: "l.at" },
  reading_rules: {
    same: words("id account_id sender form version rule signed mail_id created_at"),
    since: "l.created_at",
  },
  erased_accounts: { same: words("account_id erased_at"), since: "l.erased_at" },
};

/** What is not compared, and why. */
export const NOT_COMPARED: Readonly<Record<string, string>> = {
  used_links: "It says until when a link would work, and not since when it does not; it is forgotten within days.",
  signups: "It counts what an address may ask for in a day.",
  counters: "They go on counting.",
  account_days: "It counts what an account may get in a day.",
  schema_steps: "The restore has brought the copy to this program's schema, which the live database may not have yet.",
  journal: "Its rows go as soon as they are in the bucket.",
  journal_state: "A restored database has a life of its own.",
};

import { institution, notice, sentence } from "../institution.ts";
import { CANADA } from "../writing.ts";

/**
 * Scotiabank's InfoAlerts, html alone. They give a time and no day, so a purchase is of the day of its mail; one purchase
 * may set off both alerts about cards. What they say about debit cards and bills names no payee for sure and is not
 * understood. Which domain signs them was never seen.
 */
export const scotiabank = institution({
  id: "scotiabank",
  name: "Scotiabank",
  senders: ["infoalerts@scotiabank.com", "scotiainfoalerts@scotiabank.com"],
  dkimDomains: [],
  writing: CANADA,
  layouts: [
    notice({
      name: "last-five",
      sample: "described",
      subject: "Last five transactions",
      reason: "A list of the last transactions repeats what alerts of their own say.",
    }),
    notice({
      name: "statement",
      sample: "described",
      subject: "e-Statement issued",
      reason: "A statement repeats what alerts say.",
    }),
    notice({
      name: "payment-due",
      sample: "described",
      subject: "Minimum payment due",
      reason: "A reminder of a payment is no transaction.",
    }),
    notice({
      name: "balance",
      sample: "described",
      subject: "Account balance below specified amount",
      reason: "A balance is no transaction.",
    }),
    sentence({
      name: "card-not-present",
      sample: "described",
      kind: "purchase",
      sentence:
        "There was an authorization without the credit card present for {amount} at {merchant} on account {card} at ",
    }),
    sentence({
      name: "card",
      sample: "described",
      kind: "purchase",
      sentence: "There was an authorization for {amount} at {merchant} on account {card} at ",
    }),
    sentence({
      name: "card-payment",
      sample: "described",
      kind: "card_payment",
      sentence: "A payment of {amount} to your {card} was received on ",
      merchant: "Payment to a credit card",
    }),
    sentence({
      name: "transfer-out",
      sample: "described",
      kind: "transfer",
      sentence: "An Interac e-Transfer for {amount} was sent using {card} at ",
      merchant: "Interac e-Transfer",
    }),
  ],
});

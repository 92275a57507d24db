import { institution, sentence } from "../institution.ts";
import { oneTimePassword } from "../one-time-password.ts";
import { INDIA } from "../writing.ts";

const SPENT = "that, {amount} spent on your SBI Credit Card {card} at {merchant} on {when}";

/**
 * SBI Card's alerts. Purchases abroad are in their own currency: `USD41.30 spent`. One that was paid by UPI says so, with
 * the shop's name and not its address. Which domain signs them was not verified yet, so none is required.
 */
export const sbiCard = institution({
  id: "sbi-card",
  name: "SBI Card",
  senders: ["onlinesbicard@sbicard.com"],
  dkimDomains: [],
  writing: INDIA,
  layouts: [
    sentence({
      name: "declined",
      sample: "described",
      kind: "declined",
      sentence:
        " transaction of {amount} on your SBI Credit Card {card} at merchant {merchant} on date {when} has been declined",
    }),
    sentence({
      name: "payment-received",
      sample: "described",
      kind: "card_payment",
      merchant: "Payment received",
      sentence: "We have received payment of {amount} via {any} & the same has been credited to your SBI Credit Card",
    }),
    sentence({
      name: "mandate",
      sample: "described",
      kind: "purchase",
      sentence:
        "Transaction of {amount} at {merchant} against E-mandate ({any}) registered by you at merchant has been debited to your SBI Credit Card {card} on {when}.",
    }),
    sentence({ name: "card-upi", sample: "real", kind: "purchase", sentence: `${SPENT} via UPI (Ref No.` }),
    sentence({ name: "card", sample: "described", kind: "purchase", sentence: `${SPENT}. Trxn. not done by you?` }),
    oneTimePassword,
  ],
});

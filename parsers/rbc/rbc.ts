import { institution, notice, sentence } from "../institution.ts";
import { CANADA } from "../writing.ts";
import { withdrawal } from "./withdrawal.ts";

/**
 * RBC Royal Bank's alerts. Now and then one is sent with holes (`a purchase of was made`), which is no sentence of theirs
 * and so not understood, although a table below may hold the amount. That table calls the amount of a refund
 * `Purchase Amount:`, so the sentence alone says what happened; the amount must be the same in both. Which domain signs
 * them was never seen.
 */
export const rbc = institution({
  id: "rbc",
  name: "RBC Royal Bank",
  senders: ["rbcroyalbankalerts@alerts.rbc.com"],
  dkimDomains: [],
  writing: CANADA,
  layouts: [
    notice({
      name: "credit-limit",
      sample: "real",
      says: "the available credit for your RBC Royal Bank credit card is currently below your set limit",
      reason: "A warning about the credit limit is no transaction.",
    }),
    notice({
      name: "bill-due",
      sample: "described",
      subject: "Credit Card Bill Due",
      reason: "A reminder of a bill is no transaction.",
    }),
    sentence({
      name: "purchase",
      sample: "real",
      kind: "purchase",
      sentence:
        "a purchase of {amount} was made on your RBC Royal Bank credit card account {card} on {when} towards {any}.",
      labels: { amount: "Purchase Amount:", merchant: "Transaction Description:" },
    }),
    sentence({
      name: "refund",
      sample: "real",
      kind: "refund",
      sentence: "your RBC Royal Bank credit card account {card} was credited for {amount} on {when} from {any}.",
      labels: { amount: "Purchase Amount:", merchant: "Transaction Description:" },
    }),
    sentence({
      name: "card-payment",
      sample: "real",
      kind: "card_payment",
      sentence: "A payment for {amount} has been made to your credit card {card}. The full details",
      labels: { amount: "Payment Amount:", when: ["Transaction Date:"] },
      merchant: "Payment to a credit card",
    }),
    sentence({
      name: "deposit",
      sample: "real",
      kind: "deposit",
      sentence: "A deposit of {amount} was made to your bank account {any} on {when}. The full details",
      labels: { amount: "Deposit Amount:", card: "Account:" },
      merchant: "Deposit",
    }),
    withdrawal,
  ],
});

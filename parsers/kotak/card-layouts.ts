import { labelled, sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

const USED = "using Kotak Bank Debit Card {card} on {when} from your account {any} has been processed";

/** What happened with cards of Kotak, and bills of any card that were paid. */
export const cardLayouts: readonly Layout[] = [
  sentence({
    name: "credit-card",
    sample: "described",
    kind: "purchase",
    sentence: "{amount} spent at {merchant} on {when} using your Kotak Credit Card {card}. ",
  }),
  sentence({
    name: "debit-card",
    sample: "real",
    kind: "purchase",
    sentence: [
      `Your transaction of {amount} on {merchant} ${USED}`,
      `Your transaction of {amount} at {merchant} ${USED}`,
    ],
  }),
  sentence({
    name: "card-refund",
    sample: "described",
    kind: "refund",
    merchant: "Debit Card refund",
    sentence:
      "The amount of {amount} has been credited to your Kotak Bank Account {card} against your recent Debit Card transaction",
  }),
  sentence({
    name: "card-payment",
    sample: "described",
    kind: "card_payment",
    merchant: "Payment received",
    sentence: "Thank you for your payment of {amount} for your Kotak Credit Card ending with {card} on {when}. ",
  }),
  labelled({
    name: "bill-paid",
    sample: "described",
    kind: "card_payment",
    says: "Your credit card bill was paid successfully",
    labels: { amount: "Bill amount:", merchant: "Bank:", when: ["Paid on:"] },
  }),
];

import { labelled, sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

/** Transfers into and out of an account. By NACH go instalments and savings, and a card's bill, so it is a transfer too. */
export const accountLayouts: readonly Layout[] = [
  sentence({
    name: "imps-credit",
    sample: "described",
    kind: "deposit",
    labels: { merchant: "Sender Name:" },
    merchant: "IMPS transfer",
    sentence: "your account {card} is credited by {amount} on {when} for IMPS transaction",
  }),
  sentence({
    name: "neft-credit",
    sample: "described",
    kind: "deposit",
    sentence:
      "{amount} has been credited to your Kotak Bank a/c {card} on {when} via NEFT transaction from {merchant}. ",
  }),
  labelled({
    name: "nach-debit",
    sample: "described",
    kind: "transfer",
    says: "has been debited towards NACH/ECS transaction",
    labels: { amount: "Amount:", merchant: "Beneficiary:", when: [["Transaction date :", "Transaction date:"]] },
    merchant: "NACH/ECS",
  }),
];

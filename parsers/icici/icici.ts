import { institution, notice, sentence } from "../institution.ts";
import { oneTimePassword } from "../one-time-password.ts";
import { INDIA } from "../writing.ts";
import { cardLayouts } from "./card-layouts.ts";

const PAYMENT = { kind: "card_payment", merchant: "Payment received" } as const;

/** A bill that was paid, said in three ways. */
const PAYMENTS = [
  sentence({
    ...PAYMENT,
    name: "payment-received",
    sample: "described",
    sentence: "Payment of {amount} towards ICICI Bank Credit Card {card} has been received through {any} on {when}.",
  }),
  sentence({
    ...PAYMENT,
    name: "payment-received-through",
    sample: "described",
    sentence: "We have received payment of {amount} on your ICICI Bank Credit Card account {card} on {when} through",
  }),
  sentence({
    ...PAYMENT,
    name: "payment-received-on-account",
    sample: "described",
    sentence: "We have received payment of {amount} on your ICICI Bank Credit Card account {card} on {when}.",
  }),
];

/** Transfers and what came in. What else leaves an account is not read: bills of cards are paid in the same words. */
const ACCOUNT = [
  sentence({
    name: "fund-transfer",
    sample: "described",
    kind: "transfer",
    sentence:
      "You have made an online ICICI fund transfer payment of {amount} towards {merchant} from your ICICI Bank {any} Account {card} on {when}. The Transaction ID",
  }),
  sentence({
    name: "transfer-out",
    sample: "described",
    kind: "transfer",
    sentence:
      "You have made an online {any} payment of {amount} towards {merchant} on {when} from your ICICI Bank {any} Account {card}. The Transaction ID",
  }),
  sentence({
    name: "account-credit",
    sample: "described",
    kind: "deposit",
    sentence: "Your ICICI Bank Account {card} has been credited with {amount} on {when}. Info: {merchant}. ",
  }),
];

/**
 * ICICI Bank's alerts, of cards from one sender and of accounts from another. India's banks moved to `.bank.in`, so there
 * are two addresses of each. Which domain signs them was not verified yet, so none is required.
 */
export const icici = institution({
  id: "icici",
  name: "ICICI Bank",
  senders: [
    "credit_cards@icicibank.com",
    "credit_cards@icici.bank.in",
    "customernotification@icicibank.com",
    "customernotification@icici.bank.in",
  ],
  dkimDomains: [],
  writing: INDIA,
  layouts: [
    notice({
      name: "usage-settings",
      sample: "described",
      says: "We have applied the usage settings on your ICICI Bank Credit Card",
      reason: "Settings of a card are no transaction.",
    }),
    ...PAYMENTS,
    ...ACCOUNT,
    ...cardLayouts,
    oneTimePassword,
  ],
});

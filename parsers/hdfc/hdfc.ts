import { institution, notice, sentence } from "../institution.ts";
import { oneTimePassword } from "../one-time-password.ts";
import { INDIA } from "../writing.ts";
import { upiLayouts } from "./upi-layouts.ts";

const NOT_SPENDING = [
  sentence({
    name: "transfer-out",
    sample: "described",
    kind: "transfer",
    sentence:
      "Rs.{amount} has been deducted from your HDFC Bank account ending in {card} for a transfer to payee {merchant} via {any} using HDFC Bank Online Banking",
  }),
  sentence({
    name: "imps-out",
    sample: "described",
    kind: "transfer",
    sentence:
      "INR {amount} has been debited from your account ending {card} on {when} and credited to {merchant} via IMPS.",
  }),
  sentence({
    name: "account-credit",
    sample: "described",
    kind: "deposit",
    says: "You have received a credit in your HDFC Bank account",
    sentence: "Amount received: {amount} Account: {card} Date: {when} Reference Details: {merchant} Available Balance:",
  }),
  sentence({
    name: "other-card-paid",
    sample: "described",
    kind: "card_payment",
    sentence:
      "Thank you for using HDFC Bank NetBanking for payment of {amount} from A/c {card} to {merchant} CREDIT CARD.",
  }),
];

const CARD = [
  sentence({
    name: "credit-card",
    sample: "described",
    kind: "purchase",
    sentence: "Rs.{amount} is debited from your HDFC Bank Credit Card ending {card} towards {merchant} on {when}.",
  }),
  sentence({
    name: "debit-card",
    sample: "described",
    kind: "purchase",
    sentence: "Rs.{amount} is debited from your HDFC Bank Debit Card ending {card} at {merchant} on {when}.",
  }),
  sentence({
    name: "credit-card-2026-07",
    sample: "described",
    kind: "purchase",
    sentence:
      "HDFC Bank Credit Card ending in {card}You made a transaction of {amount} at {merchant} on {when} Authorization code",
  }),
  sentence({
    name: "reversal",
    sample: "described",
    kind: "reversal",
    sentence:
      "reversal of {amount} has been initiated to your HDFC Bank Credit Card ending {card} From Merchant: {merchant} Date Time: {when}",
  }),
];

/**
 * HDFC Bank's alerts. India's banks moved to `.bank.in`, so there are two addresses. Which domain signs them was not
 * verified yet, so none is required.
 */
export const hdfc = institution({
  id: "hdfc",
  name: "HDFC Bank",
  senders: ["alerts@hdfcbank.net", "alerts@hdfcbank.bank.in"],
  dkimDomains: [],
  writing: INDIA,
  layouts: [
    notice({
      name: "mandate-announced",
      sample: "described",
      says: "There is an upcoming E-mandate (Auto payment)",
      reason: "A payment that is announced has not been made yet.",
    }),
    ...NOT_SPENDING,
    ...upiLayouts,
    ...CARD,
    oneTimePassword,
  ],
});

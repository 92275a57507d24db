import { institution, labelled, notice, sentence } from "../institution.ts";
import { oneTimePassword } from "../one-time-password.ts";
import type { ReadableMail } from "../parser.ts";
import { unlessDoubtful } from "../unless-doubtful.ts";
import { INDIA } from "../writing.ts";

const CARD = {
  amount: "Transaction Amount:",
  merchant: "Merchant Name:",
  when: ["Date & Time:"],
  card: "Axis Bank Credit Card No.",
} as const;

/** A mail of a purchase has no state at all; what has one, however it is written, is something else. */
function hasState({ subject, lines }: ReadableMail): boolean {
  return /\brevers/i.test(subject) || lines.some((line) => /^Transaction Status|^REVERSED$/i.test(line));
}

const DEBITED = "Amount Debited: {amount} Account Number: {card} Date & Time: {when} Transaction Info:";
const UNLESS_YOU = "If this transaction was not initiated by you";

/**
 * Axis Bank's alerts. A card's purchase and its reversal have the same labels, and only a state tells them apart. Of
 * accounts, a payment by UPI counts as a purchase whether a shop (`P2M`) or an account (`P2A`) got it, since small shops
 * are paid like friends. India's banks moved to `.bank.in`, so there are two addresses. Which domain signs them was not
 * verified yet, so none is required.
 */
export const axis = institution({
  id: "axis",
  name: "Axis Bank",
  senders: ["alerts@axisbank.com", "alerts@axis.bank.in"],
  dkimDomains: [],
  writing: INDIA,
  layouts: [
    notice({
      name: "statement",
      sample: "real",
      subject: "AXIS BANK : Statement for",
      reason: "A statement repeats what alerts say.",
    }),
    labelled({
      name: "card-reversed",
      sample: "described",
      says: ["Transaction Amount:", "Transaction Status:"],
      kind: { label: "Transaction Status:", is: { REVERSED: "reversal" } },
      labels: CARD,
    }),
    unlessDoubtful(
      labelled({ name: "card", sample: "real", kind: "purchase", labels: CARD }),
      hasState,
      "This mail does not say clearly what became of the transaction.",
    ),
    sentence({
      name: "account-upi",
      sample: "real",
      kind: "purchase",
      sentence: `${DEBITED} UPI/{any}/{any}/{merchant} ${UNLESS_YOU}`,
    }),
    sentence({
      name: "account-imps",
      sample: "described",
      kind: "transfer",
      sentence: `${DEBITED} IMPS/{merchant} ${UNLESS_YOU}`,
    }),
    sentence({
      name: "account-credit",
      sample: "real",
      kind: "deposit",
      sentence:
        "Amount Credited: {amount} Account Number: {card} Date & Time: {when} Transaction Info: {merchant} Feel free to connect with us",
    }),
    sentence({
      name: "account-credit-by-neft",
      sample: "real",
      kind: "deposit",
      sentence: "your A/c no. {card} has been credited with {amount} on {when} by {merchant}.",
    }),
    oneTimePassword,
  ],
});

import { accountDebit } from "../account-debit.ts";
import { institution, notice, sentence } from "../institution.ts";
import { withCard } from "../with-card.ts";
import { US } from "../writing.ts";

/** What was seen behind the sentences; merchants hold full stops themselves. */
const ENDS = [".\n", ". To view", ". Your"];

function withEnds(...sentences: readonly string[]): string[] {
  return sentences.flatMap((words) => ENDS.map((end) => words + end));
}

/**
 * Fidelity's alerts: of its accounts by Fidelity itself, of its credit card by the bank behind the card. A charge is told
 * of when it is authorized, and again when it is posted. Which domains sign them was never seen.
 */
export const fidelity = institution({
  id: "fidelity",
  name: "Fidelity",
  senders: ["fidelity.alerts@fidelity.com", "fidelityealerts@alert.fidelityrewards.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "security-code",
      sample: "described",
      subject: "the security code you requested",
      reason: "A code for signing in is no transaction.",
    }),
    sentence({
      name: "card-payment",
      sample: "described",
      kind: "card_payment",
      subject: "Credit Card Payment Posted",
      sentence: withEnds("A payment of {amount} has been posted to your account on {when}"),
      merchant: "credit card payment",
    }),
    withCard(
      sentence({
        name: "card-authorized",
        sample: "described",
        kind: "purchase",
        subject: "charge was authorized",
        sentence: withEnds(" was charged {amount} at {merchant}"),
      }),
    ),
    withCard(
      sentence({
        name: "card-posted",
        sample: "described",
        kind: "purchase",
        sentence: withEnds(
          "A debit of {amount} {any} on {when} at {merchant}",
          "A debit of {amount} {any} at {merchant} on {when}",
        ),
      }),
    ),
    sentence({
      name: "transfer",
      sample: "real",
      kind: "transfer",
      sentence: "A transfer from the above referenced account to {merchant} in the amount of {amount} has been entered",
      labels: { card: "For account ending in" },
    }),
    accountDebit(
      sentence({
        name: "direct-debit",
        sample: "described",
        kind: "purchase",
        subject: "Direct Debit Withdrawal",
        sentence: [".\n", ". If you", " (", "\n"].map((end) => ` in the amount of {amount} by {merchant}${end}`),
        labels: { card: "For account ending in" },
      }),
    ),
    notice({
      name: "balance",
      sample: "described",
      says: "Total Account Value:",
      reason: "A balance is no transaction.",
    }),
  ],
});

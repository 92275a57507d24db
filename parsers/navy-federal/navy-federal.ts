import { institution, notice, sentence } from "../institution.ts";
import { US } from "../writing.ts";

/**
 * Navy Federal's alerts. What was declined comes under the same subject as what was approved, so that only the sentence
 * counts. A withdrawal says nothing of whom it went to. Which domain signs them was never seen.
 */
export const navyFederal = institution({
  id: "navy-federal",
  name: "Navy Federal",
  senders: ["notice@email.navyfederal.org"],
  dkimDomains: [],
  writing: US,
  layouts: [
    sentence({
      name: "card",
      sample: "described",
      kind: "purchase",
      sentence: ["\n", ".\n", ". "].map(
        (end) =>
          `The transaction for {amount} was approved for your {any} card ending in {card} at {merchant} at {when}${end}`,
      ),
    }),
    notice({
      name: "declined",
      sample: "described",
      subject: "Transaction Notification",
      says: " declined",
      reason: "What was declined moved no money.",
    }),
    sentence({
      name: "withdrawal",
      sample: "described",
      kind: "withdrawal",
      sentence: ["\n", ".\n", ". ", " the available balance"].map(
        (end) => `{amount} was withdrawn from your {any} account ending in {card}. As of {when}${end}`,
      ),
      merchant: "withdrawal",
    }),
    sentence({
      name: "deposit",
      sample: "described",
      kind: "deposit",
      sentence: ["\n", ".\n", ". ", " the available balance"].map(
        (end) => `{amount} was deposited into your {any} account ending in {card}. As of {when}${end}`,
      ),
      merchant: "deposit",
    }),
  ],
});

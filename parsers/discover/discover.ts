import { institution, labelled, notice } from "../institution.ts";
import { unlessDoubtful } from "../unless-doubtful.ts";
import { US } from "../writing.ts";

/**
 * Discover's card alerts. The order of the labels changed three times, and one mail had a colon too many. Which domain
 * signs them was never seen.
 */
export const discover = institution({
  id: "discover",
  name: "Discover",
  senders: ["discover@services.discover.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "statement",
      sample: "described",
      subject: "You have a new statement online",
      reason: "A statement repeats what alerts say.",
    }),
    notice({
      name: "payment-received",
      sample: "described",
      subject: "We've received your payment",
      reason: "A payment towards a card is no spending.",
    }),
    unlessDoubtful(
      labelled({
        name: "card",
        sample: "real",
        kind: "purchase",
        labels: {
          amount: "Amount:",
          merchant: "Merchant:",
          when: [["Transaction Date::", "Transaction Date:", "Date:"]],
          card: "Account Center - Last 4 #:",
        },
      }),
      ({ subject }) => /\bcredit(?! card)\b|\brefund\b/i.test(subject),
      "This mail may tell of money that came back.",
    ),
  ],
});

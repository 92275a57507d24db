import { institution, notice, sentence } from "../institution.ts";
import { CANADA } from "../writing.ts";

/**
 * Tangerine's mails about its credit card, of which only the subject and the middle of the sentence are known: what stands
 * behind `on` may be a day or a card, so a purchase is of the day of its mail. Which domain signs them was never seen.
 */
export const tangerine = institution({
  id: "tangerine",
  name: "Tangerine",
  senders: ["donotreply@tangerine.ca"],
  dkimDomains: [],
  writing: CANADA,
  layouts: [
    notice({
      name: "balance",
      sample: "described",
      subject: "Orange Alert",
      says: "ccount balance is now",
      reason: "A balance is no transaction.",
    }),
    sentence({
      name: "card",
      sample: "described",
      kind: "purchase",
      subject: "A new Credit Card transaction has been made",
      sentence: " of {amount} at {merchant} on ",
    }),
  ],
});

import { institution, sentence } from "../institution.ts";
import { EMIRATES } from "../writing.ts";

/**
 * Mashreq's alerts in the Emirates. What else an account is debited for than instant payments was not seen, so it is not
 * understood. Which domain signs the mails was never seen.
 */
export const mashreq = institution({
  id: "mashreq",
  name: "Mashreq",
  senders: ["mashreqalerts@mashreq.com"],
  dkimDomains: [],
  writing: EMIRATES,
  layouts: [
    sentence({
      name: "card",
      sample: "described",
      kind: "purchase",
      sentence:
        "Card ending with {card} was used for a purchase of {amount} at {merchant} on {when}. Available limit is",
    }),
    sentence({
      name: "instant-payment",
      sample: "described",
      kind: "transfer",
      sentence: "Your AC No:{card} is debited with {amount} for Aani Instant Payments (Local IPP Transfer).",
      merchant: "Aani instant payment",
    }),
  ],
});

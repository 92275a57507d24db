import { institution, sentence } from "../institution.ts";
import { US } from "../writing.ts";

/**
 * Citi's card alerts in the United States. Their text part is a link and nothing else; merchants come with the town and the
 * country glued on. `info6.citi.com` signs today's; the signature of the older sender was never seen. What Citi writes about
 * Zelle, from the same address, was never seen either and is not understood.
 */
export const citi = institution({
  id: "citi",
  name: "Citi",
  senders: ["alerts@info6.citi.com", "alerts@citibank.com"],
  dkimDomains: ["info6.citi.com"],
  writing: US,
  layouts: [
    sentence({
      name: "card-2022",
      sample: "real",
      kind: "purchase",
      sentence: "A transaction of {amount} was made on your account",
      labels: { amount: "Amount:", merchant: "Merchant", when: ["Date", "Time"], card: "Card Ending In" },
    }),
    sentence({
      name: "card-2018",
      sample: "real",
      kind: "purchase",
      sentence: "Account #: {card} {amount} at {merchant} on {when} exceeds the {any} transaction amount",
    }),
  ],
});

import { institution, sentence } from "../institution.ts";
import { withCard } from "../with-card.ts";
import { US } from "../writing.ts";
import { accountTransaction } from "./account-transaction.ts";
import { cardPurchase } from "./card-purchase.ts";

/**
 * U.S. Bank's alerts. The html has the template's comments inside its values (`<!--name-->`), which are not read. One subject,
 * `Your transaction is complete.`, stands for money in and out. Which domain signs the alerts was never seen.
 */
export const usBank = institution({
  id: "us-bank",
  name: "U.S. Bank",
  senders: ["usbank@notifications.usbank.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    cardPurchase,
    sentence({
      name: "zelle-received",
      sample: "described",
      kind: "deposit",
      sentence: "A new payment of {amount} from {merchant} was deposited in your account.",
      labels: { when: ["Received date:"] },
    }),
    sentence({
      name: "credit-posted",
      sample: "described",
      kind: "deposit",
      subject: "Credit posted",
      sentence: "credit of {amount} posted to your account on",
      merchant: "Credit posted",
    }),
    accountTransaction,
  ].map(withCard),
});

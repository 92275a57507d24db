import { accountDebit } from "../account-debit.ts";
import { institution, notice, sentence } from "../institution.ts";
import { US } from "../writing.ts";

/**
 * USAA's alerts. `USAA # ending in: 4321` in their heads is the member's number, no card's. Which domain signs them was never
 * seen.
 */
export const usaa = institution({
  id: "usaa",
  name: "USAA",
  senders: [
    "usaa.customer.service@mailcenter.usaa.com",
    "usaa.customer.service@omem.usaa.com",
    "usaa.web.services@customermail.usaa.com",
  ],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "balance",
      sample: "described",
      subject: "Available Balance for Your Account",
      reason: "A balance is no transaction.",
    }),
    notice({
      name: "document",
      sample: "described",
      subject: "You Have a New USAA Document",
      reason: "A document repeats what alerts say.",
    }),
    sentence({
      name: "card",
      sample: "described",
      kind: "purchase",
      sentence: "Your credit card {card} was charged {amount} at {merchant}.\n",
      labels: { when: ["Date:"] },
    }),
    sentence({
      name: "debit-card",
      sample: "described",
      kind: "purchase",
      sentence: "A debit card transaction for {amount} came out of your account ending in {card}.",
      labels: { merchant: "To:", when: ["Date:"] },
    }),
    accountDebit(
      sentence({
        name: "account-debit",
        sample: "described",
        kind: "purchase",
        sentence: "{amount} came out of your account ending in {card}.",
        labels: { merchant: "To:", when: ["Date:"] },
      }),
    ),
    sentence({
      name: "deposit",
      sample: "real",
      kind: "deposit",
      sentence: "You received a deposit of {amount} to your account {card}.",
      labels: { amount: "Amount:", merchant: "From:", when: ["Date:"] },
    }),
  ],
});

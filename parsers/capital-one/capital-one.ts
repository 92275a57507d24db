import { accountDebit } from "../account-debit.ts";
import { institution, labelled, notice, sentence } from "../institution.ts";
import { withCard } from "../with-card.ts";
import { US } from "../writing.ts";
import { nameAlone } from "./name-alone.ts";

/**
 * Capital One's cards and 360 accounts. The name in front of the address is that of the card. A look-alike of the sender's
 * domain with two letters swapped was seen in the wild. Zelle comes first: its memo is written by other people.
 */
export const capitalOne = institution({
  id: "capital-one",
  name: "Capital One",
  senders: ["capitalone@notification.capitalone.com"],
  dkimDomains: ["notification.capitalone.com"],
  writing: US,
  layouts: [
    sentence({
      name: "zelle-sent",
      sample: "described",
      kind: "transfer",
      sentence: "You sent {merchant} {amount} on {when}.",
    }),
    notice({
      name: "payment-due",
      sample: "described",
      subject: "Your payment is due",
      reason: "What is due is not paid yet.",
    }),
    notice({
      name: "payment-scheduled",
      sample: "described",
      subject: "Your payment is scheduled",
      reason: "A payment towards a card is no spending.",
    }),
    notice({
      name: "charged-twice",
      sample: "described",
      subject: "charged twice",
      reason: "A doubt about two purchases is none of its own.",
    }),
    notice({
      name: "statement",
      sample: "described",
      subject: "Your statement is ready",
      reason: "A statement repeats what alerts say.",
    }),
    sentence({
      name: "card-payment",
      sample: "described",
      kind: "card_payment",
      sentence: "We received your payment of {amount}.",
      merchant: "Card payment",
    }),
    sentence({
      name: "card-2025",
      sample: "real",
      kind: "purchase",
      sentence:
        "notifying you that on {when}, at {merchant}, a pending authorization or purchase in the amount of {amount} was placed or charged on your",
    }),
    nameAlone(
      sentence({
        name: "refund",
        sample: "described",
        kind: "refund",
        sentence: "{merchant} recently credited your account for {amount} on {when}.",
      }),
    ),
    nameAlone(
      sentence({
        name: "card-charged",
        sample: "described",
        kind: "purchase",
        sentence: "{merchant} charged your account for {amount} on {when}.",
      }),
    ),
    sentence({
      name: "card-purchase-of",
      sample: "described",
      kind: "purchase",
      sentence: "A purchase of {amount} was made at {merchant} on {when}.",
    }),
    sentence({
      name: "debit-card",
      sample: "described",
      kind: "purchase",
      subject: "Debit Card Purchase",
      sentence: "Amount: {amount}\n{any} - {merchant}\nDate: {when}",
    }),
    nameAlone(
      accountDebit(
        sentence({
          name: "withdrawal-notice",
          sample: "described",
          kind: "purchase",
          sentence: "{merchant} has initiated the following withdrawal from your",
          labels: { amount: "Amount:", when: ["Submitted on:"] },
        }),
      ),
    ),
    sentence({
      name: "deposit",
      sample: "described",
      kind: "deposit",
      sentence: "You received a deposit of {amount} into your account",
      merchant: "Deposit",
    }),
    labelled({
      name: "transfer",
      sample: "described",
      kind: "transfer",
      says: "Your money has transferred.",
      labels: { amount: "Amount:", merchant: "To:", when: ["Transferred On:"] },
    }),
  ].map(withCard),
});

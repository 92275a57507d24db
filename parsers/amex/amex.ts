import { institution, labelled, notice } from "../institution.ts";
import { US } from "../writing.ts";
import { unlabelledLayouts } from "./unlabelled-layouts.ts";

/**
 * American Express' alerts in the United States. Accounts end in five digits here. Advertisements come from another domain
 * (`member.americanexpress.com`). Which domain signs the alerts was never seen.
 */
export const amex = institution({
  id: "amex",
  name: "American Express",
  senders: ["americanexpress@welcome.americanexpress.com", "americanexpress@welcome.aexp.com"],
  dkimDomains: [],
  writing: US,
  layouts: [
    notice({
      name: "weekly-snapshot",
      sample: "described",
      subject: "weekly account snapshot",
      reason: "A summary repeats what alerts say.",
    }),
    notice({
      name: "autopay",
      sample: "described",
      says: "AutoPay Payment Processed",
      reason: "A payment towards a card is no spending.",
    }),
    notice({
      name: "pending-charge",
      sample: "described",
      says: "Your Pending Charge ",
      reason: "A charge that is being watched was told of by its own alert.",
    }),
    ...unlabelledLayouts,
    labelled({
      name: "refund-2016",
      sample: "described",
      kind: "refund",
      says: "The following merchant credit has been posted to your American Express",
      labels: { amount: "Credit Amount:", merchant: "Merchant Name:", card: "Account Ending:" },
    }),
    labelled({
      name: "card-not-present",
      sample: "described",
      kind: "purchase",
      says: "whenever your Card was not present at the time of a purchase",
      labels: { amount: "Amount:", merchant: ["Merchant Name:", "Merchant: Name"], card: "Account Ending:" },
    }),
    labelled({
      name: "large-purchase-2014",
      sample: "described",
      kind: "purchase",
      labels: {
        amount: "Purchase Amount:",
        merchant: "Merchant Name:",
        when: ["Transaction Date:"],
        card: "Account Ending:",
      },
    }),
  ],
});

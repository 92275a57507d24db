import { institution, labelled, notice, sentence } from "../institution.ts";
import { SINGAPORE } from "../writing.ts";

/** The same block of labels tells of spending, of transfers and of payments towards cards; days have no year. */
const BLOCK = { amount: "Amount:", merchant: "To:", when: [["Date & Time:", "Date and Time:"]], card: "From:" };

const TRANSFERS = [
  ["paynow-sent", "your PayNow dated"],
  ["paynow-sent-2026", "your PAYNOW dated"],
  ["own-account", "Funds Transfer to own account dated"],
  ["other-account", "Funds Transfer to Other DBS/POSB account dated"],
] as const;

/**
 * DBS's and POSB's alerts, PayLah!'s included. Bill payments and GIRO are not understood: who is paid may be a shop or a
 * card's issuer. Which domain signs the mails was never seen.
 */
export const dbs = institution({
  id: "dbs",
  name: "DBS/POSB",
  senders: ["ibanking.alert@dbs.com", "paylah.alert@dbs.com"],
  dkimDomains: [],
  writing: SINGAPORE,
  layouts: [
    notice({
      name: "statement",
      sample: "described",
      subject: "Your eDocument(s) are ready for viewing",
      reason: "A statement repeats what alerts say.",
    }),
    notice({
      name: "giro-arranged",
      sample: "described",
      says: "to set up eGIRO arrangement",
      reason: "A permission to collect money moves none yet.",
    }),
    notice({
      name: "alert-settings",
      sample: "described",
      says: "for Manage Alert",
      reason: "A change of alerts is no transaction.",
    }),
    labelled({
      name: "card-payment",
      sample: "described",
      kind: "card_payment",
      says: "To: DBS/POSB card ending",
      labels: BLOCK,
    }),
    labelled({
      name: "other-card-payment",
      sample: "described",
      kind: "card_payment",
      says: ["made a payment for your other bank's credit card", "To: Other bank's card ending"],
      labels: BLOCK,
    }),
    labelled({
      name: "card",
      sample: "real",
      kind: "purchase",
      says: ["your card transaction request dated", "the transaction was completed", "From: DBS/POSB card ending"],
      labels: BLOCK,
    }),
    labelled({
      name: "paylah",
      sample: "real",
      kind: "purchase",
      says: ["your PayLah! Google Pay UEN transaction dated", "the transaction was completed", "From: PayLah! Wallet"],
      labels: BLOCK,
    }),
    labelled({
      name: "paylah-scan",
      sample: "real",
      kind: "purchase",
      says: ["your PayLah! Scan & Pay Transfer dated", "the transaction was completed", "From: PayLah! Wallet"],
      labels: BLOCK,
    }),
    labelled({
      name: "paylah-refund",
      sample: "described",
      kind: "refund",
      says: ["your PayLah! refund transaction", "the transaction was completed", "To: PayLah! Wallet"],
      labels: { ...BLOCK, merchant: "From:", card: "To:" },
    }),
    ...TRANSFERS.map(([name, says]) => labelled({ name, sample: "real", kind: "transfer", says, labels: BLOCK })),
    sentence({
      name: "received-in-a-sentence",
      sample: "real",
      kind: "deposit",
      sentence: "You have received {amount} on {when} from {merchant} to your account via PayNow.",
    }),
    sentence({
      name: "received",
      sample: "described",
      kind: "deposit",
      sentence: "You have received {amount} via {any} on {when}.",
      labels: { merchant: "From:", card: "To:" },
    }),
  ],
});

import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";

const FAILED = "Your UPI payment failed. {any} Date: {when} Amount: {amount} Debit A/c/Card Details: {card} Receiver:";

/**
 * Payments by UPI. Whether a shop or a friend was paid can't be told: all of them count as purchases, as most are. What
 * came in is no spending, whoever sent it; a payment that failed never was one, even if its money was away for a while.
 */
export const upiLayouts: readonly Layout[] = [
  sentence({
    name: "upi-failed",
    sample: "real",
    kind: "declined",
    sentence: `${FAILED} {merchant} UPI Reference Number`,
  }),
  sentence({
    name: "upi-credit",
    sample: "real",
    kind: "deposit",
    sentence:
      "received a UPI Credit in your Kotak A/c ({card}). {any} Date: {when} Amount: {amount} Sender: {merchant} UPI Reference Number",
  }),
  sentence({
    name: "upi-reversal",
    sample: "described",
    kind: "reversal",
    merchant: "UPI reversal",
    sentence: "{amount} is credited to your Kotak Bank Account {card} for reversal of UPI transaction",
  }),
  sentence({
    name: "upi",
    sample: "described",
    kind: "purchase",
    labels: { when: ["Date:"] },
    sentence: "You have successfully made a UPI payment of {amount} towards {merchant} through the Kotak811 App",
  }),
];

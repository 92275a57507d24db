import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { withPayee } from "./payee.ts";

/**
 * Payments by UPI. Whether a shop or a friend was paid can't be told from its address, and shops without a till are paid
 * like friends: all of them count as purchases, as most are. What came in is no spending, whoever sent it.
 */
export const upiLayouts: readonly Layout[] = [
  sentence({
    name: "upi",
    sample: "described",
    kind: "purchase",
    sentence: "Rs.{amount} has been debited from account {card} to VPA {merchant} on {when}.",
  }),
  sentence({
    name: "upi-2026",
    sample: "described",
    kind: "purchase",
    sentence: "Rs.{amount} is debited from your account ending {card} towards VPA {merchant} on {when}.",
  }),
  sentence({
    name: "rupay-upi",
    sample: "described",
    kind: "purchase",
    sentence: "Rs.{amount} has been debited from your HDFC Bank RuPay Credit Card {card} to {merchant} on {when}.",
  }),
  sentence({
    name: "rupay-upi-2026-05",
    sample: "described",
    kind: "purchase",
    sentence:
      "Rs.{amount} is debited from your HDFC Bank RuPay Credit Card {card} and credited to VPA {merchant} on {when}.",
  }),
  sentence({
    name: "rupay-upi-2026-06",
    sample: "described",
    kind: "purchase",
    sentence:
      "Rs.{amount} has been debited from your RuPay Credit Card {card} Paid to {merchant} Date: {when} UPI Transaction Reference Number",
  }),
  sentence({
    name: "upi-credit",
    sample: "described",
    kind: "deposit",
    sentence: "Rs.{amount} is successfully credited to your account {card} by VPA {merchant} on {when}.",
  }),
].map(withPayee);

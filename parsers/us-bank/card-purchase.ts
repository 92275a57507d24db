import { sentence } from "../institution.ts";
import { doubtful, type Layout } from "../layout.ts";

const CHARGED = sentence({
  name: "card",
  sample: "described",
  kind: "purchase",
  subject: "Your U.S. Bank credit card has a new transaction",
  sentence: "was charged {amount} at {merchant}.\n",
});

/**
 * A charge to the credit card. Its merchant ends with the full stop that ends the line; where more sentences follow on the
 * line, nothing says which full stop is the merchant's own, and the mail is not understood.
 */
export const cardPurchase: Layout = {
  ...CHARGED,
  read: (mail, writing) => {
    const reading = CHARGED.read(mail, writing);
    const isCut = reading !== null && "merchant" in reading && reading.merchant.includes(". ");
    return isCut ? { failed: doubtful("merchant") } : reading;
  },
};

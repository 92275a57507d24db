import type { Layout } from "./layout.ts";
import { movedMoney } from "./moved-money.ts";

/**
 * The layout of a mail that says who took money from an account, in the place of a merchant, and not what for. Whoever is sure
 * to have sold nothing makes it a card payment or a transfer; with everybody else it is not understood, since a shop, a lender
 * and the bank itself (`USAA DEBIT`) look alike there.
 */
export function movedOnly(layout: Layout): Layout {
  return {
    ...layout,
    kinds: ["card_payment", "transfer"],
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      if (reading === null || !("kind" in reading)) return reading;
      const kind = movedMoney(reading.merchant);
      if (kind !== null) return { ...reading, kind };
      return { failed: "This mail does not say whether the money was spent or only moved." };
    },
  };
}

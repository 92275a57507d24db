import type { Layout } from "./layout.ts";
import { movedMoney } from "./moved-money.ts";

/**
 * The layout of a mail about money that somebody took from an account, named in the place of a merchant. It is a purchase,
 * unless the payee is an issuer that was paid for a card, or only moved the money. Where the bank names itself (`USAA DEBIT`),
 * nobody knows what it was.
 */
export function accountDebit(layout: Layout): Layout {
  return {
    ...layout,
    kinds: ["purchase", "card_payment", "transfer"],
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      if (reading === null || !("merchant" in reading)) return reading;
      const { merchant } = reading;
      if (merchant.endsWith(" DEBIT"))
        return { failed: "This mail does not say whether the money was spent or only moved." };
      return { ...reading, kind: movedMoney(merchant) ?? "purchase" };
    },
  };
}

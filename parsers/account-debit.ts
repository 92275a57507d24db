import { sentence } from "./institution.ts";
import type { Layout } from "./layout.ts";
import { movedMoney } from "./moved-money.ts";

/**
 * A layout of one sentence, as `sentence` makes it, about money that somebody took from an account: a purchase, unless its
 * `{merchant}` is an issuer that was paid for a card, or only moved the money.
 */
export function accountDebit(words: Omit<Parameters<typeof sentence>[0], "kind" | "merchant">): Layout {
  const layout = sentence({ ...words, kind: "purchase" });
  return {
    ...layout,
    kinds: ["purchase", "card_payment", "transfer"],
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      if (reading === null || !("merchant" in reading)) return reading;
      return { ...reading, kind: movedMoney(reading.merchant) ?? reading.kind };
    },
  };
}

import type { Layout } from "../layout.ts";

/** An address for payments, and perhaps the name behind it. */
const ADDRESSED = /^(?:VPA )?(\S+@\S+)(?: (.+))?$/;

/**
 * Whom a payment by UPI went to: of `shop.rzp@bank (Shop Ltd)` and `shop@upi Shop Ltd` the name, of `shop@upi` alone that
 * address. Anything else is returned as it is.
 */
export function payeeOf(text: string): string {
  const [, address, name] = ADDRESSED.exec(text) ?? [];
  if (address === undefined) return text;
  const bare = name !== undefined && name.startsWith("(") && name.endsWith(")") ? name.slice(1, -1).trim() : name;
  return bare || address;
}

/** The layout, with the payee's name for its merchant. */
export function withPayee(layout: Layout): Layout {
  return {
    ...layout,
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      if (reading === null || !("merchant" in reading)) return reading;
      const merchant = payeeOf(reading.merchant);
      return { ...reading, merchant, words: { ...reading.words, merchant } };
    },
  };
}

import type { Layout } from "./layout.ts";

/** `About your Venture X Card ending in 1807`, `Venture Credit Card...5508`, `360 Checking…0140`, `account ending in: 0000`. */
const ENDING = /(?:\bending in:? ?|(?:Card|Checking|Savings)(?:\.\.\.|…))(\d{4})(?!\d)/g;

/**
 * The layout, with the last digits of the card or account that the mail names somewhere. None when it names two, since which
 * of them paid is not known then. Not for institutions that write numbers of members or letters in the same words.
 */
export function withCard(layout: Layout): Layout {
  return {
    ...layout,
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      return reading !== null && "kind" in reading ? { ...reading, card: cardIn(mail.lines) } : reading;
    },
  };
}

function cardIn(lines: readonly string[]): string | null {
  const cards = new Set(lines.flatMap((line) => [...line.matchAll(ENDING)].map(([, digits = ""]) => digits)));
  const [card = null] = cards;
  return cards.size === 1 ? card : null;
}

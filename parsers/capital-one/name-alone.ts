import { doubtful, type Layout } from "../layout.ts";

/** Small words that names are made of too. */
const JOINING = /^(?:of|and|the|by|de|del|la|las|el|los|y|et|du|van|von)$/;

/** The end of a sentence or of a lead, as in `You asked about: SHOP`; behind `ST.` and `INC.` names go on. */
const MARK = /[:;!?] |\p{L}{4}\. /u;

/**
 * A layout whose sentence begins with the merchant, so that everything in front of it on its line would be one: of
 * `We stopped it before SHOP charged your account` the merchant is not understood.
 */
export function nameAlone(layout: Layout): Layout {
  return {
    ...layout,
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      const isSentence = reading !== null && "merchant" in reading && hasWordsInFront(reading.merchant);
      return isSentence ? { failed: doubtful("merchant") } : reading;
    },
  };
}

/** The last word may be written small: it is the name of somebody who writes it so. */
function hasWordsInFront(merchant: string): boolean {
  const words = merchant.split(" ").slice(0, -1);
  return MARK.test(merchant) || words.some((word) => /^\p{Ll}/u.test(word) && !JOINING.test(word));
}

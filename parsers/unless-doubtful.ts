import type { Layout } from "./layout.ts";
import type { ReadableMail } from "./parser.ts";

/**
 * The layout, except that what it understands in a mail that is doubtful as a whole, such as a purchase's form with words
 * of a reversal in it, is not understood. `reason` is a sentence for the person.
 */
export function unlessDoubtful(layout: Layout, isDoubtful: (mail: ReadableMail) => boolean, reason: string): Layout {
  return {
    ...layout,
    read: (mail, writing) => {
      const reading = layout.read(mail, writing);
      return reading !== null && isDoubtful(mail) ? { failed: reason } : reading;
    },
  };
}

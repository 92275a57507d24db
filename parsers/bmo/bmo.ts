import { institution, notice, sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import { templateText } from "../template.ts";
import { CANADA } from "../writing.ts";

const SPENT = "transaction in the amount of";

/** How the sentence may go on behind the digits of the card. */
const ENDINGS = [". ", ".\n", "\n"];

/** One sentence says both that a purchase was approved and that it was declined. */
const LAYOUTS: readonly Layout[] = [
  notice({
    name: "sign-in-code",
    sample: "described",
    subject: "BMO Verification Code",
    reason: "A code to sign in is no transaction.",
  }),
  sentence({
    name: "declined",
    sample: "described",
    kind: "declined",
    sentence: cardSentence("declined"),
  }),
  sentence({
    name: "card",
    sample: "described",
    kind: "purchase",
    sentence: cardSentence("approved"),
  }),
  {
    name: "available-credit",
    sample: "described",
    kinds: ["notice"],
    // A purchase's mail may name the available credit as well, and a damaged one must not pass for this.
    read: ({ lines }) => {
      const body = templateText(lines).flat;
      const isThis = body.includes("of available credit left on your BMO credit card") && !body.includes(SPENT);
      return isThis ? { skipped: "The available credit is no transaction." } : null;
    },
  },
];

/** BMO's credit card alerts. They name no day, so that of the mail counts. Which domain signs them was never seen. */
export const bmo = institution({
  id: "bmo",
  name: "BMO",
  senders: ["bmoalerts@bmo.com"],
  dkimDomains: [],
  writing: CANADA,
  layouts: LAYOUTS,
});

function cardSentence(verdict: string): string[] {
  return ENDINGS.map(
    (ending) => `${SPENT} {amount} at {merchant} was ${verdict} on your BMO{any}Credit Card ending in {card}${ending}`,
  );
}

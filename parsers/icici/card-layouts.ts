import { sentence } from "../institution.ts";
import type { Layout } from "../layout.ts";
import type { ReadableMail } from "../parser.ts";
import { unlessDoubtful } from "../unless-doubtful.ts";

const USED =
  "Your ICICI Bank Credit Card {card} has been used for a transaction of {amount} on {when}. Info: {merchant}.";

/** Some had a sentence about a reversal behind the purchase's. */
const saysReversed = ({ lines }: ReadableMail): boolean => lines.some((line) => /\brevers(?:ed|al)\b/i.test(line));

const PURCHASES = [
  sentence({
    name: "card",
    sample: "real",
    kind: "purchase",
    sentence: `${USED} The Available Credit Limit on your card is`,
  }),
  sentence({ name: "card-without-limit", sample: "described", kind: "purchase", sentence: `${USED}\n` }),
];

/** What happened with a credit card. Purchases abroad are in their own currency, and limits stand behind in rupees. */
export const cardLayouts: readonly Layout[] = [
  sentence({
    name: "refund",
    sample: "described",
    kind: "refund",
    sentence:
      "We have received merchant credit refund on your ICICI Bank Credit Card {card} for {amount} on {when} from {merchant}. ",
  }),
  ...PURCHASES.map((layout) =>
    unlessDoubtful(layout, saysReversed, "This mail may tell of a purchase that was reversed."),
  ),
];

import { institution, labelled } from "../institution.ts";
import { SINGAPORE } from "../writing.ts";

/** Citi puts blanks before the colons, or not. */
const either = (label: string): readonly string[] => [`${label} :`, `${label}:`];

const LABELS = {
  amount: either("Transaction amount"),
  merchant: either("Transaction details"),
  when: [either("Transaction date"), either("Transaction time")],
  card: either("Account Number"),
};

/**
 * Citibank Singapore's card alerts. Of a purchase abroad they name the foreign amount alone, which is then the purchase's.
 * Which domain signs them was never seen.
 */
export const citiSg = institution({
  id: "citi-sg",
  name: "Citi Singapore",
  senders: ["alerts@citibank.com.sg"],
  dkimDomains: [],
  writing: SINGAPORE,
  layouts: [
    labelled({
      name: "reversal",
      sample: "described",
      kind: "reversal",
      says: "there is a reversal made on your Citi",
      labels: LABELS,
    }),
    labelled({
      name: "card",
      sample: "real",
      kind: "purchase",
      says: "there is a charge made on your Citi",
      labels: LABELS,
    }),
  ],
});

import { institution } from "../institution.ts";
import { type Layout } from "../layout.ts";
import { US } from "../writing.ts";
import { cardLayouts } from "./card-layouts.ts";
import { rundown } from "./rundown.ts";

/** No mail has the form of two of them. */
const LAYOUTS: readonly Layout[] = [
  rundown,
  ...cardLayouts,
  {
    name: "payment-made",
    sample: "described",
    kinds: ["notice"],
    read: ({ subject }) =>
      subject === "You made a payment" ? { skipped: "A payment towards a card is no spending." } : null,
  },
];

/** Wells Fargo's alerts. Their text part is empty; which domain signs them was never seen, so none is required. */
export const wellsFargo = institution({
  id: "wells-fargo",
  name: "Wells Fargo",
  senders: ["alerts@notify.wellsfargo.com"],
  dkimDomains: [],
  writing: US,
  layouts: LAYOUTS,
});

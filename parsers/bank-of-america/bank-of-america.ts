import { institution } from "../institution.ts";
import { type Layout } from "../layout.ts";
import { US } from "../writing.ts";
import { tableLayouts } from "./table-layouts.ts";
import { zelleLayouts } from "./zelle-layouts.ts";

/** Zelle first: its mails hold a message that somebody else wrote, which may look like a table. */
const LAYOUTS: readonly Layout[] = [
  ...zelleLayouts,
  ...tableLayouts,
  {
    name: "balance",
    sample: "real",
    kinds: ["notice"],
    read: ({ lines }) =>
      lines.some((line) => line.endsWith(", here's your available balance"))
        ? { skipped: "A balance is no transaction." }
        : null,
  },
  {
    name: "statement",
    sample: "described",
    kinds: ["notice"],
    read: ({ subject }) =>
      subject.startsWith("Your statement is available") ? { skipped: "A statement repeats what alerts say." } : null,
  },
];

/** Bank of America's alerts. Which domain signs them was not verified yet, so none is required. */
export const bankOfAmerica = institution({
  id: "bank-of-america",
  name: "Bank of America",
  senders: ["onlinebanking@ealerts.bankofamerica.com", "customerservice@ealerts.bankofamerica.com"],
  dkimDomains: [],
  writing: US,
  layouts: LAYOUTS,
});

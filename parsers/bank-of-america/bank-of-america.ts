import { readLayouts, type Layout } from "../layout.ts";
import type { Parser } from "../parser.ts";
import { tableLayouts } from "./table-layouts.ts";
import { zelleLayouts } from "./zelle-layouts.ts";

/** Zelle first: its mails hold a message that somebody else wrote, which may look like a table. */
const LAYOUTS: readonly Layout[] = [
  ...zelleLayouts,
  ...tableLayouts,
  {
    name: "balance",
    sample: "real",
    read: ({ lines }) =>
      lines.some((line) => line.endsWith(", here's your available balance"))
        ? { skipped: "A balance is no transaction." }
        : null,
  },
  {
    name: "statement",
    sample: "described",
    read: ({ subject }) =>
      subject.startsWith("Your statement is available") ? { skipped: "A statement repeats what alerts say." } : null,
  },
];

/** Bank of America's alerts. Which domain signs them was not verified yet, so none is required. */
export const bankOfAmerica = {
  id: "bank-of-america",
  name: "Bank of America",
  senders: ["onlinebanking@ealerts.bankofamerica.com", "customerservice@ealerts.bankofamerica.com"],
  dkimDomains: [],
  layouts: LAYOUTS.map(({ name, sample }) => ({ name, sample })),
  read: (mail) => readLayouts(LAYOUTS, mail),
} satisfies Parser;

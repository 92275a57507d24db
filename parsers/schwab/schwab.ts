import { institution } from "../institution.ts";
import { parseAmount } from "../amount.ts";
import { eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import { US } from "../writing.ts";

/** One purchase may set off both alerts. */
const LAYOUTS: readonly Layout[] = [
  {
    name: "card-not-present",
    sample: "described",
    kinds: ["purchase"],
    // Of this alert only the subject is known for sure.
    read: ({ subject, lines }) => (subject === "Your card was used online, by phone or mail" ? readTable(lines) : null),
  },
  {
    name: "threshold",
    sample: "real",
    kinds: ["purchase"],
    read: ({ lines }) =>
      lines.some((line) => line.startsWith("A recent purchase made using ")) ? readTable(lines) : null,
  },
];

/** Charles Schwab's debit card alerts. Their text part names no amount, and neither part says when the purchase was. */
export const schwab = institution({
  id: "schwab",
  name: "Charles Schwab",
  senders: ["donotreply-comm@schwab.com"],
  dkimDomains: ["schwab.com"],
  writing: US,
  layouts: LAYOUTS,
});

/** A row of header cells, then one of values. The date above it is the letter's. */
function readTable(lines: readonly string[]): LayoutReading {
  const header = lines.indexOf("Merchant Name");
  if (header === -1 || lines[header + 1] !== "Amount")
    return { failed: "The table of merchant and amount is missing in this mail." };
  const [merchant = null, amount = null, ...behind] = lines.slice(header + 2);
  if (behind.some(isOfTable)) return { failed: "The table in this mail has more than one purchase." };
  return eventFromWords("purchase", { amount, merchant, occurred: "", card: cardOf(lines) });
}

function isOfTable(line: string): boolean {
  return line === "Merchant Name" || line === "Amount" || parseAmount(line, "USD") !== null;
}

function cardOf(lines: readonly string[]): string | null {
  const sentence = lines.find((line) => line.includes("debit card ending in ")) ?? "";
  return /debit card ending in (\d{4})\b/.exec(sentence)?.[1] ?? null;
}

import { parseAmount } from "../amount.ts";
import { readLabelled } from "../labelled.ts";
import { eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import { hasPhrase, templateText } from "../template.ts";

const HEADLINE = "You made a credit card purchase of ";
const SENT = " sent you money. ";

/** Layouts of labels and values, of the credit card and of Zelle. */
export const cardLayouts: readonly Layout[] = [
  {
    name: "card-2022",
    sample: "described",
    kinds: ["purchase"],
    read: ({ subject, lines }) => {
      if (!subject.startsWith(HEADLINE) && !hasPhrase(templateText(lines), HEADLINE)) return null;
      const headlines = [subject, ...lines].filter((line) => line.startsWith(HEADLINE));
      const amounts = headlines.map((line) => line.slice(HEADLINE.length));
      return amounts.length === 0 ? null : readCard(lines, amounts);
    },
  },
  {
    name: "card-2018",
    sample: "real",
    kinds: ["purchase"],
    read: ({ lines }) => {
      if (!hasPhrase(templateText(lines), "Purchase amount")) return null;
      const values = readLabelled(lines, ["Credit card", "Purchase amount", "Purchase location", "Date"]);
      if (!values.has("Purchase amount")) return null;
      return eventFromWords("purchase", {
        amount: values.get("Purchase amount") ?? null,
        merchant: values.get("Purchase location")?.replace(/^at /, "") ?? null,
        occurred: values.get("Date") ?? null,
        card: digitsIn(values.get("Credit card") ?? ""),
      });
    },
  },
  { name: "zelle-received", sample: "real", kinds: ["deposit"], read: ({ lines }) => readZelleReceived(lines) },
];

/** Some of these mails have no date; then the purchase is as old as the mail. */
function readCard(lines: readonly string[], amounts: readonly string[]): LayoutReading {
  const values = readLabelled(lines, ["Credit card", "Amount", "Merchant detail", "Date", "View Accounts"]);
  const reading = eventFromWords("purchase", {
    amount: values.get("Amount") ?? null,
    merchant: values.get("Merchant detail") ?? null,
    occurred: values.has("Date") ? (values.get("Date") ?? null) : "",
    card: digitsIn(values.get("Credit card") ?? ""),
  });
  if ("failed" in reading) return reading;
  const isConfirmed = amounts.every((amount) => parseAmount(amount, "USD") === reading.amountMinor);
  return isConfirmed ? reading : { failed: "This mail names two different amounts." };
}

/** "JANE DOE sent you money. Here are the details:", then a table without the name. */
function readZelleReceived(lines: readonly string[]): LayoutReading | null {
  if (!hasPhrase(templateText(lines), SENT)) return null;
  const [merchant, behind] = lines.find((line) => line.includes(SENT))?.split(SENT, 2) ?? [];
  if (merchant === undefined || behind === undefined) return null;
  const values = readLabelled(lines, ["Date", "Amount", "Confirmation Code"]);
  const account = lines.find((line) => line.includes("deposited in your Wells Fargo account")) ?? "";
  const words = { amount: values.get("Amount") ?? null, occurred: values.get("Date") ?? null };
  return eventFromWords("deposit", { ...words, merchant, card: digitsIn(account) });
}

/** The last digits in "...1234", "ending in 1234" and "XXXX-XXXX-XXXX-1234". */
function digitsIn(text: string): string | null {
  return /(?:\.\.\.|ending in |X-?)(\d{4})(?!\d)/.exec(text)?.[1] ?? null;
}

import { parseAmount } from "../amount.ts";
import { eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import type { EventKind, ReadableMail } from "../parser.ts";

/** Cells that name the cell behind them. A value is never one of them: then the value itself is missing. */
const LABELS: ReadonlySet<string> = new Set([
  ...["Account", "Account ending in", "Amount", "Date", "Made on", "Sent on"],
  ...["Merchant", "Description", "Recipient", "Transaction number", "Memo"],
]);

/**
 * Layouts of one headline and a table of labels and values. The kind follows from the headline, the values from their
 * labels, wherever these stand: amounts elsewhere in the mail are the person's own alert limits.
 */
export const labelLayouts: readonly Layout[] = [
  {
    name: "card-2025",
    sample: "real",
    kinds: ["purchase"],
    read: (mail) => (mail.subject.startsWith("You made a") ? readCardPurchase(mail) : null),
  },
  { name: "card-2021", sample: "real", kinds: ["purchase"], read: readCardPurchase },
  {
    name: "debit-purchase",
    sample: "described",
    kinds: ["purchase"],
    read: ({ lines }) => {
      const headline = findHeadline(lines, (line) => line.startsWith("You made a debit card transaction of "));
      return headline === null ? null : readTable("purchase", headline, lines, "Description", "Made on");
    },
  },
  {
    name: "transfer-out",
    sample: "real",
    kinds: ["transfer"],
    read: ({ lines }) => {
      const headline = findHeadline(lines, (line) => line.startsWith("You sent $") && line.includes(" to "));
      return headline === null ? null : readTable("transfer", headline, lines, "Recipient", "Sent on");
    },
  },
  { name: "zelle-received", sample: "described", kinds: ["deposit"], read: ({ lines }) => readZelleReceived(lines) },
  {
    name: "daily-summary",
    sample: "real",
    kinds: ["notice"],
    read: ({ lines }) => {
      const headline = findHeadline(lines, (line) => line.startsWith("Account summary for "));
      return headline === null ? null : { skipped: "A daily summary repeats what alerts of their own say." };
    },
  },
];

function readCardPurchase({ lines }: ReadableMail): LayoutReading | null {
  const headline = findHeadline(lines, (line) => line.startsWith("You made a") && line.endsWith(" transaction"));
  return headline === null ? null : readTable("purchase", headline, lines, "Merchant", "Date");
}

/** The other side stands only in the headline; "Sent on" is the day on which they sent it. */
function readZelleReceived(lines: readonly string[]): LayoutReading | null {
  const ending = " sent you money";
  const headline = findHeadline(lines, (line) => line.endsWith(ending));
  if (headline === null) return null;
  const words = { amount: valueOf(lines, "Amount"), occurred: valueOf(lines, "Sent on"), card: cardOf(lines) };
  return eventFromWords("deposit", { ...words, merchant: headline.slice(0, -ending.length) });
}

function readTable(
  kind: EventKind,
  headline: string,
  lines: readonly string[],
  merchantLabel: string,
  dateLabel: string,
): LayoutReading {
  const reading = eventFromWords(kind, {
    amount: valueOf(lines, "Amount"),
    merchant: valueOf(lines, merchantLabel),
    occurred: valueOf(lines, dateLabel),
    card: cardOf(lines),
  });
  if (!("amountMinor" in reading)) return reading;
  const amount = headline.split(" ").find((word) => word.startsWith("$")) ?? "";
  const isConfirmed = parseAmount(amount, "USD") === reading.amountMinor;
  return isConfirmed ? reading : { failed: "This mail names two different amounts." };
}

/** Searched above the table alone: below stand words that other people chose, such as memos. */
function findHeadline(lines: readonly string[], isHeadline: (line: string) => boolean): string | null {
  const table = lines.findIndex((line) => LABELS.has(line));
  return lines.slice(0, table === -1 ? lines.length : table).find(isHeadline) ?? null;
}

/** The cell behind the label; null when the label is missing or not the only one, or when its cell is empty. */
function valueOf(lines: readonly string[], label: string): string | null {
  const at = lines.indexOf(label);
  if (at === -1 || lines.includes(label, at + 1)) return null;
  const value = lines[at + 1];
  return value === undefined || LABELS.has(value) ? null : value;
}

/** The digits in `Chase Freedom Unlimited (...1234)`. */
function cardOf(lines: readonly string[]): string | null {
  const account = valueOf(lines, "Account") ?? valueOf(lines, "Account ending in") ?? "";
  return /\(\.\.\.(\d{4})\)$/.exec(account)?.[1] ?? null;
}

import { parseAmount } from "../amount.ts";
import { allEvents, doubtful, type Layout, type LayoutReading } from "../layout.ts";
import { parseWhen } from "../when.ts";
import { eventOfRow, type Row, type Section } from "./rundown-row.ts";

const HEADLINE = "Here's the rundown";
const SECTIONS: readonly Section[] = ["Withdrawals", "Deposits"];

/**
 * The daily list of what was posted to an account, each row an event. Only its footer ("As of") shows that no row was cut
 * off, and it dates the days that rows name without a year. Balances, which may stand above the rows, are no events.
 */
export const rundown: Layout = {
  name: "rundown",
  sample: "real",
  kinds: ["purchase", "withdrawal", "transfer", "card_payment", "fee", "refund", "deposit", "notice"],
  read: ({ lines }) => {
    const start = lines.indexOf(HEADLINE);
    if (start === -1) return null;
    if (lines.includes(HEADLINE, start + 1)) return { failed: "This mail tells of more than one account." };
    return readRundown(lines.slice(start + 1));
  },
};

function readRundown(lines: readonly string[]): LayoutReading {
  const end = lines.findIndex((line) => line.startsWith("As of "));
  const listed = parseWhen(lines[end]?.split(" ", 3)[2] ?? "");
  if (!(listed instanceof Temporal.PlainDate)) return { failed: doubtful("date") };
  const list = lines.slice(0, end);
  const rows = rowsIn(list);
  if (rows === null) return { failed: "A part of this mail is written in a way that is not known here yet." };
  if (rows.length === 0) return { skipped: "Nothing was posted to the account; a balance alone is no transaction." };
  const account = list.map((line) => /^for account \.\.\.(\d{4})$/.exec(line)?.[1]).find((digits) => digits) ?? null;
  return allEvents(rows.map((row) => eventOfRow(row, listed, account)));
}

/**
 * The rows under the headings, in their order: two cells each or, in a text, one line. A row that something else follows
 * where its amount should stand has none. Null when an amount that is no balance stands above the headings.
 */
function rowsIn(lines: readonly string[]): Row[] | null {
  const first = lines.findIndex((line) => headingIn(line) !== null);
  const head = lines.slice(0, first === -1 ? lines.length : first);
  if (!namesBalancesAlone(head)) return null;
  const rows: Row[] = [];
  let section: Section = "Withdrawals";
  let text: string | null = null;
  for (const line of lines.slice(head.length)) {
    const heading = headingIn(line);
    const [words, amount] = splitAmount(line);
    if (text !== null && (amount === null || words !== "")) rows.push({ section, text, amount: null });
    if (amount !== null) rows.push({ section, text: text ?? words, amount });
    text = heading === null && amount === null ? words : null;
    section = heading ?? section;
  }
  return text === null ? rows : [...rows, { section, text, amount: null }];
}

function headingIn(line: string): Section | null {
  return SECTIONS.find((name) => line === name || line === `*${name}*`) ?? null;
}

/** Else there are rows under a heading that is not known. */
function namesBalancesAlone(lines: readonly string[]): boolean {
  return lines.every((line, index) => {
    const [words, amount] = splitAmount(line);
    return amount === null || /balance/i.test(words || (lines[index - 1] ?? ""));
  });
}

/** What stands before the amount that ends a line, and that amount; no amount when the line ends otherwise. */
function splitAmount(line: string): [words: string, amount: string | null] {
  const start = line.lastIndexOf("$");
  const amount = start === 0 || line[start - 1] === " " ? line.slice(start) : "";
  return parseAmount(amount, "USD") === null ? [line, null] : [line.slice(0, start).trimEnd(), amount];
}

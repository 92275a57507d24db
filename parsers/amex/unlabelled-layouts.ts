import { parseMoney } from "../amount.ts";
import { lastDigits } from "../last-digits.ts";
import { readLabelled } from "../labelled.ts";
import { doubtful, eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import type { EventKind, ReadableMail } from "../parser.ts";
import type { Writing } from "../writing.ts";

/** Values without labels: below the words that end the introduction stand the merchant, the amount, perhaps the day. */
type Unlabelled = {
  readonly kind: EventKind;
  /** What the introduction ends with. */
  readonly introduction: RegExp;
  /** The amount in its line, or null for other lines. */
  readonly amountIn: (line: string) => string | null;
  readonly isDated: boolean;
};

/** The person's own limit, in the introduction, is an amount too; that of the purchase has an asterisk. */
const LARGE_PURCHASE: Unlabelled = {
  kind: "purchase",
  introduction: /(?:was more than \S+\.|was above your notification amount of \S+\.|purchase notifications online\.)$/,
  amountIn: (line) => (line.endsWith("*") ? line.slice(0, -1) : null),
  isDated: true,
};

const REFUND: Unlabelled = {
  kind: "refund",
  introduction: /any merchant credits you received$/,
  amountIn: (line) => (/^[-−]/.test(line) ? line : null),
  isDated: false,
};

/** Introductions end with fewer characters than these; the rest of a long mail is not searched. */
const MAX_INTRODUCTION_END = 200;

/** The layouts of mails that put no labels before their values. */
export const unlabelledLayouts: readonly Layout[] = [
  {
    name: "large-purchase",
    sample: "real",
    kinds: ["purchase"],
    read: (mail, writing) =>
      says(mail, /^(?:There was a l|L)arge purchase on your Card$|this purchase (?:on|was)\b/)
        ? readUnlabelled(LARGE_PURCHASE, mail, writing)
        : null,
  },
  {
    name: "refund",
    sample: "described",
    kinds: ["refund"],
    read: (mail, writing) =>
      says(mail, /^Your account has been credited$/) ? readUnlabelled(REFUND, mail, writing) : null,
  },
];

function says({ lines }: ReadableMail, words: RegExp): boolean {
  return lines.some((line) => words.test(line));
}

function readUnlabelled(form: Unlabelled, { lines, date }: ReadableMail, writing: Writing): LayoutReading {
  const at = lines.findIndex((line) => isAmount(form, line, writing));
  if (at === -1) return { failed: doubtful("amount") };
  if (lines.slice(at + 1).some((line) => isAmount(form, line, writing)))
    return { failed: "This mail tells of more than one transaction." };
  // Without its merchant, the introduction's own end would stand there.
  const isBelow = endsIntroduction(form, lines.slice(0, at - 1)) && !endsIntroduction(form, lines.slice(0, at));
  const words = {
    amount: form.amountIn(lines[at] ?? ""),
    merchant: isBelow ? (lines[at - 1] ?? null) : null,
    occurred: form.isDated ? (lines[at + 1] ?? null) : "",
    card: lastDigits(readLabelled(lines, ["Account Ending:"]).get("Account Ending:") ?? ""),
  };
  return eventFromWords(form.kind, words, { writing, mail: { date } });
}

function isAmount({ amountIn }: Unlabelled, line: string, writing: Writing): boolean {
  const amount = amountIn(line);
  return amount !== null && parseMoney(amount.replace(/^[-−] ?/, ""), writing) !== null;
}

/** The words may be wrapped anywhere. */
function endsIntroduction({ introduction }: Unlabelled, lines: readonly string[]): boolean {
  return introduction.test(lines.slice(-5).join(" ").slice(-MAX_INTRODUCTION_END));
}

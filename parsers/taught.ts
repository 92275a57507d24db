import { parseMoney } from "./amount.ts";
import { eventFromWords, type EventReading } from "./layout.ts";
import { isTaught } from "./is-taught.ts";
import { lastDigits } from "./last-digits.ts";
import { looksLikeName, lowerCaseRun, tellsOfFailure } from "./looks-like-name.ts";
import { monthNumberInAnyLanguage } from "./month-number.ts";
import type { EventKind, ReadableMail } from "./parser.ts";
import { findTemplate, templateText, type Slot, type Template } from "./template.ts";
import { unlessItFailed } from "./unless-it-failed.ts";
import { MAX_LINE_LENGTH_SHOWN, MAX_LINES_SHOWN } from "./understand.ts";
import { parseWhen } from "./when.ts";
import type { Writing } from "./writing.ts";

/** Where one value stands in a mail that somebody teaches with. */
export type Pointed = { readonly line: number; readonly start: number; readonly length: number };

/** The values that may be pointed at; the amount and the merchant must be. */
export type Points = {
  readonly amount: Pointed;
  readonly merchant: Pointed;
  readonly when?: Pointed;
  readonly card?: Pointed;
};

/** One line of a form: its stable words, or those around the values in it. */
type TaughtLine = { readonly words: string } | { readonly template: Template };

/** A form of mail as it was learnt from one example: every line of it, with holes where values stood. */
export type Taught = {
  /** The stable words of the subject. */
  readonly subject: string;
  readonly lines: readonly TaughtLine[];
  readonly kind: EventKind;
  readonly writing: Writing;
  /** How many words in lower case the merchant of the example had in a row. */
  readonly lowerCaseRun?: number;
};

/** What is taught with: a mail's subject, date and lines. */
export type Example = Pick<ReadableMail, "subject" | "date" | "lines">;

/**
 * Learns a mail's form from the values that its person pointed at. Words with digits in them other than zeros, names of
 * months beside these and the merchant's name are taken to change from mail to mail; every other word is stable. A string
 * says why it can't be learnt.
 */
export function teach(mail: Example, points: Points, as: Pick<Taught, "kind" | "writing">): Taught | string {
  if (mayBeCut(mail)) return "This mail is too long to teach with.";
  const merchant = valueAt(mail.lines, points.merchant);
  const known = { lowerCaseRun: lowerCaseRun(merchant) };
  if (merchant !== "" && !looksLikeName(merchant, known)) {
    return "The merchant's name can't be told from a sentence; please teach with a mail of another merchant.";
  }
  const holes = holesIn(points);
  const lines: TaughtLine[] = [];
  for (const [index, line] of mail.lines.entries()) {
    const own = holes.filter((hole) => hole.line === index);
    const template = own.length === 0 ? null : templateAround(line, own);
    if (own.length > 0 && template === null) return "Two of the values stand too close to each other to be told apart.";
    lines.push(template === null ? { words: stableWords(line, merchant) } : { template });
  }
  const taught = { subject: stableWords(mail.subject, merchant), lines, ...as, ...known };
  const read = readTaught(taught, mail);
  if (read === null || "failed" in read)
    return read?.failed ?? "The values that you chose can't be found again in this mail.";
  const isSame = read.words.amount === valueAt(mail.lines, points.amount) && read.words.merchant === merchant;
  return isSame ? taught : "The values that you chose can't be told from the words around them.";
}

/**
 * Reads a mail by a form that was taught; null when any stable word is another one, when a line is missing or when there is
 * one more, when more than its value stands in a hole, when the mail may go on behind what was kept of it, or when the form
 * was stored in another shape. Fails when the mail says elsewhere that a purchase failed. Linear in the size of the mail.
 */
export function readTaught(taught: Taught, mail: Example): EventReading | null {
  if (!isTaught(taught)) return null;
  const { subject, lines, kind, writing } = taught;
  if (mail.lines.length !== lines.length || mayBeCut(mail)) return null;
  const values = new Map<Slot, string>();
  for (const [index, line] of lines.entries()) {
    if (!("template" in line)) continue;
    const found = findTemplate(line.template, templateText([mail.lines[index] ?? ""]), (slot, value) =>
      isValue(slot, value, taught, mail.date),
    );
    const [match] = found;
    if (match === undefined || found.length > 1) return null;
    for (const [at, slot] of line.template.slots.entries()) values.set(slot, match.values[at] ?? "");
  }
  const merchant = values.get("merchant") ?? "";
  const isSame = (words: string, text: string): boolean => words === stableWords(text, merchant);
  if (!isSame(subject, mail.subject)) return null;
  if (lines.some((line, index) => "words" in line && !isSame(line.words, mail.lines[index] ?? ""))) return null;
  const card = values.get("card");
  const event = eventFromWords(
    kind,
    {
      amount: values.get("amount") ?? null,
      merchant,
      occurred: values.get("when") ?? "",
      card: card === undefined ? null : lastDigits(card),
    },
    { mail, writing },
  );
  if ("failed" in event) return event;
  const checked = unlessItFailed({ ...mail, from: "" }, { outcome: "understood", layout: "", events: [event] });
  return checked.outcome === "failed" ? { failed: checked.reason } : event;
}

/** The words that a pointer points at. */
export function valueAt(lines: readonly string[], { line, start, length }: Pointed): string {
  return (lines[line] ?? "").slice(start, start + length);
}

/** Review keeps no more lines of a mail and no more of a line; what follows there could say anything, and nobody read it. */
function mayBeCut({ lines }: Example): boolean {
  return lines.length >= MAX_LINES_SHOWN || lines.some(({ length }) => length >= MAX_LINE_LENGTH_SHOWN);
}

type Hole = Pointed & { readonly slot: Slot };

function holesIn({ amount, merchant, when, card }: Points): Hole[] {
  const named: readonly (readonly [Slot, Pointed | undefined])[] = [
    ["amount", amount],
    ["merchant", merchant],
    ["when", when],
    ["card", card],
  ];
  return named
    .flatMap(([slot, pointed]) => (pointed === undefined ? [] : [{ ...pointed, slot }]))
    .toSorted((one, other) => one.start - other.start);
}

/** The line with holes where values stand, and where other words have digits. Null when holes touch or overlap. */
function templateAround(line: string, holes: readonly Hole[]): Template | null {
  const words: string[] = [];
  const slots: Slot[] = [];
  let rest = "\n";
  let at = 0;
  const takeWords = (text: string): void => {
    const parts = text.split(/((?<=^|\s)\S*\d\S*(?=\s|$))/);
    for (const [index, part] of parts.entries()) {
      if (index % 2 === 0 || !mayChange(part)) rest += part;
      else {
        words.push(rest);
        slots.push("any");
        rest = "";
      }
    }
  };
  for (const { start, length, slot } of holes) {
    if (start < at) return null;
    takeWords(line.slice(at, start));
    words.push(rest);
    slots.push(slot);
    rest = "";
    at = start + length;
  }
  takeWords(line.slice(at));
  words.push(`${rest}\n`);
  return words.includes("") ? null : { words, slots };
}

/** The words that stay the same from mail to mail. */
function stableWords(text: string, merchant: string): string {
  const named = merchant.length < 3 ? text : text.replaceAll(merchant, "#");
  const words = named.split(" ").map((word) => (mayChange(word) ? "#" : word));
  const isMonth = (word: string, index: number): boolean =>
    word !== "#" &&
    [words[index - 1], words[index + 1]].includes("#") &&
    monthNumberInAnyLanguage(word.replace(/[.,]$/, "")) > 0;
  return words.map((word, index) => (isMonth(word, index) ? "#" : word)).join(" ");
}

/**
 * Whether a word is a number, a day or a reference that is another one in the next mail. Nothing is not: of a payment that
 * was given back, `Refunded: $0.00` may be the only part that is written differently.
 */
function mayChange(word: string): boolean {
  return /[1-9]|\d:\d/.test(word) && !(/\p{L}/u.test(word) && tellsOfFailure(word));
}

function isValue(slot: Slot, value: string, taught: Taught, date: Temporal.Instant): boolean {
  switch (slot) {
    case "amount":
      return parseMoney(value, taught.writing) !== null;
    case "when":
      return parseWhen(value, taught.writing, date) !== null;
    case "card":
      // One word of digits and what masks them.
      return /^(?:[^\p{L}\s]|x)+$/iu.test(value) && lastDigits(value) !== null;
    case "merchant":
      return looksLikeName(value, { lowerCaseRun: taught.lowerCaseRun ?? 0 });
    case "any":
      return !/\s/.test(value) && mayChange(value);
  }
}

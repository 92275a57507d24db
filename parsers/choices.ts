import { parseMoney } from "./amount.ts";
import type { Pointed } from "./taught.ts";
import { parseWhen } from "./when.ts";

/** Something in a mail that may be a value, to be chosen by the person. */
export type Choice = Pointed & { readonly text: string };

/** What in a mail may be its amount, its merchant, its day and its card, each in the order of the mail. */
export type Choices = {
  readonly amounts: readonly Choice[];
  readonly merchants: readonly Choice[];
  readonly days: readonly Choice[];
  readonly cards: readonly Choice[];
};

/** A list that is longer helps nobody. */
const MAX_CHOICES = 60;
const MAX_LINES = 200;
const MAX_WORDS_IN_LINE = 100;

const MONEY = { currency: "USD", decimal: null } as const;
const ORDERS = ["month-first", "day-first"] as const;
/** What a name stands behind in a sentence, and what ends it there. */
const LEADS = /(?<=^|\s)(?:at|to|from|with|by|in|of|en|a|de|em|chez|bei|an|dans)\s|:\s/giu;
const ENDS = /\s(?:on|for|was|has|is|using|el|por|con|con tu|am|le|for|para|in)\s|[,;]|\.(?:\s|$)|$/iu;

/** Finds them. Linear in the mail, of which the first two hundred lines are looked at. */
export function choicesIn(lines: readonly string[], date: Temporal.Instant): Choices {
  const looked = lines.slice(0, MAX_LINES);
  return {
    amounts: looked.flatMap((line, at) => longest(line, at, 3, isAmount)).slice(0, MAX_CHOICES),
    merchants: looked.flatMap((line, at) => names(line, at)).slice(0, MAX_CHOICES),
    days: looked.flatMap((line, at) => longest(line, at, 8, (text) => isDay(text, date))).slice(0, MAX_CHOICES),
    cards: looked.flatMap((line, at) => cards(line, at)).slice(0, MAX_CHOICES),
  };
}

/** Runs of words that are accepted, the longest at each place; of two that overlap the first. */
function longest(line: string, at: number, most: number, accepts: (text: string) => boolean): Choice[] {
  const words = [...line.slice(0, 1000).matchAll(/\S+/g)].slice(0, MAX_WORDS_IN_LINE);
  const found: Choice[] = [];
  for (let first = 0; first < words.length; first++) {
    for (let count = Math.min(most, words.length - first); count > 0; count--) {
      const choice = between(line, at, words[first], words[first + count - 1]);
      if (choice === null || !accepts(choice.text)) continue;
      found.push(choice);
      first += count - 1;
      break;
    }
  }
  return found;
}

/** What stands from one word to another, without the marks of the sentence around it. */
function between(
  line: string,
  at: number,
  first: RegExpExecArray | undefined,
  last: RegExpExecArray | undefined,
): Choice | null {
  if (first === undefined || last === undefined) return null;
  const whole = line.slice(first.index, last.index + last[0].length);
  const text = whole.replace(/^[("“'*]+/, "").replace(/(?<![.,;:!?)"”'*])[.,;:!?)"”'*]+$/, "");
  return { line: at, start: first.index + whole.indexOf(text), length: text.length, text };
}

function isAmount(text: string): boolean {
  // A bare number may be anything; so may a code, unless money is written with it.
  return parseMoney(text, MONEY) !== null && (/\D/.test(text.replaceAll(/[.,](?=\d)/g, "")) || /[.,]\d\d$/.test(text));
}

function isDay(text: string, date: Temporal.Instant): boolean {
  return /\d/.test(text) && ORDERS.some((dates) => parseWhen(text, { dates, zone: null }, date) !== null);
}

/** The line itself, what stands behind its label, and what follows a word that leads to a name. */
function names(line: string, at: number): Choice[] {
  const starts = [0, ...[...line.slice(0, 1000).matchAll(LEADS)].map(({ 0: { length }, index }) => index + length)];
  const texts = starts.map((start, index) => {
    const rest = line.slice(start, start + 100);
    const text = index === 0 ? rest : rest.slice(0, ENDS.exec(rest)?.index ?? rest.length);
    return { line: at, start, length: text.trimEnd().length, text: text.trimEnd() };
  });
  return texts.filter(({ text }) => /\p{L}/u.test(text) && text.length <= 60 && !text.endsWith(":") && !isAmount(text));
}

/** Digits behind a mask or behind words that lead to them. */
function cards(line: string, at: number): Choice[] {
  const found = line
    .slice(0, 1000)
    .matchAll(/(?:(?<![*xX•.…#-])[*xX•.…#-]{2,} ?|ending (?:in )?[.-]* ?|termina(?:da|do)? en )(\d{3,5})(?!\d)/g);
  return [...found].map(({ 0: { length }, 1: digits = "", index }) => {
    const start = index + length - digits.length;
    return { line: at, start, length: digits.length, text: digits };
  });
}

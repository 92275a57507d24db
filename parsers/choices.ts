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
/** An alert has less; more is to keep the page, and all others with it, waiting. */
const MAX_LINES = 200;
const MAX_LENGTH = 1000;
const MAX_WORDS = 3000;
const MAX_WORDS_IN_LINE = 100;
/** How many spans of words are read as an amount or as a day before the search is given up. */
const MAX_SPANS = 1500;
/** No amount and no day is longer, with the marks around it. */
const MAX_SPAN_LENGTH = 80;

const MONEY = { currency: "USD", decimal: null } as const;
const ORDERS = ["month-first", "day-first"] as const;
/** What a name stands behind in a sentence, and what ends it there. */
const LEADS = /(?<=^|\s)(?:at|to|from|with|by|in|of|en|a|de|em|chez|bei|an|dans)\s|:\s/giu;
const ENDS = /\s(?:on|for|was|has|is|using|el|por|con|con tu|am|le|for|para|in)\s|[,;]|\.(?:\s|$)|$/iu;
/** How days of the week and months begin in the languages that are read. */
const BEGINS_DAY =
  /^[("“'*]*(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mi[eé]|jue|vie|s[aá]b|dom|jan|ene|f[eé][bv]|mär|abr|apr|av[ri]|ma[iy]|ju[ln]|jui|a[gu][ogu]|ao[uû]|sep|set|o[ck]t|out|nov|d[ei][cz]|déc)/iu;
/** A day and a time: `5 Jun 2022 4:44`. */
const MAX_NUMBERS_IN_DAY = 3;

/** Finds them. Linear in the mail, of which the first two hundred lines and three thousand words are looked at. */
export function choicesIn(lines: readonly string[], date: Temporal.Instant): Choices {
  const looked = lookedAt(lines);
  const first = (choices: (line: Line) => Iterable<Choice>) =>
    looked.values().flatMap(choices).take(MAX_CHOICES).toArray();
  const amount = { most: 3, mayBe: mayBeAmount, accepts: isAmount, left: MAX_SPANS };
  const day = { most: 8, mayBe: mayBeDay, accepts: (text: string) => isDay(text, date), left: MAX_SPANS };
  return {
    amounts: first((line) => longest(line, amount)),
    merchants: first(names),
    days: first((line) => longest(line, day)),
    cards: first(cards),
  };
}

type Line = { readonly at: number; readonly text: string; readonly words: readonly RegExpExecArray[] };

function lookedAt(lines: readonly string[]): Line[] {
  const looked: Line[] = [];
  let words = 0;
  for (const [at, whole] of lines.slice(0, MAX_LINES).entries()) {
    const text = whole.slice(0, MAX_LENGTH);
    const line = { at, text, words: [...text.matchAll(/\S+/g)] };
    words += line.words.length;
    looked.push(line);
    if (words > MAX_WORDS) break;
  }
  return looked;
}

/** What is looked for: in how many words, of which sort, and how many more spans of words may be tried. */
type Search = {
  readonly most: number;
  /** A quick look at the words that spares most of them the slow one. */
  readonly mayBe: (words: readonly string[]) => boolean;
  readonly accepts: (text: string) => boolean;
  left: number;
};

/** Runs of words that are accepted, the longest at each place; of two that overlap the first. */
function* longest({ at, text, words }: Line, search: Search): Generator<Choice> {
  const all = words.slice(0, MAX_WORDS_IN_LINE);
  for (let first = 0; first < all.length; first++) {
    for (let count = Math.min(search.most, all.length - first); count > 0 && search.left > 0; count--) {
      const span = all.slice(first, first + count);
      if (!search.mayBe(span.map(([word]) => word))) continue;
      const choice = between(text, at, span[0], span.at(-1));
      if (choice === null) continue;
      search.left--;
      if (!search.accepts(choice.text)) continue;
      yield choice;
      first += count - 1;
      break;
    }
  }
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
  if (whole.length > MAX_SPAN_LENGTH) return null;
  const text = whole.replace(/^[("“'*]+/, "").replace(/(?<![.,;:!?)"”'*])[.,;:!?)"”'*]+$/, "");
  return { line: at, start: first.index + whole.indexOf(text), length: text.length, text };
}

function isAmount(text: string): boolean {
  // A bare number may be anything; so may a code, unless money is written with it.
  return parseMoney(text, MONEY) !== null && (/\D/.test(text.replaceAll(/[.,](?=\d)/g, "")) || /[.,]\d\d$/.test(text));
}

/** A number, or a mark of at most some letters in front of one. */
function mayBeAmount([first = "", second]: readonly string[]): boolean {
  return hasDigit(first) || (first.length <= 8 && second !== undefined && hasDigit(second));
}

function mayBeDay(words: readonly string[]): boolean {
  const [first = ""] = words;
  const numbers = words.filter(hasDigit).length;
  return numbers > 0 && numbers <= MAX_NUMBERS_IN_DAY && (hasDigit(first) || BEGINS_DAY.test(first));
}

/** Also one of the wide digits of East Asian mails. */
function hasDigit(word: string): boolean {
  return /[\d０-９]/.test(word);
}

function isDay(text: string, date: Temporal.Instant): boolean {
  // Which comes first is asked only where all is numbers.
  const orders = /\d[-/.]\d/.test(text) ? ORDERS : ORDERS.slice(0, 1);
  return /\d/.test(text) && orders.some((dates) => parseWhen(text, { dates, zone: null }, date) !== null);
}

/** The line itself, what stands behind its label, and what follows a word that leads to a name. */
function names({ at, text: line }: Line): Choice[] {
  const starts = [0, ...[...line.matchAll(LEADS)].map(({ 0: { length }, index }) => index + length)];
  const texts = starts.map((start, index) => {
    const rest = line.slice(start, start + 100);
    const text = index === 0 ? rest : rest.slice(0, ENDS.exec(rest)?.index ?? rest.length);
    return { line: at, start, length: text.trimEnd().length, text: text.trimEnd() };
  });
  return texts.filter(({ text }) => /\p{L}/u.test(text) && text.length <= 60 && !text.endsWith(":") && !isAmount(text));
}

/** Digits behind a mask or behind words that lead to them. */
function cards({ at, text: line }: Line): Choice[] {
  const found = line.matchAll(
    /(?:(?<![*xX•.…#-])[*xX•.…#-]{2,} ?|ending (?:in )?[.-]* ?|termina(?:da|do)? en )(\d{3,5})(?!\d)/g,
  );
  return [...found].map(({ 0: { length }, 1: digits = "", index }) => {
    const start = index + length - digits.length;
    return { line: at, start, length: digits.length, text: digits };
  });
}

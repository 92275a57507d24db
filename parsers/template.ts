/** What a hole of a template holds. */
export type Slot = "amount" | "merchant" | "when" | "card" | "any";

const SLOTS: ReadonlySet<string> = new Set<Slot>(["amount", "merchant", "when", "card", "any"]);

/**
 * Stable words with holes between them: `words[0] slots[0] words[1] … words[n]`, as `templateOf` makes it. In the words a
 * blank stands for a blank or an end of line, `\n` for an end of line alone.
 */
export type Template = { readonly words: readonly string[]; readonly slots: readonly Slot[] };

/** What stands in the holes, in the order of the template. */
export type Match = { readonly values: readonly string[]; readonly start: number; readonly end: number };

/** Whether that may stand in that hole. */
export type Accepts = (slot: Slot, value: string) => boolean;

/** A body made ready for templates: lines between ends of line, and the same with blanks for these. */
export type TemplateText = {
  readonly lined: string;
  readonly flat: string;
  /** What stands between its blanks and ends of line; null as long as too little was asked for it to pay. */
  words(): ReadonlySet<string> | null;
};

/** No value is longer; what is longer are sentences that moved in between. */
const MAX_VALUE = 120;
/** A template that fits in more places than that is none; this also bounds what hostile mail can cost. */
const MAX_PLACES = 50;
const MAX_STEPS = 500;

/**
 * The template that is written as `Your card {card} was charged {amount} at {merchant}.`, with holes by the names of their
 * slots and `{any}` for words that change and do not matter. A hole at either end reaches to the end of its line.
 *
 * @throws when a hole has no such name or no words stand between two of them: a mistake in a parser
 */
export function templateOf(text: string): Template {
  const parts = text.split(/\{(\w+)\}/);
  const words = parts.filter((_, index) => index % 2 === 0);
  const slots = parts.filter((_, index) => index % 2 === 1).map(slotNamed);
  if (words[0] === "") words[0] = "\n";
  if (words.at(-1) === "") words[words.length - 1] = "\n";
  if (slots.length === 0 || words.includes("")) throw new Error(`Not a template: ${text}`);
  return { words, slots };
}

/** Every layout of an institution looks at the same body; joining a long one for each of them would cost most of the time. */
const texts = new WeakMap<readonly string[], TemplateText>();

/** The lines of a body made ready, once for all that look at it. */
export function templateText(lines: readonly string[]): TemplateText {
  const known = texts.get(lines);
  if (known !== undefined) return known;
  const lined = `\n${lines.join("\n")}\n`;
  const flat = lined.replaceAll("\n", " ");
  const text = { lined, flat, words: wordsOf(flat) };
  texts.set(lines, text);
  return text;
}

/** Listing the words of a long text costs as much as looking for a few dozen phrases in it. */
const LOOKS_WITHOUT_WORDS = 32;

function wordsOf(flat: string): TemplateText["words"] {
  let looks = 0;
  let words: ReadonlySet<string> | null = null;
  return () => {
    looks += 1;
    if (looks > LOOKS_WITHOUT_WORDS) words ??= new Set(flat.split(" "));
    return words;
  };
}

/**
 * The places where the template fits, in the order of the text, each with the shortest values that are accepted. Places
 * begin where the longest of the template's words stand, so the cost is linear in the text.
 */
export function findTemplate({ words, slots }: Template, text: TemplateText, accepts: Accepts): Match[] {
  const anchor = anchorOf(words);
  const matches: Match[] = [];
  let from = 0;
  for (let places = 0; places < MAX_PLACES; places++) {
    const at = indexOfWords(words[anchor] ?? "", text, from);
    if (at === -1) break;
    const match = matchAround(anchor, at, { words, slots }, text, accepts);
    if (match !== null) matches.push(match);
    from = Math.max(at + 1, match?.end ?? 0);
  }
  return matches;
}

/** Whether the longest of the template's words stand in the text at all. */
export function mayFit({ words }: Template, text: TemplateText): boolean {
  return hasPhrase(text, flatOf(words[anchorOf(words)] ?? ""));
}

/** Whether the phrase stands in the text. Most that are looked for do not, and that one of their words is missing shows at once. */
export function hasPhrase(text: TemplateText, phrase: string): boolean {
  const words = text.words();
  // The first and the last may be ends of longer words.
  if (
    words !== null &&
    !phrase
      .split(" ")
      .slice(1, -1)
      .every((word) => words.has(word))
  )
    return false;
  return text.flat.includes(phrase);
}

function anchorOf(words: readonly string[]): number {
  return words.reduce((best, word, index) => (word.length > (words[best] ?? "").length ? index : best), 0);
}

function matchAround(
  anchor: number,
  at: number,
  template: Template,
  text: TemplateText,
  accepts: Accepts,
): Match | null {
  const search = { ...template, text, accepts, steps: 0 };
  const left = matchLeft(search, anchor, at);
  const right = left && matchRight(search, anchor, at + (template.words[anchor] ?? "").length);
  if (left === null || right === null) return null;
  return { values: [...left.values, ...right.values], start: left.edge, end: right.edge };
}

type Search = Template & { readonly text: TemplateText; readonly accepts: Accepts; steps: number };
type Side = { readonly values: readonly string[]; readonly edge: number };

/** The values in front of the words `index`, which begin at `end`. */
function matchLeft(search: Search, index: number, end: number): Side | null {
  if (index === 0) return { values: [], edge: end };
  const word = search.words[index - 1] ?? "";
  const slot = search.slots[index - 1] ?? "any";
  const lowest = Math.max(0, end - MAX_VALUE - word.length);
  const window = search.text.flat.slice(lowest, end);
  for (let at = window.length - word.length; at >= 0; at--) {
    at = window.lastIndexOf(flatOf(word), at);
    if (at === -1 || ++search.steps > MAX_STEPS) return null;
    if (!isThere(word, search.text, lowest + at)) continue;
    const value = window.slice(at + word.length).trim();
    const rest = search.accepts(slot, value) ? matchLeft(search, index - 1, lowest + at) : null;
    if (rest !== null) return { values: [...rest.values, value], edge: rest.edge };
  }
  return null;
}

/** The values behind the words `index`, which end at `start`. */
function matchRight(search: Search, index: number, start: number): Side | null {
  if (index === search.slots.length) return { values: [], edge: start };
  const word = search.words[index + 1] ?? "";
  const slot = search.slots[index] ?? "any";
  const window = search.text.flat.slice(start, start + MAX_VALUE + word.length);
  for (let at = window.indexOf(flatOf(word)); at !== -1; at = window.indexOf(flatOf(word), at + 1)) {
    if (++search.steps > MAX_STEPS) return null;
    if (!isThere(word, search.text, start + at) || isInNumber(window, at)) continue;
    const value = window.slice(0, at).trim();
    const rest = search.accepts(slot, value) ? matchRight(search, index + 1, start + at + word.length) : null;
    if (rest !== null) return { values: [value, ...rest.values], edge: rest.edge };
  }
  return null;
}

/** Whether a mark between two digits stands there: the one in `$450.50` ends no sentence, and `$450` is no amount there. */
function isInNumber(text: string, at: number): boolean {
  return /^\d[.,]\d$/.test(text.slice(Math.max(0, at - 1), at + 2));
}

function indexOfWords(word: string, text: TemplateText, from: number): number {
  let at = text.flat.indexOf(flatOf(word), from);
  while (at !== -1 && !isThere(word, text, at)) at = text.flat.indexOf(flatOf(word), at + 1);
  return at;
}

/** Whether ends of line stand there where the words have them. */
function isThere(word: string, { lined }: TemplateText, at: number): boolean {
  if (!word.includes("\n")) return true;
  return [...word.matchAll(/\n/g)].every(({ index }) => lined[at + index] === "\n");
}

function flatOf(word: string): string {
  return word.replaceAll("\n", " ");
}

function slotNamed(name: string): Slot {
  if (!isSlot(name)) throw new Error(`No such hole: {${name}}`);
  return name;
}

function isSlot(name: string): name is Slot {
  return SLOTS.has(name);
}

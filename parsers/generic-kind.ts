import type { Sign } from "./generic-language.ts";
import type { Page, Place } from "./generic-page.ts";
import { blank, fold, sentencesOf } from "./generic-phrases.ts";
import { conditional, conditionalStart, signPhrases } from "./generic-words.ts";

/** Words of these kinds count wherever they stand; others only up to the last value, since footers name everything. */
const ANYWHERE: ReadonlySet<Sign> = new Set(["refund", "declined"]);
const VETOES = ["refund", "declined", "transfer", "card_payment", "deposit", "fee", "offer"] as const;

const OWN = /\b(?:en tu|en su|into your|to your|no seu|na sua|sur votre)\b/;

/**
 * What happened, as far as it is spending; null when the mail says that nothing was spent, or does not say that something
 * was. `values` are the places whose words are a shop's or a person's, not the institution's.
 */
export function kindOf(page: Page, values: readonly Place[]): "purchase" | "withdrawal" | null {
  const last = Math.max(0, ...values.map(({ passage }) => passage));
  const said = bare(page, values).map((text, passage) => ({
    statement: statementsOf(text, page.passages[passage]?.text ?? ""),
    isNear: passage <= last,
  }));
  const says = (sign: Sign): boolean =>
    said.some(({ statement, isNear }) => (isNear || ANYWHERE.has(sign)) && holds(statement, sign));
  if (VETOES.some(says)) return null;
  return says("withdrawal") ? "withdrawal" : says("purchase") ? "purchase" : null;
}

/** The words that say that cash was taken, which stand for a merchant where there is none. */
export function cashWords(page: Page, values: readonly Place[]): Place | null {
  const phrase = signPhrases.get("withdrawal") ?? /$^/g;
  const places = bare(page, values).flatMap((text, passage) =>
    [...text.matchAll(phrase)].map(({ 0: words, index }) => {
      const article = words.startsWith("a ") ? 2 : 0;
      return { passage, start: index + article, end: index + words.length };
    }),
  );
  // What is taken out of one's own jar was no cash.
  const isOwn = page.passages.some(({ folded }) => OWN.test(folded));
  return isOwn ? null : (places.find(({ passage }) => passage > 0) ?? places[0] ?? null);
}

/** Whether what stands for a merchant are words for cash. */
export function isCash(text: string): boolean {
  return fold(text).search(signPhrases.get("withdrawal") ?? /$^/) === 0;
}

/** The kinds of words that the mail holds anywhere, in whatever sentence. */
export function signsIn(page: Page, values: readonly Place[]): Sign[] {
  const texts = bare(page, values);
  return [...signPhrases.keys()].filter((sign) => texts.some((text) => holds(text, sign)));
}

/** The folded passages without values. */
export function bare({ passages }: Page, values: readonly Place[]): string[] {
  const texts = passages.map(({ folded }) => folded);
  for (const { passage, start, end } of values) texts[passage] = blank(texts[passage] ?? "", start, end);
  return texts;
}

/** Without the sentences that say what might be or what to do then. */
function statementsOf(folded: string, written: string): string {
  const isStatement = (text: string): boolean => {
    const starts = text.trim().search(conditionalStart) === 0;
    return !starts && !text.trim().endsWith("?") && text.search(conditional) === -1;
  };
  return sentencesOf(folded, written)
    .filter(({ text }) => isStatement(text))
    .map(({ text }) => text)
    .join(" ");
}

function holds(text: string, sign: Sign): boolean {
  const phrase = signPhrases.get(sign);
  return phrase !== undefined && text.search(phrase) !== -1;
}

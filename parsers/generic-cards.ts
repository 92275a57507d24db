import type { Page, Place } from "./generic-page.ts";

/** `ending in 1234`, `terminada en 1234`. */
const SAID =
  /(?:ending|ends|terminad[ao]|termina|final|finissant|endet|endend|endung)(?: (?:in|with|en|em|par|auf))?[ :#(.*•x-]{0,6}(\d{3,5})(?!\d)/gu;
/** `...1234`, `****1234`, `XX1234`, `*1234`. */
const COVERED = /(?:\.\.|…|[*•]|(?<![a-z0-9])x{1,12})[ -]?(\d{3,5})(?!\d)/gu;

/** More are a list, or an attack on the time that reading takes. */
const MAX_CARDS = 40;

/**
 * The last digits of cards and accounts that the mail names, each place with its digits. Null when there are more than an
 * alert has.
 */
export function cardsIn({ passages }: Page): (Place & { readonly digits: string })[] | null {
  const cards = passages.flatMap(({ folded }, passage) =>
    [SAID, COVERED].flatMap((form) =>
      [...folded.matchAll(form)].map(({ 0: words, 1: digits = "", index }) => ({
        digits,
        passage,
        start: index + words.length - digits.length,
        end: index + words.length,
      })),
    ),
  );
  return cards.length > MAX_CARDS ? null : cards;
}

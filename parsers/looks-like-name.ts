import { parseMoney } from "./amount.ts";

/**
 * Beginnings of words that say that a payment failed or came back. A shop may be called like that, and then its mails wait:
 * a payment that never was must not be booked.
 */
const FAILED =
  /(?<!\p{L})(?:declin|revers|refund|reject|fail|cancel|void|unsuccess|rechazad|anulad|denegad|reembols|recusad|estornad|refus|annul|abgelehnt|abgewiesen|storniert|fehlgeschlagen)/iu;

/** Verbs and a no that names go without, and sentences about what became of a payment do not. */
const TELLS = /(?<!\p{L})(?:was|were|been|has|had|not|will|could|fue|foi|wurde|nicht|não)(?!\p{L})/u;

/** Behind a mark that ends one, a sentence begins. */
const NEXT_SENTENCE = /[.;!?]\s+[^\s\p{L}]*\p{L}|[。！？]./u;

/** `St. Mary's` and `U.S. Post Office` begin with a mark that ends nothing. */
const SHORT_BEGINNING = /^(?:(?:st|mt|ft|dr|mr|mrs|ms)\.|(?:\p{L}\.)+)\s/iu;

/** Money with its sign, or with a fraction or groups. */
const AMOUNT = /\p{Sc}\s*\d|\d\s*\p{Sc}|\d[.,]\d/u;
const MONEY = { currency: "USD", decimal: null } as const;

/** `Bed and Breakfast by the Sea` has two; with more it is a sentence, unless the known name had more too. */
const MAX_LOWER_CASE = 2;

/**
 * Whether words that stand where a merchant should are no more than a name: no second sentence, no amount, nothing about a
 * payment that failed, and no more words in lower case in a row than names have or the known one had.
 */
export function looksLikeName(text: string, known: { readonly lowerCaseRun: number } = { lowerCaseRun: 0 }): boolean {
  const plain = plainOf(text);
  const isSentence = TELLS.test(plain) || NEXT_SENTENCE.test(plain.replace(SHORT_BEGINNING, ""));
  if (text === "" || isSentence || tellsOfFailure(plain) || AMOUNT.test(plain) || hasMoney(plain)) return false;
  return lowerCaseRun(plain) <= Math.max(MAX_LOWER_CASE, known.lowerCaseRun);
}

/** Whether a word is about a payment that failed or came back, in any case and several languages. */
export function tellsOfFailure(text: string): boolean {
  return FAILED.test(plainOf(text));
}

/** How many words in lower case follow each other at most; marks between them don't count. */
export function lowerCaseRun(text: string): number {
  let longest = 0;
  let run = 0;
  for (const word of text.split(/\s+/).filter((one) => /\p{L}/u.test(one))) {
    run = word === word.toLowerCase() && word !== word.toUpperCase() ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Without the wide letters and the invisible characters that would hide a word. */
function plainOf(text: string): string {
  return text.normalize("NFKC").replaceAll(/\p{Cf}/gu, "");
}

/** Whether a number stands beside a currency: `99 EUR`, `Rs. 500`. A number alone is part of many names. */
function hasMoney(text: string): boolean {
  const words = text.split(/[\s,;:()]+/);
  return words.some((word, index) =>
    [word, `${word} ${words[index + 1] ?? ""}`.trim()].some(
      (span) => /\d/.test(span) && /\D/.test(span) && parseMoney(span, MONEY) !== null,
    ),
  );
}

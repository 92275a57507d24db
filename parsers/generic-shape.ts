import { bare, signsIn } from "./generic-kind.ts";
import { textAt, type Page, type Place } from "./generic-page.ts";
import { fold, HIDDEN } from "./generic-phrases.ts";
import { monthNumberInAnyLanguage } from "./month-number.ts";

/**
 * The form of a mail: what kinds of words it holds, and every stable word of its subject and its lines. Two mails have the
 * same shape only if all of these are the same: whatever is said in other words has another. Up to some thousand
 * characters of plain text; keep a hash of it.
 */
export function shapeOf(page: Page, values: readonly Place[], said: readonly string[]): string {
  const named = values.map((place) => textAt(page, place)).filter((text) => /\p{L}{2}/u.test(text));
  // Behind labels such as `Note` and `Category` too: any word there may say what became of the purchase.
  const texts = bare(page, values).map((text) => stableWords(withoutNames(text, named)));
  return [...said, ...signsIn(page, values), ...texts.filter((text) => text !== "")].join("\n");
}

/** The subject and other lines repeat a merchant's name. */
function withoutNames(folded: string, names: readonly string[]): string {
  return names.reduce((text, name) => text.replaceAll(fold(name), HIDDEN), folded);
}

/**
 * Words with digits, and months beside these, change from mail to mail, and so does how many there are: but not beside a
 * value, where one more may be a part of it that was not read.
 */
function stableWords(folded: string): string {
  const words = folded
    .replaceAll(/\ue000+/g, ` ${HIDDEN} `)
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => (/[\d#]/.test(word) ? "#" : word));
  const isNumber = (word: string | undefined): boolean => word === "#" || word === HIDDEN;
  const isMonth = (word: string, at: number): boolean =>
    (isNumber(words[at - 1]) || isNumber(words[at + 1])) && monthNumberInAnyLanguage(word.replace(/[.,]$/, "")) > 0;
  const stable = words.map((word, at) => (isMonth(word, at) ? "#" : word));
  return stable.filter((word, at) => word !== "#" || stable[at - 1] !== "#").join(" ");
}

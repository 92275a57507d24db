import { cleanMerchant, merchantKey, withoutAccents } from "./merchant-name.ts";
import { ARTICLES, FORMS, NOBODY, PLACE_WORDS, TRADES, WALLETS } from "./merchant-words.ts";

/** The merchant of a refund or a purchase, taken apart once so that it can be compared with many. */
export type RefundMerchant = {
  /** Its `merchantKey`; empty when the mail names no merchant. */
  readonly key: string;
  /** In capitals, numbers among them; without articles, companies' forms and words for the card. */
  readonly words: ReadonlySet<string>;
  /** Those of them that are no trade's, place's, wallet's and no number. */
  readonly telling: ReadonlySet<string>;
  /** The words together: so a name compares that was cut or written without spaces. */
  readonly letters: string;
};

/** What banks call money that came back, instead of a merchant or around one. */
const CAME_BACK = new Set("ADJUSTMENT CREDITED FROM REFUND REFUNDED RETURN RETURNED REVERSAL REVERSED TO".split(" "));
/** Shorter beginnings of names are whole names of others. */
const MIN_CUT = 7;

/** Takes a merchant's name apart, as a mail has it. */
export function refundMerchant(written: string): RefundMerchant {
  const all = withoutAccents(cleanMerchant(written))
    .toUpperCase()
    .replaceAll(/['’]/g, "")
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const isNamed = all.some((word) => !NOBODY.has(word) && !CAME_BACK.has(word));
  const words = all.filter((word) => ![ARTICLES, FORMS, NOBODY, CAME_BACK].some((says) => says.has(word)));
  const telling = words.filter(
    (word) => /^(?=.*\p{L})../u.test(word) && ![TRADES, PLACE_WORDS, WALLETS].some((says) => says.has(word)),
  );
  return {
    key: isNamed ? merchantKey(written) : "",
    words: new Set(words),
    telling: new Set(telling),
    letters: words.join(""),
  };
}

/**
 * Whether money from one merchant may be for a purchase at the other; their order doesn't matter. It is stricter than what
 * finds look-alikes, since a refund and the only purchase that is large enough have nothing else in common: the same name,
 * one name wholly in the other, or two words, of which no trade, place or article is one.
 */
export function isRefundMerchant(a: RefundMerchant, b: RefundMerchant): boolean {
  if (a.key === "" || b.key === "") return false;
  return a.key === b.key || isWithin(a, b) || isWithin(b, a) || a.telling.intersection(b.telling).size > 1;
}

function isWithin(short: RefundMerchant, long: RefundMerchant): boolean {
  if (short.telling.size === 0) return false;
  return (
    short.words.isSubsetOf(long.words) || (short.letters.length >= MIN_CUT && long.letters.startsWith(short.letters))
  );
}

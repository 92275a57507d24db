import { withoutAccents } from "./merchant-name.ts";
import { FORMS, NOBODY, TRADES } from "./merchant-words.ts";

/** A merchant's name taken apart once, so that it can be compared with many. */
export type MerchantName = {
  /** Who stands before the name as a processor or wallet, in small letters without spaces: `sq`, `paypal`; null for nobody. */
  readonly through: string | null;
  /** The words that tell, in capitals, without codes and numbers; none when the mail names no merchant. */
  readonly words: readonly string[];
  /** Whether it shows that it sells at a distance: a wallet's mark, an order's code, a site or a telephone number. */
  readonly isAtDistance: boolean;
  /** The words together: so a name compares that was cut, or glued to a place. */
  readonly letters: string;
};

/** Whether two names may be one merchant's; `unnamed` when one of the mails names none. */
export type Relation = "related" | "unnamed" | "unrelated";

/** Tills' processors and wallets, which put themselves and an asterisk before a name; before any other asterisk stands the name. */
const THROUGH =
  /^(SQU?|TST|SP|CLP|CKO|SUMUP|IZ|ZETTLE|BT|DD|IC|FS|PY|EB|WPY|PP|PAYPAL|VENMO|CASH APP)(?: ?\*\s*| INST XFER)/;
/** How those show who sell at a distance: a wallet's mark, an order's code, a site or a telephone number in the place of a city. */
const AT_DISTANCE = /^(?:PAYPAL|PP|VENMO|CASH APP)\b|\*\s*\S*\d|\.COM\b|\d{3}-?\d{3}-?\d{4}/;
/** Words of which sharing one says nothing. */
const COMMON = TRADES.union(FORMS).union(new Set(["AND", "USA"]));
const MIN_CUT = 4;

/** Takes a merchant's name apart, as a mail has it. */
export function merchantName(text: string): MerchantName {
  const plain = withoutAccents(text).replace(/['’]/g, "").toUpperCase().trim();
  const mark = THROUGH.exec(plain);
  const words = plain
    .slice(mark?.[0].length ?? 0)
    .replace(/\*\s*(?=\S*\d)\S+/g, " ")
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    // What follows a digit is a shop's or an order's number, even behind a name that it is glued to.
    .map((word) => (/\d/.test(word) ? word.replace(/^((?:\p{L}\p{M}*){4,})\d.*$|.*/u, "$1") : word))
    .filter((word) => /[\p{L}\p{N}]/u.test(word) && word !== "THE");
  const telling = words.some((word) => !NOBODY.has(word)) ? words : [];
  const through = mark?.[1]?.toLowerCase().replace(" ", "") ?? null;
  return {
    through,
    words: telling,
    isAtDistance: AT_DISTANCE.test(plain),
    letters: telling.join(""),
  };
}

/** Compares two names; their order doesn't matter. It leans to "related": what is compared has an amount in common as well. */
export function relatedMerchants(a: MerchantName, b: MerchantName): Relation {
  if (a.letters === "" && b.letters === "")
    return a.through !== null && a.through === b.through ? "related" : "unnamed";
  if (a.letters === "" || b.letters === "") return "unnamed";
  const [short, long] = a.letters.length <= b.letters.length ? [a, b] : [b, a];
  const isOne =
    isCutOf(short.letters, long.letters) ||
    sharesWord(short, long) ||
    isShortFor(short.letters, long.letters) ||
    isShortFor(short.words[0] ?? "", long.words[0] ?? "") ||
    isShortFor(long.words[0] ?? "", short.letters);
  return isOne ? "related" : "unrelated";
}

function isCutOf(short: string, long: string): boolean {
  return short === long || (short.length >= MIN_CUT && long.includes(short));
}

/** The same first word, or any word that is no trade's, cut or whole. */
function sharesWord(a: MerchantName, b: MerchantName): boolean {
  return a.words.some((word, place) => {
    if (COMMON.has(word)) return false;
    const isFirst = place === 0 && word.length > 1 && word === b.words[0];
    return isFirst || b.words.some((other) => !COMMON.has(other) && isWordOf(word, other));
  });
}

function isWordOf(word: string, other: string): boolean {
  const [short, long] = word.length <= other.length ? [word, other] : [other, word];
  return short.length >= MIN_CUT && long.startsWith(short);
}

/** An abbreviation: letters left out, but not the first, and not more than half. `AMZN` is short for `AMAZON`. */
function isShortFor(short: string, long: string): boolean {
  if (short.length < MIN_CUT || short.length >= long.length || short.length * 2 < long.length) return false;
  if (short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of short) {
    at = long.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

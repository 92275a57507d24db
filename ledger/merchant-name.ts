import { withoutFullWidth } from "../parsers/full-width.ts";
import { COUNTRIES, MORE_STATES, PLACES, STATES } from "./merchant-words.ts";
import { readableCase } from "./readable-case.ts";

/** Longer than any name: what is no name costs no work. */
const LONGEST = 300;
const ANY_STATE = `(?:${STATES}|${MORE_STATES})`;
/** In front of a number that is the name's own, as in `STUDIO 54`: the name's first word, and none for a shop. */
const FIRST_WORD = "^(?:THE )?(?!(?:STORE|SHOP|UNIT|SITE|LOCATION|NO\\.?|NR\\.?) )[^\\d ]*\\p{L}[^\\d ]*";

/** What is left out or put right, in this order. Each looks at a whole name; none can leave a name without letters. */
const RULES: readonly (readonly [found: RegExp, instead: string])[] = [
  // Left of HTML.
  [/&amp;/gi, "&"],
  [/&(?:#0?39|apos|rsquo);/gi, "'"],
  [/&(?:quot|nbsp);|[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}]/giu, " "],
  // Tills' processors and wallets in front, and words that banks put there.
  [
    /^\s*(?:SQU?|TST|SP|PY|IN|GOOGLE|PAYPAL|PP|CKO|SUMUP|IZ|ZETTLE_?|BT|DD|IC|FSP?|EB|WPY|CLP|CASH APP|VENMO)\s?\*\s*/i,
    "",
  ],
  [/^SP (?=\p{L})/u, ""],
  [/^\s*(?:at|POS(?: DEBIT)?|CHECKCARD \d{4}|VPA \S+@\S+)\s+/i, ""],
  // Columns: the name, its city, its country.
  [/^(\s*\S[^\t]*?)(?:\t| {3,}(?!\*)).*$/, "$1"],
  [/\s+/g, " "],
  // An order's code, and what stands behind it.
  [/^(AM(?:AZON|ZN)[^*]*)\*.*$/i, "$1"],
  [/(?: O)?\*\s*(?=\S{0,40}\d)\S+.*$/i, ""],
  [/ (?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{6,}$/, ""],
  [/\*/g, " "],
  // A telephone number or a site in the place of a city.
  [/ (?:\+?1[-. ])?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}(?!\d).*$/, ""],
  [/^https?:\/\/|^www\./gi, ""],
  [/ (?:https?:\/\/|www\.).*$/i, ""],
  [/ [a-z\d-]+\.[a-z\d-]+(?:\.[a-z]+|\/).*$/i, ""],
  [/^((?:[a-z\d-]+\.)+(?:com|net|org|io|app))[ /].*$/i, "$1"],
  // A shop's number, and the place behind it.
  [/[ -](?:# ?|NO\.? ?#?|STORE ?#|STORE (?=0)|UNIT ?#?|T-|[A-Z](?=\d{3}))\d+\b.*$/i, ""],
  [/#\d+.*$/, ""],
  [new RegExp(`(?<!${FIRST_WORD}(?= [1-9]\\d? )) \\d+ [^\\d]+ ${ANY_STATE}(?: ?(?:USA?|CAN))?$`, "u"), ""],
  [/(?<![ -])[ -]+(?:\d{4,}|0\d+)(?: .*)?$/, ""],
  [/(?<=\p{L}{4})\d{4,}$/u, ""],
  [/ \([^()]*\)$/, ""],
  // The place alone.
  [new RegExp(` (?:IN )?(?:${PLACES})(?: ?(?:${COUNTRIES})| ${ANY_STATE}(?: ?(?:USA?|CAN))?)$`, "i"), ""],
  [new RegExp(`^(\\S+ \\S.*?) (?:${STATES})(?: ?(?:USA?|CAN))?$`), "$1"],
  [/^(\S+ \S+ \S.*?) USA$/, "$1"],
  [/\s+/g, " "],
  [/^[ *#,;:/|-]+|(?<![ *#,;:/|–-])[ *#,;:/|–-]+$/g, ""],
];

/**
 * A readable name for a merchant as a mail wrote it: without processors, orders' codes, shops' numbers, telephone numbers
 * and places, and not in capitals. The same for the same words, never longer than they are, with no letter that they don't
 * hold; what has no letters, or no name beside all that, stays as it was written.
 */
export function cleanMerchant(written: string): string {
  let name = withoutFullWidth(written);
  if (name.length > LONGEST || !/\p{L}/u.test(name)) return written;
  // What one rule uncovers may be another's; each round is shorter or has fewer capitals, so that there is a last one.
  for (let before = ""; before !== name;) {
    before = name;
    name = readableCase(RULES.reduce(applied, name));
  }
  return name;
}

function applied(name: string, [found, instead]: (typeof RULES)[number]): string {
  const changed = name.replace(found, instead);
  return /\p{L}/u.test(changed) ? changed : name;
}

/** What the names of one merchant have in common; empty for what names none. The same for a name and its clean form. */
export function merchantKey(written: string): string {
  return (
    withoutAccents(cleanMerchant(written))
      .toLowerCase()
      // A mark belongs to the letter before it: what follows a picture or a space says nothing.
      .replaceAll(/^\p{M}+|[^\p{L}\p{M}\p{N}]\p{M}*/gu, "")
  );
}

/**
 * The text with one way of writing for each letter, and Latin ones without their accents, which capitals often lose. In
 * other scripts a mark makes another sound, and another name: ガ is not カ, and कमला is not कमल.
 */
export function withoutAccents(text: string): string {
  return text
    .normalize("NFKC")
    .normalize("NFD")
    .replaceAll(/(?<=\p{Script=Latin})\p{M}+/gu, "")
    .normalize("NFC");
}

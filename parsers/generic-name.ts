import { textAt, type Page, type Place } from "./generic-page.ts";
import { fold, HIDDEN } from "./generic-phrases.ts";
import { conditionalStart } from "./generic-words.ts";

const MAX_MERCHANT = 80;
/** `at a Corner Bank ATM`. */
const ARTICLE = /^[ :]*(?:(?:an?|una?|uma?|une|eine[mr]) (?=\p{Lu}))?/u;
/** What joins a name to a day or an amount behind it. */
const JOINS = /^(?:on|el|em|le|am|for|por|of|de|at|a|à|dia|día|du|vom|um|,|-|–|in|para|pour|by|dated|via)?$/u;

/**
 * The names that the words of the language point at in a part of a passage. `hidden` is the folded passage without values.
 */
export function namesIn(page: Page, hidden: string, { passage, start, end }: Place): Place[] {
  const folded = hidden.slice(0, end);
  const { beforeMerchant, merchantDid } = page.words;
  for (const before of beforeMerchant) {
    const found: Place[] = [];
    for (const { 0: word, index } of folded.slice(start).matchAll(before)) {
      const place = nameFrom(page, folded, passage, start + index + word.length);
      // `BREAKFAST at THE INN` is one name.
      if (place !== null && !found.some(({ end: last }) => place.start < last)) found.push(place);
    }
    if (found.length > 0) return found;
  }
  const did = [...folded.slice(start).matchAll(merchantDid)][0];
  if (did === undefined) return [];
  const place = tidy(page, { passage, start, end: start + did.index }, Infinity);
  return isName(page, place) ? [place] : [];
}

/** The name that begins there, up to words that can't be part of it, a value, or the end of the sentence. */
function nameFrom(page: Page, folded: string, passage: number, from: number): Place | null {
  const rest = folded.slice(from, from + MAX_MERCHANT + 20);
  const first = ARTICLE.exec(page.passages[passage]?.text.slice(from) ?? "")?.[0].length ?? 0;
  // A time is no name, and no name is a whole sentence.
  if (/^[\d: ]*\ue000|^\d{1,2}[:h]\d\d/.test(rest.slice(first))) return null;
  const stops = [...rest.slice(first + 1).matchAll(page.words.behindMerchant)].filter(({ index }) =>
    endsName(page.passages[passage]?.text ?? "", from + first + 1 + index),
  );
  const value = rest.indexOf(HIDDEN, first);
  const clock = /,? (?:at|a las|um) \d{1,2}[:h]\d\d/.exec(rest)?.index ?? -1;
  const aside =
    /, an? | \(ref| (?:date|fecha|data|datum|ref|info|time|memo):|, (?:your|el|con|le|am) /u.exec(rest.slice(first))
      ?.index ?? -1;
  const ends = [
    stops[0] === undefined ? -1 : first + 1 + stops[0].index,
    value,
    clock,
    aside === -1 ? -1 : first + aside,
    rest.length,
  ];
  const end = Math.min(...ends.filter((at) => at !== -1));
  const place = tidy(page, { passage, start: from + first, end: from + end }, folded.length);
  return isName(page, place) && !startsLikeNone(page, place) ? place : null;
}

/** `JOE'S GRILL AT THE PIER`: words in capitals are part of a name. */
function endsName(text: string, at: number): boolean {
  return /[ ,]/.test(text[at - 1] ?? "") && /\p{Ll}/u.test(text[at] ?? "");
}

/** Without the marks and the little words that joined the name to a value behind it. */
function tidy(page: Page, place: Place, sentenceEnd: number): Place {
  const text = textAt(page, place);
  const isEnd = place.start + text.length >= sentenceEnd;
  const words = text.trimEnd().split(" ");
  while (words.length > 1 && JOINS.test(words.at(-1) ?? "")) words.pop();
  const cut = words
    .join(" ")
    .replace(/(?<![\s,;:*#•–-])[\s,;:*#•–-]+$/u, "")
    .replace(isEnd ? /\.$/ : /$^/, "")
    .replace(/ \(\d+\)$/, "")
    .trimEnd();
  const lead = /^[\s,:]*/.exec(cut)?.[0].length ?? 0;
  const start = place.start + lead;
  return addressee(page, { passage: place.passage, start, end: Math.max(start, place.start + cut.length) });
}

/** `VPA shop@upi Some Shop`, `shop@upi (Some Shop)` and `UPI/P2M/000000/Some Shop` are the shop, where its name is given. */
export function addressee(page: Page, place: Place): Place {
  const text = textAt(page, place);
  const [behind = ""] = /^(?:vpa )?[^\s@]+@\S+ (?=\S)/iu.exec(text) ?? /^(?:vpa |upi\/\w+\/\d+\/)/iu.exec(text) ?? [];
  const name = text.slice(behind.length);
  const isInBrackets = behind !== "" && name.startsWith("(") && name.endsWith(")");
  const inner = isInBrackets ? 1 : 0;
  return { ...place, start: place.start + behind.length + inner, end: place.end - inner };
}

/** Whether the words there can be a name: not empty, not a sentence, not an address, a day or an instruction. */
export function isName(page: Page, place: Place): boolean {
  const text = textAt(page, place);
  const isPlaceholder = /^\[.*\]$|^<.*>$/.test(text);
  const isUnread =
    /\d[/-]\d{1,2}[/-]\d|\s(?:on|at|el|le|am|em)$/.test(text) || fold(text).search(conditionalStart) === 0;
  return (
    text.length >= 2 &&
    !isUnread &&
    text.length <= MAX_MERCHANT &&
    /\p{L}/u.test(text) &&
    !isPlaceholder &&
    !text.startsWith("$")
  );
}

function startsLikeNone(page: Page, { passage, start, end }: Place): boolean {
  const text = textAt(page, { passage, start, end });
  const [first = ""] = text.split(" ");
  const none = new RegExp(page.words.noName, "u").exec(fold(text));
  // A name has a capital or a mark of an address somewhere at its beginning.
  return (none?.index === 0 && /^\p{Ll}/u.test(text)) || !/[\p{Lu}\d@.*_]/u.test(first);
}

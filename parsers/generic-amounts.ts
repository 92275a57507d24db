import { parseMoney, type Money } from "./amount.ts";
import { textAt, type Page, type Place } from "./generic-page.ts";
import { blank, HIDDEN, sentencesOf } from "./generic-phrases.ts";
import { otherAmount } from "./generic-words.ts";

/** An amount in a mail; `isOther` when the words around it say that it is a balance, a limit or a threshold. */
export type FoundAmount = Place & {
  readonly text: string;
  /** Behind a label for amounts. */
  readonly isLabelled: boolean;
  readonly isOther: boolean;
  /** Written with a minus. */
  readonly isBack: boolean;
  /** Beside another number, with only a blank between them: nobody knows where the amount begins or ends. */
  readonly isTorn: boolean;
};

/** A stand-in until it is known what a bare sign stands for: it has decimals, which accepts the most forms. */
const ANY = { currency: "USD", decimal: null } as const;
/** Codes that are English words too, in capitals. */
const WORDS: ReadonlySet<string> = new Set(["ALL", "TOP", "TRY", "CUP", "MAD", "SOS", "GEL", "COP", "PAB", "AMD"]);
/** More are a list of what happened over days; this also bounds what hostile mail can cost. */
const MAX_AMOUNTS = 60;
/** How far the words that tell what an amount is may stand from it. */
const NEAR_BEFORE = 45;
const NEAR_BEHIND = 24;
/** `1 245,90` is one number, as the French and the Spanish write it; any other blank ends one. */
const NUMBER = /(?<![\d.,'’])\d{1,3}(?: \d{3})+(?!\d)[\d.,'’]*|\d[\d.,'’]*/g;

/**
 * All amounts that have a currency's sign or code, and numbers that are the whole value of an amount's label. Null when
 * there are more than an alert has.
 */
export function amountsIn(page: Page): FoundAmount[] | null {
  const labels = page.labelled.filter(({ role }) => role === "amount");
  const marked = page.passages.flatMap((_, passage) => markedIn(page, passage));
  const found = marked.map((place) => ({
    ...place,
    isLabelled: labels.some(
      (label) => label.passage === place.passage && label.start <= place.start && place.end <= label.end,
    ),
  }));
  const bare = labels
    .filter((label) => !found.some((place) => place.isLabelled && place.passage === label.passage))
    .filter((label) => readMoney(textAt(page, label), "USD") !== null)
    .map((label) => ({ ...label, isLabelled: true, isBack: false, isTorn: false }));
  const all = [...found, ...bare];
  if (all.length > MAX_AMOUNTS) return null;
  return all.map(({ passage, start, end, isLabelled, isBack, isTorn }) => {
    const place = { passage, start, end };
    const isOther = !isLabelled && saysOther(page, place, all);
    return { ...place, text: textAt(page, place), isLabelled, isBack, isTorn, isOther };
  });
}

/** The amount, once it is known what a bare sign stands for; zero is none. */
export function readMoney(text: string, currency: string): Money | null {
  const money = parseMoney(plainMark(text), { ...ANY, currency });
  return money === null || money.amountMinor === 0 ? null : money;
}

/** `($USD) 7.84` is `USD 7.84`. */
function plainMark(text: string): string {
  return text.replace(/^\(\$?([A-Z]{3})\)/, "$1");
}

type Marked = Place & { readonly isBack: boolean; readonly isTorn: boolean };

function markedIn({ passages }: Page, passage: number): Marked[] {
  const text = passages[passage]?.text ?? "";
  return [...text.matchAll(NUMBER)].flatMap(({ 0: digits, index }) => {
    const numberEnd = index + digits.replace(/(?<![.,'’])[.,'’]+$/, "").length;
    const before =
      /(?:^|[\s(*:"]|(?<=-))(\(\$?[A-Z]{3}\) ?|[^\s\d,'’*+:()-]{1,4} ?)$/u.exec(
        text.slice(Math.max(0, index - 8), index),
      )?.[1] ?? "";
    const behind =
      /^ ?[^\s\d.,'’*+:()-]{1,4}(?:\.[A-Z]\.)?(?![\p{L}\p{N}{])/u.exec(text.slice(numberEnd, numberEnd + 8))?.[0] ?? "";
    const isPart = /[\p{L}\d*•.,-]$/u.test(text.slice(0, index));
    const forms = [
      [index - before.length, numberEnd + behind.length],
      [index - before.length, numberEnd],
      ...(isPart ? [] : [[index, numberEnd + behind.length] as const]),
    ] as const;
    const form = forms.find(([start, end]) => end - start > numberEnd - index && isMoney(text.slice(start, end)));
    if (form === undefined) return [];
    const [start, end] = form;
    const isBack = /[-−+] ?$/.test(text.slice(Math.max(0, start - 2), start));
    return [{ passage, start, end, isBack, isTorn: isTorn(text, start, end) }];
  });
}

/** Whether a bare number touches the end of the amount that is a digit. */
function isTorn(text: string, start: number, end: number): boolean {
  const [before, behind] = [text.slice(Math.max(0, start - 16), start), text.slice(end, end + 16)];
  const isAfter =
    /\d/.test(text[start] ?? "") && /(?:^|[ (])[\d.,'’]+[ ´`_·\u00ad\u200b-\u200d\u2060]{1,3}$/u.test(before);
  const isBefore =
    /\d/.test(text[end - 1] ?? "") && /^[ ´`_·\u00ad\u200b-\u200d\u2060]{1,3}[.,]?\d[\d.,'’]*(?![\d/:-])/u.test(behind);
  return isAfter || isBefore;
}

function isMoney(text: string): boolean {
  const letters = /\p{L}+/u.exec(text)?.[0] ?? "";
  // Codes stand in capitals; `Rs` and `Fr` are abbreviations.
  if (letters.length > 2 && letters !== letters.toUpperCase()) return false;
  if (WORDS.has(letters) && !/[.,]\d/.test(text) && text.includes(" ")) return false;
  return [..."USD CLP BHD".split(" ")].some((currency) => parseMoney(plainMark(text), { ...ANY, currency }) !== null);
}

/** Whether words right before or behind it say that it is not the amount of what happened. */
function saysOther(page: Page, { passage, start, end }: Place, all: readonly Place[]): boolean {
  let folded = page.passages[passage]?.folded ?? "";
  for (const other of all) if (other.passage === passage) folded = blank(folded, other.start, other.end);
  const sentence = sentencesOf(folded, page.passages[passage]?.text ?? "").find(
    (part) => part.start <= start && start < part.end,
  );
  const before = folded.slice(Math.max(sentence?.start ?? 0, start - NEAR_BEFORE), start);
  const behind = folded.slice(end, Math.min(sentence?.end ?? end, end + NEAR_BEHIND));
  // What stands beyond another amount belongs to that one.
  if (holdsOther(before.slice(before.lastIndexOf(HIDDEN) + 1)) || holdsOther(behind.split(HIDDEN)[0] ?? ""))
    return true;
  const isAlone = (folded.slice(0, start) + folded.slice(end)).replaceAll(/[\s*]/g, "") === "";
  return (
    isAlone &&
    holdsOther(page.passages[passage - 1]?.folded ?? "") &&
    (page.passages[passage - 1]?.text.length ?? 0) < 40
  );
}

function holdsOther(text: string): boolean {
  return text.search(otherAmount) !== -1;
}

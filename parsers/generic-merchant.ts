import { bare } from "./generic-kind.ts";
import { addressee, isName, namesIn } from "./generic-name.ts";
import { textAt, type Labelled, type Page, type Place } from "./generic-page.ts";
import { fold, sentencesOf } from "./generic-phrases.ts";
import { amountLabel, conditionalStart, signPhrases } from "./generic-words.ts";

/**
 * A merchant, and how sure it is that the words are one: `line` is a line of its own above an amount of its own, `cash` the
 * words for a withdrawal that names no place.
 */
export type FoundMerchant = Place & { readonly text: string; readonly by: "label" | "sentence" | "line" | "cash" };

/** What was found before: amounts, days and card numbers, which are part of no name. */
export type Values = { readonly amounts: readonly Place[]; readonly others: readonly Place[] };

/** `hidden` are the folded passages without values, made once: doing it for each amount took seconds of hostile mail. */
type Found = Values & { readonly hidden: readonly string[] };

/**
 * The merchants that the mail may mean: by a label, else by the sentence that says the amount, else by a line of its own
 * above the amount's. Several that differ are all given.
 */
export function merchantsIn(page: Page, found: Values): FoundMerchant[] {
  const values = { ...found, hidden: bare(page, [...found.amounts, ...found.others]) };
  for (const role of ["merchant", "payee"] as const) {
    const labelled = page.labelled
      .filter((value) => value.role === role)
      .flatMap((value) => fromLabel(page, value, values));
    if (labelled.length > 0) return distinct(labelled);
  }
  const passages = [...new Set(values.amounts.map(({ passage }) => passage))];
  const inBody = passages.filter((passage) => passage > 0).flatMap((passage) => fromSentence(page, passage, values));
  if (inBody.length > 0) return distinct(inBody);
  const onLine = values.amounts.flatMap((amount) => fromLine(page, amount, values));
  if (onLine.length > 0) return distinct(onLine);
  const inSubject = passages
    .filter((passage) => passage === 0)
    .flatMap((passage) => fromSentence(page, passage, values));
  return distinct(inSubject.length > 0 ? inSubject : fromHeadline(page, values));
}

function fromLabel(page: Page, label: Labelled, values: Found): FoundMerchant[] {
  const text = textAt(page, label);
  const isValue = [...values.amounts, ...values.others].some(
    (place) => place.passage === label.passage && place.start <= label.start && place.end >= label.end,
  );
  if (isValue) return [];
  const start = label.start + (/^(?:at|en) /.exec(text)?.[0].length ?? 0);
  // `Operation: PURCHASE AT SOME SHOP`.
  const said = label.role === "payee" ? new RegExp(signPhrases.get("purchase") ?? "", "u").exec(fold(text)) : null;
  if (said?.index === 0) return inSentence(page, { ...label, start: label.start + said[0].length }, values);
  const place = addressee(page, { passage: label.passage, start, end: label.end });
  return isName(page, place) ? [{ ...place, text: textAt(page, place), by: "label" }] : [];
}

/** From the sentence that holds an amount. */
function fromSentence(page: Page, passage: number, values: Found): FoundMerchant[] {
  const folded = values.hidden[passage] ?? "";
  const sentences = sentencesOf(folded, page.passages[passage]?.text ?? "");
  const starts = values.amounts.filter((amount) => amount.passage === passage).map(({ start }) => start);
  return sentences.flatMap((sentence, at) => {
    if (!starts.some((start) => sentence.start <= start && start < sentence.end)) return [];
    const own = inSentence(page, { passage, ...sentence }, values);
    // `Info: SOME SHOP.` stands behind its sentence.
    const next = sentences[at + 1];
    const isInfo = next !== undefined && /^ ?info:/.test(next.text);
    return own.length === 0 && isInfo ? inSentence(page, { passage, ...next }, values) : own;
  });
}

/** From a sentence above the amounts that says that something was bought. */
function fromHeadline(page: Page, values: Found): FoundMerchant[] {
  const first = Math.min(...values.amounts.map(({ passage }) => passage));
  return page.passages.slice(0, first).flatMap(({ text }, passage) =>
    sentencesOf(values.hidden[passage] ?? "", text)
      .filter((sentence) => sentence.text.search(signPhrases.get("purchase") ?? /$^/) !== -1)
      .filter((sentence) => sentence.text.trim().search(conditionalStart) !== 0)
      .flatMap((sentence) => inSentence(page, { passage, ...sentence }, values)),
  );
}

function inSentence(page: Page, part: Place, values: Found): FoundMerchant[] {
  const places = namesIn(page, values.hidden[part.passage] ?? "", part);
  return places.map((place) => ({ ...place, text: textAt(page, place), by: "sentence" }));
}

/** A line of its own above an amount of its own, with a day beside them. */
function fromLine(page: Page, amount: Place, values: Found): FoundMerchant[] {
  const isAlone = (passage: number): boolean => (values.hidden[passage] ?? "").replaceAll(/[\ue000\s*]/g, "") === "";
  const isDay = [1, -2].some((step) => values.others.some(({ passage }) => passage === amount.passage + step));
  const passage = amount.passage - 1;
  if (
    passage < 1 ||
    !isAlone(amount.passage) ||
    !isDay ||
    page.heads.has(passage) ||
    page.labelled.some((value) => value.passage === passage)
  )
    return [];
  const { text = "" } = page.passages[passage] ?? {};
  const place = { passage, start: 0, end: text.length };
  const folded = page.passages[passage]?.folded ?? "";
  const isLabel = [amountLabel, signPhrases.get("purchase") ?? /$^/].some((words) => folded.search(words) !== -1);
  const isTitle = text.split(" ").length <= 7 && !/[.!?:]$/.test(text);
  return isTitle && !isLabel && isName(page, place) && !isAlone(passage) ? [{ ...place, text, by: "line" }] : [];
}

function distinct(found: readonly FoundMerchant[]): FoundMerchant[] {
  return [...new Map(found.map((merchant) => [merchant.text.toLowerCase(), merchant])).values()];
}

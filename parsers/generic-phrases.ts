/**
 * Finds phrases in folded text (see `fold`), as whole words. Phrases are separated by `|`; a `*` at the end of one stands
 * for more letters. Made of literals alone, so the cost is linear in the text.
 */
export function phrases(list: string): RegExp {
  const longestFirst = list.split("|").toSorted((one, other) => other.length - one.length);
  const escaped = longestFirst.map((phrase) => phrase.replaceAll(/[.+?^${}()[\]\\/]/g, String.raw`\$&`));
  const alternatives = escaped.map((phrase) => phrase.replaceAll("*", String.raw`\p{L}*`)).join("|");
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${alternatives})(?![\p{L}\p{N}])`, "gu");
}

/** Lower case without accents, every unit where it was, so that places found in it are places in the text. */
export function fold(text: string): string {
  return text.replaceAll(/[A-Z’\u0080-\uffff]/g, (unit) => {
    if (unit === "’") return "'";
    const [base = unit] = unit.normalize("NFD").toLowerCase();
    return base.length === 1 ? base : unit;
  });
}

/** The text with every unit from `start` to `end` replaced, so that words in it are no longer found and places stay. */
export function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + HIDDEN.repeat(end - start) + text.slice(end);
}

/** Stands for a unit of a value that was found already. It is nobody's letter, and a page holds none of a mail's own. */
export const HIDDEN = "\ue000";

/** The places behind the last mark of every sentence; the last is the text's end. */
function sentenceEnds(text: string): number[] {
  const ends: number[] = [];
  for (const { index } of text.matchAll(/[.!?;] /g)) {
    // `S.A. con`, `ST. JOHN'S`, `May. 14` and `St. John` go on; behind `SUB. The` begins a sentence.
    const [word = ""] = /(?<=^|[\s(])\p{L}{1,3}$/u.exec(text.slice(Math.max(0, index - 4), index)) ?? [];
    const isTitle = /^ \p{Lu}\p{Ll}/u.test(text.slice(index + 1, index + 4));
    const goesOn =
      /^ \p{Ll}/u.test(text.slice(index + 1)) || (word !== "" && (!isTitle || /^\p{Lu}\p{Ll}$/u.test(word)));
    if (text[index] !== "." || !goesOn) ends.push(index + 1);
  }
  ends.push(text.length);
  return ends;
}

/** The sentences of the folded text, with their places; they end where those of the text as it is written do. */
export function sentencesOf(
  folded: string,
  written: string,
): { readonly start: number; readonly end: number; readonly text: string }[] {
  let start = 0;
  return sentenceEnds(written).map((end) => {
    const sentence = { start, end, text: folded.slice(start, end) };
    start = end;
    return sentence;
  });
}

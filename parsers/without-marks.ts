/** An image's place, and what Outlook leaves of one that it did not load. */
const IMAGE = /\[(?:(?:image|cid): ?[^[\]]*|image removed by sender\.[^[\]]*|https?:[^[\]\s]*)\]/gi;
/** Where a link leads: `words<https://…>`. */
const TARGET = / ?<(?:https?|mailto|tel):[^<>\s]*>/gi;
/** `[words](https://…)`. */
const LINK = /\[([^[\]]*)\]\((?:https?|mailto|tel):[^()\s]*\)/gi;

/** Bold: one asterisk in Gmail's text, two in Proton's. */
const ASTERISKS = /(?<!\*)\*{1,2}(?!\*)/g;

/**
 * The words of a line of text that a mail program made from HTML: without the places of images, the targets of links and
 * the asterisks of bold words. Asterisks that belong to a name or a card number stay; in doubt all stay, since a name
 * with one too many is looked at and a name with one too few is believed. Linear in the length of the line.
 */
export function withoutMarks(line: string): string {
  const words = line.replaceAll(IMAGE, "").replaceAll(LINK, "$1").replaceAll(TARGET, "");
  return withoutBold(words.replaceAll(/ {2,}/g, " ").trim());
}

type Mark = { readonly at: number; readonly length: number; readonly opens: boolean; readonly closes: boolean };

function withoutBold(line: string): string {
  const marks = [...line.matchAll(ASTERISKS)]
    .map(({ 0: { length }, index }) => markAt(line, index, length))
    .filter(({ opens, closes }) => opens || closes);
  const [first, ...rest] = marks;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return line;
  if (arePairs(marks)) return without(line, marks);
  // A bold name with an asterisk of its own, alone on its line or behind its label.
  const isAround = first.opens && last.closes && first.length === last.length && last.at + last.length === line.length;
  return isAround && (first.at === 0 || line.slice(0, first.at).endsWith(": ")) ? without(line, [first, last]) : line;
}

function markAt(line: string, at: number, length: number): Mark {
  const before = line.charAt(at - 1);
  const after = line.charAt(at + length);
  return {
    at,
    length,
    opens: /^[^\s]$/.test(after) && /^[\s("'“:]?$/.test(before),
    closes: /^[^\s]$/.test(before) && /^[\s.,;:!?)"'”]?$/.test(after),
  };
}

/** Each opening mark followed by a closing one of its length. */
function arePairs(marks: readonly Mark[]): boolean {
  return (
    marks.length % 2 === 0 &&
    marks.every(({ opens, closes, length }, index) =>
      index % 2 === 0 ? opens && !closes : closes && !opens && length === marks[index - 1]?.length,
    )
  );
}

function without(line: string, marks: readonly Mark[]): string {
  const ends = marks.map(({ at, length }) => at + length);
  return [0, ...ends].map((start, index) => line.slice(start, marks[index]?.at)).join("");
}

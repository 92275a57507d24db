import { ABBREVIATIONS, ACRONYMS, SMALL } from "./merchant-words.ts";

/**
 * A name in capitals as people write it: `TRADER JOE'S` is `Trader Joe's`. Acronyms stay, and so does every name that has a
 * small letter already, and every script without capitals. No letter is added or lost.
 */
export function readableCase(name: string): string {
  if (/\p{Ll}/u.test(name)) return name;
  return name
    .split(" ")
    .map((word, place) => (place > 0 && SMALL.has(word) ? lowered(word) : readableWord(word)))
    .join(" ");
}

/** Parts of `7-ELEVEN` and `ROCKYMTN/PACIFIC` are words; what follows the point in `NETFLIX.COM` is not. */
function readableWord(word: string): string {
  if (ACRONYMS.has(word)) return word;
  return word.replaceAll(/[\p{L}\p{M}\p{N}'’.]+/gu, (part) => {
    const [first = "", ...rest] = part.split(".");
    return [readablePart(first), ...rest.map((end) => (isSite(end) ? lowered(end) : readablePart(end)))].join(".");
  });
}

function isSite(end: string): boolean {
  return /^(?:APP|CA|CH|CO|COM|DE|IO|MX|NET|ORG|TV|UK)$/.test(end);
}

function readablePart(part: string): string {
  if (isKept(part)) return part;
  if (/^\d+(?:ST|ND|RD|TH)$/.test(part)) return lowered(part);
  if (/\d/.test(part)) return part;
  // O'REILLY and L'OREAL go on with a capital, JOE'S does not; MCDONALD does.
  const [, start = "", rest = ""] = /^(\p{L}['’]|MC(?=[A-Z]{3})|)(.*)$/u.exec(part) ?? [];
  const begun = start.startsWith("MC") ? `M${lowered("C")}` : start;
  return begun + rest.replace(/^(\P{L}*\p{L})(.*)$/u, (_, head: string, tail: string) => head + lowered(tail));
}

/** Known, or short and without a vowel, so that it can't be said as a word: `BBQ`, `TJ`; or of a script without capitals. */
function isKept(part: string): boolean {
  if (/\p{Lo}/u.test(part)) return true;
  return ACRONYMS.has(part) || (/^[B-DF-HJ-NP-TV-XZ]{2,4}$/.test(part) && !ABBREVIATIONS.has(part));
}

/** Letter by letter, since some small letters are several characters: those stay. */
function lowered(text: string): string {
  return text.replaceAll(/\p{Lu}/gu, (letter) => {
    const small = letter.toLowerCase();
    return small.length === letter.length ? small : letter;
  });
}

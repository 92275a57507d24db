/** Counts characters looked at and written, so that a test can show that work grows no faster than the input. */
export type Meter = { work: number };

/** Names of U+00A0 to U+00FF, in order. */
const LATIN_1 = `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr
  deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest
  Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml
  ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
  agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml
  eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`.split(/\s+/);

const NAMED: ReadonlyMap<string, string> = new Map([
  ...LATIN_1.map((name, index) => [name, String.fromCharCode(0xa0 + index)] as const),
  ...Object.entries({
    ...{ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", dollar: "$", comma: ",", period: ".", num: "#" },
    ...{ OElig: "Œ", oelig: "œ", Scaron: "Š", scaron: "š", Zcaron: "Ž", zcaron: "ž", Yuml: "Ÿ" },
    ...{ ndash: "–", mdash: "—", minus: "−", lsquo: "‘", rsquo: "’", sbquo: "‚", ldquo: "“", rdquo: "”", bdquo: "„" },
    ...{ lsaquo: "‹", rsaquo: "›", bull: "•", hellip: "…", dagger: "†", Dagger: "‡", permil: "‰", trade: "™" },
    ...{ euro: "€", ensp: "\u2002", emsp: "\u2003", numsp: "\u2007", thinsp: "\u2009" },
    ...{ zwnj: "\u200c", zwj: "\u200d", lrm: "\u200e", rlm: "\u200f" },
  }),
]);

/** Browsers read the numbers 128 to 159 as this code page, and mails rely on it (`&#146;` for an apostrophe). */
const windows1252 = new TextDecoder("windows-1252");

/**
 * Replaces character references: the common names, decimal and hexadecimal numbers. What is unknown or lacks its
 * semicolon stays as written. Nothing is decoded twice. Linear in the length of the text.
 */
export function decodeEntities(text: string, meter: Meter): string {
  meter.work += text.length;
  let decoded = "";
  let copied = 0;
  let start = text.indexOf("&");
  while (start !== -1) {
    const end = endOfEntity(text, start + 1);
    meter.work += end - start;
    const character = text[end] === ";" ? characterFor(text.slice(start + 1, end)) : undefined;
    if (character !== undefined) {
      decoded += text.slice(copied, start) + character;
      copied = end + 1;
    }
    start = text.indexOf("&", end);
  }
  return copied === 0 ? text : decoded + text.slice(copied);
}

function endOfEntity(text: string, start: number): number {
  let end = start;
  while (isEntityCharacter(text.charCodeAt(end))) end++;
  return end;
}

/** A digit, an ASCII letter or `#`; false for the NaN that stands behind the end of a text. */
function isEntityCharacter(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 35;
}

function characterFor(entity: string): string | undefined {
  const number = /^#(?:(\d+)|[xX]([\da-fA-F]+))$/.exec(entity);
  if (number === null) return NAMED.get(entity);
  const code = number[1] === undefined ? Number.parseInt(number[2] ?? "", 16) : Number.parseInt(number[1], 10);
  if (code >= 0x80 && code <= 0x9f) return windows1252.decode(Uint8Array.of(code));
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : "\ufffd";
}

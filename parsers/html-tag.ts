import type { Meter } from "./entities.ts";

/** A start or end tag, as far as lines of text and links depend on it. */
export type HtmlTag = {
  /** Lower case. */
  readonly name: string;
  readonly isEnd: boolean;
  /** Its style attribute says `display: none` or `visibility: hidden`, or it has the attribute `hidden`. */
  readonly isHidden: boolean;
  /** What it holds stands higher or lower than the rest of its line, as the cents of a price do. */
  readonly isRaised: boolean;
  /** The value of its first href attribute as written, with its entities; null when it has none. */
  readonly href: string | null;
  /** Where the text behind the tag begins; the length of the source when the tag is never closed. */
  readonly end: number;
};

const GREATER = ">".charCodeAt(0);
const EQUALS = "=".charCodeAt(0);

/** An attribute that matters here, at the end of what stands before its equals sign. */
const ATTRIBUTE = /[\s"'/](style|href)\s?$/i;

/** The attribute that needs no value, in what stands between the values of others. */
const HIDDEN = /[\s"'/]hidden\s*\/?$|[\s"'/]hidden[\s/]/i;
const HIDING = ["display:none", "visibility:hidden"];
const RAISING = /vertical-align:(?:super|sub|top|text-top)/;

/**
 * Reads the tag whose name begins at `nameStart`. A `>` inside a quoted value does not end it, and what is never closed
 * reaches to the end of the source, both as in browsers. Looks at every character of the tag once.
 */
export function readHtmlTag(source: string, nameStart: number, isEnd: boolean, meter: Meter): HtmlTag {
  let at = endOfName(source, nameStart);
  const name = source.slice(nameStart, at).toLowerCase();
  let isHidden = false;
  let isRaised = name === "sup" || name === "sub";
  let href: string | null = null;
  let valueEnd = at;
  while (at < source.length && source.charCodeAt(at) !== GREATER) {
    if (source.charCodeAt(at) !== EQUALS) {
      at++;
      continue;
    }
    const attribute = ATTRIBUTE.exec(source.slice(Math.max(nameStart, at - 7), at))?.[1]?.toLowerCase();
    const value = readValue(source, at + 1);
    isHidden ||= HIDDEN.test(source.slice(valueEnd, at));
    if (attribute === "style") {
      const style = value.text.toLowerCase().replace(/\s/g, "");
      isHidden ||= HIDING.some((hiding) => style.includes(hiding));
      isRaised ||= RAISING.test(style);
    }
    if (attribute === "href") href ??= value.text;
    at = value.end;
    // The quote that ends a value may stand right in front of the next attribute.
    valueEnd = at - 1;
  }
  isHidden ||= HIDDEN.test(source.slice(valueEnd, at));
  const end = Math.min(at + 1, source.length);
  meter.work += end - nameStart;
  return { name, isEnd, isHidden, isRaised, href, end };
}

function endOfName(source: string, start: number): number {
  let end = start;
  while (end < source.length && !" \t\r\n\f/>".includes(source.charAt(end))) end++;
  return end;
}

/** An attribute's value, in quotes or up to the next white space. */
function readValue(source: string, start: number): { text: string; end: number } {
  let at = start;
  while (at < source.length && " \t\r\n\f".includes(source.charAt(at))) at++;
  const quote = source.charAt(at);
  if (quote !== '"' && quote !== "'") {
    const end = endOfBareValue(source, at);
    return { text: source.slice(at, end), end };
  }
  const close = source.indexOf(quote, at + 1);
  if (close === -1) return { text: "", end: source.length };
  return { text: source.slice(at + 1, close), end: close + 1 };
}

function endOfBareValue(source: string, start: number): number {
  let end = start;
  while (end < source.length && !" \t\r\n\f>".includes(source.charAt(end))) end++;
  return end;
}

import type { Meter } from "./entities.ts";
import { readHtmlTag, type HtmlTag } from "./html-tag.ts";

/** What is told of the parts of an HTML source, in their order. */
export type HtmlVisitor = {
  /** Text between tags, its entities as written. */
  readonly text: (source: string) => void;
  readonly tag: (tag: HtmlTag) => void;
};

/** Elements whose content is no text of the mail, and in which only their own end tag counts. */
const RAW_ELEMENTS: ReadonlySet<string> = new Set([
  "style",
  "script",
  "title",
  "textarea",
  "xmp",
  "iframe",
  "noframes",
]);

/**
 * Tells the visitor of every piece of text and every tag, as browsers would find them: comments, declarations and the
 * content of raw elements (`<style>` and the like) are passed over. One pass, whatever the input; what is looked at is
 * counted in `meter`.
 */
export function walkHtml(source: string, visitor: HtmlVisitor, meter: Meter): void {
  let at = 0;
  while (at < source.length) {
    const open = nextMarkup(source, at);
    visitor.text(source.slice(at, open));
    at = open === source.length ? open : readMarkup(source, open, visitor, meter);
  }
}

/** The place of the next `<` that is no text but begins a tag, a comment or a declaration; the end when there is none. */
function nextMarkup(source: string, from: number): number {
  const found = source.slice(from).search(/<[a-z!?/]/i);
  return found === -1 ? source.length : from + found;
}

/** Handles the markup at `open`; returns where text goes on. */
function readMarkup(source: string, open: number, visitor: HtmlVisitor, meter: Meter): number {
  const next = source.charAt(open + 1);
  if (next === "!" || next === "?") return endOfDeclaration(source, open, meter);
  const isEnd = next === "/";
  const nameStart = isEnd ? open + 2 : open + 1;
  if (isEnd && !/[a-z]/i.test(source.charAt(nameStart))) return endOfDeclaration(source, open, meter);
  const tag = readHtmlTag(source, nameStart, isEnd, meter);
  visitor.tag(tag);
  return !isEnd && RAW_ELEMENTS.has(tag.name) ? endOfRawText(source, tag, meter) : tag.end;
}

/** The end of a comment, or of what browsers treat as one: a doctype, `<![endif]>`, `<?xml?>`, `</>`. */
function endOfDeclaration(source: string, open: number, meter: Meter): number {
  const isComment = source.startsWith("<!--", open);
  // `<!-->` is a whole comment: its closing dashes are its opening ones.
  const close = isComment ? source.indexOf("-->", open + 2) : source.indexOf(">", open);
  const end = close === -1 ? source.length : close + (isComment ? 3 : 1);
  meter.work += end - open;
  return end;
}

function endOfRawText(source: string, tag: HtmlTag, meter: Meter): number {
  let at = tag.end;
  while (at < source.length) {
    const close = source.indexOf("</", at);
    const nameEnd = close + 2 + tag.name.length;
    meter.work += (close === -1 ? source.length : nameEnd) - at;
    if (close === -1) break;
    if (source.slice(close + 2, nameEnd).toLowerCase() === tag.name) return close;
    at = close + 2;
  }
  return source.length;
}

import { decodeEntities, type Meter } from "./entities.ts";
import type { HtmlTag } from "./html-tag.ts";
import { walkHtml } from "./walk-html.ts";

/**
 * How much of a body is read. Alerts have some ten kilobytes; a body of thirty megabytes is an attempt to keep the
 * interpreter busy while other people's mails wait.
 */
export const MAX_CHARACTERS_READ = 1024 * 1024;

/** Elements that stand on lines of their own, and table cells. Everything else, unknown elements too, runs on. */
const LINE_ELEMENTS: ReadonlySet<string> = new Set(
  `address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure footer
  form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol option p pre section summary table tbody
  td tfoot th thead tr ul`.split(/\s+/),
);

/** Elements that may be dropped when hidden: where they end can be told, a paragraph at the next element with a line of its own. */
const HIDEABLE_ELEMENTS: ReadonlySet<string> = new Set(["div", "span", "p"]);

/** Padding that mails put behind their preview text, soft hyphens, and marks without width. */
const INVISIBLE = /[\u034f\u2007\p{Cf}]/gu;

/** White space, the non-breaking kinds too, and control characters, which databases and terminals stumble over. */
const SPACES = /[\s\p{Cc}]+/gu;

/**
 * The text of an HTML mail in reading order, a line per block, table cell or `<br>`: entities decoded, white space
 * folded, none empty. Leaves out styles, scripts, titles, comments, invisible padding and hidden preview texts. Digits at
 * different heights, `$19` and its cents in superscript, have a `^` between them.
 *
 * Looks at the first `MAX_CHARACTERS_READ` characters in one pass: `work` counts characters looked at and written, and
 * stays below a constant times the length, whatever the input. That is why it is no HTML library: each one tried needs
 * seconds to minutes for a megabyte of tags nested deep enough.
 */
export function htmlToLines(html: string): { lines: string[]; work: number } {
  const source = html.slice(0, MAX_CHARACTERS_READ);
  const meter: Meter = { work: 0 };
  const page = newPage(meter);
  walkHtml(source, page, meter);
  // A line that the cut went through may have lost the end of an amount.
  if (html.length === source.length) page.endLine();
  return { lines: page.lines, work: meter.work };
}

/** What a line begins with that is no text but a tag: lines themselves hold no control characters. */
export const TAG_MARK = "\0";

/**
 * As `htmlToLines`, with the tags that make lines between them where they stand: each an entry of its own, `TAG_MARK` and
 * the tag without its attributes.
 */
export function htmlToLinesAndTags(html: string): string[] {
  const meter: Meter = { work: 0 };
  const page = newPage(meter, true);
  walkHtml(html.slice(0, MAX_CHARACTERS_READ), page, meter);
  if (html.length <= MAX_CHARACTERS_READ) page.endLine();
  return page.lines;
}

/** The lines of a plain text, white space folded, none empty; as much of it as of HTML. */
export function textToLines(text: string): string[] {
  return textToAllLines(text).filter((line) => line !== "");
}

/** As `textToLines`, with the lines that are empty. */
export function textToAllLines(text: string): string[] {
  const lines = text.slice(0, MAX_CHARACTERS_READ).split(/\r\n|\r|\n/);
  if (text.length > MAX_CHARACTERS_READ) lines.pop();
  return lines.map(fold);
}

/** Collects text into lines, and takes back what turns out to stand in a hidden element. */
function newPage(meter: Meter, keepsTags = false) {
  const lines: string[] = [];
  let line = "";
  let isOtherHeight = false;
  let hidden: { readonly name: string; depth: number; readonly lineCount: number; readonly line: string } | null = null;

  function endLine(): void {
    if (line === "") return;
    meter.work += line.length;
    const folded = fold(line);
    if (folded !== "") lines.push(folded);
    line = "";
  }
  function text(source: string): void {
    if (source === "") return;
    const decoded = decodeEntities(source, meter);
    const isInNumber = isOtherHeight && /\p{Nd}$/u.test(line.slice(-2)) && /^\p{Nd}/u.test(decoded);
    line += isInNumber ? `^${decoded}` : decoded;
    isOtherHeight = false;
  }
  function tag({ name, isEnd, isHidden, isRaised }: HtmlTag): void {
    isOtherHeight ||= isRaised;
    if (LINE_ELEMENTS.has(name)) {
      endLine();
      if (keepsTags) lines.push(`${TAG_MARK}<${isEnd ? "/" : ""}${name}>`);
    }
    if (hidden !== null) drop(name, isEnd);
    const hides = name === "head" || (isHidden && HIDEABLE_ELEMENTS.has(name));
    if (hidden === null && hides && !isEnd) hidden = { name, depth: 1, lineCount: lines.length, line };
  }
  /** Takes the hidden element back where that tag ends it. */
  function drop(name: string, isEnd: boolean): void {
    if (hidden === null) return;
    if (name === hidden.name) hidden.depth += isEnd ? -1 : 1;
    const isEndOfHead = hidden.name === "head" && name === "body";
    const isEndOfParagraph = hidden.name === "p" && LINE_ELEMENTS.has(name) && name !== "br";
    if (hidden.depth > 0 && !isEndOfHead && !isEndOfParagraph) return;
    // Dropped only now: what is never closed stays, so that a forgotten end tag does not swallow the mail.
    lines.length = hidden.lineCount;
    line = hidden.line;
    hidden = null;
  }
  return { lines, text, tag, endLine };
}

function fold(line: string): string {
  return line.replace(INVISIBLE, "").replace(SPACES, " ").trim();
}

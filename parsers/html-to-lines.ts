import { decodeEntities, type Meter } from "./entities.ts";
import { readHtmlTag, type HtmlTag } from "./html-tag.ts";

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

/** Elements that may be dropped when styled `display: none`: their end tags are obligatory, so nesting can be counted. */
const HIDEABLE_ELEMENTS: ReadonlySet<string> = new Set(["div", "span"]);

/** Padding that mails put behind their preview text, soft hyphens, and marks without width. */
const INVISIBLE = /[\u034f\u2007\p{Cf}]/gu;

/** White space, the non-breaking kinds too, and control characters, which databases and terminals stumble over. */
const SPACES = /[\s\p{Cc}]+/gu;

/**
 * The text of an HTML mail in reading order, a line per block, table cell or `<br>`: entities decoded, white space
 * folded, none empty. Leaves out styles, scripts, titles, comments, invisible padding and hidden preview texts.
 *
 * Looks at the first `MAX_CHARACTERS_READ` characters in one pass: `work` counts characters looked at and written, and
 * stays below a constant times the length, whatever the input. That is why it is no HTML library: each one tried needs
 * seconds to minutes for a megabyte of tags nested deep enough.
 */
export function htmlToLines(html: string): { lines: string[]; work: number } {
  const source = html.slice(0, MAX_CHARACTERS_READ);
  const meter: Meter = { work: 0 };
  const page = newPage(meter);
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf("<", at);
    const end = open === -1 ? source.length : open;
    page.text(source.slice(at, end));
    at = open === -1 ? end : readMarkup(source, open, page, meter);
  }
  // A line that the cut went through may have lost the end of an amount.
  if (html.length === source.length) page.endLine();
  return { lines: page.lines, work: meter.work };
}

/** The lines of a plain text, white space folded, none empty; as much of it as of HTML. */
export function textToLines(text: string): string[] {
  const lines = text.slice(0, MAX_CHARACTERS_READ).split(/\r\n|\r|\n/);
  if (text.length > MAX_CHARACTERS_READ) lines.pop();
  return lines.map(fold).filter((line) => line !== "");
}

type Page = ReturnType<typeof newPage>;

/** Collects text into lines, and takes back what turns out to stand in a hidden element. */
function newPage(meter: Meter) {
  const lines: string[] = [];
  let line = "";
  let hidden: { readonly name: string; depth: number; readonly lineCount: number; readonly line: string } | null = null;

  function endLine(): void {
    if (line === "") return;
    meter.work += line.length;
    const folded = fold(line);
    if (folded !== "") lines.push(folded);
    line = "";
  }
  function text(source: string): void {
    if (source !== "") line += decodeEntities(source, meter);
  }
  function tag({ name, isEnd, isHidden }: HtmlTag): void {
    if (LINE_ELEMENTS.has(name)) endLine();
    if (hidden === null) {
      const hides = name === "head" || (isHidden && HIDEABLE_ELEMENTS.has(name));
      if (hides && !isEnd) hidden = { name, depth: 1, lineCount: lines.length, line };
      return;
    }
    if (name === hidden.name) hidden.depth += isEnd ? -1 : 1;
    if (hidden.depth > 0 && !(hidden.name === "head" && name === "body")) return;
    // Dropped only now: what is never closed stays, so that a forgotten end tag does not swallow the mail.
    lines.length = hidden.lineCount;
    line = hidden.line;
    hidden = null;
  }
  return { lines, text, tag, endLine };
}

/** Handles the markup at `open`, the place of a `<`; returns where text goes on. */
function readMarkup(source: string, open: number, page: Page, meter: Meter): number {
  const next = source.charAt(open + 1);
  if (next === "!" || next === "?") return endOfDeclaration(source, open, meter);
  const isEnd = next === "/";
  const nameStart = isEnd ? open + 2 : open + 1;
  if (!/[a-z]/i.test(source.charAt(nameStart))) {
    if (isEnd) return endOfDeclaration(source, open, meter);
    page.text("<");
    return open + 1;
  }
  const tag = readHtmlTag(source, nameStart, isEnd, meter);
  page.tag(tag);
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

function fold(line: string): string {
  return line.replace(INVISIBLE, "").replace(SPACES, " ").trim();
}

import { TAG_MARK } from "./html-to-lines.ts";

/** The tags that show how a mail is laid out; of all others it is enough that a line ends there. */
const KEPT: ReadonlySet<string> = new Set(
  "table tr td th p div ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote br".split(" "),
);
/** Those that begin on a line of their own, for whoever reads the sample. */
const ON_ITS_OWN = /^<(?:table|tr|p|div|ul|ol|li|dl|dt|dd|h\d|blockquote)>$/;
const BREAK = "<br>";

/**
 * Writes lines and tags, as `htmlToLinesAndTags` has them, as html that has the same lines. Elements without any text are
 * left out.
 */
export function writeRedactedHtml(entries: readonly string[]): string {
  const parts: string[] = [];
  for (const entry of entries) {
    if (entry.startsWith(TAG_MARK)) addTag(parts, keptTag(entry.slice(TAG_MARK.length)));
    else if (entry !== "") parts.push(escaped(entry));
  }
  if (parts.at(-1) === BREAK) parts.pop();
  const written = parts.map((part, at) => (at > 0 && ON_ITS_OWN.test(part) ? `\n${part}` : part)).join("");
  return written.startsWith("<") ? written : `<p>${written}`;
}

function keptTag(tag: string): string {
  const name = tag.replaceAll(/[</>]/g, "");
  return KEPT.has(name) && name !== "br" ? tag : BREAK;
}

function addTag(parts: string[], tag: string): void {
  const last = parts.at(-1) ?? "<";
  if (tag === BREAK) {
    if (!last.startsWith("<")) parts.push(BREAK);
    return;
  }
  if (last === BREAK) parts.pop();
  if (tag !== last.replace("<", "</")) {
    parts.push(tag);
    return;
  }
  // It was empty, but what stands around it is still apart.
  parts.pop();
  addTag(parts, BREAK);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

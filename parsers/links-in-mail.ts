import { decodeEntities, type Meter } from "./entities.ts";
import type { HtmlTag } from "./html-tag.ts";
import { MAX_CHARACTERS_READ, textToLines } from "./html-to-lines.ts";
import { walkHtml } from "./walk-html.ts";

/** A confirmation mail has two or three; a page that lists hundreds helps nobody. */
const MAX_LINKS = 10;
/** What browsers and mail programs still open; longer ones only fill the page. */
const MAX_LENGTH = 2_000;

/** What ends a sentence or a quotation around an address; parentheses are looked at apart. */
const CLOSING_MARKS = ".,:;!?'\"]}*";

/**
 * The addresses that a person could click in a mail, each once: where the html's links lead, then those written out in
 * the text. Encrypted ones first, at most `MAX_LINKS`, as a browser would open them (`URL.href`).
 *
 * Leaves out every scheme but http and https, addresses of more than `MAX_LENGTH` characters, and those with a user name
 * in front of the host, which serves to make one host look like another. Linear in the length of the mail.
 */
export function linksInMail(html: string, text: string): string[] {
  const links = { "https:": new Set<string>(), "http:": new Set<string>() };
  function add(written: string): void {
    const url = URL.parse(written);
    if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return;
    const isTooMuch = url.href.length > MAX_LENGTH || links[url.protocol].size >= MAX_LINKS;
    if (url.username === "" && url.password === "" && !isTooMuch) links[url.protocol].add(url.href);
  }
  for (const href of hrefsIn(html)) add(href);
  for (const line of textToLines(text)) for (const word of line.split(/[\s<>"]/)) add(addressIn(word));
  return [...links["https:"], ...links["http:"]].slice(0, MAX_LINKS);
}

function hrefsIn(html: string): string[] {
  const meter: Meter = { work: 0 };
  const hrefs: string[] = [];
  const tag = ({ name, isEnd, isHidden, href }: HtmlTag): void => {
    if (name === "a" && !isEnd && !isHidden && href !== null) hrefs.push(decodeEntities(href, meter));
  };
  walkHtml(html.slice(0, MAX_CHARACTERS_READ), { text: () => {}, tag }, meter);
  return hrefs;
}

/** The address in a word of a text, without the marks of the sentence around it; no address when the word has none. */
function addressIn(word: string): string {
  const start = word.search(/https?:\/\//i);
  if (start === -1) return "";
  // A parenthesis that the address opened itself belongs to it.
  const marks = word.includes("(", start) ? CLOSING_MARKS : `${CLOSING_MARKS})`;
  let end = word.length;
  while (marks.includes(word.charAt(end - 1))) end--;
  return word.slice(start, end);
}

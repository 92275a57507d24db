import { html } from "./html.ts";
import type { Html } from "./html.ts";
import { count } from "./say-when.ts";

/** A mail as a person is shown it. */
export type MailView = {
  /** As written: "Chase <no.reply.alerts@chase.com>" or the bare address. */
  readonly from: string;
  readonly subject: string;
  /** The mail's own date, in the account's zone. */
  readonly date: Temporal.ZonedDateTime;
  /** The words of its body in reading order. */
  readonly lines: readonly string[];
  /** The words that were read out of it, as they stand there; empty when none were. */
  readonly words: readonly string[];
};

// A body may be a megabyte of junk; a page that lists such mails must still open on a phone.
const MOST_LINES = 200;
const MOST_CHARACTERS = 20_000;

/** The body of a mail, one paragraph per line, with the words that were read marked. What is too long is cut, and says so. */
export function mailText({ lines, words }: Pick<MailView, "lines" | "words">): Html {
  const shown = cut(lines);
  const left = lines.length - shown.length;
  if (lines.length === 0) return html`<p class="soft">This mail has no text.</p>`;
  return html`<div class="mail">
    ${shown.map((line) => html`<p>${markWords(line, words)}</p>`)}${
      left > 0 && html`<p class="soft">And ${count(left, "more line")}.</p>`
    }
  </div>`;
}

/** The line with every occurrence of the words in `<mark>`. A number inside a longer number, or a word inside a longer word, is not one. */
export function markWords(line: string, words: readonly string[]): Html {
  const wanted = words.filter((word) => word.trim() !== "").toSorted((a, b) => b.length - a.length);
  if (wanted.length === 0) return html`${line}`;
  const pattern = new RegExp(`(${wanted.map(whole).join("|")})`, "u");
  return html`${line.split(pattern).map((part, index) => (index % 2 === 1 ? html`<mark>${part}</mark>` : part))}`;
}

function whole(word: string): string {
  const before = /^\p{N}/u.test(word) ? "(?<![\\p{N}.,])" : /^\p{L}/u.test(word) ? "(?<!\\p{L})" : "";
  const after = /\p{N}$/u.test(word) ? "(?![.,]?\\p{N})" : /\p{L}$/u.test(word) ? "(?!\\p{L})" : "";
  return before + RegExp.escape(word) + after;
}

function cut(lines: readonly string[]): readonly string[] {
  let left = MOST_CHARACTERS;
  const end = lines.slice(0, MOST_LINES).findIndex((line) => (left -= line.length) < 0);
  return lines.slice(0, end === -1 ? MOST_LINES : Math.max(1, end)).map((line) => line.slice(0, MOST_CHARACTERS));
}

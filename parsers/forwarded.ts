import { forwardedDate, offsetIn } from "./forwarded-date.ts";
import { onlyAddress } from "./forwarded-header.ts";
import { unwrapLines, type UnwrappedLines } from "./forwarded-lines.ts";
import { withoutForwardPrefix } from "./forwarded-words.ts";
import { htmlToLines, textToAllLines } from "./html-to-lines.ts";
import type { Mail } from "./parser.ts";
import { parserFor } from "./registry.ts";
import { withoutMarks } from "./without-marks.ts";

/** A mail that a person forwarded by hand. */
export type Forwarded = {
  /**
   * The innermost mail, as far as the forward tells: without headers, its date as `forwardedDate` gives it, its text and
   * html with a line for each that the forward has, one table cell each in the html.
   */
  readonly mail: Mail;
  /** How many times it was forwarded. Only the outermost forwarder is the sender of the mail that came. */
  readonly layers: number;
  /** The only address that it was sent to, lower case; null when the forward names none, or several. */
  readonly originalTo: string | null;
};

/**
 * Takes the mail out of what a person forwarded by hand; null for every other mail: replies, mails that mention a forward,
 * and everything that an institution sent itself. Whether the forwarder tells the truth is not asked here.
 *
 * Knows Gmail, Outlook, Apple Mail, Proton, Yahoo and Thunderbird in English, Spanish, Portuguese, French and German.
 * Never throws. Takes time in proportion to the mail's length, whatever it says.
 */
export function unwrapForward(mail: Mail): Forwarded | null {
  // Some let strangers write into their alerts: the memo of a transfer could hold a whole forward.
  if (parserFor(mail.from) !== null) return null;
  const meter = { work: 0 };
  const html = unwrapLines(htmlToLines(mail.html).lines, mail.subject, false, meter);
  const text = unwrapLines(textToAllLines(mail.text), mail.subject, true, meter);
  const seen = html ?? text;
  return seen === null ? null : forwarded(mail, seen, html, text);
}

/**
 * The Message-ID of the mail that was forwarded, with its brackets, as Gmail and Outlook name it: the last id in the
 * References header, or else the one in In-Reply-To; null when there is neither.
 */
export function originalMessageId(
  headers: readonly { readonly Name: string; readonly Value: string }[],
): string | null {
  const ids = ["references", "in-reply-to"].map((wanted) => {
    const value = headers.find(({ Name }) => Name.toLowerCase() === wanted)?.Value ?? "";
    return value.match(/<[^<>\s]+>/g)?.at(-1);
  });
  return ids.find((id) => id !== undefined) ?? null;
}

/** People saw the html: the text counts where it tells of the same mail. */
function forwarded(
  outer: Mail,
  seen: UnwrappedLines,
  html: UnwrappedLines | null,
  text: UnwrappedLines | null,
): Forwarded {
  const same = text?.header.from === seen.header.from && text.layers === seen.layers ? text : null;
  const words = (same?.lines ?? []).map(withoutMarks).filter((line) => line !== "");
  const offset = offsetIn(outer.date);
  const dates = [seen, same].map((layer) => forwardedDate(layer?.header.date ?? "", offset));
  const mail = {
    from: seen.header.from,
    fromName: seen.header.fromName,
    subject: withoutForwardPrefix(withoutMarks(seen.subject)),
    date: dates.find((date) => date !== "") ?? "",
    receivedAt: outer.receivedAt,
    text: words.join("\n"),
    html: (html?.lines ?? []).map(asParagraph).join("\n"),
    headers: [],
  };
  return { mail, layers: seen.layers, originalTo: onlyAddress(seen.header.to ?? "") };
}

function asParagraph(line: string): string {
  return `<p>${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}`;
}

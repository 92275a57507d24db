import { isConfirmationLink } from "./confirmation-link.ts";
import { textToLines } from "./html-to-lines.ts";
import type { Mail } from "./parser.ts";

/** What Gmail's mail about a new forwarding address says. */
export type GmailConfirmation = {
  /** The digits to type in Gmail's settings; the mail does not always have them. */
  readonly code: string | null;
  /** Confirms when opened and agreed to; one that `isConfirmationLink` knows. */
  readonly link: string | null;
  /** Bare address of the mailbox that wants to forward, lower case; null when the mail leaves it in doubt. */
  readonly requester: string | null;
};

/** Who asks to confirm forwarding, and nobody else does. */
export const GMAIL_CONFIRMATION_SENDER = "forwarding-noreply@google.com";

/**
 * Reads Gmail's forwarding confirmation in any language; null for every other mail. Whether the mail is genuine is not
 * asked here.
 *
 * The link is null unless exactly one leads to a confirmation (`vf-`) at Google itself: never the one that cancels
 * (`uf-`), and none at all when a second one disagrees.
 */
export function readGmailConfirmation(mail: Mail): GmailConfirmation | null {
  if (mail.from !== GMAIL_CONFIRMATION_SENDER) return null;
  const lines = textToLines(`${mail.text}\n${mail.html}`);
  const link = confirmationLink(lines);
  const hasHeader = mail.headers.some(({ name }) => name.toLowerCase() === "x-google-address-confirmation");
  if (!hasHeader && link === null) return null;
  return { code: confirmationCode(mail.subject, lines), link, requester: requesterIn(mail.subject, lines) };
}

/** `(#123456789)` in the subject, or a line of the body that ends in `: 123456789`. */
function confirmationCode(subject: string, lines: readonly string[]): string | null {
  const inSubject = /\(#(\d{6,12})\)/.exec(subject)?.[1];
  return (
    inSubject ?? lines.map((line) => /[:：] ?(\d{6,12})$/.exec(line)?.[1]).find((code) => code !== undefined) ?? null
  );
}

function confirmationLink(lines: readonly string[]): string | null {
  const words = lines.flatMap((line) => line.split(/[\s<>"']/)).filter((word) => word.includes("/vf-"));
  const links = new Set(words.map(asConfirmation));
  const [link = null] = links;
  return links.size === 1 ? link : null;
}

/** The address as a browser would open it, when it leads to a confirmation at Google and nowhere else. */
function asConfirmation(word: string): string | null {
  const href = URL.parse(word)?.href ?? "";
  return isConfirmationLink(href) ? href : null;
}

/**
 * In every language the subject names the mailbox that asks, if it names any. The body names both sides: ours has a
 * plus, which no mailbox of Google's own has. Whatever else looks like an address beside it leaves it in doubt.
 */
function requesterIn(subject: string, lines: readonly string[]): string | null {
  const named = addressesIn(textToLines(subject));
  const asking = named.length > 0 ? named : addressesIn(lines).filter((address) => !address.includes("+"));
  const [address = null] = asking;
  return asking.length === 1 ? address : null;
}

/** Only whole words: a piece cut out of a stranger's odd address could be somebody else's. */
function addressesIn(lines: readonly string[]): string[] {
  const words = lines.flatMap((line) => line.split(" "));
  const addresses = words.filter((word) => /^[\w.+%-]+@[\w-]+(?:\.[\w-]+)+$/.test(word));
  return [...new Set(addresses.map((address) => address.toLowerCase()))];
}

import { textToLines } from "./html-to-lines.ts";
import type { Mail } from "./parser.ts";

/** What Gmail's mail about a new forwarding address says. */
export type GmailConfirmation = {
  /** The digits to type in Gmail's settings; the mail does not always have them. */
  readonly code: string | null;
  /** Confirms when opened and agreed to. */
  readonly link: string | null;
  /** Bare address of the mailbox that wants to forward, lower case. */
  readonly requester: string | null;
};

const LINK_HOSTS: ReadonlySet<string> = new Set(["mail-settings.google.com", "mail.google.com"]);

/**
 * Reads Gmail's forwarding confirmation in any language; null for every other mail. Whether the mail is genuine is not
 * asked here.
 *
 * The link is null unless exactly one leads to a confirmation (`vf-`) at Google itself: never the one that cancels
 * (`uf-`), and none at all when a second one disagrees.
 */
export function readGmailConfirmation(mail: Mail): GmailConfirmation | null {
  if (mail.from !== "forwarding-noreply@google.com") return null;
  const lines = textToLines(`${mail.text}\n${mail.html}`);
  const link = confirmationLink(lines);
  const hasHeader = mail.headers.some(({ name }) => name.toLowerCase() === "x-google-address-confirmation");
  if (!hasHeader && link === null) return null;
  return { code: confirmationCode(mail.subject, lines), link, requester: requesterIn(mail.subject) };
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
  const url = URL.parse(word);
  if (url === null || url.protocol !== "https:" || !LINK_HOSTS.has(url.hostname)) return null;
  if (url.port !== "" || url.username !== "" || url.password !== "") return null;
  return url.pathname.startsWith("/mail/vf-") ? url.href : null;
}

/** The one address in the subject: in every language it names who asks, while the body names both sides. */
function requesterIn(subject: string): string | null {
  const words = subject.toLowerCase().split(/\s+/);
  const addresses = words.filter((word) => /^[\w.+%-]+@[\w-]+(?:\.[\w-]+)+$/.test(word));
  const [address = null] = addresses;
  return addresses.length === 1 ? address : null;
}

import { hash } from "node:crypto";

import { isAutomatic } from "../access/automatic.ts";
import type { ResolveTxt } from "../access/dkim.ts";
import { untilItFails } from "../access/key-records.ts";
import { isAuthorSigned } from "../access/origin.ts";
import { routeOf } from "../access/recipient.ts";
import { unwrapForward } from "../parsers/forwarded.ts";
import { readGmailConfirmation } from "../parsers/gmail-confirmation.ts";
import { linksInMail } from "../parsers/links-in-mail.ts";
import type { Mail, MailEvent } from "../parsers/parser.ts";
import { parserFor } from "../parsers/registry.ts";
import { understand, whyNotThen, type Understood } from "../parsers/understand.ts";
import { beginningOf } from "./beginning-of.ts";
import { readInboundPayload, senderOf, toMail, type InboundPayload } from "./inbound-payload.ts";
import { bodyHash, messageIdsOf } from "./mail-identity.ts";
import { checkSender, hungMails, NOBODYS, type HungMail, type OriginCheck } from "./origin-check.ts";
import { withoutLinks } from "./own-letters.ts";
import { isPacked, packedNow, unpacked } from "./packing.ts";

/** One event with its time as plain values, fit to cross a thread and to be stored. */
export type ReadEvent = Omit<MailEvent, "occurred"> & {
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
};

/** What the generic parser makes of a mail, and the form of mail that an agreement to it holds for. */
export type Guess = {
  readonly event: ReadEvent;
  readonly shape: string;
  /** What of the event is not sure: then it is no more than a beginning for the person's own words. */
  readonly missing: readonly string[];
};

/** All that is known of a mail from its own bytes and from DNS, as plain values. */
export type ReadMail =
  | {
      readonly state: "read";
      /** What names it among its person's mails: its Message-ID, and what else stays the same when that is changed. */
      readonly messageIds: readonly string[];
      readonly bodySha256: string;
      readonly route: ReturnType<typeof routeOf>;
      readonly recipient: string;
      readonly check: OriginCheck;
      /** A machine sent it: whoever answers it may get an answer for ever. */
      readonly isAutomatic: boolean;
      /** Of the alert itself, also when a person forwarded it. */
      readonly sender: string;
      readonly subject: string;
      /** Milliseconds since 1970. */
      readonly date: number;
      readonly lines: readonly string[];
      /** What a person could click in it; only of senders that nobody knows. */
      readonly links: readonly string[];
      readonly institution: string | null;
      readonly outcome: Understood["outcome"];
      readonly reason: string;
      readonly events: readonly ReadEvent[];
      /** What is guessed of a mail that no parser understands; null when nothing is. */
      readonly guess: Guess | null;
      readonly confirmation: ReturnType<typeof readGmailConfirmation>;
      /** A letter of ours that came back. */
      readonly isOurs: boolean;
      /** The code of a sample alert of ours, or null. */
      readonly sampleCode: string | null;
      /** The originals that hang on it. */
      readonly hung: readonly HungMail[];
      /** How many more hang on it that are too many or too deep to be read. */
      readonly hungLeftOut: number;
      /**
       * What is to take the place of the kept body, compressed with zstd: the same body, or of a letter of ours what
       * is left without its links. Null when the kept one stays.
       */
      readonly replacement: Uint8Array | null;
      /** All that is kept of it should it turn out to be for nobody. Null for a mail at an alert address that works. */
      readonly beginning: Uint8Array | null;
    }
  /** Not JSON of our provider. */
  | { readonly state: "unreadable" }
  /** Reading was given up: it took too long or broke down. */
  | { readonly state: "gave_up"; readonly reason: string };

/** What reading needs beside the mail. */
export type Reading = {
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** The domain that mail arrives at. */
  readonly domain: string;
  readonly check: OriginCheck | null;
  /** Whether it came to an alert address that works. Of other mail less is kept. */
  readonly hasAccount: boolean;
  /** What its person usually pays in, ISO 4217; null when nobody knows. It settles what a bare `$` is in a guess. */
  readonly usualCurrency: string | null;
  /** Null where nobody is to be asked: then only the provider's word counts. */
  readonly resolveTxt: ResolveTxt | null;
};

// A hostile body of the largest size unpacks to no more than was sent; this stops a forged one in the database.
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
// Parsing that much JSON holds requests up for some ten milliseconds.
const MAX_GLANCE_BYTES = 2 * 1024 * 1024;
const NOTHING_HANGS = { hung: [], hungLeftOut: 0 };
const SAMPLE_CODE = /^Sample code: ([a-z2-7]{16})$/m;

/**
 * Reads a kept webhook body. Pure but for its cost, which is why it runs in a worker, and for what DNS says.
 *
 * @param kept the body as `packed` made it
 */
export async function readMail(kept: Uint8Array, reading: Reading): Promise<ReadMail> {
  const body = unpacked(kept, MAX_UNPACKED_BYTES);
  const payload = readInboundPayload(body);
  if (payload === null) return { state: "unreadable" };
  const read = await readPayload(payload, reading);
  return read.replacement !== null || isPacked(kept) ? read : { ...read, replacement: packedNow(body) };
}

/** As `readMail`, for a payload that is at hand. */
export async function readPayload(
  payload: InboundPayload,
  { receivedAt, domain, check: known, hasAccount, usualCurrency, resolveTxt: askDns }: Reading,
): Promise<Extract<ReadMail, { state: "read" }>> {
  // Shared by all that hangs on the mail: name servers that hang must not hold up the mails behind it.
  const resolveTxt = askDns && untilItFails(askDns);
  const at = Temporal.Instant.fromEpochMilliseconds(receivedAt);
  const outer = toMail(payload, at);
  const route = routeOf(payload, domain);
  // Nothing depends on who sent a mail for nobody, and strangers must not make us ask DNS.
  const isAsked = hasAccount || route.kind === "shared" || route.kind === "signup";
  const sent = known ?? (await checkSender(payload, { resolveTxt: isAsked ? resolveTxt : null, at, hasAccount }));
  const claimsOurs = outer.from.endsWith(`@${domain}`);
  // A bank's own alert is never looked into for another one, nor is a letter of ours.
  const forward = parserFor(outer.from) === null && !claimsOurs ? unwrapForward(outer) : null;
  const asForward = { ...sent, by: outer.from };
  // What the forwarder signed says nothing about who wrote the mail inside.
  const check = known ?? (forward === null ? { ...sent, forward: null } : { ...NOBODYS, forward: asForward });
  const mail = forward?.mail ?? outer;
  const understood = understand(mail, usualCurrency ?? undefined);
  // Anyone can write our address into a From line.
  const isOurs = claimsOurs && isAuthorSigned(sent);
  return {
    state: "read",
    messageIds: messageIdsOf(payload, check.signature, forward !== null),
    bodySha256: bodyHash(understood.body, payload),
    route,
    recipient: payload.OriginalRecipient,
    check,
    isAutomatic: isAutomatic(payload.Headers),
    ...outsideOf(mail),
    date: understood.date.epochMilliseconds,
    lines: understood.lines.map(withoutNul),
    links: understood.institution === null ? linksInMail(mail.html, mail.text) : [],
    institution: understood.institution,
    outcome: understood.outcome,
    reason: understood.reason,
    events: understood.events.map((event) => plainEvent(event, understood.date)),
    guess: guessOf(understood),
    confirmation: readGmailConfirmation(outer),
    isOurs,
    ...(known === null && hasAccount && !claimsOurs
      ? await hungMails(payload, asForward, { resolveTxt, at })
      : NOTHING_HANGS),
    // Whoever claims to be us may have copied one of our letters. While its signature is in doubt it is needed whole.
    replacement: claimsOurs && sent.signature.state !== "unchecked" ? withoutLinks(payload) : null,
    beginning: hasAccount ? null : beginningOf(payload),
    sampleCode: isOurs ? (SAMPLE_CODE.exec(mail.text)?.[1] ?? null) : null,
  };
}

/**
 * The outside of a kept mail that reading was given up on, so that its person knows which one it is. Cheap enough for
 * the event loop; empty strings for a body that is too large for that, or none of our provider's.
 */
export function readOutside(kept: Uint8Array): { readonly sender: string; readonly subject: string } {
  try {
    const payload = readInboundPayload(unpacked(kept, MAX_GLANCE_BYTES));
    if (payload !== null) return outsideOf({ from: senderOf(payload), subject: payload.Subject });
  } catch {
    // Beyond the limit: then it stays unnamed.
  }
  return { sender: "", subject: "" };
}

function outsideOf({ from, subject }: Pick<Mail, "from" | "subject">): { sender: string; subject: string } {
  return { sender: from.slice(0, 320), subject: withoutNul(subject).slice(0, 500) };
}

/** An event as plain values; what names no time happened when its mail was written. */
export function plainEvent({ occurred, merchant, ...event }: MailEvent, mailDate: Temporal.Instant): ReadEvent {
  const when = occurred ?? mailDate;
  const words = { ...event, merchant: withoutNul(merchant) };
  if (when instanceof Temporal.PlainDate) {
    const noon = when.toZonedDateTime({ timeZone: "UTC", plainTime: "12:00" });
    return { ...words, occurredAt: noon.epochMilliseconds, occurredOn: when.toString() };
  }
  return { ...words, occurredAt: when.epochMilliseconds, occurredOn: null };
}

/** The guess as plain values, if it can have happened about when the mail was written. */
function guessOf({ guess, date }: Understood): Guess | null {
  if (guess === null || whyNotThen(guess.event.occurred, date) !== null) return null;
  return { event: plainEvent(guess.event, date), shape: hash("sha256", guess.shape), missing: guess.missing };
}

/** SQLite reads text up to the first NUL only. */
function withoutNul(text: string): string {
  return text.replaceAll("\0", "");
}

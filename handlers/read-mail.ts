import { createHash, hash } from "node:crypto";

import { routeOf } from "../access/recipient.ts";
import { isAutomatic } from "../access/automatic.ts";
import { isAuthorAligned } from "../access/spam-tests.ts";
import { readGmailConfirmation } from "../parsers/gmail-confirmation.ts";
import type { MailEvent } from "../parsers/parser.ts";
import { understand, type Understood } from "../parsers/understand.ts";
import { withoutLinks } from "./own-letters.ts";
import { isPacked, packedNow, unpacked } from "./packing.ts";
import { headerOf, readInboundPayload, senderOf, toMail, type InboundPayload } from "./inbound-payload.ts";

/** One event with its time as plain values, fit to cross a thread and to be stored. */
export type ReadEvent = Omit<MailEvent, "occurred"> & {
  /** Milliseconds since 1970; for a date without a time of day, noon in UTC of `occurredOn`. */
  readonly occurredAt: number;
  readonly occurredOn: string | null;
};

/** All that is known of a mail from its own bytes, as plain values. */
export type ReadMail =
  | {
      readonly state: "read";
      readonly messageId: string;
      readonly bodySha256: string;
      readonly route: ReturnType<typeof routeOf>;
      readonly recipient: string;
      /** The provider's check says that the sender's own domain signed the mail. */
      readonly aligned: boolean;
      /** A machine sent it: whoever answers it may get an answer for ever. */
      readonly isAutomatic: boolean;
      readonly sender: string;
      readonly subject: string;
      /** Milliseconds since 1970. */
      readonly date: number;
      readonly lines: readonly string[];
      readonly institution: string | null;
      readonly outcome: Understood["outcome"];
      readonly reason: string;
      readonly events: readonly ReadEvent[];
      readonly confirmation: ReturnType<typeof readGmailConfirmation>;
      /** A letter of ours that came back, by its provider's word. */
      readonly isOurs: boolean;
      /** The code of a sample alert of ours, or null. */
      readonly sampleCode: string | null;
      /**
       * What is to take the place of the kept body, compressed with zstd: the same body, or of a letter of ours what
       * is left without its links. Null when the kept one stays.
       */
      readonly replacement: Uint8Array | null;
    }
  /** Not JSON of our provider. */
  | { readonly state: "unreadable" }
  /** Reading was given up: it took too long or broke down. */
  | { readonly state: "gave_up"; readonly reason: string };

// A hostile body of the largest size unpacks to no more than was sent; this stops a forged one in the database.
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
// Parsing that much JSON holds requests up for some ten milliseconds.
const MAX_GLANCE_BYTES = 2 * 1024 * 1024;
const SAMPLE_CODE = /^Sample code: ([a-z2-7]{16})$/m;

/**
 * Reads a kept webhook body. Pure but for its cost, which is why it runs in a worker.
 *
 * @param kept the body as `packed` made it
 * @param receivedAt milliseconds since 1970
 * @param domain the domain that mail arrives at
 */
export function readMail(kept: Uint8Array, receivedAt: number, domain: string): ReadMail {
  const body = unpacked(kept, MAX_UNPACKED_BYTES);
  const payload = readInboundPayload(body);
  if (payload === null) return { state: "unreadable" };
  const read = readPayload(payload, receivedAt, domain);
  return read.replacement !== null || isPacked(kept) ? read : { ...read, replacement: packedNow(body) };
}

/** As `readMail`, for a payload that is at hand. */
export function readPayload(
  payload: InboundPayload,
  receivedAt: number,
  domain: string,
): Extract<ReadMail, { state: "read" }> {
  const mail = toMail(payload, Temporal.Instant.fromEpochMilliseconds(receivedAt));
  const understood = understand(mail);
  const aligned = isAuthorAligned(payload.Headers);
  // Anyone can write our address into a From line.
  const isOurs = aligned && mail.from.endsWith(`@${domain}`);
  return {
    state: "read",
    messageId: headerOf(payload, "message-id") || standIn(payload),
    bodySha256: bodyHash(payload),
    route: routeOf(payload, domain),
    recipient: payload.OriginalRecipient,
    aligned,
    isAutomatic: isAutomatic(payload.Headers),
    ...outsideOf(payload),
    date: understood.date.epochMilliseconds,
    lines: understood.lines.map(withoutNul),
    institution: understood.institution,
    outcome: understood.outcome,
    reason: understood.reason,
    events: understood.events.map((event) => plainEvent(event, understood.date)),
    confirmation: readGmailConfirmation(mail),
    isOurs,
    replacement: isOurs ? withoutLinks(payload) : null,
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
    if (payload !== null) return outsideOf(payload);
  } catch {
    // Beyond the limit: then it stays unnamed.
  }
  return { sender: "", subject: "" };
}

function outsideOf(payload: InboundPayload): { sender: string; subject: string } {
  return { sender: senderOf(payload).slice(0, 320), subject: withoutNul(payload.Subject).slice(0, 500) };
}

/** For a mail without a Message-ID: what stays the same when it is delivered again. */
function standIn(payload: InboundPayload): string {
  return `none:${hash("sha256", JSON.stringify([senderOf(payload), payload.Date, payload.Subject]))}`;
}

/** The same mail by two routes has the same words, whatever the line ends on the way. */
function bodyHash({ HtmlBody, TextBody }: InboundPayload): string {
  const digest = createHash("sha256");
  for (const part of [HtmlBody, TextBody]) digest.update(part.replaceAll("\r\n", "\n").trim()).update("\0");
  return digest.digest("hex");
}

function plainEvent({ occurred, merchant, ...event }: MailEvent, mailDate: Temporal.Instant): ReadEvent {
  const when = occurred ?? mailDate;
  const words = { ...event, merchant: withoutNul(merchant) };
  if (when instanceof Temporal.PlainDate) {
    const noon = when.toZonedDateTime({ timeZone: "UTC", plainTime: "12:00" });
    return { ...words, occurredAt: noon.epochMilliseconds, occurredOn: when.toString() };
  }
  return { ...words, occurredAt: when.epochMilliseconds, occurredOn: null };
}

/** SQLite reads text up to the first NUL only. */
function withoutNul(text: string): string {
  return text.replaceAll("\0", "");
}

import * as v from "valibot";

import type { Mail } from "../parsers/parser.ts";

const header = v.object({ Name: v.string(), Value: v.string() });
const person = v.object({ Email: v.string(), Name: v.fallback(v.string(), "") });
const text = v.fallback(v.string(), "");
const attachment = v.object({ Name: text, Content: text, ContentType: text });

/**
 * What we need of Postmark's inbound JSON; everything else passes unread. `OriginalRecipient` is the envelope's
 * recipient, `Headers` lacks From, To, Subject and Date, the `Content` of an attachment is base64, `RawEmail` is empty
 * unless the server is set to send it.
 * Source: the `InboundWebhook` type of Postmark's own client.
 */
const inboundPayload = v.object({
  // It becomes a key: what no database and no address would give back as it was, is no id of Postmark's.
  MessageID: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)),
  From: text,
  FromFull: v.fallback(person, { Email: "", Name: "" }),
  To: text,
  OriginalRecipient: text,
  MailboxHash: text,
  Subject: text,
  Date: text,
  TextBody: text,
  HtmlBody: text,
  Headers: v.fallback(v.array(header), []),
  Attachments: v.fallback(v.array(attachment), []),
  RawEmail: text,
  /** Ours: it was made of what Postmark's archive keeps, of a mail that we had said 200 to or had not. */
  RecoveredWithoutRawMail: v.optional(v.fallback(v.union([v.boolean(), v.literal("never acknowledged")]), false)),
});

/** Postmark's inbound JSON, as far as it is read. */
export type InboundPayload = v.InferOutput<typeof inboundPayload>;

/**
 * Reads a webhook body (UTF-8 JSON) as Postmark's inbound payload; null when it is not one.
 * Never throws: what it does not understand is kept by the caller.
 */
export function readInboundPayload(body: Uint8Array): InboundPayload | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch {
    return null;
  }
  return asInboundPayload(value);
}

/** As `readInboundPayload`, for a body whose JSON was read already. */
export function asInboundPayload(value: unknown): InboundPayload | null {
  const result = v.safeParse(inboundPayload, value);
  return result.success ? result.output : null;
}

/** The parsers' view of an inbound payload. */
export function toMail(payload: InboundPayload, receivedAt: Temporal.Instant): Mail {
  return {
    from: senderOf(payload),
    fromName: payload.FromFull.Name,
    subject: payload.Subject,
    date: payload.Date,
    receivedAt,
    text: payload.TextBody,
    html: payload.HtmlBody,
    headers: payload.Headers.map(({ Name, Value }) => ({ name: Name, value: Value })),
  };
}

/** The bare address that the mail says it is from, in lower case. */
export function senderOf({ FromFull, From }: InboundPayload): string {
  // Some foreign letters turn into a plain k or i in lower case.
  return (FromFull.Email || From).trim().replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The first header of that name, or an empty string. Names are compared without case: senders spell them freely. */
export function headerOf(payload: InboundPayload, name: string): string {
  const wanted = name.toLowerCase();
  return payload.Headers.find((entry) => entry.Name.toLowerCase() === wanted)?.Value.trim() ?? "";
}

import * as v from "valibot";

import type { Mail } from "../parsers/parser.ts";

const header = v.object({ Name: v.string(), Value: v.string() });
const person = v.object({ Email: v.string(), Name: v.fallback(v.string(), "") });

/**
 * What we need of Postmark's inbound JSON; everything else passes unread. `OriginalRecipient` is the envelope's
 * recipient, `Headers` lacks From, To, Subject and Date, `RawEmail` is there only when the server is set to send it.
 * Source: the `InboundWebhook` type of Postmark's own client.
 */
const inboundPayload = v.object({
  // It becomes a key: what no database and no address would give back as it was, is no id of Postmark's.
  MessageID: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,200}$/)),
  From: v.fallback(v.string(), ""),
  FromFull: v.fallback(person, { Email: "", Name: "" }),
  To: v.fallback(v.string(), ""),
  OriginalRecipient: v.fallback(v.string(), ""),
  MailboxHash: v.fallback(v.string(), ""),
  Subject: v.fallback(v.string(), ""),
  Date: v.fallback(v.string(), ""),
  TextBody: v.fallback(v.string(), ""),
  HtmlBody: v.fallback(v.string(), ""),
  Headers: v.fallback(v.array(header), []),
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
  return (FromFull.Email || From).trim().toLowerCase();
}

/** The first header of that name, or an empty string. Names are compared without case: senders spell them freely. */
export function headerOf(payload: InboundPayload, name: string): string {
  const wanted = name.toLowerCase();
  return payload.Headers.find((entry) => entry.Name.toLowerCase() === wanted)?.Value.trim() ?? "";
}

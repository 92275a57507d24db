import PostalMime, { addressParser, type Attachment, type Email, type Mailbox } from "postal-mime";

import { inboundJson, type PayloadHeader } from "./inbound-json.ts";

// Postmark carries these as fields of their own and leaves them out of its list of headers.
const FIELDS = new Set([
  "from",
  "to",
  "cc",
  "bcc",
  "reply-to",
  "subject",
  "date",
  "content-type",
  "content-transfer-encoding",
]);

const NOTHING: Email = { headers: [], headerLines: [], attachments: [] };

/** What Postmark knows of a mail beside its bytes. */
type Arrival = {
  /** The address that RCPT TO named. */
  readonly recipient: string;
  /** Postmark's own, not the Message-ID header. */
  readonly messageId: string;
  /** Headers that whoever took the mail in put on top. */
  readonly added: readonly PayloadHeader[];
};

/**
 * Any mail as the JSON that Postmark posts for it, but `RawEmail`. Never refuses: a mail whose structure can't be read
 * has empty fields.
 *
 * @param raw the mail as SMTP or a file carries it; LF or CRLF
 */
export async function inboundFromEml(raw: Uint8Array, arrival: Arrival): Promise<Record<string, unknown>> {
  const email = await PostalMime.parse(asSmtpCarriesIt(raw), {
    forceRfc822Attachments: true,
    attachmentEncoding: "base64",
  }).catch(() => NOTHING);
  return inboundJson(
    {
      from: mailboxes(email, "from")[0] ?? { name: "", address: "" },
      to: mailboxes(email, "to"),
      cc: mailboxes(email, "cc"),
      bcc: mailboxes(email, "bcc"),
      replyTo: mailboxes(email, "reply-to"),
      subject: (email.subject ?? "").replace(/\s+/g, " ").trim(),
      date: email.headers.find(({ key }) => key === "date")?.value.trim() ?? "",
      text: email.text ?? "",
      html: email.html ?? "",
      headers: [...arrival.added, ...headersOf(email)],
      attachments: email.attachments.map(attachmentOf),
    },
    arrival.recipient,
    arrival.messageId,
  );
}

/**
 * Files carry what SMTP does not: a byte order mark, the "From " line of a mailbox file. A mail that begins with its
 * body gets the empty line that a mail server would put there, or its first line would be read as a header.
 */
export function asSmtpCarriesIt(raw: Uint8Array): Uint8Array {
  const start = Buffer.from(raw.subarray(0, 2000)).toString("latin1");
  const skipped = /^(?:\xEF\xBB\xBF)?(?:From [^\n]*\n)?/.exec(start)?.[0].length ?? 0;
  const mail = raw.subarray(skipped);
  if (/^(?:[!-9;-~]+[ \t]*:|\r?\n)/.test(start.slice(skipped))) return mail;
  return Buffer.concat([Buffer.from("\r\n"), mail]);
}

/** Every mailbox in the headers of that name; groups are taken apart, entries without an address left out. */
function mailboxes(email: Email, name: string): Mailbox[] {
  return email.headers
    .filter(({ key }) => key === name)
    .flatMap(({ value }) => addressParser(value, { flatten: true }))
    .flatMap((entry) => (entry.address === undefined || entry.address === "" ? [] : [entry]));
}

/** The sender's own headers in mail order with their own spelling; of a fold only the line break goes. */
function headersOf(email: Email): PayloadHeader[] {
  return email.headers
    .filter(({ key }) => !FIELDS.has(key))
    .map(({ originalKey, value }) => ({ Name: originalKey, Value: value.trim() }));
}

function attachmentOf({ filename, mimeType, contentId, content }: Attachment): Record<string, unknown> {
  const base64 = typeof content === "string" ? content : "";
  return {
    Name: filename ?? "",
    Content: base64,
    ContentType: mimeType,
    ContentLength: Buffer.byteLength(base64, "base64"),
    ...(contentId === undefined ? {} : { ContentID: contentId.replace(/^<|>$/g, "") }),
  };
}

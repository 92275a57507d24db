/** One header as it stands in Postmark's JSON. */
export type PayloadHeader = { readonly Name: string; readonly Value: string };

/** A name, empty when there is none, and its address. */
type Mailbox = { readonly name: string; readonly address: string };

/** What is inside an inbound mail. */
export type InboundMail = {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly subject: string;
  /** The Date header as the sender wrote it. */
  readonly date: string;
  readonly text: string;
  readonly html: string;
  /** All that have no field of their own, Postmark's on top. */
  readonly headers: readonly PayloadHeader[];
  readonly attachments: readonly Record<string, unknown>[];
};

/**
 * A mail as the JSON that Postmark posts to the inbound webhook: every field of the `InboundWebhook` type of its client,
 * but `RawEmail`, which it adds only on demand.
 *
 * @param recipient the address that RCPT TO named
 * @param messageId Postmark's own UUID, not the Message-ID header
 */
export function inboundJson(mail: InboundMail, recipient: string, messageId: string): Record<string, unknown> {
  const { from, to, cc, bcc } = mail;
  const isNamed = [...to, ...cc, ...bcc].some(({ address }) => address.toLowerCase() === recipient.toLowerCase());
  return {
    FromName: from.name,
    MessageStream: "inbound",
    From: from.address,
    FromFull: full(from),
    To: list(to),
    ToFull: to.map(full),
    Cc: list(cc),
    CcFull: cc.map(full),
    Bcc: list(bcc),
    BccFull: bcc.map(full),
    OriginalRecipient: recipient,
    Subject: mail.subject,
    MessageID: messageId,
    ReplyTo: list(mail.replyTo),
    // On forwarded mail To is the person's own mailbox, and Postmark leaves this empty.
    MailboxHash: isNamed ? hashOf(recipient) : "",
    Date: mail.date,
    TextBody: mail.text,
    HtmlBody: mail.html,
    StrippedTextReply: "",
    Tag: "",
    Headers: mail.headers,
    Attachments: mail.attachments,
  };
}

function full({ name, address }: Mailbox): { Email: string; Name: string; MailboxHash: string } {
  return { Email: address, Name: name, MailboxHash: hashOf(address) };
}

function list(mailboxes: readonly Mailbox[]): string {
  return mailboxes.map(({ name, address }) => (name === "" ? address : `"${name}" <${address}>`)).join(", ");
}

function hashOf(address: string): string {
  return /^[^+@]*\+([^@]*)@/.exec(address)?.[1] ?? "";
}

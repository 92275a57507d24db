import { asSmtpCarriesIt, inboundFromEml } from "../handlers/inbound-from-eml.ts";
import type { PayloadHeader } from "../handlers/inbound-json.ts";
import { postmarkHeaders, type InboundEnvelope } from "./postmark-headers.ts";

/**
 * Any mail as the JSON that Postmark would post for it, every field of its `InboundWebhook` included.
 * Never refuses: a mail whose structure can't be read keeps its raw text and has empty bodies.
 * Like Postmark's, the raw mail is text: bytes that are not UTF-8 are lost in it, not in the bodies.
 *
 * @param raw the mail as SMTP carried it; LF or CRLF
 * @param envelope how it came; `messageId` is Postmark's own UUID (not the Message-ID header), a new one by default
 */
export async function emlToInbound(
  raw: Uint8Array,
  envelope: InboundEnvelope & { readonly messageId?: string },
): Promise<Record<string, unknown>> {
  const mail = asSmtpCarriesIt(raw);
  const added = postmarkHeaders(envelope);
  const { recipient, messageId = crypto.randomUUID() } = envelope;
  return { ...(await inboundFromEml(mail, { recipient, messageId, added })), RawEmail: withHeaders(mail, added) };
}

/** The raw mail as Postmark received it, with its own headers on top, in the mail's own line ends. */
function withHeaders(mail: Uint8Array, added: readonly PayloadHeader[]): string {
  const text = new TextDecoder().decode(mail);
  const eol = /\r?\n/.exec(text)?.[0] ?? "\r\n";
  return added.map(({ Name, Value }) => `${Name}: ${Value.replaceAll("\t", `${eol}\t`)}${eol}`).join("") + text;
}

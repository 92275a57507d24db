import type { InboundPayload } from "./inbound-payload.ts";
import { packedNow } from "./packing.ts";

const MOST_CHARACTERS = 64 * 1024;

/**
 * What is kept of a mail that is for nobody: its headers and the beginning of its text, compressed with zstd, still in
 * the form that our provider posts.
 */
export function beginningOf(payload: InboundPayload): Uint8Array {
  const { MessageID, OriginalRecipient, From, FromFull, To, Subject, Date, MailboxHash } = payload;
  const Headers = firstThatFit(payload.Headers);
  const TextBody = payload.TextBody.slice(0, MOST_CHARACTERS);
  const HtmlBody = payload.HtmlBody.slice(0, MOST_CHARACTERS - TextBody.length);
  const named = { MessageID, OriginalRecipient, From, FromFull, To, Subject, Date, MailboxHash };
  const short = Object.fromEntries(
    Object.entries(named).map(([name, value]) => [name, typeof value === "string" ? value.slice(0, 2_000) : value]),
  );
  return packedNow(Buffer.from(JSON.stringify({ ...short, Headers, TextBody, HtmlBody })));
}

function firstThatFit(headers: InboundPayload["Headers"]): InboundPayload["Headers"] {
  let room = MOST_CHARACTERS;
  return headers.filter(({ Name, Value }) => (room -= Name.length + Value.length) >= 0);
}

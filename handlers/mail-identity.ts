import { hash } from "node:crypto";

import type { SignatureCheck } from "../access/dkim.ts";
import { originalMessageId } from "../parsers/forwarded.ts";
import { headerOf, senderOf, type InboundPayload } from "./inbound-payload.ts";

/** What mail programs change: white space and the marks of ASCII. Classes of Unicode would take five times as long. */
const BETWEEN_WORDS = /[\s!-/:-@[-`{-~]+/g;

/**
 * What names a mail among its person's: its Message-ID. The original's own, also when a person forwarded it: mail programs
 * name it then as what they refer to. Of a mail whose signature does not cover the Message-ID anybody can make another one,
 * so what is signed names it as well.
 */
export function messageIdsOf(payload: InboundPayload, signature: SignatureCheck, isForward: boolean): string[] {
  // Half of a character would come out of JSON as bytes that are no text, and the driver ends the process on reading them.
  return idsOf(payload, signature, isForward).map((id) => id.toWellFormed());
}

function idsOf(payload: InboundPayload, signature: SignatureCheck, isForward: boolean): string[] {
  const named = headerOf(payload, "message-id");
  const id = (isForward ? originalMessageId(payload.Headers) : null) ?? (named || standIn(payload));
  if (signature.state !== "valid") return [id];
  const [covered = null] = signature.signatures.flatMap(({ messageId }) => messageId ?? []);
  return covered === null ? [standIn(payload), id] : [covered];
}

/** Without a Message-ID to go by: what stays the same when the mail is delivered again. */
function standIn(payload: InboundPayload): string {
  return `none:${hash("sha256", JSON.stringify([senderOf(payload), payload.Date, payload.Subject]))}`;
}

/**
 * Names the words of a body. The same mail by two routes has the same letters and digits, however it was wrapped, quoted
 * and marked up on the way.
 */
export function bodyHash(body: readonly string[], { HtmlBody, TextBody }: InboundPayload): string {
  const letters = body.join("").replaceAll(BETWEEN_WORDS, "").toLowerCase();
  return hash("sha256", letters === "" ? `${HtmlBody}\0${TextBody}` : letters);
}

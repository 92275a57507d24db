import { createHash } from "node:crypto";

import { inboundFromEml } from "./inbound-from-eml.ts";
import { asInboundPayload, senderOf, type InboundPayload } from "./inbound-payload.ts";

/** A mail that hung on another one. */
export type AttachedMail = {
  /** Its bytes as they were attached, so that its own signature can be checked. */
  readonly raw: Uint8Array;
  /**
   * The same as Postmark would post it, without `RawEmail` and Postmark's own headers. Its `MessageID` follows from the
   * delivery it hung on and its bytes; its `OriginalRecipient` is that delivery's.
   */
  readonly payload: Record<string, unknown>;
};

/** The mails that hang on a delivery, in their order, each before those that hang on itself. */
export type AttachedMails = {
  readonly mails: readonly AttachedMail[];
  /** How many more there were: too many, too deep, or no mails in spite of their type. What hangs on those is not counted. */
  readonly leftOut: number;
};

/** People select some alerts and forward them as attachments; one delivery must not keep the interpreter from others. */
const MAX_MAILS = 20;

/** A forward of a forward is what people send; every further level costs another pass over the same bytes. */
const MAX_DEPTH = 3;

/**
 * Takes out the mails that hang on a delivery as attachments. Never throws: what can't be taken out is counted. Whether
 * any of them is genuine is not asked here.
 */
export async function attachedMails(payload: InboundPayload): Promise<AttachedMails> {
  const mails: AttachedMail[] = [];
  const leftOut = await collect(payload, 1, mails);
  return { mails, leftOut };
}

/** Adds to `mails`; returns how many were left out. */
async function collect(parent: InboundPayload, depth: number, mails: AttachedMail[]): Promise<number> {
  let leftOut = 0;
  for (const { Content } of parent.Attachments.filter(isMailByName)) {
    const mail = mails.length < MAX_MAILS && depth <= MAX_DEPTH ? await readAttached(Content, parent) : null;
    if (mail === null) {
      leftOut += 1;
      continue;
    }
    mails.push({ raw: mail.raw, payload: mail.payload });
    leftOut += await collect(mail.inbound, depth + 1, mails);
  }
  return leftOut;
}

/** By its type, or for a program that does not know the type by its name. */
function isMailByName({ Name, ContentType }: InboundPayload["Attachments"][number]): boolean {
  const type = ContentType.split(";", 1)[0]?.trim().toLowerCase();
  if (type === "message/rfc822") return true;
  return type === "application/octet-stream" && Name.trim().toLowerCase().endsWith(".eml");
}

/** Null for what is no mail: it names no sender. */
async function readAttached(
  base64: string,
  { MessageID, OriginalRecipient }: InboundPayload,
): Promise<(AttachedMail & { readonly inbound: InboundPayload }) | null> {
  const raw = Buffer.from(base64, "base64");
  // The same mail may hang on deliveries to several people.
  const messageId = createHash("sha256").update(`${MessageID}\0`).update(raw).digest("hex");
  const payload = await inboundFromEml(raw, { recipient: OriginalRecipient, messageId, added: [] });
  const inbound = asInboundPayload(payload);
  return inbound === null || !senderOf(inbound).includes("@") ? null : { raw, payload, inbound };
}

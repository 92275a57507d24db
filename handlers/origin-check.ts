import { checkSignatures, type ResolveTxt, type SignatureCheck } from "../access/dkim.ts";
import { isAuthorAligned } from "../access/spam-tests.ts";
import { attachedMails } from "./attached-mails.ts";
import { readInboundPayload, senderOf, type InboundPayload } from "./inbound-payload.ts";
import { packedNow } from "./packing.ts";

/** What was found out about who sent a mail. */
export type SenderCheck = {
  readonly signature: SignatureCheck;
  /** The provider's own check says that the sender's domain signed the mail. */
  readonly providerAligned: boolean;
};

/** What was found out about a mail's origin when it came. It is stored, because keys change. */
export type OriginCheck = SenderCheck & {
  /** When a person forwarded the alert by hand: who, and what was found out about that forward. */
  readonly forward: (SenderCheck & { readonly by: string }) | null;
};

/** A mail that hung on a forwarded one, with what is known of it before it is read itself. */
export type HungMail = {
  /** As Postmark would have posted it, compressed with zstd. */
  readonly payload: Uint8Array;
  readonly check: OriginCheck;
};

type Asking = {
  /** Null where nobody is to be asked: then only the provider's word counts. */
  readonly resolveTxt: ResolveTxt | null;
  /** When the mail came. */
  readonly at: Temporal.Instant;
};

// Mails whose signatures can't be checked are kept whole for a day; strangers must not fill the disk with them.
const MOST_OF_STRANGERS = 512 * 1024;
const NOT_ASKED: SignatureCheck = { state: "no_raw_mail" };
const RECOVERED: SenderCheck = { signature: { state: "recovered" }, providerAligned: false };
const NEVER_ACKNOWLEDGED: SenderCheck = {
  signature: { state: "recovered", neverAcknowledged: true },
  providerAligned: false,
};

/** Of a mail that nobody vouches for. */
export const NOBODYS: SenderCheck = { signature: { state: "absent" }, providerAligned: false };

/** Finds out who sent a mail. */
export async function checkSender(
  payload: InboundPayload,
  asked: Asking & { readonly hasAccount: boolean },
): Promise<SenderCheck> {
  if (payload.RecoveredWithoutRawMail === "never acknowledged") return NEVER_ACKNOWLEDGED;
  if (payload.RecoveredWithoutRawMail === true) return RECOVERED;
  return { signature: await signatureOf(payload, asked), providerAligned: isAuthorAligned(payload.Headers) };
}

async function signatureOf(
  payload: InboundPayload,
  { resolveTxt, at, hasAccount }: Asking & { readonly hasAccount: boolean },
): Promise<SignatureCheck> {
  if (payload.RawEmail === "" || resolveTxt === null) return NOT_ASKED;
  if (!hasAccount && payload.RawEmail.length > MOST_OF_STRANGERS) return { state: "broken", defect: "too_large" };
  return checkSignatures(Buffer.from(payload.RawEmail), { resolveTxt, at, sender: senderOf(payload) });
}

/** Whether the mail was taken from our provider's archive, so that nobody can check who sent it. */
export function isRecovered({ signature, forward }: OriginCheck): boolean {
  return signature.state === "recovered" || forward?.signature.state === "recovered";
}

/** The mails that hang on a forwarded one, each with what was found out about it. */
export async function hungMails(
  payload: InboundPayload,
  forward: OriginCheck["forward"],
  { resolveTxt, at }: Asking,
): Promise<{ hung: readonly HungMail[]; hungLeftOut: number }> {
  const { mails, leftOut } = await attachedMails(payload);
  const hung: HungMail[] = [];
  for (const { raw, payload: inner } of mails) {
    const body = Buffer.from(JSON.stringify(inner));
    const read = readInboundPayload(body);
    if (read === null) continue;
    const sender = senderOf(read);
    const signature = resolveTxt === null ? NOT_ASKED : await checkSignatures(raw, { resolveTxt, at, sender });
    hung.push({ payload: packedNow(body), check: { signature, providerAligned: false, forward } });
  }
  return { hung, hungLeftOut: leftOut };
}

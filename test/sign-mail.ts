import { generateKeyPairSync, randomUUID } from "node:crypto";

import { dkimSign } from "mailauth/lib/dkim/sign.js";

import type { ResolveTxt } from "../access/dkim.ts";
import { composeMail } from "../adapters/compose-mail.ts";
import { mailDate } from "../adapters/postmark-headers.ts";
import { withHeader } from "./deliver-mail.ts";

/** A key that mails are signed with, and where and how its owner publishes it. */
export type SigningKey = {
  readonly domain: string;
  readonly selector: string;
  readonly privateKey: string;
  readonly name: string;
  readonly record: string;
};

/** How a mail is signed. Without `at` the signature names no time, as many banks' don't. */
export type Signing = {
  readonly at?: Temporal.Instant;
  readonly expires?: Temporal.Instant;
  /** Signs only so many bytes of the body (l=). */
  readonly bodyLength?: number;
  readonly headers?: readonly string[];
  readonly algorithm?: string;
  readonly canonicalization?: string;
};

/** What banks that were seen sign. */
const HEADERS = ["Date", "From", "To", "Subject", "MIME-Version", "Content-Type", "Message-ID"];

/** A new key of that domain. Two thousand bits take a tenth of a second to find: keep it. */
export function newKey(
  domain: string,
  { selector = "s1", type = "rsa", bits = 2048 }: { selector?: string; type?: "rsa" | "ed25519"; bits?: number } = {},
): SigningKey {
  const pair = type === "rsa" ? generateKeyPairSync(type, { modulusLength: bits }) : generateKeyPairSync(type);
  const spki = pair.publicKey.export({ type: "spki", format: "der" });
  // Of this kind only the bare key is published, the last 32 bytes (RFC 8463, section 4).
  const published = type === "rsa" ? spki : spki.subarray(-32);
  return {
    domain,
    selector,
    privateKey: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    name: `${selector}._domainkey.${domain}`,
    record: `v=DKIM1; k=${type}; p=${published.toString("base64")}`,
  };
}

const bankKeys = new Map<string, SigningKey>();

/** The key with which that domain signs in this process, made when it is first needed. `bankZone` publishes it. */
export function bankKey(domain: string): SigningKey {
  const key = bankKeys.get(domain) ?? newKey(domain);
  bankKeys.set(domain, key);
  return key;
}

/** DNS in which the banks' keys are, and nothing else. */
export const bankZone: ResolveTxt = (name) => publishing(...bankKeys.values())(name);

/** DNS in which just these keys are. */
export function publishing(...keys: readonly SigningKey[]): ResolveTxt {
  return zone(Object.fromEntries(keys.map(({ name, record }) => [name, record])));
}

/** DNS with just these TXT records; an Error is what asking for the name ends with. */
export function zone(records: Readonly<Record<string, string | Error>>): ResolveTxt {
  return async (name) => {
    const record = records[name] ?? Object.assign(new Error("There is no such name."), { code: "ENOTFOUND" });
    if (record instanceof Error) throw record;
    return [[record]];
  };
}

/** The mail with a DKIM signature of that key on top. */
export async function signMail(raw: string | Uint8Array, key: SigningKey, signing: Signing = {}): Promise<Buffer> {
  const { at, expires, bodyLength, headers = HEADERS, algorithm, canonicalization } = signing;
  const signer = {
    signingDomain: key.domain,
    selector: key.selector,
    privateKey: key.privateKey,
    headerList: [...headers],
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(canonicalization === undefined ? {} : { canonicalization }),
    ...(bodyLength === undefined ? {} : { maxBodyLength: bodyLength }),
  };
  const { signatures, errors } = await dkimSign(Buffer.from(raw), {
    ...signer,
    signatureData: [signer],
    // No time is written for one that is none.
    signTime: new Date(at?.epochMilliseconds ?? Number.NaN),
    ...(expires === undefined ? {} : { expires: new Date(expires.epochMilliseconds) }),
  });
  const [error] = errors;
  if (error !== undefined) throw error.err;
  return Buffer.concat([Buffer.from(signatures), Buffer.from(raw)]);
}

/** To whom and when a mail is sent, and its Message-ID without brackets if that matters. */
type Sending = { readonly to: string; readonly at: Temporal.Instant; readonly messageId?: string };

/**
 * A fixture's payload as if its bank had just written it to that mailbox: with that To and Date, and a raw mail that the
 * bank signed with the key of `bankKey`. Everything else stays, so it still says the same purchase.
 */
export async function signedMail(
  payload: Record<string, unknown>,
  { key = bankKey(signerOf(payload)), ...sending }: Sending & { readonly key?: SigningKey },
): Promise<Record<string, unknown>> {
  const sent = unsignedMail(payload, sending);
  return { ...sent, RawEmail: (await signMail(String(sent["RawEmail"]), key)).toString() };
}

/** As `signedMail`, but nobody signed it. */
export function unsignedMail(
  payload: Record<string, unknown>,
  { to, at, messageId = `${randomUUID()}@example.com` }: Sending,
): Record<string, unknown> {
  const raw = composeMail({
    from: String(payload["From"]),
    to,
    subject: String(payload["Subject"]),
    text: String(payload["TextBody"]),
    html: String(payload["HtmlBody"]),
    messageId,
    date: at,
  });
  return {
    ...withHeader(payload, "Message-ID", `<${messageId}>`),
    To: to,
    ToFull: [{ Email: to, Name: "", MailboxHash: "" }],
    Date: mailDate(at),
    RawEmail: Buffer.from(raw).toString(),
  };
}

/** Alerts that come from a subdomain carry the signature of the bank's own name. */
function signerOf(payload: Record<string, unknown>): string {
  return String(payload["From"]).split(/[@.]/).slice(-2).join(".");
}

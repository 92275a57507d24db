import { addressParser } from "postal-mime";

import { mailDate } from "../parsers/mail-date.ts";
import { normaliseEmail } from "./email-address.ts";
import { askForKeys } from "./key-records.ts";
import { readHeaders, valueOf, type MailHeader } from "./mail-headers.ts";
import { doubtOf, type Verified } from "./signature-doubt.ts";

/**
 * TXT records of a name, each a list of strings. Rejects with an Error whose `code` is ENOTFOUND or ENODATA when there
 * is none; any other rejection is trouble with DNS.
 */
export type ResolveTxt = (name: string) => Promise<string[][]>;

/** A signature of the author's own domain that holds. */
export type Signature = {
  /** Whose key signed it (d=), lower case. */
  readonly domain: string;
  /** Bare lower-case addresses of the signed To; empty when it names none. */
  readonly signedTo: readonly string[];
  /** Milliseconds since 1970, from the signature or else from the signed Date; null when neither can be read. */
  readonly signedAt: number | null;
  /** The Message-ID that it covers, as written; null when it covers none, so that anybody may have changed it. */
  readonly messageId: string | null;
};

/** Why a mail's signature counts for nothing. */
export type SignatureDefect =
  /** The mail has two of a header of which there is one. */
  | "doubled"
  /** Its From is not the one address that our provider read there. */
  | "author"
  /** Its headers are too many, or different readers would read them differently. */
  | "malformed"
  | "too_large"
  | "too_many"
  /** The signature leaves the end of the body open (l=). */
  | "partial"
  /** It leaves open who wrote the mail to whom, when or about what. */
  | "uncovered"
  /** Its key or its algorithm can be broken. */
  | "weak"
  | "expired"
  /** Its key is not, or no longer, published. */
  | "no_key"
  /** The mail is not the one that was signed. */
  | "changed"
  /** Nobody could verify it, as it or its key is written. */
  | "unusable";

/** What a mail's signatures are worth. Plain values, fit to be stored. */
export type SignatureCheck =
  | { readonly state: "valid"; readonly signatures: readonly Signature[] }
  /** One claims the author's domain and does not hold, or the mail is made to be read in two ways. */
  | { readonly state: "broken"; readonly defect: SignatureDefect }
  /** None claims the author's domain; foreign signatures count for nothing. */
  | { readonly state: "absent" }
  /** DNS did not answer, or bytes were lost on the way to us. May be tried again. */
  | { readonly state: "unchecked"; readonly cause: "dns" | "damaged" }
  /** Our provider did not hand the raw mail on. */
  | { readonly state: "no_raw_mail" }
  /** We took it from our provider's archive, which keeps no raw mail: what it says of the mail is not asked either. */
  | {
      readonly state: "recovered";
      /** The webhook had never said that we had it, so it may be one that nothing would have checked but its size. */
      readonly neverAcknowledged?: true;
    };

/** What signatures are checked with. */
export type SignatureQuestion = {
  readonly resolveTxt: ResolveTxt;
  /** When the mail was received. */
  readonly at: Temporal.Instant;
  /** The bare lower-case address that our provider read in the mail's From. */
  readonly sender: string;
};

/** No alert comes near it. Some bodies take the verifier a seventh of a second per megabyte. */
const MAX_BYTES = 5 * 1024 * 1024;
/** Each costs a DNS query, and nobody signs that often. https://www.rfc-editor.org/rfc/rfc6376#section-8.4 */
const MAX_SIGNATURES = 10;
const MIN_KEY_BITS = 1024;
/** A mail to more people than fit in this is no alert, and has no one author. */
const MAX_ADDRESSES_LENGTH = 2_000;

/**
 * A second one of these is read by some programs and not by others, while a signature covers only the last: on top of a
 * signed mail, a second Subject or From is what people see, and a second Content-Type or encoding makes other text of
 * the same body. A second Message-ID would make another mail of the same one.
 */
const ONCE = [
  "from",
  "to",
  "subject",
  "date",
  "message-id",
  "references",
  "in-reply-to",
  "content-type",
  "content-transfer-encoding",
  "mime-version",
];
/** Later than any mail: `mailDate` answers it for what is no date. */
const NO_DATE = Temporal.Instant.from("9999-01-01T00:00:00Z");

/**
 * Verifies the DKIM signatures (RFC 6376) of the author's own domain, one above it or one below it, and asks far more of
 * them than the standard does. Never throws, and does a bounded amount of work whatever it is given.
 *
 * @param raw the mail as it came; LF or CRLF
 */
export async function checkSignatures(raw: Uint8Array, asked: SignatureQuestion): Promise<SignatureCheck> {
  if (raw.length > MAX_BYTES) return broken("too_large");
  const parts = readHeaders(raw);
  if (parts === null) return broken("malformed");
  const sender = normalised(asked.sender);
  const defect = defectOf(parts.headers, sender);
  if (defect !== null) return broken(defect);
  const claims = parts.headers.filter(({ name, line }) => name === "dkim-signature" && isOf(tag(line, "d"), sender));
  if (claims.length === 0) return { state: "absent" };
  const whole = claims.filter(({ line }) => tag(line, "l") === null);
  return whole.length === 0 ? broken("partial") : verify(parts, whole, { ...asked, sender });
}

function broken(defect: SignatureDefect): SignatureCheck {
  return { state: "broken", defect };
}

/** What is wrong with the mail, whoever signed it. */
function defectOf(headers: readonly MailHeader[], sender: string): SignatureDefect | null {
  const count = (wanted: string): number => headers.filter(({ name }) => name === wanted).length;
  if (ONCE.some((name) => count(name) > 1)) return "doubled";
  if (count("dkim-signature") > MAX_SIGNATURES) return "too_many";
  const [author, ...more] = addressesIn(headers, "from");
  return author === undefined || author !== sender || more.length > 0 ? "author" : null;
}

/** Bare addresses in lower case. */
function addressesIn(headers: readonly MailHeader[], wanted: string): string[] {
  const header = headers.find(({ name }) => name === wanted);
  if (header === undefined || header.line.length > MAX_ADDRESSES_LENGTH) return [];
  return addressParser(valueOf(header), { flatten: true }).flatMap(({ address = "" }) =>
    address === "" ? [] : [normalised(address)],
  );
}

/** Some real senders are no addresses that we would write to. */
function normalised(address: string): string {
  return normaliseEmail(address) ?? address.toLowerCase();
}

/** A signature's tag, without white space; null when it has none of that name. */
function tag(line: string, wanted: string): string | null {
  const tags = line.slice(line.indexOf(":") + 1).split(";");
  const found = tags.find((text) => text.split("=", 1)[0]?.trim().toLowerCase() === wanted && text.includes("="));
  return found === undefined ? null : found.slice(found.indexOf("=") + 1).replaceAll(/\s+/g, "");
}

/** Whether the domain is the author's own, or one above or below it. Siblings belong to others often enough. */
function isOf(domain: string | null | undefined, sender: string): boolean {
  const signer = domain?.toLowerCase() ?? "";
  const author = sender.slice(sender.lastIndexOf("@") + 1);
  return signer.includes(".") && (`.${author}`.endsWith(`.${signer}`) || signer.endsWith(`.${author}`));
}

async function verify(
  { headers, rest }: NonNullable<ReturnType<typeof readHeaders>>,
  claims: readonly MailHeader[],
  { resolveTxt, at, sender }: SignatureQuestion,
): Promise<SignatureCheck> {
  const lines = headers.filter((header) => isNeeded(header, claims)).map(({ line }) => line);
  const mail = Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), rest]);
  // It takes a tenth of a second and much memory to load, and who only asks what a mail's outside is never needs it.
  const { default: verifier } = await import("mailauth/lib/dkim/verify.js");
  const keys = askForKeys(resolveTxt);
  const limits = { minBitLength: MIN_KEY_BITS, rejectRsaSha1: true, curTime: at.toString() };
  const results = await verifier.dkimVerify(mail, { resolver: keys.resolve, ...limits }).then(
    // The library's alignment knows the public suffixes, ours leaves out the siblings.
    (found) => found.results.filter(({ status, signingDomain }) => status.aligned && isOf(signingDomain, sender)),
    () => [],
  );
  const judged = results.map((result) => ({ result, doubt: doubtOf(result, mail) }));
  const valid = judged.filter(({ doubt }) => doubt === null);
  if (valid.length > 0) return { state: "valid", signatures: valid.map(({ result }) => signatureOf(result, headers)) };
  if (keys.hasFailed()) return { state: "unchecked", cause: "dns" };
  const doubts = judged.flatMap(({ doubt }) => doubt ?? []);
  if (doubts.includes("damaged")) return { state: "unchecked", cause: "damaged" };
  return broken(doubts.find((doubt) => doubt !== "damaged") ?? "unusable");
}

/**
 * Whether the verifier has to see the header. Other signatures and seals would only cost it work and us DNS queries,
 * unless one of ours covers them.
 */
function isNeeded(header: MailHeader, claims: readonly MailHeader[]): boolean {
  if (header.name !== "dkim-signature" && !header.name.startsWith("arc-")) return true;
  return claims.some(
    (claim) => claim === header || tag(claim.line, "h")?.toLowerCase().split(":").includes(header.name),
  );
}

function signatureOf(
  { signingDomain = "", signTime, signingHeaders }: Verified,
  headers: readonly MailHeader[],
): Signature {
  const signedAt = signTime ? Date.parse(signTime) : dateIn(headers);
  const covers = signingHeaders?.keys.toLowerCase().split(": ") ?? [];
  const id = covers.includes("message-id") ? headers.find(({ name }) => name === "message-id") : undefined;
  return {
    domain: signingDomain.toLowerCase(),
    signedTo: addressesIn(headers, "to"),
    signedAt,
    messageId: id === undefined ? null : valueOf(id).trim(),
  };
}

function dateIn(headers: readonly MailHeader[]): number | null {
  const header = headers.find(({ name }) => name === "date");
  const date = header === undefined ? NO_DATE : mailDate(valueOf(header), NO_DATE);
  return date.equals(NO_DATE) ? null : date.epochMilliseconds;
}

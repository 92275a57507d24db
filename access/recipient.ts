import { isAlertToken } from "./tokens.ts";

/** What is read of Postmark's inbound JSON. `OriginalRecipient` is the envelope's recipient. */
export type Envelope = {
  readonly OriginalRecipient: string;
  readonly MailboxHash: string;
  readonly Headers: readonly { readonly Name: string; readonly Value: string }[];
};

/** Whose mail it is. */
export type Route =
  /** At an alert address. Whether the token is live, retired or guessed, the store knows. */
  | { readonly kind: "alert"; readonly token: string }
  /** At the address everybody may use, without a token: it counts only when the bank signed it. */
  | { readonly kind: "shared" }
  /** Asks for a link to a dashboard. */
  | { readonly kind: "signup" }
  /** Nobody's. `recipient` is the envelope's as received, cut to the length of an address. */
  | { readonly kind: "none"; readonly recipient: string };

type Address = { readonly box: string; readonly tag: string | null; readonly isOurs: boolean };

/** The longest address there is (RFC 5321). */
const MAX_ADDRESS_LENGTH = 320;
/** Room for what a chain of forwarders writes; stops a huge header from being searched. */
const MAX_HEADER_LENGTH = 2_000;
const POSTMARK_DOMAIN = "inbound.postmarkapp.com";
const ASCII = /^[\x21-\x7e]+$/;

/**
 * Routes a mail by its envelope: the token after the plus in OriginalRecipient, then MailboxHash, then X-Forwarded-To, then
 * the address that Gmail's rule wrote into the envelope's sender.
 * Never by To, which on a forwarded mail is the person's own mailbox. The token counts on `alerts+TOKEN@DOMAIN` and on
 * Postmark's own `HASH+TOKEN@inbound.postmarkapp.com`, in any case; the domain has to be equal.
 *
 * All but the first follow what the sender wrote, so they are asked only where the envelope leaves it
 * open: not when it has a tag of its own or says `info@`. A token found there is as secret as one in an address.
 *
 * https://postmarkapp.com/developer/user-guide/inbound/configure-an-inbound-server
 */
export function routeOf(payload: Envelope, domain: string): Route {
  const none: Route = { kind: "none", recipient: payload.OriginalRecipient.slice(0, MAX_ADDRESS_LENGTH) };
  const envelope = readAddress(payload.OriginalRecipient, domain);
  if (envelope !== null && envelope.tag !== null) {
    const token = tokenOf(envelope);
    return token === null ? none : { kind: "alert", token };
  }
  if (envelope?.isOurs && envelope.box === "info") return { kind: "signup" };
  const token = lowerAscii(payload.MailboxHash.slice(0, MAX_HEADER_LENGTH));
  if (isAlertToken(token)) return { kind: "alert", token };
  const forwarded = forwardedToken(payload.Headers, domain) ?? tokenOfReturnPath(payload.Headers, domain);
  if (forwarded !== null) return { kind: "alert", token: forwarded };
  return envelope?.isOurs && envelope.box === "alerts" ? { kind: "shared" } : none;
}

/** The token of a bare address when it is an alert address in either of its forms; else null. */
export function alertTokenOf(address: string, domain: string): string | null {
  const parts = readAddress(address, domain);
  return parts && tokenOf(parts);
}

/** The parts of an address at our domain or at Postmark's, in lower case; null for any other text. */
function readAddress(text: string, domain: string): Address | null {
  if (text.length > MAX_ADDRESS_LENGTH) return null;
  const [local = "", host, ...more] = lowerAscii(text).replace(/^<|>$/g, "").split("@");
  const isOurs = host === domain.toLowerCase();
  if (more.length > 0 || !(isOurs || host === POSTMARK_DOMAIN)) return null;
  const plus = local.indexOf("+");
  return plus < 0
    ? { box: local, tag: null, isOurs }
    : { box: local.slice(0, plus), tag: local.slice(plus + 1), isOurs };
}

/** The address's alert token. At Postmark's domain the part before the plus names our server there, whatever it is. */
function tokenOf({ box, tag, isOurs }: Address): string | null {
  return tag !== null && isAlertToken(tag) && (!isOurs || box === "alerts") ? tag : null;
}

/**
 * Gmail writes where it forwards to into the envelope's sender, which stands in the first Return-Path:
 * `jane+caf_=alerts+TOKEN=DOMAIN@gmail.com`.
 */
function tokenOfReturnPath(headers: Envelope["Headers"], domain: string): string | null {
  const path =
    headers.find(({ Name }) => Name.toLowerCase() === "return-path")?.Value.slice(0, MAX_HEADER_LENGTH) ?? "";
  const [, written = ""] = /\+caf_=([^@]*)@/.exec(path) ?? [];
  const at = written.lastIndexOf("=");
  return at < 0 ? null : alertTokenOf(`${written.slice(0, at)}@${written.slice(at + 1)}`, domain);
}

function forwardedToken(headers: Envelope["Headers"], domain: string): string | null {
  for (const { Name, Value } of headers) {
    if (Name.toLowerCase() !== "x-forwarded-to") continue;
    for (const text of Value.slice(0, MAX_HEADER_LENGTH).split(/[\s,]+/)) {
      const address = readAddress(text, domain);
      const token = address && tokenOf(address);
      if (token) return token;
    }
  }
  return null;
}

/** Trimmed and in lower case; empty when it is not plain ASCII, since some foreign letters turn into a plain k or i. */
function lowerAscii(text: string): string {
  const trimmed = text.trim();
  return ASCII.test(trimmed) ? trimmed.toLowerCase() : "";
}

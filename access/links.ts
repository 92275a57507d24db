import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

import * as v from "valibot";

import { safeNext } from "./safe-next.ts";

/** How long a mailed link works, in minutes. */
export const LINK_MINUTES = 30;

/** What a link is for. Each purpose signs with a key of its own, so a link never works for anything else. */
export type LinkPurpose = "sign-in" | "prove-address";

/** What a mailed link says. All of it is signed. */
export type Link = {
  readonly accountId: string;
  readonly purpose: LinkPurpose;
  /** Random, made by the caller; whoever accepts the link uses this id up, once. */
  readonly linkId: string;
  /** The account's link epoch when the link was made; a link of another epoch is revoked. The caller compares. */
  readonly epoch: number;
  /** Kept to the millisecond, rounded down. */
  readonly expiresAt: Temporal.Instant;
  /** Where to go afterwards, a path of our own; anything else becomes null. */
  readonly next: string | null;
};

/** What a token turned out to be. An expired link is still ours: its account may ask for a new one without typing. */
export type LinkVerdict = { readonly state: "valid" | "expired"; readonly link: Link } | { readonly state: "invalid" };

/** Longer than any link of ours; stops a megabyte in the address from being searched, hashed or decoded. */
const MAX_TOKEN_LENGTH = 1_000;
const TOKEN = /^([\w-]{8})\.([\w-]+)\.([\w-]{43})$/;
const MAX_EPOCH_MS = 8_640_000_000_000_000;
const payloadFields = v.strictTuple([
  v.string(),
  v.string(),
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.number(), v.integer(), v.minValue(-MAX_EPOCH_MS), v.maxValue(MAX_EPOCH_MS)),
  v.nullable(v.string()),
]);

/**
 * The token that goes into a link's address: key id, fields and MAC, in characters that need no escaping there.
 * Signs with the first key. Throws a RangeError without a key or when the fields are too long to be verified again.
 */
export function signLink(link: Link, keys: readonly string[]): string {
  const [key] = keys;
  if (!key) throw new RangeError("There is no key to sign links with.");
  const fields = [link.accountId, link.linkId, link.epoch, link.expiresAt.epochMilliseconds, safeNext(link.next)];
  const signed = `${keyId(key)}.${Buffer.from(JSON.stringify(fields)).toString("base64url")}`;
  const token = `${signed}.${macOf(signed, key, link.purpose)}`;
  if (token.length > MAX_TOKEN_LENGTH) throw new RangeError("The link's fields are too long.");
  return token;
}

/**
 * Reads a token that came in from outside. Any of the keys may have signed it, for this purpose only. A link is valid
 * before its expiry and expired from that instant on; what we did not sign, to the last character, is invalid. Whether
 * the link was used already or its epoch is still the account's, the caller has to ask the store. Never throws.
 */
export function verifyLink(
  token: string,
  purpose: LinkPurpose,
  keys: readonly string[],
  now: Temporal.Instant,
): LinkVerdict {
  if (token.length > MAX_TOKEN_LENGTH) return { state: "invalid" };
  const [, id = "", payload = "", mac = ""] = TOKEN.exec(token) ?? [];
  const key = keys.find((candidate) => keyId(candidate) === id);
  // An empty key is no key, since everybody knows it. The MAC is compared as text: decoded, it has several spellings.
  if (!key || !isEqual(mac, macOf(`${id}.${payload}`, key, purpose))) return { state: "invalid" };
  const link = readPayload(payload, purpose);
  if (!link) return { state: "invalid" };
  return { state: Temporal.Instant.compare(now, link.expiresAt) < 0 ? "valid" : "expired", link };
}

function readPayload(payload: string, purpose: LinkPurpose): Link | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  } catch {
    return null;
  }
  const fields = v.safeParse(payloadFields, value);
  if (!fields.success) return null;
  const [accountId, linkId, epoch, expiresMs, next] = fields.output;
  const expiresAt = Temporal.Instant.fromEpochMilliseconds(expiresMs);
  // Checked again: the rule for paths may be stricter now than when the link was made.
  return { accountId, purpose, linkId, epoch, expiresAt, next: safeNext(next) };
}

/** Names the key without giving it away, so that several can be in use while they are rotated. */
function keyId(key: string): string {
  return derive(key, "link key id", 6).toString("base64url");
}

function macOf(text: string, key: string, purpose: LinkPurpose): string {
  return createHmac("sha256", derive(key, `link for ${purpose}`, 32))
    .update(text)
    .digest("base64url");
}

function derive(key: string, context: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "", context, bytes));
}

function isEqual(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

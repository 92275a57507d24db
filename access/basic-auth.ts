import { createHash, timingSafeEqual } from "node:crypto";

/** Far beyond any credential; stops a huge header from being decoded and hashed. */
const MAX_HEADER_LENGTH = 2_000;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const COLON = 0x3a;

/**
 * Whether an Authorization header (RFC 7617) carries one of the credentials, each written `user:password`. The time it
 * takes does not tell how much of a guess was right, nor which credential was hit. A header that is missing, malformed,
 * too long, or without a user or a password is refused.
 */
export function checkBasicAuth(header: string | null, credentials: readonly string[]): boolean {
  if (header === null || header.length > MAX_HEADER_LENGTH) return false;
  const given = Buffer.from(BASIC.exec(header)?.[1] ?? "", "base64");
  const colonAt = given.indexOf(COLON);
  if (colonAt < 1 || colonAt === given.length - 1) return false;
  const givenHash = sha256(given);
  let isKnown = false;
  // No early exit, and hashes instead of the texts: those have equal lengths and share no beginnings.
  for (const credential of credentials) isKnown = timingSafeEqual(givenHash, sha256(credential)) || isKnown;
  return isKnown;
}

function sha256(value: string | Uint8Array): Buffer {
  return createHash("sha256").update(value).digest();
}

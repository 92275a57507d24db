import { createHash } from "node:crypto";

/** Gives that many bytes nobody can foresee. */
export type RandomBytes = (bytes: number) => Uint8Array;

/** RFC 4648's base32 alphabet in lower case: no letter pairs that look alike, and no mail system that folds case breaks it. */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const SESSION_BYTES = 32;
/** The token is all that keeps strangers from posting into an account, and it is guessed over mail: 80 bits are plenty. */
const ALERT_BYTES = 10;
/** How long an alert address works after another one has taken its place, in days: banks take their time to change one. */
export const OVERLAP_DAYS = 30;
const ALERT_TOKEN = /^[a-z2-7]{16}$/;

/** That many random bytes as lower-case base32 (RFC 4648) without padding. Throws when `random` gives another number of bytes. */
export function newToken(random: RandomBytes, bytes: number): string {
  const source = random(bytes);
  if (source.length !== bytes) throw new RangeError("The random source gave too few or too many bytes.");
  let [text, held, heldBits] = ["", 0, 0];
  for (const byte of source) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      text += ALPHABET.charAt((held >>> heldBits) & 31);
    }
    held &= (1 << heldBits) - 1;
  }
  return heldBits === 0 ? text : text + ALPHABET.charAt((held << (5 - heldBits)) & 31);
}

/** A new session's secret, 256 bits. Only its hash is ever stored. */
export function newSessionToken(random: RandomBytes): string {
  return newToken(random, SESSION_BYTES);
}

/** The secret part of a new alert address, 80 bits. */
export function newAlertToken(random: RandomBytes): string {
  return newToken(random, ALERT_BYTES);
}

/** The SHA-256 of a token in hex: what is stored in its place, so that a stolen database opens no session. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** The private address whose mail belongs to one account. */
export function alertAddress(token: string, domain: string): string {
  return `alerts+${token}@${domain}`;
}

/** Whether the text has the exact shape of an alert address's token, in lower case. It says nothing about whose it is. */
export function isAlertToken(text: string): boolean {
  return ALERT_TOKEN.test(text);
}

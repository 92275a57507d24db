import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * A whole Postmark payload from a parser's fixtures, sent to an alert address under an id of its own. Without the raw mail:
 * what was made anonymous is no longer what was signed, and `test/sign-mail.ts` signs anew.
 */
export function mailTo(
  recipient: string,
  fixture: string,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  const path = new URL(`../parsers/${fixture}.mail.json`, import.meta.url);
  const { RawEmail: _raw, ...payload } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  return { ...payload, OriginalRecipient: recipient, MessageID: randomUUID(), ...changes };
}

/** The real purchase that tests read everywhere: 63.83 USD at ANMOL INDIAN RESTAUR, 5 June 2022, 16:44 in New York. */
export const CHASE = "chase/fixtures/card-2021";

import * as v from "valibot";

import type { SignatureCheck } from "../access/dkim.ts";
import { EVENT_KINDS } from "../parsers/parser.ts";
import { isRecovered, type OriginCheck } from "./origin-check.ts";
import type { ReadMail } from "./read-mail.ts";

const words = v.object({ amount: v.string(), merchant: v.string(), occurred: v.string() });

const event = v.object({
  kind: v.picklist(EVENT_KINDS),
  amountMinor: v.number(),
  currency: v.string(),
  merchant: v.string(),
  card: v.nullable(v.string()),
  occurredAt: v.number(),
  occurredOn: v.nullable(v.string()),
  confidence: v.number(),
  words,
});

const reading = v.object({
  lines: v.array(v.string()),
  links: v.fallback(v.array(v.string()), []),
  events: v.array(event),
  guess: v.fallback(v.nullable(v.object({ event, shape: v.string(), missing: v.array(v.string()) })), null),
});

/** What a mail was read as, as pages show it: its words, one paragraph or table cell each, and its events. */
export type StoredReading = v.InferOutput<typeof reading>;

const UNREAD: StoredReading = {
  lines: ["The text of this mail can't be shown. The mail itself is kept."],
  links: [],
  events: [],
  guess: null,
};

/** A reading as it is stored with its mail. */
export function storeReading({ lines, links, events, guess }: Extract<ReadMail, { state: "read" }>): string {
  return JSON.stringify({ lines, links, events, guess });
}

/** A stored reading; null stands for a mail that could not be read. */
export function readingFrom(stored: string | null): StoredReading {
  return stored === null ? UNREAD : v.parse(reading, JSON.parse(stored));
}

/** The words that were read of one event, as they are stored with its purchase; those that stand in the mail. */
export function wordsFrom(stored: string): string[] {
  const read = v.safeParse(words, JSON.parse(stored));
  return read.success ? Object.values(read.output).filter((word) => word !== "") : [];
}

// Written by us and by nobody else; only its form may be an older one's.
const senderCheck = {
  signature: v.custom<SignatureCheck>((value) => v.is(v.looseObject({ state: v.string() }), value)),
  providerAligned: v.boolean(),
};
const originCheck = v.object({
  ...senderCheck,
  forward: v.nullable(v.object({ ...senderCheck, by: v.string() })),
});

/** What was found out about a mail's origin, as it is stored with it. */
export function storeCheck(check: OriginCheck): string {
  return JSON.stringify(check);
}

/** Whether the mail was taken from our provider's archive, which keeps nothing that a signature could be checked by. */
export function isRecoveredMail(mail: { readonly originCheck: string | null }): boolean {
  const check = checkFrom(mail);
  return check !== null && isRecovered(check);
}

/** What was found out about a mail's origin when it came; null when that has to be asked, for the first time or again. */
export function checkFrom({ originCheck: stored }: { readonly originCheck: string | null }): OriginCheck | null {
  if (stored === null) return null;
  const read = v.safeParse(originCheck, JSON.parse(stored));
  if (!read.success) return null;
  const { signature, forward } = read.output;
  return [signature, forward?.signature].some((check) => check?.state === "unchecked") ? null : read.output;
}

import * as v from "valibot";

import { EVENT_KINDS } from "../parsers/parser.ts";
import type { ReadMail } from "./read-mail.ts";

const words = v.object({ amount: v.string(), merchant: v.string(), occurred: v.string() });

const reading = v.object({
  lines: v.array(v.string()),
  events: v.array(
    v.object({
      kind: v.picklist(EVENT_KINDS),
      amountMinor: v.number(),
      currency: v.string(),
      merchant: v.string(),
      card: v.nullable(v.string()),
      occurredAt: v.number(),
      occurredOn: v.nullable(v.string()),
      confidence: v.number(),
      words,
    }),
  ),
});

/** What a mail was read as, as pages show it: its words, one paragraph or table cell each, and its events. */
export type StoredReading = v.InferOutput<typeof reading>;

const UNREAD: StoredReading = {
  lines: ["The text of this mail can't be shown. The mail itself is kept."],
  events: [],
};

/** A reading as it is stored with its mail. */
export function storeReading({ lines, events }: Extract<ReadMail, { state: "read" }>): string {
  return JSON.stringify({ lines, events });
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

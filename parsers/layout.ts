import { parseAmount } from "./amount.ts";
import type { EventKind, MailEvent, Parser, ReadableMail, Reading } from "./parser.ts";
import { parseWhen } from "./when.ts";

/** One form that an institution's mails take. */
export type Layout = Parser["layouts"][number] & {
  /** Null when the mail has another form. */
  readonly read: (mail: ReadableMail) => LayoutReading | null;
};

/**
 * What was read in a mail that has the form: what happened, or why nothing is booked, or why it is not understood. The two
 * reasons are whole sentences for the person whose mail it is.
 */
export type LayoutReading = MailEvent | { readonly skipped: string } | { readonly failed: string };

/** The words that say what happened, as they stand in a mail; null for what was looked for and is not there. */
export type EventWords = {
  readonly amount: string | null;
  readonly merchant: string | null;
  /** Null fails the reading; a layout that never says when leaves it empty. */
  readonly occurred: string | null;
  readonly card: string | null;
};

/** No institution writes more; what is longer is a sentence that moved to where the name should be. */
const MAX_MERCHANT_LENGTH = 100;

/** Tries the layouts in their order; the first whose form the mail has decides. */
export function readLayouts(layouts: readonly Layout[], mail: ReadableMail): Reading {
  for (const { name, read } of layouts) {
    const reading = read(mail);
    if (reading === null) continue;
    if ("skipped" in reading) return { outcome: "skipped", layout: name, reason: reading.skipped };
    if ("failed" in reading) return { outcome: "failed", reason: reading.failed };
    return { outcome: "understood", layout: name, events: [reading] };
  }
  return { outcome: "failed", reason: "This mail is written in a way that is not known here yet." };
}

/** An event in US dollars from its words; fails, naming the part, when one is missing, unrendered, zero or no such day. */
export function eventFromWords(kind: EventKind, words: EventWords): LayoutReading {
  const { amount, merchant, occurred, card } = words;
  const amountMinor = amount === null ? null : parseAmount(amount, "USD");
  if (amount === null || amountMinor === null || amountMinor === 0) return { failed: doubtful("amount") };
  if (merchant === null || !isName(merchant)) return { failed: doubtful("merchant") };
  const when = occurred === null || occurred === "" ? null : parseWhen(occurred);
  if (occurred === null || (when === null && occurred !== "")) return { failed: doubtful("date") };
  const shared = { kind, amountMinor, currency: "USD", merchant, card, occurred: when, confidence: 1 };
  return { ...shared, words: { amount, merchant, occurred } };
}

/** The sentence that names the part of a mail that can't be relied on. */
export function doubtful(part: "amount" | "merchant" | "date"): string {
  return `The ${part} in this mail is missing or could not be read for sure.`;
}

/** Not empty, not a sentence, not an amount, and no template's placeholder that was sent unfilled. */
function isName(text: string): boolean {
  const isPlaceholder = ["{{", "${", "<%", "%%"].some((mark) => text.includes(mark)) || /^(?:#.*#|\[.*\])$/.test(text);
  return text !== "" && text.length <= MAX_MERCHANT_LENGTH && !isPlaceholder && !text.startsWith("$");
}

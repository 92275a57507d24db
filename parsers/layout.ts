import { parseMoney } from "./amount.ts";
import type { EventKind, MailEvent, Parser, ReadableMail, Reading } from "./parser.ts";
import { parseWhen } from "./when.ts";
import { US, type Writing } from "./writing.ts";

/** One form that an institution's mails take. */
export type Layout = Parser["layouts"][number] & {
  /** Null when the mail has another form. */
  readonly read: (mail: ReadableMail, writing: Writing) => LayoutReading | null;
};

/**
 * What was read in a mail that has the form: what happened, once or several times in the order of the mail, or why nothing
 * is booked, or why it is not understood. The two reasons are whole sentences for the person whose mail it is.
 */
export type LayoutReading = EventReading | { readonly events: readonly MailEvent[] } | { readonly skipped: string };

/** One event, or why it is not understood. */
export type EventReading = MailEvent | { readonly failed: string };

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

/** A day's list has some dozens; a body could hold a hundred thousand, and each would be booked. */
const MAX_EVENTS = 200;

/** Alerts have some fifty lines, with all that stands below them some hundreds; more are to keep the interpreter busy. */
const MAX_LINES = 5000;
const MAX_CHARACTERS = 100_000;

/** Tries the layouts in their order; the first whose form the mail has decides. A mail too long for an alert fails. */
export function readLayouts(layouts: readonly Layout[], mail: ReadableMail, writing: Writing = US): Reading {
  if (isTooLong(mail)) return { outcome: "failed", reason: "This mail is too long to read." };
  for (const { name, read } of layouts) {
    const reading = read(mail, writing);
    if (reading === null) continue;
    if ("skipped" in reading) return { outcome: "skipped", layout: name, reason: reading.skipped };
    if ("failed" in reading) return { outcome: "failed", reason: reading.failed };
    return { outcome: "understood", layout: name, events: "events" in reading ? reading.events : [reading] };
  }
  const reason = "This mail is written in a way that is not known here yet.";
  return { outcome: "failed", reason, isUnknownForm: true };
}

function isTooLong({ subject, lines }: ReadableMail): boolean {
  return lines.length > MAX_LINES || lines.reduce((sum, line) => sum + line.length, subject.length) > MAX_CHARACTERS;
}

/** What the words of an event leave open. */
export type Circumstances = {
  readonly writing?: Writing;
  /** Its date settles days without a year. */
  readonly mail?: Pick<ReadableMail, "date">;
  /** For mails that write times in a way of their own. */
  readonly readWhen?: (text: string) => MailEvent["occurred"];
};

/**
 * An event from its words; fails, naming the part, when one is missing, unrendered, zero or no such day. Of money that
 * came back the amount may be written with a minus.
 */
export function eventFromWords(kind: EventKind, words: EventWords, circumstances: Circumstances = {}): EventReading {
  const { writing = US, mail } = circumstances;
  const { readWhen = (text: string) => parseWhen(text, writing, mail?.date ?? null) } = circumstances;
  const { amount, merchant, occurred, card } = words;
  const isBack = kind === "refund" || kind === "reversal";
  const money = amount === null ? null : parseMoney(isBack ? amount.replace(/^[-−+] ?/, "") : amount, writing);
  if (amount === null || money === null || money.amountMinor === 0) return { failed: doubtful("amount") };
  if (merchant === null || !isName(merchant)) return { failed: doubtful("merchant") };
  const when = occurred === null || occurred === "" ? null : readWhen(occurred);
  if (occurred === null || (when === null && occurred !== "")) return { failed: doubtful("date") };
  return { kind, ...money, merchant, card, occurred: when, confidence: 1, words: { amount, merchant, occurred } };
}

/**
 * The events of a mail that tells of several, in their order. One that fails fails them all, since half a mail is not
 * understood; more than `MAX_EVENTS` fail too.
 */
export function allEvents(readings: readonly EventReading[]): LayoutReading {
  if (readings.length > MAX_EVENTS) return { failed: "This mail tells of more transactions than one mail can." };
  const failed = readings.find((reading) => "failed" in reading);
  return failed ?? { events: readings.flatMap((reading) => ("failed" in reading ? [] : [reading])) };
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

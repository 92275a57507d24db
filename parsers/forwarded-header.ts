import type { Meter } from "./entities.ts";
import { fieldNamed, LONGEST_WORDS, type HeaderField } from "./forwarded-words.ts";
import { unquoted } from "./quotes.ts";

/** The header that a mail program puts above a mail that somebody forwards. Texts are as they stand there. */
export type ForwardedHeader = {
  /** Bare address, lower case. */
  readonly from: string;
  readonly fromName: string;
  /** Null when it has none, as the next two. */
  readonly subject: string | null;
  readonly date: string | null;
  readonly to: string | null;
  /** The number of the line behind it. */
  readonly end: number;
};

/** A line of it. */
type Entry = { readonly field: HeaderField; readonly value: string };

type Values = ReadonlyMap<HeaderField, string>;

/** Where it ends at the latest, however many more labels somebody wrote. */
const MAX_LINES = 16;
/** Longer ones are none: no alert goes to that many people. */
const MAX_LINE_LENGTH = 1000;
/** Gmail breaks the lines of a text near their 76th column, those of the header too. */
const WRAPPED_FROM = 66;
const MAX_NAME_LENGTH = 200;
const MAX_ADDRESS_LENGTH = 320;

/**
 * Reads the header that begins on that line, or on the next that is not empty; null when there is none, or when it does
 * not say for sure who the sender was. A label and its value may stand on lines of their own. Looks at a few lines,
 * whatever follows.
 *
 * @param lines trimmed, white space folded
 * @param mayWrap whether a long line may go on in the next one
 */
export function readForwardedHeader(
  lines: readonly string[],
  start: number,
  mayWrap: boolean,
  meter: Meter,
): ForwardedHeader | null {
  const top = lines.slice(start, start + MAX_LINES).map((line) => unquoted(line.slice(0, MAX_LINE_LENGTH + 1)));
  meter.work += top.reduce((sum, line) => sum + line.length, top.length);
  const values = new Map<HeaderField, string>();
  let end = 0;
  for (let at = nextWords(top, 0); at < top.length; at = nextWords(top, end)) {
    const entry = entryOn(top[at]);
    if (entry === null || !isHeaders(entry, values, at > end)) break;
    const { value, next } = wholeValue(entry, top, at, mayWrap);
    values.set(entry.field, value);
    end = next;
  }
  const sender = mailbox(values.get("from") ?? "");
  if (sender === null) return null;
  const [subject = null, date = null, to = null] = [values.get("subject"), values.get("date"), values.get("to")];
  return { ...sender, subject, date, to, end: start + end };
}

/** Whether a header without a marker above it may begin with that line. */
export function beginsWithSender(line: string): boolean {
  return entryOn(unquoted(line.slice(0, LONGEST_WORDS)))?.field === "from";
}

/** The only address in a list of recipients, lower case; null when there is none, or more than one. */
export function onlyAddress(recipients: string): string | null {
  const words = recipients.toLowerCase().split(/[\s<>()[\],;:"']+/);
  const addresses = new Set(words.filter((word) => /^[^@]+@[^@]+$/.test(word) && word.length <= MAX_ADDRESS_LENGTH));
  const [address = null] = addresses;
  return addresses.size === 1 ? address : null;
}

/** Asterisks stand around a label that was bold. */
function entryOn(line: string | undefined): Entry | null {
  if (line === undefined || line.length > MAX_LINE_LENGTH) return null;
  const colon = line.slice(0, LONGEST_WORDS).search(/[:：]/);
  const label = line.slice(0, Math.max(colon, 0));
  const field = fieldNamed(label.replaceAll("*", "").trim());
  return field === undefined ? null : { field, value: line.slice(colon + 1).replace(/^[* ]+/, "") };
}

/** Banks write `Date:` and `To:` too: a label that stands for the second time, or behind an empty line, is the mail's own. */
function isHeaders({ field, value }: Entry, values: Values, isBehindGap: boolean): boolean {
  if (values.has(field)) return field === "other";
  return values.size === 0 || !isBehindGap || canBe(field, value);
}

/** Persons' names alone are believed where nothing else can stand. */
function canBe(field: HeaderField, value: string): boolean {
  return field === "subject" || field === "date" || value.includes("@");
}

function wholeValue(
  { field, value }: Entry,
  lines: readonly string[],
  at: number,
  mayWrap: boolean,
): { readonly value: string; readonly next: number } {
  if (value === "") {
    const behind = nextWords(lines, at + 1);
    const words = lines[behind] ?? "";
    const isValue = entryOn(words) === null && canBe(field, words) && words.length <= MAX_LINE_LENGTH;
    return isValue ? { value: words, next: behind + 1 } : { value, next: at + 1 };
  }
  let whole = value;
  let next = at + 1;
  while (mayWrap && goesOn(lines[next - 1] ?? "", lines[next] ?? "")) {
    whole += ` ${lines[next]}`;
    next += 1;
  }
  return { value: whole, next };
}

/** Whether the first word of the line had no room on the one before. */
function goesOn(previous: string, line: string): boolean {
  if (line === "" || line.length > MAX_LINE_LENGTH || entryOn(line) !== null) return false;
  return previous.length + 1 + (line.split(" ", 1)[0] ?? "").length > WRAPPED_FROM;
}

function nextWords(lines: readonly string[], start: number): number {
  let at = start;
  while (lines[at] === "") at += 1;
  return at;
}

/** Null when it names no address, or several that differ: then it is not sure which of them wrote. */
function mailbox(value: string): { readonly from: string; readonly fromName: string } | null {
  const text = value.replaceAll(/mailto:/gi, "");
  const inBrackets = text.match(/[<[][^\s<>[\]]+@[^\s<>[\]]+/g)?.map((bracketed) => bracketed.slice(1)) ?? [];
  const from = onlyAddress(inBrackets.length > 0 ? inBrackets.join(" ") : text);
  if (from === null) return null;
  if (inBrackets.length === 0) return text.trim().toLowerCase() === from ? { from, fromName: "" } : null;
  const name = text.slice(0, Math.min(text.search(/[<[]/), MAX_NAME_LENGTH)).replaceAll(/^[\s*"']+|[\s*"']+$/g, "");
  return { from, fromName: name.toLowerCase() === from ? "" : name };
}

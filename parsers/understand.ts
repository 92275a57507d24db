import { DEFAULT_ZONE, dayOf, MONTHS } from "../ledger/days.ts";
import { readGeneric, type GenericReading } from "./generic.ts";
import { imitatedBy } from "./imitated-by.ts";
import { htmlToLines, MAX_CHARACTERS_READ, textToLines } from "./html-to-lines.ts";
import { mailDate } from "./mail-date.ts";
import type { Mail, MailEvent, Parser, ReadableMail, Reading } from "./parser.ts";
import { parserFor } from "./registry.ts";
import { unlessItFailed } from "./unless-it-failed.ts";

/** What a mail says happened, or why nothing is known. */
export type Understood = {
  /** The id of the institution it comes from, going by the sender's address alone. */
  readonly institution: string | null;
  /** The mail's own date. */
  readonly date: Temporal.Instant;
  /** The words of the body, for showing; cut for mails of absurd length. */
  readonly lines: readonly string[];
  /** All words of the body that people see first, whatever a parser makes of them: what makes two copies the same mail. */
  readonly body: readonly string[];
  /**
   * `events`: complete, though none need be spending; `nothing`: recognised, and nothing happened that could be booked;
   * `not_understood`: from an institution, to be looked at; `unknown_sender`.
   */
  readonly outcome: "events" | "nothing" | "not_understood" | "unknown_sender";
  /** The name of the layout that it was read by, or null. */
  readonly layout: string | null;
  /** A sentence for the person whose mail it is. */
  readonly reason: string;
  /** Empty unless the outcome is `events`. */
  readonly events: readonly MailEvent[];
  /** What the generic parser makes of a mail that no parser understands; null when it makes nothing of it, or need not. */
  readonly guess: GenericReading | null;
};

/** What review shows of a mail; real alerts have some fifty lines, and a page of a megabyte helps nobody. */
export const MAX_LINES_SHOWN = 300;
export const MAX_LINE_LENGTH_SHOWN = 1000;

const UNKNOWN_SENDER = "We do not know this sender yet, so nothing was read from its mail.";

/** How long after a purchase its alert may come (holds, statements), and how far zones and clocks may be apart. */
const MAX_DAYS_BEFORE_MAIL = 90;
const MAX_DAYS_AFTER_MAIL = 1;
const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * Understands a mail: a pure function that never throws. Whether the mail is genuine is not asked here. The html part
 * is read first, since banks put stubs in the text part; the text when there is no html or no layout is for it.
 *
 * @param usualCurrency what the person usually pays in, which settles what a bare `$` is in a guess
 */
export function understand(mail: Mail, usualCurrency?: string): Understood {
  const date = mailDate(mail.date, mail.receivedAt);
  const bodies = [htmlToLines(mail.html).lines, textToLines(mail.text)].filter((lines) => lines.length > 0);
  const body = bodies[0] ?? [];
  const parser = parserFor(mail.from);
  const readable = { from: mail.from, subject: mail.subject, date, lines: body };
  if (parser === null) {
    const unknown = { institution: null, date, lines: shown(bodies[0]), body, layout: null, events: [] } as const;
    return { ...unknown, outcome: "unknown_sender", ...guessAtUnknown(readable, usualCurrency) };
  }
  const { lines, reading } = readBodies(parser, readable, bodies);
  const verdict = judge(parser, reading, date, mail);
  const isOpen = verdict.outcome === "not_understood";
  const guess = isOpen ? guessAt(readable, usualCurrency) : null;
  return { institution: parser.id, date, lines: shown(lines), body, ...verdict, guess };
}

/**
 * The reading of the first body, or of a later one when no layout is for the first. One that a layout refused is not
 * overruled by a part that says less, nor is what it says of a failure.
 */
function readBodies(
  parser: Parser,
  mail: ReadableMail,
  bodies: readonly (readonly string[])[],
): { readonly lines: readonly string[]; readonly reading: Reading } {
  const [first = [], ...others] = bodies;
  if (bodies.length === 0) return { lines: first, reading: { outcome: "failed", reason: "This mail has no text." } };
  const reading = parser.read(mail);
  if (reading.outcome !== "failed" || reading.isUnknownForm !== true) return { lines: first, reading };
  const readings = others.map((lines) => ({ lines, reading: unlessItFailed(mail, parser.read({ ...mail, lines })) }));
  return readings.find((other) => other.reading.outcome !== "failed") ?? { lines: first, reading };
}

/** A mail in the words of a bank that is known here, from elsewhere, is a forgery more often than the bank's new address. */
function guessAtUnknown(mail: ReadableMail, currency: string | undefined): Pick<Understood, "reason" | "guess"> {
  const imitated = imitatedBy(mail);
  if (imitated === null) return { reason: UNKNOWN_SENDER, guess: guessAt(mail, currency) };
  const reason = `It is written like a mail of ${imitated}, but not from an address that ${imitated} is known to write from.`;
  return { reason, guess: null };
}

function guessAt(mail: ReadableMail, currency: string | undefined): GenericReading | null {
  return readGeneric(mail, currency === undefined ? {} : { currency });
}

type Verdict = Pick<Understood, "outcome" | "layout" | "reason" | "events">;

function judge(parser: Parser, reading: Reading, date: Temporal.Instant, mail: Mail): Verdict {
  if (reading.outcome === "failed") {
    const isCut = mail.html.length > MAX_CHARACTERS_READ || mail.text.length > MAX_CHARACTERS_READ;
    return notUnderstood(isCut ? "This mail is too long to read." : reading.reason);
  }
  const { layout } = reading;
  if (reading.outcome === "skipped") return { outcome: "nothing", layout, reason: reading.reason, events: [] };
  const { events } = reading;
  const doubtful = events.map(({ occurred }) => whyNotThen(occurred, date)).find((why) => why !== null);
  if (doubtful !== undefined) return notUnderstood(doubtful);
  return { outcome: "events", layout, reason: `It is an alert from ${parser.name} (layout ${layout}).`, events };
}

function notUnderstood(reason: string): Verdict {
  return { outcome: "not_understood", layout: null, reason, events: [] };
}

/** A sentence when that can't be the day of what an alert of that date tells of: a misread year, an old mail sent again. */
export function whyNotThen(occurred: MailEvent["occurred"], mail: Temporal.Instant): string | null {
  if (occurred === null) return null;
  const days = daysBetween(occurred, mail);
  const sentence = `The mail says that it happened on ${sayDay(occurred)}`;
  if (days > MAX_DAYS_BEFORE_MAIL)
    return `${sentence}, more than ${MAX_DAYS_BEFORE_MAIL} days before the mail was written.`;
  if (days < -MAX_DAYS_AFTER_MAIL) return `${sentence}, which is after the mail was written.`;
  return null;
}

/** "7 March 2026", as the mail itself has it: its times are in the zone that the known institutions write in. */
function sayDay(occurred: Temporal.Instant | Temporal.PlainDate): string {
  const { day, month, year } = occurred instanceof Temporal.Instant ? dayOf(occurred, DEFAULT_ZONE) : occurred;
  return `${day} ${MONTHS[month - 1] ?? ""} ${year}`;
}

/** Days from then to the mail: exact for an instant, of the calendar in UTC for a date. */
function daysBetween(occurred: Temporal.Instant | Temporal.PlainDate, mail: Temporal.Instant): number {
  return occurred instanceof Temporal.Instant
    ? (mail.epochMilliseconds - occurred.epochMilliseconds) / MILLISECONDS_PER_DAY
    : occurred.until(mail.toZonedDateTimeISO("UTC").toPlainDate()).days;
}

function shown(lines: readonly string[] = []): string[] {
  return lines.slice(0, MAX_LINES_SHOWN).map((line) => line.slice(0, MAX_LINE_LENGTH_SHOWN));
}

import { withoutFullWidth } from "./full-width.ts";
import { htmlToLines, htmlToLinesAndTags, TAG_MARK, textToAllLines } from "./html-to-lines.ts";
import type { Mail } from "./parser.ts";
import { writeRedactedHtml } from "./redact-html.ts";
import { daysToMove, dayStages } from "./redact-days.ts";
import { greetedNames, merchantStage, nameStage } from "./redact-names.ts";
import { numberStages } from "./redact-numbers.ts";
import { inStages, type Draw, type Stage } from "./redact-stages.ts";
import { understand, type Understood } from "./understand.ts";

/** What is known of the person whose mail it is. */
export type Person = {
  /** As they stand in To headers: `Jane Q. Doe`. */
  readonly names: readonly string[];
  /** Lower case. */
  readonly addresses: readonly string[];
};

/** A mail without what is its person's own, fit to be shown to everybody. */
export type Sample = {
  /** The layout that it was read by, or `sample`. */
  readonly name: string;
  readonly from: string;
  readonly subject: string;
  /** As a Date header has it. */
  readonly date: string;
  /** Text, or html when it begins with `<`. */
  readonly body: string;
};

/** Those that there are; others say nothing. */
const OFFSET = /[+-](?:0\d|1[0-4]):?[0-5]\d/;
const URL = /(?:https?:\/\/|www\.)[^\s<>"'）)\]]*[^\s<>"'）)\].,;:!?]/gi;
/** Payment addresses without a domain of the internet too. */
const ADDRESS = /(?<![\p{L}\p{N}._%+'*=-])[\p{L}\p{N}._%+'*=-]+@([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*)/gu;
const HANDLE = /(?<!\S)@[A-Za-z][\w.]*/g;
const MARKED_TAG = new RegExp(`${TAG_MARK}[^\\n]*`, "g");

/**
 * The mail with other names, numbers, addresses and days, of the same structure: as many lines, every word that is not its
 * person's, the same kinds of values in the same forms. Of two bodies the one that was understood. What a name is can only
 * be told from `person`, from greetings and from what was read, so somebody has to look at it.
 */
export function redactMail(mail: Mail, person: Person, draw: Draw): Sample {
  const understood = understand(mail);
  const { events, guess } = understood;
  const read = [...events, ...(guess === null ? [] : [guess.event])];
  const sample = redacted(mail, understood, { person, draw, merchants: read.map(({ words }) => words.merchant) });
  // To some the name says what happened: what `VENMO` takes is a transfer.
  return isReadAlike(understood, sample, mail) ? sample : redacted(mail, understood, { person, draw, merchants: [] });
}

type How = { readonly person: Person; readonly draw: Draw; readonly merchants: readonly string[] };

function redacted(mail: Mail, { layout, date }: Understood, { person, draw, merchants }: How): Sample {
  const isHtml = htmlToLines(mail.html).lines.length > 0 && layout === understand({ ...mail, text: "" }).layout;
  const body = isHtml ? htmlToLinesAndTags(mail.html).join("\n") : textToAllLines(mail.text).join("\n");
  const text = `${mail.subject}\n${body}`;
  const zoned = date.toZonedDateTimeISO(OFFSET.exec(mail.date)?.[0] ?? "UTC");
  const today = zoned.toPlainDate();
  const move = daysToMove(text, today, draw);
  const redact = inStages([
    { pattern: MARKED_TAG, replace: ([tag]) => tag },
    ownWordsStage(mail),
    ...merchantStage(merchants),
    ...addressStages(mail, person),
    ...nameStage([...person.names, ...greetedNames(text, `${mail.fromName} ${mail.from}`)]),
    inOneWidth([...dayStages(today, move), ...numberStages(draw)]),
  ]);
  return {
    name: layout ?? "sample",
    from: fromLine(mail, redact),
    subject: redact(mail.subject.replaceAll(/\s+/g, " ").trim()),
    date: dateLine(zoned.add({ days: move }), draw),
    body: isHtml ? writeRedactedHtml(redact(body).split("\n")) : writeText(redact(body)),
  };
}

function isReadAlike(before: Understood, { subject, date, body }: Sample, mail: Mail): boolean {
  const parts = body.startsWith("<") ? { html: body, text: "" } : { html: "", text: body };
  const after = understand({ ...mail, ...parts, subject, date });
  const said = ({ layout, outcome, events, guess }: Understood): string =>
    JSON.stringify([
      layout,
      outcome,
      events.map(({ kind, card }) => [kind, card === null]),
      guess?.event.kind,
      guess?.missing,
    ]);
  return said(before) === said(after);
}

/** `Kotak811` is what the sender calls itself. */
function ownWordsStage({ fromName }: Mail): Stage {
  const words = fromName.match(/(?<!\p{L})\p{L}{3,}\d{1,3}(?![\p{L}\p{N}])/gu) ?? [];
  return {
    pattern: new RegExp(words.map((word) => RegExp.escape(word)).join("|") || "(?!)", "g"),
    replace: ([word]) => word,
  };
}

function addressStages({ from }: Mail, { addresses }: Person): Stage[] {
  const isOwn = (address: string): boolean => addresses.includes(address.toLowerCase());
  return [
    { pattern: URL, replace: ([url]) => (/^www/i.test(url) ? "www.example.com" : "https://example.com") },
    {
      pattern: ADDRESS,
      replace: ({ 0: address, 1: domain = "" }) => {
        if (isOwn(address)) return "jane.doe@example.com";
        if (address.toLowerCase() === from) return address;
        return domain.includes(".") ? "someone@example.com" : `someone@${domain}`;
      },
    },
    { pattern: HANDLE, replace: () => "@someone" },
  ];
}

/** Finds in full-width letters and digits what stands in plain ones, and leaves them as wide as they were. */
function inOneWidth(stages: readonly Stage[]): Stage {
  const redact = inStages(stages);
  return {
    pattern: /[^]+/g,
    replace: ([text]) => {
      const plain = withoutFullWidth(text);
      const redacted = redact(plain);
      if (plain === text || redacted.length !== plain.length) return redacted;
      return [...redacted.split("").entries()]
        .map(([at, character]) => asWide(text[at] ?? "", plain[at] ?? "", character))
        .join("");
    },
  };
}

function asWide(original: string, plain: string, character: string): string {
  if (character === plain) return original;
  const distance = original.charCodeAt(0) - plain.charCodeAt(0);
  return String.fromCharCode(character.charCodeAt(0) + distance);
}

function fromLine({ from, fromName }: Mail, redact: (text: string) => string): string {
  const name = redact(fromName.replaceAll(/[<>\s]+/g, " ").trim());
  const address = redact(from);
  return name === "" ? address : `${name} <${address}>`;
}

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** With the hour that it had, since a day begins and ends by it. */
function dateLine(date: Temporal.ZonedDateTime, draw: Draw): string {
  const { dayOfWeek, day, month, year, hour, offset } = date;
  const [minute, second] = ["minute", "second"].map((name) =>
    String(draw(`${name} ${date.toString()}`, 60)).padStart(2, "0"),
  );
  const clock = `${String(hour).padStart(2, "0")}:${minute}:${second}`;
  return `${WEEKDAYS[dayOfWeek - 1]}, ${day} ${MONTHS[month - 1]} ${year} ${clock} ${offset.replace(":", "")}`;
}

/** A text that begins like html, or a line like the head of a sample, is moved by a blank that does not count. */
function writeText(text: string): string {
  const lines = text.replaceAll(/\n{3,}/g, "\n\n").replaceAll(/^\n+|\n+$/g, "");
  return lines.replaceAll(/^(?==== )/gm, " ").replace(/^</, " <");
}

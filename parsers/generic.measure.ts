import { readGeneric, type GenericReading } from "./generic.ts";
import type { MailEvent, Parser, ReadableMail } from "./parser.ts";

/** A mail of an institution, and the institution's own parser. */
export type Sample = { readonly parser: Parser; readonly name: string; readonly mail: ReadableMail };

/**
 * What the generic parser, not knowing the institution, made of a sample: of a purchase a `right` or a `wrong` proposal or
 * an `incomplete` one; of another mail a `wrong` one or `nothing`. `unknowable` are proposals for damaged mails, which
 * their own parser gives up on.
 */
export type Verdict = "right" | "incomplete" | "wrong" | "nothing" | "unknowable";

/** One sample read by both. */
export type Measured = {
  readonly sample: Sample;
  /** The lone purchase or withdrawal that the mail tells of, by its own parser; null when there is none. */
  readonly truth: MailEvent | null;
  readonly guess: GenericReading | null;
  readonly verdict: Verdict;
};

/** What would be booked by itself after a person approved the first right proposal of each sender and shape. */
export type AfterOneTap = { readonly booked: number; readonly wrong: readonly Measured[] };

const SPENDING: ReadonlySet<string> = new Set(["purchase", "withdrawal"]);

/** Reads each sample with the generic parser; `usual` is what people with such mails usually pay in. */
export function measure(samples: readonly Sample[], usual?: (parser: Parser) => string | undefined): Measured[] {
  return samples.map((sample) => {
    const truth = truthOf(sample);
    const currency = usual?.(sample.parser);
    const guess = readGeneric(sample.mail, currency === undefined ? {} : { currency });
    return { sample, truth, guess, verdict: verdictOn(sample, truth, guess) };
  });
}

/** The currency that most purchases of an institution are in: what the person with such mails usually pays in. */
export function homeCurrencies(samples: readonly Sample[]): (parser: Parser) => string | undefined {
  const bySender = Map.groupBy(samples, ({ parser }) => parser);
  const currencies = new Map(
    [...bySender].map(([parser, own]) => {
      const counts = Map.groupBy(
        own.flatMap((sample) => truthOf(sample)?.currency ?? []),
        (currency) => currency,
      );
      const [[most] = []] = [...counts].toSorted(([, one], [, other]) => other.length - one.length);
      return [parser, most] as const;
    }),
  );
  return (parser) => currencies.get(parser);
}

/** Walks the mails of each sender: what a person approved once, by its shape, is booked from then on. */
export function afterOneTap(measured: readonly Measured[]): AfterOneTap {
  const bySender = Map.groupBy(measured, ({ sample }) => sample.mail.from);
  const booked = [...bySender.values()].flatMap((mails) => {
    const approved = new Set(
      mails.flatMap(({ guess, verdict }) => (verdict === "right" && guess !== null ? [guess.shape] : [])),
    );
    return mails.filter(({ guess }) => guess !== null && guess.missing.length === 0 && approved.has(guess.shape));
  });
  return { booked: booked.length, wrong: booked.filter(({ verdict }) => verdict !== "right") };
}

/** The lone purchase or withdrawal that the mail tells of, by its own parser; null when there is none. */
export function truthOf({ parser, mail }: Sample): MailEvent | null {
  const reading = parser.read(mail);
  const spent = reading.outcome === "understood" ? reading.events.filter(({ kind }) => SPENDING.has(kind)) : [];
  const [event] = spent;
  return event !== undefined && spent.length === 1 ? event : null;
}

function verdictOn({ parser, mail }: Sample, truth: MailEvent | null, guess: GenericReading | null): Verdict {
  if (guess === null || guess.missing.length > 0) return truth === null ? "nothing" : "incomplete";
  if (truth === null) return parser.read(mail).outcome === "failed" ? "unknowable" : "wrong";
  const { event } = guess;
  const isSame =
    event.kind === truth.kind &&
    event.amountMinor === truth.amountMinor &&
    event.currency === truth.currency &&
    (squeezed(event.merchant) === squeezed(truth.merchant) || isNameless(mail, truth)) &&
    isSameDay(mail, event.occurred, truth);
  return isSame ? "right" : "wrong";
}

/** Cash from nowhere in particular: each parser has its own words for that. */
function isNameless(mail: ReadableMail, { kind, merchant }: MailEvent): boolean {
  return kind === "withdrawal" && (!hasWords(mail, merchant) || /^withdrawal$/i.test(merchant));
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

type When = MailEvent["occurred"];

/** Whether the day is the one that the truth's words name, on whatever clock they were written. */
function isSameDay(mail: ReadableMail, when: When, { occurred, words }: MailEvent): boolean {
  if (occurred === null || when === null) return isNear(when ?? mail.date, occurred ?? mail.date);
  if (occurred instanceof Temporal.PlainDate && when instanceof Temporal.PlainDate) return occurred.equals(when);
  if (occurred instanceof Temporal.Instant && when instanceof Temporal.Instant) {
    // Clocks of summer and winter differ when a mail is moved.
    return Math.abs(occurred.since(when).total("hours")) < 2;
  }
  if (occurred instanceof Temporal.PlainDate || when instanceof Temporal.Instant) return isNear(when, occurred);
  const [, hour, minute, half = ""] = /(\d{1,2})[:h](\d{2})(?::\d{2})?(?: ?([ap])\.? ?m)?/i.exec(words.occurred) ?? [];
  if (hour === undefined) return isNear(when, occurred);
  const hours =
    half === "" || Number(hour) > 12 ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  const local = when
    .toPlainDateTime({ hour: hours, minute: Number(minute) })
    .toZonedDateTime("UTC")
    .toInstant();
  const offset = (local.epochMilliseconds - occurred.epochMilliseconds) / 3_600_000;
  return offset >= -12 && offset <= 14;
}

/** The same day for somebody on earth. */
function isNear(one: NonNullable<When>, other: NonNullable<When>): boolean {
  const [first, second] = [one, other].map((when) =>
    when instanceof Temporal.Instant
      ? { from: when.epochMilliseconds, to: when.epochMilliseconds }
      : { from: midnight(when) - 14 * 3_600_000, to: midnight(when) + 36 * 3_600_000 },
  );
  return first !== undefined && second !== undefined && first.from <= second.to && second.from <= first.to;
}

function midnight(day: Temporal.PlainDate): number {
  return day.toZonedDateTime("UTC").epochMilliseconds;
}

/** Whether the words stand in the mail, wherever it was wrapped. */
export function hasWords({ lines }: ReadableMail, words: string): boolean {
  return lines.join(" ").includes(words);
}

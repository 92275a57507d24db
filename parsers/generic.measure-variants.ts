import { hasWords, truthOf, type Sample } from "./generic.measure.ts";
import type { MailEvent } from "./parser.ts";
import { parseWhen } from "./when.ts";
import type { Writing } from "./writing.ts";

type When = MailEvent["occurred"];

/** A stream of numbers from 0 to below 1, the same for the same seed (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const NAMES = [
  "BLUE DOOR BAKERY",
  "Corner Books",
  "SQ *RIVER CAFE",
  "PAYPAL *SONGS",
  "H&M 0423",
  "MCDONALD'S (PNS)",
  "amazon.com*A1B2",
  "LA ESQUINA SRL",
  "Padaria Sol",
  "Boulangerie Lune",
  "Backhaus Nord 12",
  "7-ELEVEN 33012",
  "SHELL OIL 5744",
  "UBER *TRIP",
  "O'NEILL SURF",
  "TST* Green Bowl",
  "FARMACIA CENTRAL",
  "Netflix.com",
  "ST. JOHN'S DELI",
  "WHOLEFDS #1042",
];

/**
 * The mail with another amount, merchant, day and card wherever its own parser read them, written some days earlier. Null
 * where its own parser does not read in it what was put there.
 */
export function variantOf(sample: Sample, random: () => number): Sample | null {
  const truth = truthOf(sample);
  if (truth === null) return null;
  const days = Math.floor(random() * 700);
  const digit = (): string => String(1 + Math.floor(random() * 9));
  const words = {
    amount: truth.words.amount.replaceAll(/\d/g, digit),
    merchant: hasWords(sample.mail, truth.words.merchant) ? pick(NAMES, random) : truth.words.merchant,
    card: truth.card?.replaceAll(/\d/g, digit) ?? null,
  };
  for (const dates of ["day-first", "month-first"] as const) {
    const { parser, name, mail } = sample;
    const swaps: (readonly [string, string])[] = [
      [truth.words.amount, words.amount],
      [truth.words.merchant, words.merchant],
      ...(truth.words.occurred.match(DAY) ?? []).map((day) => [day, earlier(day, days, dates, mail.date)] as const),
      ...(truth.card === null ? [] : [[truth.card, words.card ?? ""] as const]),
    ];
    const swap = (text: string): string => swapAll(text, swaps);
    const date = mail.date.subtract({ hours: 24 * days });
    const variant = { parser, name, mail: { ...mail, subject: swap(mail.subject), lines: mail.lines.map(swap), date } };
    const again = truthOf(variant);
    const isAsMeant = again !== null && again.words.amount === words.amount && again.words.merchant === words.merchant;
    if (isAsMeant && isEarlier(again.occurred, truth.occurred, days)) return variant;
  }
  return null;
}

function isEarlier(moved: When, from: When, days: number): boolean {
  if (moved === null || from === null) return moved === from;
  if (moved instanceof Temporal.PlainDate)
    return from instanceof Temporal.PlainDate && moved.add({ days }).equals(from);
  // The clocks of summer and winter differ.
  return from instanceof Temporal.Instant && Math.abs(from.since(moved).total("hours") - 24 * days) <= 2;
}

/** All at once, so that what was put in is not swapped again. */
function swapAll(text: string, swaps: readonly (readonly [string, string])[]): string {
  let rest = text;
  let done = "";
  while (rest !== "") {
    const next = swaps
      .flatMap(([from, to]) => (from !== "" && rest.includes(from) ? [{ at: rest.indexOf(from), from, to }] : []))
      .toSorted((one, other) => one.at - other.at || other.from.length - one.from.length)[0];
    if (next === undefined) return done + rest;
    done += rest.slice(0, next.at) + next.to;
    rest = rest.slice(next.at + next.from.length);
  }
  return done;
}

const DAY =
  /\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/.])\d{1,2}(?:\1\d{2,4})?|\p{L}{3,10}\.? \d{1,2}(?!\d|:)(?:,? \d{4})?|\d{1,2}(?: de |[ /-])\p{L}{3,10}\.?(?:(?:,? (?:de |del )?|[/-])\d{2,4}(?![\d:]))?/gu;

/** The words of a day, that many days earlier, in the same form; as they are where the form is not known. */
function earlier(words: string, days: number, dates: Writing["dates"], mail: Temporal.Instant): string {
  const day = parseWhen(words, { dates, zone: null }, mail);
  if (!(day instanceof Temporal.PlainDate)) return words;
  const moved = day.subtract({ days });
  const hasName = /\p{L}{3}/u.test(words.replaceAll(/\b(?:del?|of)\b/g, ""));
  const [year, month, date] = [moved.year, moved.month, moved.day].map(String);
  const inOrder = /^\d{4}/.test(words)
    ? [year, month, date]
    : hasName
      ? [date, year]
      : dates === "day-first"
        ? [date, month, year]
        : [month, date, year];
  const numbers = words.matchAll(/\d+/g);
  let text = words;
  for (const [at, { 0: old, index }] of [...numbers].entries().toArray().toReversed()) {
    const value = inOrder[at] ?? "";
    const next =
      value.length === 4
        ? value.slice(-Math.max(2, old.length))
        : hasName && !old.startsWith("0")
          ? value
          : value.padStart(old.length, "0");
    text = text.slice(0, index) + next + text.slice(index + old.length);
  }
  return hasName ? text.replace(/\p{L}{3,}/u, (name) => monthLike(name, moved)) : text;
}

/** The month's name in the language and the case of another one, as short as that. */
function monthLike(name: string, { month }: Temporal.PlainDate): string {
  const bareName = (text: string): string =>
    text
      .normalize("NFD")
      .replaceAll(/[\p{M}.]/gu, "")
      .toLowerCase();
  for (const language of ["en", "es", "pt", "fr", "de"]) {
    const names = Array.from({ length: 12 }, (_, at) =>
      new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" }).format(Date.UTC(2026, at)),
    );
    const old = names.find((each) => bareName(each).startsWith(bareName(name)));
    if (old === undefined) continue;
    const next = (names[month - 1] ?? "").slice(0, name.length === old.length ? undefined : name.length);
    if (name === name.toUpperCase()) return next.toUpperCase();
    return /^\p{Lu}/u.test(name) ? next.charAt(0).toUpperCase() + next.slice(1) : next.toLowerCase();
  }
  return name;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const [chosen] = [list[Math.floor(random() * list.length)]];
  if (chosen === undefined) throw new Error("There is nothing to pick from.");
  return chosen;
}

import { lastDigits } from "./last-digits.ts";
import { eventFromWords, readLayouts, type EventWords, type Layout, type LayoutReading } from "./layout.ts";
import { readLabelled } from "./labelled.ts";
import { parseMoney } from "./amount.ts";
import type { EventKind, Parser, ReadableMail } from "./parser.ts";
import { valuesUnder } from "./table.ts";
import {
  findTemplate,
  hasPhrase,
  mayFit,
  templateOf,
  templateText,
  type Accepts,
  type Match,
  type Slot,
  type Template,
  type TemplateText,
} from "./template.ts";
import { unlessItFailed } from "./unless-it-failed.ts";
import { parseWhen } from "./when.ts";
import type { Writing } from "./writing.ts";

/** Which mails a layout is for; everything named must be there. */
type Recognised = {
  readonly name: string;
  readonly sample: Layout["sample"];
  /** Words of the subject. */
  readonly subject?: string;
  /** Words of the body, all of them; a blank stands for an end of line too. */
  readonly says?: string | readonly string[];
};

/** Labels, the first of those that the mail has counts. */
type Label = string | readonly string[];

/** What happened: always the same, or as the words behind a label say it; other words there are not understood. */
type Kind = EventKind | { readonly label: string; readonly is: Readonly<Record<string, EventKind>> };

/** Where the values of a mail stand that its sentence does not give, or all of them. */
type Labels = {
  readonly amount?: Label;
  readonly merchant?: Label;
  /** Labels whose values make up the time one behind the other, such as a date's and a time's. */
  readonly when?: readonly Label[];
  readonly card?: Label;
};

/**
 * An institution's parser from its layouts, tried in their order; the first whose form the mail has decides.
 */
export function institution({
  layouts,
  writing,
  ...about
}: Pick<Parser, "id" | "name" | "senders" | "dkimDomains"> & {
  readonly layouts: readonly Layout[];
  readonly writing: Writing;
}): Parser {
  return {
    ...about,
    layouts: layouts.map(({ name, sample, kinds }) => ({ name, sample, kinds })),
    read: (mail) => unlessItFailed(mail, readLayouts(layouts, mail, writing)),
  };
}

/**
 * A layout that says it in a sentence: `Your card {card} was charged {amount} at {merchant}.` The sentence may be wrapped
 * anywhere; repeated word by word it counts once, and with other values the mail is not understood. Several sentences are
 * several endings of one; where more than one fits, the shortest counts. `labels` names where the values stand that the
 * sentence does not give, and where the amount stands once more when it does: both must be the same.
 */
export function sentence({
  kind,
  sentence: written,
  labels = {},
  merchant,
  ...recognised
}: Recognised & {
  readonly kind: EventKind;
  readonly sentence: string | readonly string[];
  readonly labels?: Labels;
  /** What stands for a merchant where the mail names none, such as `ATM withdrawal`. */
  readonly merchant?: string;
}): Layout {
  const templates = [written].flat().map(templateOf);
  const read = (mail: ReadableMail, writing: Writing): LayoutReading | null => {
    if (!isRecognised(mail, recognised)) return null;
    const text = templateText(mail.lines);
    if (!templates.some((template) => mayFit(template, text))) return null;
    const accepts = (slot: Slot, value: string): boolean => isValue(slot, value, writing, mail);
    const found = fillings(templates, text, accepts);
    const [first, ...others] = found.length > 0 ? found : fillings(templates, text, () => true);
    if (first === undefined) return null;
    if (others.some(({ values }) => values.join("\n") !== first.values.join("\n"))) {
      return { failed: "This mail tells of more than one transaction." };
    }
    const [labelWords, sentenceWords] = [wordsOf(mail, labels, merchant), filled(first)];
    const isConfirmed = labels.amount === undefined || agree(labelWords.amount, sentenceWords.amount, writing);
    if (!isConfirmed) return { failed: "This mail names two different amounts." };
    return eventFromWords(kind, { ...labelWords, ...sentenceWords }, { mail, writing });
  };
  return { name: recognised.name, sample: recognised.sample, kinds: [kind], read };
}

/** A layout of labels and their values; `columns` names the heads of a table whose values stand in a row below them. */
export function labelled({
  kind,
  labels,
  columns,
  merchant,
  ...recognised
}: Recognised & {
  readonly kind: Kind;
  readonly labels: Labels & { readonly amount: Label };
  readonly columns?: readonly string[];
  readonly merchant?: string;
}): Layout {
  const read = (mail: ReadableMail, writing: Writing): LayoutReading | null => {
    if (!isRecognised(mail, recognised)) return null;
    const names = typeof kind === "string" ? [] : [kind.label];
    const values = columns === undefined ? undefined : valuesUnder(mail.lines, columns);
    if (values === null) return null;
    const read = valueReader(mail, [...allLabels(labels), ...names], values);
    // Without a label of the amount's it is another form, unless there were other signs of this one.
    const isThisForm = recognised.subject !== undefined || recognised.says !== undefined || columns !== undefined;
    if (!isThisForm && read(labels.amount) === undefined) return null;
    const what = typeof kind === "string" ? kind : kind.is[read(kind.label) ?? ""];
    if (what === undefined) return { failed: "This mail does not say clearly what became of the transaction." };
    return eventFromWords(what, wordsFrom(read, labels, merchant), { mail, writing });
  };
  const kinds = typeof kind === "string" ? [kind] : [...new Set(Object.values(kind.is))];
  return { name: recognised.name, sample: recognised.sample, kinds, read };
}

/** A layout of mails in which nothing happened that could be booked. `reason` is a sentence for the person. */
export function notice({ reason, ...recognised }: Recognised & { readonly reason: string }): Layout {
  const read = (mail: ReadableMail) => (isRecognised(mail, recognised) ? { skipped: reason } : null);
  return { name: recognised.name, sample: recognised.sample, kinds: ["notice"], read };
}

function isRecognised({ subject, lines }: ReadableMail, { subject: wanted = "", says = [] }: Recognised): boolean {
  if (!subject.includes(wanted)) return false;
  const phrases = typeof says === "string" ? [says] : says;
  if (phrases.length === 0) return true;
  const text = templateText(lines);
  return phrases.every((phrase) => hasPhrase(text, phrase));
}

function isValue(slot: Slot, value: string, writing: Writing, { date }: ReadableMail): boolean {
  switch (slot) {
    case "amount":
      return parseMoney(value, writing) !== null;
    case "when":
      return parseWhen(value, writing, date) !== null;
    case "card":
      return lastDigits(value) !== null;
    case "merchant":
      // Of `at . Call us.` the name is missing; it is not `. Call us`.
      return /^[^.,;:!?]/.test(value);
    case "any":
      return true;
  }
}

/** What stands in the holes of a sentence, at one place of a mail. */
type Filling = Match & Pick<Template, "slots">;

/** Where the sentence stands in the text, in order; of several endings that fit at one place, the shortest. */
function fillings(templates: readonly Template[], text: TemplateText, accepts: Accepts): Filling[] {
  const matches = templates
    .flatMap(({ words, slots }) => findTemplate({ words, slots }, text, accepts).map((match) => ({ ...match, slots })))
    .toSorted((one, other) => one.start - other.start || one.end - other.end);
  const shortest = new Map(matches.toReversed().map((match) => [match.start, match.slots]));
  return matches.filter(({ start, slots }) => shortest.get(start) === slots);
}

function filled({ slots, values }: Filling): Partial<EventWords> {
  const has = (slot: Slot) => slots.includes(slot);
  const given = (slot: Slot): string | null => values[slots.indexOf(slot)] ?? null;
  return {
    ...(has("amount") ? { amount: given("amount") } : {}),
    ...(has("merchant") ? { merchant: given("merchant") } : {}),
    // Nothing in its place is missing, while a layout that never says when leaves it empty.
    ...(has("when") ? { occurred: given("when") || null } : {}),
    ...(has("card") ? { card: lastDigits(given("card") ?? "") } : {}),
  };
}

/** Whether two places name one amount; true also when the sentence leaves it to the label. */
function agree(label: string | null, inSentence: string | null | undefined, writing: Writing): boolean {
  if (inSentence === undefined) return true;
  const [one, other] = [label, inSentence].map((words) => parseMoney(words ?? "", writing));
  return one?.amountMinor === other?.amountMinor && one?.currency === other?.currency;
}

function wordsOf(mail: ReadableMail, labels: Labels, merchant: string | undefined): EventWords {
  return wordsFrom(valueReader(mail, allLabels(labels), undefined), labels, merchant);
}

/** A value by its label; undefined when the mail has no such label, null when its value is doubtful. */
type ValueReader = (label: Label) => string | null | undefined;

function valueReader(
  { lines }: ReadableMail,
  labels: readonly string[],
  columns: ReadonlyMap<string, string> | undefined,
): ValueReader {
  const values = columns ?? readLabelled(lines, labels);
  return (label) => {
    const found = [label].flat().find((name) => values.has(name));
    return found === undefined ? undefined : (values.get(found) ?? null);
  };
}

function wordsFrom(read: ValueReader, labels: Labels, merchant: string | undefined): EventWords {
  const valueOf = (label: Label | undefined): string | null => (label === undefined ? null : (read(label) ?? null));
  const times = labels.when?.map(valueOf);
  return {
    amount: valueOf(labels.amount),
    merchant: labels.merchant === undefined ? (merchant ?? null) : (read(labels.merchant) ?? merchant ?? null),
    // A layout that never says when leaves it empty.
    occurred: times === undefined ? "" : times.includes(null) ? null : times.join(" "),
    card: lastDigits(valueOf(labels.card) ?? ""),
  };
}

function allLabels({ amount = [], merchant = [], when = [], card = [] }: Labels): string[] {
  // Longer ones first: `Date of sale` begins like `Date`.
  return [amount, merchant, when, card].flat(2).toSorted((one, other) => other.length - one.length);
}

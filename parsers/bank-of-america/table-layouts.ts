import { blocksFrom, firstLabel, readLabelled } from "../labelled.ts";
import { allEvents, eventFromWords, type EventReading, type Layout, type LayoutReading } from "../layout.ts";
import type { EventKind, ReadableMail } from "../parser.ts";
import { hasPhrase, templateText } from "../template.ts";

/** A form of mail: a headline that says what happened, then a table of labels and values. */
type Table = {
  readonly kind: EventKind;
  readonly headline: RegExp;
  /** Words of the headline. Without them no line is looked at. */
  readonly says: string;
  readonly amount: string;
  readonly merchant: string;
  readonly occurred: string;
  /** The label of the value that ends in the digits of the card; null when they stand above the table. */
  readonly card: string | null;
};

const CARD: Table = {
  kind: "purchase",
  headline: /^Credit card transaction exceeds alert limit you set$/,
  says: "Credit card transaction exceeds alert limit you set",
  ...{ amount: "Amount:", merchant: "Where:", occurred: "Date:", card: null },
};

const REFUND: Table = {
  kind: "refund",
  headline: /^We['’]ve credited your account$/,
  says: "credited your account",
  ...{ amount: "Amount:", merchant: "Merchant:", occurred: "Date of credit:", card: null },
};

const CARD_PAYMENT: Table = {
  kind: "card_payment",
  headline: /, we['’]ve received your credit card payment$/,
  says: "received your credit card payment",
  ...{ amount: "Payment:", merchant: "To:", occurred: "Date posted:", card: "To:" },
};

const DIRECT_DEPOSIT: Table = {
  kind: "deposit",
  headline: /, money was deposited into your account$/,
  says: "money was deposited into your account",
  ...{ amount: "Amount:", merchant: "From:", occurred: "On:", card: "Account:" },
};

const CARD_2018: Table = {
  kind: "purchase",
  headline: /, a credit card transaction was made above your chosen alert limit$/,
  says: "a credit card transaction was made above your chosen alert limit",
  ...{ amount: "Amount:", merchant: "Where:", occurred: "Transaction date:", card: "Credit card:" },
};

/** What may stand below an empty value: another label, or the button that ends each table. */
const NO_VALUES = ["Type:", "View details", "View account activity", "View account details", "View deposit details"];

const DECLINED = /\bdeclined\b/i;

/** The layout of declined transactions comes first: their headline may be that of the others as well. */
export const tableLayouts: readonly Layout[] = [
  { name: "declined", sample: "described", kinds: ["declined", "notice"], read: readDeclined },
  { name: "card-2020", sample: "real", kinds: ["purchase"], read: readCard },
  { name: "refund", sample: "real", kinds: ["refund"], read: (mail) => readOne(REFUND, mail) },
  { name: "card-payment", sample: "real", kinds: ["card_payment"], read: (mail) => readOne(CARD_PAYMENT, mail) },
  { name: "direct-deposit", sample: "real", kinds: ["deposit"], read: (mail) => readOne(DIRECT_DEPOSIT, mail) },
  { name: "card-2018", sample: "real", kinds: ["purchase"], read: readSeveral },
];

/** Nothing is booked of these, so it does no harm when the table is not understood. */
function readDeclined({ subject, lines }: ReadableMail): LayoutReading | null {
  if (!DECLINED.test(subject) && !DECLINED.test(templateText(lines).flat)) return null;
  if (![subject, ...aboveTable(CARD, lines)].some((line) => DECLINED.test(line))) return null;
  const reading = readTable({ ...CARD, kind: "declined" }, lines, lines);
  return "failed" in reading ? { skipped: "What was declined moved no money." } : reading;
}

function readCard(mail: ReadableMail): LayoutReading | null {
  const reading = readOne(CARD, mail);
  if (reading === null || !("merchant" in reading)) return reading;
  const isDoubtful = mail.lines.some(
    (line) => DECLINED.test(line) && line !== reading.merchant && !line.includes(CARD.merchant),
  );
  return isDoubtful ? { failed: "This mail may tell of a purchase that was declined." } : reading;
}

function readOne(table: Table, { lines }: ReadableMail): EventReading | null {
  if (!hasPhrase(templateText(lines), table.says)) return null;
  const above = aboveTable(table, lines);
  return above.some((line) => table.headline.test(line)) ? readTable(table, above, lines) : null;
}

/** The table of this layout is there once for each purchase. */
function readSeveral({ lines }: ReadableMail): LayoutReading | null {
  if (!hasPhrase(templateText(lines), CARD_2018.says)) return null;
  const above = aboveTable(CARD_2018, lines);
  if (!above.some((line) => CARD_2018.headline.test(line))) return null;
  const tables = blocksFrom(lines.slice(above.length), CARD_2018.amount);
  return allEvents(tables.map((table) => readTable(CARD_2018, [], table)));
}

/** Searched above the table alone: in it stand words that other people chose. */
function aboveTable(table: Table, lines: readonly string[]): readonly string[] {
  return lines.slice(0, firstLabel(lines, labelsOf(table)));
}

function readTable(table: Table, above: readonly string[], lines: readonly string[]): EventReading {
  const values = readLabelled(lines, labelsOf(table));
  return eventFromWords(table.kind, {
    amount: values.get(table.amount) ?? null,
    merchant: values.get(table.merchant)?.replace(/^at /, "") ?? null,
    occurred: values.get(table.occurred) ?? null,
    card: cardIn(table.card === null ? above.join(" ") : (values.get(table.card) ?? "")),
  });
}

/** The last digits in "ending in 1234", "ending in - 1234", "CHECKING - 1234" and, in a copy, "ending in *1234*". */
function cardIn(text: string): string | null {
  return /(?:ending in| -) ?[-*]? ?(\d{4})(?!\d)/.exec(text)?.[1] ?? null;
}

function labelsOf({ amount, merchant, occurred, card }: Table): string[] {
  return [amount, merchant, occurred, card, ...NO_VALUES].filter((label) => label !== null);
}

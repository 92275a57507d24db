import { lastDigits } from "../last-digits.ts";
import { allEvents, eventFromWords, type EventReading, type Layout } from "../layout.ts";
import type { EventKind, ReadableMail } from "../parser.ts";
import type { Writing } from "../writing.ts";

const HEADS = ["Fecha", "Autorización", "No.Referencia", "Monto", "Moneda", "Comercio", "Estado"];

const CURRENCIES: ReadonlyMap<string, string> = new Map([
  ["COLON COSTA RICA", "CRC"],
  ["US DOLLAR", "USD"],
]);

const STATES: ReadonlyMap<string, EventKind> = new Map([
  ["Aprobada", "purchase"],
  ["Negada", "declined"],
]);

const CARD = "Transacciones en su tarjeta BCR:";

/** A mail has one row or a few; a body could hold some ten thousand. */
const MAX_ROWS = 50;

const DAY = /^\d{2}\/\d{2}\/\d{4}\b/;

/** A day or an amount that stands for itself, in whatever form. */
const VALUE = /^\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?: [\d:]+)?$|^\d[\d.,]*[.,]\d{2}$/;

/** A table with a row for each transaction; the currency has a column of its own, and the card stands above. */
export const cardRows: Layout = {
  name: "card",
  sample: "real",
  kinds: ["purchase", "declined"],
  read: (mail, writing) => {
    const { lines } = mail;
    const at = lines.findIndex((_, place) => HEADS.every((head, index) => lines[place + index] === head));
    if (at === -1) return null;
    const card = lastDigits(lines.find((line) => line.startsWith(CARD)) ?? "");
    const rows = rowsFrom(lines, at + HEADS.length);
    if (rows.length === 0 || rows.length > MAX_ROWS) return { failed: "The table in this mail is empty, or too long." };
    const reading = allEvents(rows.map((row) => readRow(row, card, mail, writing)));
    const behind = lines.slice(at + HEADS.length * (rows.length + 1));
    if ("events" in reading && behind.some(isOfTable))
      return { failed: "The table in this mail has rows that could not be read." };
    return reading;
  },
};

/**
 * At most one row more than may be. Each begins with its day; one that lacks a value takes the next one's first, and then
 * makes no sense.
 */
function rowsFrom(lines: readonly string[], start: number): (readonly string[])[] {
  const rows = [];
  for (let at = start; DAY.test(lines[at] ?? "") && rows.length <= MAX_ROWS; at += HEADS.length) {
    rows.push(lines.slice(at, at + HEADS.length));
  }
  return rows;
}

/** Whether the line could be one of a row or of a table, since half a mail is not understood. */
function isOfTable(line: string): boolean {
  return HEADS.includes(line) || CURRENCIES.has(line) || STATES.has(line) || VALUE.test(line);
}

function readRow(row: readonly string[], card: string | null, mail: ReadableMail, writing: Writing): EventReading {
  const [occurred = null, , , amount = null, currencyName = "", merchant = null, state = ""] = row;
  const kind = STATES.get(state);
  const currency = CURRENCIES.get(currencyName);
  if (currency === undefined) return { failed: "The currency in this mail is missing or not known." };
  if (kind === undefined) return { failed: "This mail does not say clearly what became of the transaction." };
  return eventFromWords(kind, { amount, merchant, occurred, card }, { writing: { ...writing, currency }, mail });
}

import { doubtful, eventFromWords, type Layout, type LayoutReading } from "../layout.ts";
import type { EventKind } from "../parser.ts";
import { templateText } from "../template.ts";

/** Layouts from before the tables: one sentence says it all, and line ends may stand anywhere in it. */
export const sentenceLayouts: readonly Layout[] = [
  { name: "card-2018", sample: "real", kinds: ["purchase"], read: ({ lines }) => readCharge(templateText(lines).flat) },
  {
    name: "debit-2013",
    sample: "real",
    kinds: ["purchase", "transfer", "withdrawal"],
    read: ({ lines }) => readDebit(templateText(lines).flat),
  },
];

/** "A charge of ($USD) 7.84 at SOME SHOP has been authorized on 08/29/2018 4:04:23 PM EDT." */
function readCharge(body: string): LayoutReading | null {
  const [, sentence, more] = body.split("A charge of ($USD) ", 3);
  if (sentence === undefined) return null;
  if (more !== undefined) return { failed: "This mail tells of more than one charge." };
  const [amount, behindAmount] = cut(sentence, " at ");
  const [merchant, behindMerchant] = cut(behindAmount ?? "", " has been authorized on ");
  const [occurred, end] = cut(behindMerchant ?? "", ".");
  if (end === null) return { failed: "The sentence about the charge ends too early in this mail." };
  return eventFromWords("purchase", { amount, merchant, occurred, card: cardOf(body) });
}

/** What stands between the amount and the rest of "A $0.75 debit card transaction to SOME SHOP on DATE exceeded your". */
const DEBITS: readonly (readonly [words: string, kind: EventKind])[] = [
  ["debit card transaction to", "purchase"],
  ["external transfer to", "transfer"],
  ["ATM withdrawal", "withdrawal"],
];

function readDebit(body: string): LayoutReading | null {
  const found = DEBITS.find(([words]) => body.includes(` ${words} `));
  if (found === undefined) return null;
  const [words, kind] = found;
  const [before = "", behind = "", more] = body.split(` ${words}`, 3);
  if (more !== undefined) return { failed: "This mail tells of more than one transaction." };
  const [sentence, end] = cut(behind, " exceeded your ");
  if (end === null) return { failed: "The sentence about the transaction ends too early in this mail." };
  const dateStart = sentence.lastIndexOf(" on ");
  if (dateStart === -1) return { failed: doubtful("date") };
  return eventFromWords(kind, {
    // The last word before; some of these mails have it without its dollar sign.
    amount: before.slice(before.lastIndexOf(" ") + 1),
    // Cash has no merchant, so the kind stands for it.
    merchant: kind === "withdrawal" ? words : sentence.slice(0, dateStart).trim(),
    occurred: sentence.slice(dateStart + " on ".length),
    card: cardOf(body),
  });
}

/** The text before and behind the first separator; nothing is behind it when it is not there. */
function cut(text: string, separator: string): [before: string, behind: string | null] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + separator.length)];
}

function cardOf(body: string): string | null {
  return /account ending in (\d{4})\./.exec(body)?.[1] ?? null;
}

import { eventFromWords, type EventReading } from "../layout.ts";
import { movedMoney } from "../moved-money.ts";
import type { EventKind } from "../parser.ts";
import { parseRowDay } from "../when.ts";

export type Section = "Withdrawals" | "Deposits";

/** A row of the list as it stands there: its words, and its amount when it has one. */
export type Row = { readonly section: Section; readonly text: string; readonly amount: string | null };

type RowWords = {
  readonly kind: EventKind;
  readonly merchant: string;
  readonly occurred: string;
  /** Null for the account that the list is about. */
  readonly card: string | null;
};

/** What a card did, by the words before "AUTHORIZED ON". */
const AUTHORIZED: Readonly<Record<Section, ReadonlyMap<string, EventKind>>> = {
  Withdrawals: new Map([
    ["PURCHASE", "purchase"],
    ["RECURRING PAYMENT", "purchase"],
    ["ATM WITHDRAWAL", "withdrawal"],
    ["NON-WF ATM WITHDRAWAL", "withdrawal"],
    ["MONEY TRANSFER", "transfer"],
  ]),
  Deposits: new Map([["PURCHASE RETURN", "refund"]]),
};

/**
 * The event of a row, in a list of the day `listed` about the account of those last digits. Fails when the row has no
 * amount, and for a row whose words do not say what it is: an unknown row may be a transfer as well as a purchase.
 */
export function eventOfRow(
  { section, text, amount }: Row,
  listed: Temporal.PlainDate,
  account: string | null,
): EventReading {
  const words = text.includes(" AUTHORIZED ON ") ? cardWords(section, text) : accountWords(section, text, listed);
  if (words === null) return { failed: "A row of this mail is written in a way that is not known here yet." };
  const { kind, merchant, occurred, card } = words;
  return eventFromWords(
    kind,
    { amount, merchant, occurred, card: card ?? account },
    { readWhen: (day) => parseRowDay(day, listed) },
  );
}

/** "PURCHASE AUTHORIZED ON 09/29 ACE PARKING 3286 BELLVUE WA S300000000000001 CARD 4444": reference and card end it. */
function cardWords(section: Section, text: string): RowWords | null {
  const [what = "", behind = "", more] = text.split(" AUTHORIZED ON ", 3);
  // The amount of the row holds the cash that was paid out with the purchase.
  const kind = AUTHORIZED[section].get(what.startsWith("PURCHASE WITH CASH BACK ") ? "PURCHASE" : what);
  const found = /^(\S+) (.+?)(?: [A-Z]\d{10,})? CARD (\d{4})$/.exec(behind);
  if (kind === undefined || found === null || more !== undefined) return null;
  const [, occurred = "", place = "", card = null] = found;
  // Cash has no merchant, so the kind stands for it.
  return { kind, merchant: kind === "withdrawal" ? what : place, occurred, card };
}

/** "GREENLIGHT APP 260925 GREENLIGHT ALEX SAMPLE": who took it, year, month and day, then references and the holder. */
function accountWords(section: Section, text: string, listed: Temporal.PlainDate): RowWords | null {
  const words = text.split(" ");
  const day = words.findIndex((word) => /^\d{6}$/.test(word) && parseRowDay(word, listed) !== null);
  const merchant = day === -1 ? text : words.slice(0, day).join(" ");
  const kind = section === "Deposits" ? "deposit" : withdrawalKind(merchant, day !== -1);
  return kind === null ? null : { kind, merchant, occurred: words[day] ?? "", card: null };
}

function withdrawalKind(merchant: string, isDated: boolean): EventKind | null {
  const moved = movedMoney(merchant);
  if (moved === "transfer") return moved;
  if (!isDated) return merchant.endsWith(" FEE") ? "fee" : null;
  return moved ?? "purchase";
}

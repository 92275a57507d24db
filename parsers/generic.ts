import { amountsIn, readMoney, type FoundAmount } from "./generic-amounts.ts";
import { cardsIn } from "./generic-cards.ts";
import { namedCurrency, usualCurrency } from "./generic-currency.ts";
import { bare, cashWords, isCash, kindOf } from "./generic-kind.ts";
import { merchantsIn, type FoundMerchant } from "./generic-merchant.ts";
import { isAccount, isDoubtfulName, isMoved, isTakenBack } from "./generic-payee.ts";
import { pageOf, textAt, type Page, type Place } from "./generic-page.ts";
import { fold } from "./generic-phrases.ts";
import { shapeOf } from "./generic-shape.ts";
import { isSame, whensIn, type FoundWhen } from "./generic-whens.ts";
import type { Money } from "./amount.ts";
import type { MailEvent, ReadableMail } from "./parser.ts";
import { unlessItFailed } from "./unless-it-failed.ts";

/** A part of a purchase that a person has to fill in. */
export type MissingPart = "merchant" | "amount" | "when";

/** A place of a template that was sent unfilled: nothing beside it can be relied on. */
const UNFILLED = /\{\{|\$\{|<%|%%|#\w+#/;

/** What a mail seems to say, read without knowing its institution. */
export type GenericReading = {
  /** Parts that are missing are empty: 0, "" or null. */
  readonly event: MailEvent;
  /** The form of the mail: what a person approves when they say that the reading is right. */
  readonly shape: string;
  /** Empty only for a lone clear event. */
  readonly missing: readonly MissingPart[];
};

/**
 * Reads an alert of an institution that has no parser, in English, Spanish, Portuguese, French or German. What is doubtful
 * is left out and named in `missing`; null when the mail shows no purchase and no withdrawal: codes, advertising,
 * statements, declined and reversed payments, transfers, money that came in, and mails too long for an alert.
 *
 * `usual.currency` is what the person usually pays in: it settles what a bare `$` is where the sender's country does not.
 */
export function readGeneric(mail: ReadableMail, usual: { readonly currency?: string } = {}): GenericReading | null {
  const page = pageOf(mail);
  if (page === null || page.passages.some(({ text }) => UNFILLED.test(text))) return null;
  const amounts = amountsIn(page);
  const whens = whensIn(page, mail.date);
  const cards = cardsIn(page);
  if (amounts === null || whens === null || cards === null) return null;
  const own = ownAmounts(amounts);
  if (own.some(({ isBack }) => isBack)) return null;
  const merchants = merchantsIn(page, { amounts: own, others: [...amounts, ...whens, ...cards] });
  if (own.length === 0 && merchants.length === 0) return null;
  if (merchants.some(({ text }) => isAccount(text) || isTakenBack(text))) return null;
  const values: readonly Place[] = [...amounts, ...whens, ...cards, ...merchants];
  const states = page.labelled.filter(({ role }) => role === "status").map((state) => textAt(page, state));
  const said = kindOf(page, values);
  if (said === null || states.some(isMoved)) return null;
  const kind = merchants.some(({ text }) => isCash(text)) ? "withdrawal" : said;
  const amount = moneyOf(page, own, currencyOf(mail, page, values, usual.currency));
  const merchant = merchants.length === 0 && kind === "withdrawal" ? cash(page, values) : loneOf(merchants);
  const when = chosenWhen(page, whens, own);
  const missing = [
    ...(merchant === undefined ? (["merchant"] as const) : []),
    ...(amount === null ? (["amount"] as const) : []),
    ...(when === null ? (["when"] as const) : []),
  ];
  const day = when === "none" ? null : when;
  const digits = [...new Set(cards.map((card) => card.digits))];
  const event: MailEvent = {
    kind,
    ...(amount?.money ?? { amountMinor: 0, currency: "" }),
    merchant: merchant?.text ?? "",
    card: digits.length === 1 ? (digits[0] ?? null) : null,
    occurred: day?.occurred ?? null,
    confidence: missing.length > 0 ? 0.3 : confidenceIn(merchant, day),
    words: { amount: amount?.text ?? "", merchant: merchant?.text ?? "", occurred: day?.text ?? "" },
  };
  const form = [
    ...states.map(fold),
    kind,
    merchant?.by ?? "no merchant",
    amount?.assumed ?? "no amount",
    when === "none" ? "no day" : "day",
  ];
  const reading = { outcome: "understood", layout: "", events: [event] } as const;
  if (unlessItFailed(mail, reading).outcome !== "understood") return null;
  return { event, shape: shapeOf(page, values, form), missing };
}

function loneOf(merchants: readonly FoundMerchant[]): FoundMerchant | undefined {
  const [only, another] = merchants;
  return only === undefined || another !== undefined || isDoubtfulName(only.text) ? undefined : only;
}

function cash(page: Page, values: readonly Place[]): FoundMerchant | undefined {
  const place = cashWords(page, values);
  return place === null ? undefined : { ...place, text: textAt(page, place), by: "cash" };
}

/** The amounts of what happened: those that are not zero and that no other word claims. */
function ownAmounts(amounts: readonly FoundAmount[]): FoundAmount[] {
  return amounts.filter(({ isOther, text }) => !isOther && /[1-9]/.test(text));
}

/** An amount; `assumed` is the currency that its sign leaves open. */
type OwnMoney = { readonly money: Money; readonly text: string; readonly assumed: string };

/** The one amount that all own amounts are; null when they differ or when their currency is not known. */
function moneyOf(page: Page, own: readonly FoundAmount[], usual: string | null): OwnMoney | null {
  const read = own.map((amount) => {
    const text = textAt(page, amount);
    const isOpen = ["USD", "CAD"].every((currency) => readMoney(text, currency)?.currency === currency);
    // Where people pay in another sign, `$` is the dollar.
    return { money: readMoney(text, usual ?? "USD") ?? (isOpen ? readMoney(text, "USD") : null), text, isOpen };
  });
  const [first] = read;
  if (first === undefined || own.some(({ isTorn }) => isTorn)) return null;
  const { money } = first;
  const isSameMoney = read.every(
    (each) => each.money?.amountMinor === money?.amountMinor && each.money?.currency === money?.currency,
  );
  if (money === null || !isSameMoney || (usual === null && read.some(({ isOpen }) => isOpen))) return null;
  return { money, text: first.text, assumed: first.isOpen ? money.currency : "currency" };
}

function currencyOf(
  mail: ReadableMail,
  page: Page,
  values: readonly Place[],
  usual: string | undefined,
): string | null {
  const label = page.labelled.find(({ role }) => role === "currency");
  if (label !== undefined) return namedCurrency(fold(textAt(page, label)));
  return usualCurrency(mail.from, bare(page, values).join("\n"), page, usual);
}

/** The day by a label, else in the sentence of the amount, else the only one; `none` when the mail has none; null in doubt. */
function chosenWhen(page: Page, whens: readonly FoundWhen[], amounts: readonly Place[]): FoundWhen | "none" | null {
  const labels = page.labelled.filter(({ role }) => role === "when");
  const labelled = whens.filter((when) =>
    labels.some(({ passage, start, end }) => passage === when.passage && start <= when.start && when.end <= end),
  );
  const beside = whens.filter((when) => amounts.some(({ passage }) => passage === when.passage));
  const [some] = [labelled, beside, whens].filter((found) => found.length > 0);
  if (some === undefined) return labels.length > 0 ? null : "none";
  const [first] = some;
  if (first === undefined || first.occurred === null) return null;
  const { occurred } = first;
  return some.every((each) => each.occurred !== null && isSame(each.occurred, occurred)) ? first : null;
}

function confidenceIn(merchant: FoundMerchant | undefined, day: FoundWhen | null): number {
  return 0.9 - (merchant?.by === "line" ? 0.2 : 0) - (day?.isGuessed === true ? 0.1 : 0);
}

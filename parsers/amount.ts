import { minorDigits } from "../ledger/minor-digits.ts";
import { MAX_MINOR } from "../ledger/money.ts";
import { withoutFullWidth } from "./full-width.ts";
import type { Writing } from "./writing.ts";

/** Money as it stands in a mail. */
export type Money = {
  /** Never negative. */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
};

/** Longer words are no amount; the most that minor units can hold has fewer characters. */
const MAX_LENGTH = 30;

/** Signs and abbreviations that stand for one currency wherever they are written, in upper case. */
const MARKS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ US$: "USD", U$S: "USD", RD$: "DOP", R$: "BRL", S$: "SGD", HK$: "HKD", NT$: "TWD", A$: "AUD", MX$: "MXN" },
    ...{ "S/": "PEN", "S/.": "PEN", "RS.": "INR", RS: "INR", "₹": "INR", "₹.": "INR", "INR.": "INR" },
    ...{ "€": "EUR", "£": "GBP", 円: "JPY", MN: "MXN", "M.N.": "MXN", "FR.": "CHF", RP: "IDR", RM: "MYR" },
    ...{ "₡": "CRC", "฿": "THB", "₫": "VND", "₱": "PHP", "₩": "KRW", "₺": "TRY", "₪": "ILS", "₦": "NGN", ZŁ: "PLN" },
  }),
);

/** Signs that several currencies share: which one is meant is the institution's to say. */
const SHARED_MARKS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["$", new Set("USD CAD AUD NZD SGD HKD TWD MXN COP CLP ARS UYU DOP BZD JMD TTD BBD".split(" "))],
  ["¥", new Set(["JPY", "CNY"])],
  ["KR", new Set(["SEK", "NOK", "DKK", "ISK"])],
]);

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** Countries that group by two above the thousand. */
const GROUPS_BY_TWO: ReadonlySet<string> = new Set(["INR", "PKR", "BDT", "NPR", "LKR"]);

/** A mark, a number, a mark; the marks may be missing. Every part has characters of its own, so nothing is tried twice. */
const AMOUNT = /^([^\d\s.,'’+-][^\d\s'’+-]*)?(?: ?)(\d[\d.,'’ ]*)([^\d\s.,'’+-][^\d\s'’+-]*)?$/u;

/**
 * An amount and its currency, as an institution writes them: `$1,234.56`, `1.234,56`, `INR 1,23,456.00`, `CHF 3’333.33`,
 * `$1.450` (in CLP), `２，７６０円`, `RD$ 900.00`, `COP44.247,00`, `CRC: 20,000.00`, `$ 63.37 MN`, `$13.65 USD`. Digit by
 * digit, never through a float (`4.35 * 100` is not 435).
 *
 * Which mark is the decimal one follows from the currency's digits and the groups, and from the institution where these
 * leave it open. Null when in doubt: both are possible (`1.234` in a currency of three decimals), groups that are not of
 * three, a fraction that has not the currency's digits (`$12.3` may be a cut `$12.34`), two currencies, a sign, words
 * around it, more than any purchase (10^12 minor units). Zero is an amount here; whether it makes sense is the caller's
 * to say.
 */
export function parseMoney(text: string, writing: Pick<Writing, "currency" | "decimal">): Money | null {
  if (text.length > MAX_LENGTH) return null;
  const plain = withoutFullWidth(text).replaceAll(/\s/g, " ").trim();
  const found = AMOUNT.exec(plain);
  if (found === null) return null;
  const [, before = "", number = "", behind = ""] = found;
  const currency = currencyOf([before, behind], writing.currency);
  if (currency === null) return null;
  const amountMinor = minorOf(number.trimEnd(), currency, writing.decimal);
  return amountMinor === null || amountMinor > MAX_MINOR ? null : { amountMinor, currency };
}

/** As `parseMoney`, for an amount whose currency is known: in minor units; null also when it is in another. */
export function parseAmount(text: string, currency: string, decimal: Writing["decimal"] = "."): number | null {
  const money = parseMoney(text, { currency, decimal });
  return money?.currency === currency ? money.amountMinor : null;
}

/** The currency that the marks on both sides agree on; null when they don't, or when nobody knows them. */
function currencyOf(marks: readonly string[], usual: string): string | null {
  const [first, second] = marks.map((mark) => mark.toUpperCase().replace(/:$/, "")).filter((mark) => mark !== "");
  if (first === undefined) return usual;
  const one = currenciesOf(first);
  if (second === undefined) return one.has(usual) ? usual : one.size === 1 ? ([...one][0] ?? null) : null;
  const both = one.intersection(currenciesOf(second));
  return both.size === 1 ? ([...both][0] ?? null) : null;
}

function currenciesOf(mark: string): ReadonlySet<string> {
  const shared = SHARED_MARKS.get(mark);
  if (shared !== undefined) return shared;
  const known = MARKS.get(mark) ?? (CURRENCIES.has(mark) ? mark : undefined);
  return new Set(known === undefined ? [] : [known]);
}

function minorOf(number: string, currency: string, decimal: Writing["decimal"]): number | null {
  const readings = [".", ","]
    .filter((mark) => decimal === null || mark === decimal)
    .flatMap((mark) => readNumber(number, mark, currency) ?? []);
  const [reading] = readings;
  return reading !== undefined && readings.every((other) => other === reading) ? reading : null;
}

/** The number in minor units if that mark is the decimal one. */
function readNumber(number: string, decimalMark: string, currency: string): number | null {
  const [whole = "", fraction, more] = number.split(decimalMark);
  if (more !== undefined || !isGrouped(whole, currency)) return null;
  const digits = minorDigits(currency);
  const minor = fraction ?? "0".repeat(digits);
  // Some write yen and pesos with decimals that they don't have.
  const isForShow = digits === 0 && fraction === "00";
  if (!isForShow && (minor.length !== digits || /\D/.test(minor))) return null;
  return Number(whole.replaceAll(/\D/g, "") + (isForShow ? "" : minor));
}

/** Plain digits, or groups of three behind one kind of mark (of two above the thousand where that is usual). */
function isGrouped(whole: string, currency: string): boolean {
  if (/^(?:0|[1-9]\d*)$/.test(whole)) return true;
  const [mark] = /\D/.exec(whole) ?? [];
  const [first = "", ...groups] = whole.split(mark ?? "");
  const last = groups.pop();
  if (!/^[1-9]\d{0,2}$/.test(first) || last === undefined || !/^\d{3}$/.test(last)) return false;
  if (groups.every((group) => /^\d{3}$/.test(group))) return true;
  return GROUPS_BY_TWO.has(currency) && first.length <= 2 && groups.every((group) => /^\d{2}$/.test(group));
}

import { minorDigits } from "./minor-digits.ts";

/** An amount of money: integer minor units (cents, yen) and the ISO 4217 code that says what they are minor units of. */
export type Money = { readonly amountMinor: number; readonly currency: string };

/** Beyond any purchase, and so far inside the integers that stay exact that no sum of a person's amounts loses a cent. */
export const MAX_MINOR = 1_000_000_000_000;
/** Longer than any amount a person writes; stops a huge text from being searched. */
const MAX_INPUT_LENGTH = 40;
/** More than there are currencies; stops made-up codes from filling the memory with formatters. */
const MAX_FORMATTERS = 1_000;
/** An amount with a sign and a currency on either side: sign, currency, sign, number, currency. */
const INPUT = /^([-+\u2212]?)([^\d,+\u2212-]*?)([-+\u2212]?)\s*([\d.,]+)([^\d,+\u2212-]*)$/;
const NUMBER = /^(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d+))?$/;

const formatters = new Map<string, Intl.NumberFormat>();

/**
 * The amount as it is shown: `$63.83`, `-$5.00`, `¥1,200`. A currency without a sign of its own has its code in front,
 * and a no-break space. Throws a RangeError for a code that is not three letters.
 */
export function formatMoney(money: Money): string {
  // Formatted from the decimal text, because a number would be a fraction in binary first. Ours is always a decimal.
  return formatterOf(money.currency).format(formatAmount(money) as `${number}`);
}

/** The amount as a plain decimal for an input field: `63.83`, or `1200` for yen. Its currency stands beside the field. */
export function formatAmount({ amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  const sign = amountMinor < 0 ? "-" : "";
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * The minor units of an amount as a person types it: `63.83`, `1,234.50`, `-5`, `$12`, `12 USD`. A sign or code has to
 * be this currency's own. Null when it is no amount, has more decimals than the currency, lies beyond 10^12 minor units
 * on either side, or could mean two things, such as `12,50`.
 */
export function parseAmountInput(text: string, currency: string): number | null {
  if (text.length > MAX_INPUT_LENGTH) return null;
  const [, sign, before = "", innerSign, number = "", after = ""] = INPUT.exec(text.trim()) ?? [];
  if ((sign && innerSign) || (before.trim() && after.trim()) || !isMarkOf(currency, before + after)) return null;
  const [, whole = "", fraction = ""] = NUMBER.exec(number) ?? [];
  const digits = minorDigits(currency);
  if (whole + fraction === "" || fraction.length > digits) return null;
  const minor = Number(whole.replaceAll(",", "") + fraction.padEnd(digits, "0"));
  if (minor > MAX_MINOR) return null;
  const isNegative = (sign || innerSign || "+") !== "+";
  return isNegative && minor !== 0 ? -minor : minor;
}

/** One sum per currency, never mixed: the currency with the most entries first, equals by their code. */
export function totals(list: readonly Money[]): Money[] {
  const sums = new Map<string, { amountMinor: number; entries: number }>();
  for (const { amountMinor, currency } of list) {
    const sum = sums.get(currency) ?? { amountMinor: 0, entries: 0 };
    sums.set(currency, { amountMinor: sum.amountMinor + amountMinor, entries: sum.entries + 1 });
  }
  return [...sums]
    .toSorted(([codeA, a], [codeB, b]) => b.entries - a.entries || (codeA < codeB ? -1 : 1))
    .map(([currency, { amountMinor }]) => ({ amountMinor, currency }));
}

function isMarkOf(currency: string, written: string): boolean {
  const mark = fold(written);
  return (
    mark === "" || [currency, signOf(currency, "symbol"), signOf(currency, "narrowSymbol")].map(fold).includes(mark)
  );
}

function signOf(currency: string, currencyDisplay: "symbol" | "narrowSymbol"): string {
  const parts = new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay }).formatToParts(0);
  return parts.find(({ type }) => type === "currency")?.value ?? "";
}

/** The platform's own signs have no-break spaces in them, which nobody types. */
function fold(mark: string): string {
  return mark.trim().replace(/\s+/g, " ").toUpperCase();
}

/** Making a formatter takes a hundred times as long as using it. */
function formatterOf(currency: string): Intl.NumberFormat {
  const known = formatters.get(currency);
  if (known) return known;
  const digits = minorDigits(currency);
  const formatter = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(currency, formatter);
  return formatter;
}

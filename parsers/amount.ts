import { minorDigits } from "../ledger/minor-digits.ts";
import { MAX_MINOR } from "../ledger/money.ts";

/** Longer words are no amount; the most that minor units can hold has fewer characters. */
const MAX_LENGTH = 30;

/** Plain digits, or groups of three behind commas; then perhaps a point and more digits. No zero for show. */
const NUMBER = /^(0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?$/;

/** Signs by currency: to ask for one costs more than to read a whole mail. */
const signs = new Map<string, string>();

/**
 * An amount as United States mails write it, in minor units: `$1,234,567.00`, `63.83`, `USD 12.50`, `24.23 USD`, `$45`.
 * Digit by digit, never through a float (`4.35 * 100` is not 435). The currency is an ISO 4217 code that the parser knows.
 *
 * Null when in doubt: a minus, another currency's sign, groups that are not of three, a fraction that has not exactly
 * the currency's digits (`$12.3` may be a cut `$12.34`), words around it, more than any purchase (10^12 minor units).
 * Zero is an amount here; whether it makes sense is the caller's to say.
 */
export function parseAmount(text: string, currency: string): number | null {
  if (text.length > MAX_LENGTH) return null;
  const number = NUMBER.exec(withoutMark(text, currency));
  const whole = number?.[1];
  if (whole === undefined) return null;
  const digits = minorDigits(currency);
  const fraction = number?.[2] ?? "0".repeat(digits);
  if (fraction.length !== digits) return null;
  const amountMinor = Number(whole.replaceAll(",", "") + fraction);
  return amountMinor <= MAX_MINOR ? amountMinor : null;
}

/** The text without the currency's own code or sign in front of it and its code behind it; of two codes only one goes. */
function withoutMark(text: string, currency: string): string {
  const mark = [currency, signOf(currency)].find((candidate) => text.startsWith(candidate)) ?? "";
  const number = text.slice(mark.length).trimStart();
  const isCodeBehind = mark !== currency && number.endsWith(` ${currency}`);
  return isCodeBehind ? number.slice(0, -currency.length).trimEnd() : number;
}

function signOf(currency: string): string {
  const known = signs.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  const sign = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
  signs.set(currency, sign);
  return sign;
}

/** Longer words are no amount; the most that minor units can hold has fewer characters. */
const MAX_LENGTH = 30;

/** Plain digits, or groups of three behind commas; then perhaps a point and more digits. No zero for show. */
const NUMBER = /^(0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.(\d+))?$/;

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/**
 * An amount as United States mails write it, in minor units: `$1,234,567.00`, `63.83`, `USD 12.50`, `$45`. Digit by
 * digit, never through a float (`4.35 * 100` is not 435).
 *
 * Null when in doubt: a sign, another currency's mark, groups that are not of three, a fraction that has not exactly
 * the currency's digits (`$12.3` may be a cut `$12.34`), words around it, more than a safe integer holds.
 * Zero is an amount here; whether it makes sense is the caller's to say.
 */
export function parseAmount(text: string, currency: string): number | null {
  const fractionDigits = fractionDigitsOf(currency);
  if (fractionDigits === null || text.length > MAX_LENGTH) return null;
  const number = NUMBER.exec(withoutMark(text, currency));
  const whole = number?.[1];
  if (whole === undefined) return null;
  const fraction = number?.[2] ?? "0".repeat(fractionDigits);
  if (fraction.length !== fractionDigits) return null;
  const amountMinor = Number(whole.replaceAll(",", "") + fraction);
  return Number.isSafeInteger(amountMinor) ? amountMinor : null;
}

/** The text behind the currency's own mark, if one stands first. */
function withoutMark(text: string, currency: string): string {
  const mark = [currency, symbolOf(currency)].find((candidate) => text.startsWith(candidate)) ?? "";
  return text.slice(mark.length).trimStart();
}

function symbolOf(currency: string): string {
  const parts = formatOf(currency)?.formatToParts(0) ?? [];
  return parts.find((part) => part.type === "currency")?.value ?? currency;
}

function fractionDigitsOf(currency: string): number | null {
  return formatOf(currency)?.resolvedOptions().maximumFractionDigits ?? null;
}

/** Formats by currency: to make one costs more than to read a whole mail. */
const formats = new Map<string, Intl.NumberFormat>();

/** Null for what is no currency; the check also keeps strangers from filling the map. */
function formatOf(currency: string): Intl.NumberFormat | null {
  if (!CURRENCIES.has(currency)) return null;
  const format =
    formats.get(currency) ??
    new Intl.NumberFormat("en-US", { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  formats.set(currency, format);
  return format;
}

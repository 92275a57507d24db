import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { minorDigits } from "../ledger/minor-digits.ts";
import { parseAmount, parseMoney } from "./amount.ts";

describe("parseAmount", () => {
  it.each([
    ["$1,234,567.00", "USD", 123456700],
    ["63.83", "USD", 6383],
    ["$4.35", "USD", 435],
    ["$ 0.75", "USD", 75],
    ["USD 12.50", "USD", 1250],
    ["24.23 USD", "USD", 2423],
    ["$5.00 USD", "USD", 500],
    ["$45", "USD", 4500],
    ["$0.00", "USD", 0],
    ["¥2,760", "JPY", 2760],
    ["1.234", "BHD", 1234],
    ["$10,000,000,000.00", "USD", 1_000_000_000_000],
    ["24.23USD", "USD", 2423],
    ["24.23 $", "USD", 2423],
  ])("reads %s in %s as %d", (text, currency, amountMinor) => {
    expect(parseAmount(text, currency)).toBe(amountMinor);
  });

  it.each([
    ["nothing", "", "USD"],
    ["a mark alone", "$", "USD"],
    ["a sign", "-$5.00", "USD"],
    ["a cut fraction", "$12.3", "USD"],
    ["a fraction that is too long", "$12.345", "USD"],
    ["a fraction in a currency without one", "¥27.60", "JPY"],
    ["groups that are not of three", "$1,23,456.00", "USD"],
    ["a comma for a point", "1.234,56", "USD"],
    ["zeros for show", "$007.00", "USD"],
    ["another currency's mark", "€5.00", "USD"],
    ["another currency's code behind it", "24.23 CAD", "USD"],
    ["two codes", "USD 24.23 CAD", "USD"],
    ["a sign that belongs to another currency", "$24.23 EUR", "EUR"],
    ["a footnote's small digit", "$5.0²", "USD"],
    ["words around it", "$5.00*", "USD"],
    ["digits that are not ours", "٣٤.٥٠", "USD"],
    ["a float's writing", "1e3", "USD"],
    ["more than any purchase, whose sums would not stay exact", "$10,000,000,000.01", "USD"],
    ["endless digits", "1".repeat(100_000), "USD"],
  ])("refuses %s", (_, text, currency) => {
    expect(parseAmount(text, currency)).toBeNull();
  });

  it("reads back every amount, grouped or not, marked or not", () => {
    const amounts = fc.record({
      amountMinor: fc.integer({ min: 0, max: 1_000_000_000_000 }),
      currency: fc.constantFrom("USD", "EUR", "JPY", "BHD", "MXN"),
      useGrouping: fc.boolean(),
      mark: fc.constantFrom("before", "behind", "none"),
    });
    fc.assert(
      fc.property(amounts, ({ amountMinor, currency, useGrouping, mark }) => {
        const digits = minorDigits(currency);
        const padded = String(amountMinor).padStart(digits + 1, "0");
        const whole = BigInt(padded.slice(0, padded.length - digits)).toLocaleString("en", { useGrouping });
        const fraction = digits === 0 ? "" : `.${padded.slice(-digits)}`;
        const [before, behind] = [mark === "before" ? `${currency} ` : "", mark === "behind" ? ` ${currency}` : ""];
        expect(parseAmount(`${before}${whole}${fraction}${behind}`, currency)).toBe(amountMinor);
      }),
    );
  });

  it("never makes up a digit: what it reads are the digits of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789$.,- ") }), (text) => {
        const amountMinor = parseAmount(text, "USD");
        if (amountMinor === null) return;
        const digits = text.replaceAll(/\D/g, "");
        expect(amountMinor).toBe(Number(text.includes(".") ? digits : `${digits}00`));
      }),
    );
  });
});

describe("parseMoney", () => {
  it.each([
    ["$1,234.56", "USD", ".", "USD", 123456],
    ["1.234,56", "EUR", ",", "EUR", 123456],
    ["1.234,56", "EUR", null, "EUR", 123456],
    ["INR 1,23,456.00", "INR", ".", "INR", 12345600],
    ["Rs.380.00", "INR", ".", "INR", 38000],
    ["Rs 1,00,000", "INR", ".", "INR", 10000000],
    ["₹1,850.53", "INR", ".", "INR", 185053],
    ["CHF 3’333.33", "CHF", ".", "CHF", 333333],
    ["1’234.50", "CHF", ".", "CHF", 123450],
    ["$1.450", "CLP", null, "CLP", 1450],
    ["2,760円", "JPY", ".", "JPY", 2760],
    ["２，７６０円", "JPY", ".", "JPY", 2760],
    ["JPY 102,080.00", "SGD", ".", "JPY", 102080],
    ["RD$ 900.00", "DOP", ".", "DOP", 90000],
    ["S/ 53.30", "PEN", ".", "PEN", 5330],
    ["R$ 1.234,56", "BRL", ",", "BRL", 123456],
    ["COP44.247,00", "COP", null, "COP", 4424700],
    ["$30,000", "COP", null, "COP", 3000000],
    ["$84,000.00", "COP", null, "COP", 8400000],
    ["$ 63.37 MN", "MXN", ".", "MXN", 6337],
    ["SGD5502.60", "SGD", ".", "SGD", 550260],
    ["$13.65 USD", "USD", ".", "USD", 1365],
    ["$5.00 CAD", "USD", ".", "CAD", 500],
    ["€5.00", "USD", ".", "EUR", 500],
    ["12,60 €", "EUR", ",", "EUR", 1260],
    ["1 234,56 €", "EUR", ",", "EUR", 123456],
    ["1.234", "BHD", ".", "BHD", 1234],
    ["CRC: 20,000.00", "USD", ".", "CRC", 2000000],
    ["KWD 1,234.500", "KWD", null, "KWD", 1234500],
  ] as const)("reads %s where %s is usual", (text, currency, decimal, expected, amountMinor) => {
    expect(parseMoney(text, { currency, decimal })).toEqual({ amountMinor, currency: expected });
  });

  it.each([
    ["three digits that may be a group or a fraction", "1.234", "BHD", null],
    ["the institution's decimal mark as a group's", "1.234", "USD", "."],
    ["both marks the wrong way round", "1.234,56", "USD", "."],
    ["groups of two where nobody writes them", "$1,23,456.00", "USD", "."],
    ["a decimal mark that is there twice", "1.234.567", "USD", "."],
    ["a mark that nobody knows", "@5.00", "USD", "."],
    ["pesos that are cents", "$14.50", "CLP", null],
    ["a sign of many currencies, none of them the usual one", "$5.00", "EUR", null],
  ] as const)("refuses %s", (_, text, currency, decimal) => {
    expect(parseMoney(text, { currency, decimal })).toBeNull();
  });

  it("reads back every amount in every way of writing it", () => {
    const ways = fc.constantFrom(
      ...([
        { locale: "en-US", decimal: ".", currency: "USD" },
        { locale: "de-DE", decimal: ",", currency: "EUR" },
        { locale: "de-CH", decimal: ".", currency: "CHF" },
        { locale: "en-IN", decimal: ".", currency: "INR" },
        { locale: "es-CL", decimal: ",", currency: "CLP" },
        { locale: "fr-FR", decimal: ",", currency: "EUR" },
        { locale: "ja-JP", decimal: ".", currency: "JPY" },
        { locale: "pt-BR", decimal: ",", currency: "BRL" },
        { locale: "en-US", decimal: ".", currency: "KWD" },
      ] as const),
    );
    fc.assert(
      fc.property(ways, fc.integer({ min: 0, max: 1e12 }), fc.boolean(), (way, amountMinor, isTold) => {
        const digits = minorDigits(way.currency);
        const text = new Intl.NumberFormat(way.locale, {
          ...{ style: "currency", currency: way.currency },
          ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
        }).format(`${amountMinor}E-${digits}` as Intl.StringNumericLiteral);
        const read = parseMoney(text, { currency: way.currency, decimal: isTold ? way.decimal : null });
        // Of three decimals the shape alone may not tell; then it says nothing rather than something else.
        if (digits === 3 && !isTold) expect([null, amountMinor]).toContain(read?.amountMinor ?? null);
        else expect(read).toEqual({ amountMinor, currency: way.currency });
      }),
    );
  });
});

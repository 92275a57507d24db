import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { minorDigits } from "../ledger/minor-digits.ts";
import { parseAmount } from "./amount.ts";

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
    ["a code on either side", "USD 24.23 USD", "USD"],
    ["a code that touches it", "24.23USD", "USD"],
    ["a sign behind it", "24.23 $", "USD"],
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

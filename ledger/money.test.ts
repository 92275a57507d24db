import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { formatAmount, formatMoney, type Money, parseAmountInput, totals } from "./money.ts";

const usd = (amountMinor: number): Money => ({ amountMinor, currency: "USD" });
const anyMinor = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
/** Two decimals, none, three and four. */
const anyCurrency = fc.constantFrom("USD", "EUR", "SGD", "JPY", "KRW", "BHD", "KWD", "CLF");

describe("formatMoney", () => {
  it.each([
    [6383, "USD", "$63.83"],
    [-500, "USD", "-$5.00"],
    [-1, "USD", "-$0.01"],
    [0, "USD", "$0.00"],
    [-0, "USD", "$0.00"],
    [123456789, "USD", "$1,234,567.89"],
    [1200, "JPY", "¥1,200"],
    [364, "SGD", "SGD\u00a03.64"],
    [-364, "SGD", "-SGD\u00a03.64"],
    [1234, "BHD", "BHD\u00a01.234"],
    [435, "EUR", "€4.35"],
    [150000, "PKR", "PKR\u00a01,500.00"],
    [1, "XYZ", "XYZ\u00a00.01"],
  ])("shows %d minor units of %s as %s", (amountMinor, currency, shown) => {
    expect(formatMoney({ amountMinor, currency })).toBe(shown);
  });

  it("is exact where a binary fraction no longer is", () => {
    expect(formatMoney(usd(Number.MAX_SAFE_INTEGER))).toBe("$90,071,992,547,409.91");
    expect(formatMoney({ amountMinor: Number.MAX_SAFE_INTEGER, currency: "BHD" })).toContain("9,007,199,254,740.991");
  });

  it.each(["", "US", "DOLLAR", "__proto__", "U$D", "USD\n"])("refuses the currency %j", (currency) => {
    expect(() => formatMoney({ amountMinor: 1, currency })).toThrow(RangeError);
  });

  it("goes on after thousands of made-up currencies", () => {
    const letters = [..."ABCDEFGHIJKLM"];
    const codes = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    for (const currency of codes) expect(formatMoney({ amountMinor: 1, currency })).toMatch(/1$/);
    expect(formatMoney(usd(6383))).toBe("$63.83");
  });
});

describe("formatAmount", () => {
  it.each([
    [6383, "USD", "63.83"],
    [-5, "USD", "-0.05"],
    [0, "USD", "0.00"],
    [-0, "USD", "0.00"],
    [123456789, "USD", "1234567.89"],
    [1200, "JPY", "1200"],
    [0, "JPY", "0"],
    [-7, "BHD", "-0.007"],
    [12345, "CLF", "1.2345"],
  ])("writes %d minor units of %s as %s", (amountMinor, currency, written) => {
    expect(formatAmount({ amountMinor, currency })).toBe(written);
  });
});

describe("parseAmountInput", () => {
  it.each([
    ["63.83", "USD", 6383],
    ["1,234.50", "USD", 123450],
    ["1,234,567", "USD", 123456700],
    ["-5", "USD", -500],
    ["\u22125", "USD", -500],
    ["+5", "USD", 500],
    ["$12", "USD", 1200],
    ["-$12", "USD", -1200],
    ["$-12", "USD", -1200],
    ["- $ 12", "USD", -1200],
    ["12 $", "USD", 1200],
    ["usd 12.5", "USD", 1250],
    ["12.50USD", "USD", 1250],
    ["  4.35\n", "USD", 435],
    [".5", "USD", 50],
    ["007", "USD", 700],
    ["0", "USD", 0],
    ["-0.00", "USD", 0],
    ["1,200", "JPY", 1200],
    ["\u00a5300", "JPY", 300],
    ["1.2", "BHD", 1200],
    ["$3.64", "SGD", 364],
    ["PKR 1,500.00", "PKR", 150000],
    ["F CFA 500", "XOF", 500],
    ["Cg. .5", "XCG", 50],
    ["10,000,000,000.00", "USD", 1_000_000_000_000],
    ["-1000000000000", "JPY", -1_000_000_000_000],
  ])("reads %j in %s as %d minor units", (text, currency, minor) => {
    expect(Object.is(parseAmountInput(text, currency), minor)).toBe(true);
  });

  it.each([
    ["nothing", "", "USD"],
    ["blanks", "   ", "USD"],
    ["a word", "lunch", "USD"],
    ["a sign alone", "-", "USD"],
    ["a currency alone", "$", "USD"],
    ["a dot alone", ".", "USD"],
    ["a comma alone", ",", "USD"],
    ["a dot at the end", "5.", "USD"],
    ["a decimal comma", "12,50", "USD"],
    ["dots between thousands", "1.234,50", "USD"],
    ["a comma in the wrong place", "12,34,567", "USD"],
    ["a comma among the decimals", "1.234,567", "BHD"],
    ["a comma in front", ",123", "USD"],
    ["blanks between digits", "1 234", "USD"],
    ["two dots", "1.2.3", "USD"],
    ["a dot apart", ". 5", "USD"],
    ["a dot behind", "5 .", "USD"],
    ["two signs", "--5", "USD"],
    ["a sign on either side of the currency", "-$-5", "USD"],
    ["a sign at the end", "5-", "USD"],
    ["brackets", "(5.00)", "USD"],
    ["two currencies", "$5 USD", "USD"],
    ["a currency torn apart", "US5D", "USD"],
    ["another currency's sign", "€5", "USD"],
    ["another currency's code", "5 CAD", "USD"],
    ["a dollar sign for euros", "$5", "EUR"],
    ["an exponent", "1e3", "USD"],
    ["a hexadecimal number", "0x10", "USD"],
    ["infinity", "Infinity", "USD"],
    ["not a number", "NaN", "USD"],
    ["a name objects have", "__proto__", "USD"],
    ["digits of another script", "\u0661\u0662", "USD"],
    ["wide digits", "\uff11\uff12", "USD"],
    ["a zero byte", "5\u0000", "USD"],
    ["two lines", "5\n6", "USD"],
    ["more decimals than cents", "1.234", "USD"],
    ["more decimals, though zeros", "1.000", "USD"],
    ["decimals of yen", "1.0", "JPY"],
    ["one unit too many", "10000000000.01", "USD"],
    ["one unit too few", "-1000000000001", "JPY"],
    ["digits without end", "9".repeat(40), "USD"],
    ["more characters than an amount has", "0".repeat(41), "USD"],
    ["a huge text", "1".repeat(5_000_000), "USD"],
    ["huge blanks", " ".repeat(5_000_000), "USD"],
  ])("takes %s for no amount", (_what, text, currency) => {
    expect(parseAmountInput(text, currency)).toBeNull();
  });

  it("reads back every amount as the field and as the page shows it", () => {
    fc.assert(
      fc.property(anyMinor, anyCurrency, (amountMinor, currency) => {
        expect(parseAmountInput(formatAmount({ amountMinor, currency }), currency)).toBe(amountMinor);
        expect(parseAmountInput(formatMoney({ amountMinor, currency }), currency)).toBe(amountMinor);
      }),
    );
  });

  it("reads back an amount in every currency there is", () => {
    for (const currency of Intl.supportedValuesOf("currency")) {
      expect(parseAmountInput(formatAmount({ amountMinor: -123456, currency }), currency)).toBe(-123456);
      expect(parseAmountInput(formatMoney({ amountMinor: -123456, currency }), currency)).toBe(-123456);
    }
  });

  it("gives whole minor units within bounds, or nothing, whatever is typed", () => {
    const piece = fc.constantFrom("-", "+", "$", "1", "23", "456", ",", ".", " ", "USD", "e", "\u2212");
    const typed = fc.oneof(
      anyText,
      fc.array(piece, { maxLength: 9 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(typed, anyCurrency, (text, currency) => {
        const minor = parseAmountInput(text, currency);
        if (minor === null) return;
        expect(Number.isSafeInteger(minor) && Math.abs(minor) <= 1_000_000_000_000).toBe(true);
        expect(parseAmountInput(formatAmount({ amountMinor: minor, currency }), currency)).toBe(minor);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("totals", () => {
  it("adds up each currency by itself, the most used first and equals by code", () => {
    const list = [
      { amountMinor: 100_000, currency: "JPY" },
      usd(6383),
      { amountMinor: 1, currency: "EUR" },
      usd(-500),
      { amountMinor: 5, currency: "__proto__" },
    ];
    expect(totals(list)).toEqual([
      usd(5883),
      { amountMinor: 1, currency: "EUR" },
      { amountMinor: 100_000, currency: "JPY" },
      { amountMinor: 5, currency: "__proto__" },
    ]);
  });

  it("has nothing to say about nothing", () => {
    expect(totals([])).toEqual([]);
  });

  it("loses nothing and mixes nothing", () => {
    const list = fc.array(fc.record({ amountMinor: anyMinor, currency: anyCurrency }));
    fc.assert(
      fc.property(list, (all) => {
        const sums = totals(all);
        expect(new Set(sums.map(({ currency }) => currency)).size).toBe(sums.length);
        expect(new Set(sums.map(({ currency }) => currency))).toEqual(new Set(all.map(({ currency }) => currency)));
        for (const { currency, amountMinor } of sums) {
          const own = all.filter((money) => money.currency === currency);
          expect(amountMinor).toBe(own.reduce((sum, money) => sum + money.amountMinor, 0));
        }
      }),
    );
  });
});

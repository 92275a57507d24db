import { describe, expect, it } from "vitest";

import { minorDigits } from "./minor-digits.ts";

describe("minorDigits", () => {
  it.each([
    ["USD", 2],
    ["EUR", 2],
    ["JPY", 0],
    ["KRW", 0],
    ["BHD", 3],
    ["CLF", 4],
    ["PKR", 2],
    ["HUF", 2],
    ["IDR", 2],
    ["IQD", 3],
  ])("knows %s as ISO 4217 does", (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  it.each(["__proto__", "constructor", "", "XYZ"])("takes two for %j, which is nobody's currency", (currency) => {
    expect(minorDigits(currency)).toBe(2);
  });

  it("never has fewer than the platform writes, so that no shown decimal is without a meaning", () => {
    for (const currency of Intl.supportedValuesOf("currency")) {
      const shown = new Intl.NumberFormat("en-US", { style: "currency", currency }).resolvedOptions();
      expect(minorDigits(currency)).toBeGreaterThanOrEqual(shown.maximumFractionDigits ?? 0);
    }
  });
});

import { describe, expect, it } from "vitest";
import { sampleLetter } from "./sample-alert.ts";

const letter = sampleLetter({
  code: "abcdefghij234567",
  merchant: "Sample <Bakery>",
  money: { amountMinor: 425, currency: "USD" },
  at: Temporal.ZonedDateTime.from("2026-11-20T21:36[America/New_York]"),
});

describe("sampleLetter", () => {
  it("has its code on a line of its own, by which it is recognised", () => {
    expect(letter.text.split("\n")).toContain("Sample code: abcdefghij234567");
    expect(letter.html).toContain("Sample code: abcdefghij234567<");
  });

  it("reads like an alert, and says that no money was spent", () => {
    for (const body of [letter.text, letter.html]) {
      expect(body).toContain("$4.25");
      expect(body).toContain("20 November 2026, 21:36 New York");
      expect(body).toContain("No money was spent.");
    }
    expect(letter.subject).toBe("Sample: your $4.25 purchase at Sample <Bakery>");
  });

  it("escapes the merchant in the HTML alone", () => {
    expect(letter.text).toContain("Merchant: Sample <Bakery>");
    expect(letter.html).toContain("Sample &lt;Bakery&gt;");
    expect(letter.html).not.toContain("<Bakery>");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { withoutMarks } from "./without-marks.ts";

describe("withoutMarks", () => {
  it.each([
    ["*$4.99*", "$4.99"],
    ["Amount: *$4.99*", "Amount: $4.99"],
    [
      "*Customized Cash Rewards Visa Signature* ending in *3057*",
      "Customized Cash Rewards Visa Signature ending in 3057",
    ],
    ["**Account** ending in **3057**.", "Account ending in 3057."],
    ["*SAMPLE*COFFEE SHOP*", "SAMPLE*COFFEE SHOP"],
    ["*PAYPAL *NY TIMES NYT*", "PAYPAL *NY TIMES NYT"],
    ["Where: *PAYPAL *TWITCHINTER*", "Where: PAYPAL *TWITCHINTER"],
    ["*TST* CAFE*", "TST* CAFE"],
  ])("takes the asterisks of bold words off %j", (line, words) => {
    expect(withoutMarks(line)).toBe(words);
  });

  it.each([
    "PAYPAL *NY TIMES NYT",
    "SAMPLE*COFFEE SHOP",
    "TST* CAFE",
    "************1001",
    "card **1234",
    "T.Cred *2575, el 08/04/2026",
    "$42.00*",
    "* a point in a list",
    "A PAYPAL *NY purchase of *$5.00*",
    "*one **two**",
    "5 * 3 * 2",
    "*",
    "",
  ])("leaves %j alone", (line) => {
    expect(withoutMarks(line)).toBe(line);
  });

  it.each([
    ["View details<https://www.bank.example/a?b=c>", "View details"],
    ["View details <https://www.bank.example> now", "View details now"],
    ["<https://www.bank.example/>", ""],
    ["[RBC Royal Bank](https://example.com)", "RBC Royal Bank"],
    ["[Privacy](https://example.com) | [Legal](https://example.com)", "Privacy | Legal"],
    ["[image: Chase Logo]", ""],
    ["[cid:image001.png@01DA] $5.00", "$5.00"],
    ["[Image removed by sender. Bank of America.]", ""],
    ["[https://www.bank.example/logo.png] Hello", "Hello"],
    ["[$12.34]", "[$12.34]"],
    ["a < b > c", "a < b > c"],
  ])("leaves of links and images the words: %j", (line, words) => {
    expect(withoutMarks(line)).toBe(words);
  });

  it("says nothing that the line did not say in the same order", () => {
    const unit = fc.constantFrom(..."ab *$5.:()[]<>", "https://x", "image: ", "](https:");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (line) => {
        const left = [...line];
        for (const character of withoutMarks(line)) {
          while (left.length > 0 && left[0] !== character) left.shift();
          expect(left.shift()).toBe(character);
        }
      }),
    );
  });

  it.each(["*", "* ", " *a", "*a* ", "[image: ", "[a](https:", "<https:", "[", "[https://", "a** "])(
    "comes to an end with very many of %j",
    (piece) => {
      const line = piece.repeat(300_000 / piece.length);
      expect(withoutMarks(line).length).toBeLessThanOrEqual(line.length);
    },
  );
});

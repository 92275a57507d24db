import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { looksLikeName, lowerCaseRun } from "./looks-like-name.ts";

describe("what looks like a merchant's name", () => {
  it.each([
    "7-ELEVEN 1234",
    "PIER 39",
    "Joe's No. 5",
    "Bed and Breakfast by the Sea",
    "MCDONALD'S F1234",
    "三越",
    "St. Mary's",
    "U.S. Post Office",
    "apple.com/bill",
    "Uber *Eats help.uber.com",
  ])("is one: %s", (name) => expect(looksLikeName(name)).toBe(true));

  it.each([
    "",
    "SHOP 12.50",
    "SHOP €5",
    "SHOP Rs. 500",
    "SHOP (99 EUR)",
    "SHOP. Paused",
    "St. Mary's. Paused",
    "Plan B. Paused",
    "ホテル。取消",
  ])("is none: %j", (text) => expect(looksLikeName(text)).toBe(false));

  it("has no word about a failed payment, whatever stands around it and in whatever case", () => {
    const word = fc.constantFrom("declined", "reversed", "refunded", "rechazada", "abgelehnt", "refusé", "voided");
    const around = fc.string({ unit: fc.constantFrom(..."AB '(-*.,#1"), maxLength: 10 });
    fc.assert(
      fc.property(around, word, fc.boolean(), (front, failed, isUpper) => {
        const text = `${front} ${isUpper ? failed.toUpperCase() : failed}`;
        expect(looksLikeName(text, { lowerCaseRun: 9 })).toBe(false);
      }),
    );
  });
});

describe("words in lower case", () => {
  it.each([
    ["SHOP", 0],
    ["Bar de la Croix", 2],
    ["no - money was, taken", 4],
    ["A b C d e", 2],
  ])("are counted while they follow each other: %s", (text, run) => expect(lowerCaseRun(text)).toBe(run));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findTemplate, hasPhrase, templateOf, templateText, type Accepts } from "./template.ts";

const anything: Accepts = () => true;

function values(template: string, lines: readonly string[], accepts = anything): (readonly string[])[] {
  return findTemplate(templateOf(template), templateText(lines), accepts).map((match) => match.values);
}

describe("findTemplate", () => {
  const CHARGE = "Your card ...{card} was charged {amount} at {merchant}.\n";

  it("finds the values between the words, wherever the lines were wrapped", () => {
    const lines = ["Hello", "Your card ...3355 was", "charged $19.99", "at SAMPLE STORE.", "Bye."];
    expect(values(CHARGE, lines)).toEqual([["3355", "$19.99", "SAMPLE STORE"]]);
  });

  it("takes a value up to the end of its line where the template says so", () => {
    expect(values(CHARGE, ["Your card ...1 was charged $1 at ST. JOHN'S. LTD."])).toEqual([
      ["1", "$1", "ST. JOHN'S. LTD"],
    ]);
  });

  it("prefers the shortest value, and goes on to a longer one when what follows is not accepted", () => {
    const accepts: Accepts = (slot, value) => slot !== "when" || /^\d/.test(value);
    expect(values("at {merchant} on {when}.", ["at LIGHTS on BROADWAY on 08/03."], accepts)).toEqual([
      ["LIGHTS on BROADWAY", "08/03"],
    ]);
  });

  it("begins a leading value at the start of its line", () => {
    expect(values("{merchant} charged your account", ["Hi, there", "A SHOP charged your account"])).toEqual([
      ["A SHOP"],
    ]);
  });

  it("takes no mark between two digits for the end of a sentence", () => {
    expect(values("You paid {amount}. Thank", ["You paid $1,234.50. Thank you."])).toEqual([["$1,234.50"]]);
    expect(values("You paid {amount}.", ["You paid $1,234.50."])).toEqual([["$1,234.50"]]);
    expect(values("You paid {amount}, which", ["You paid 1,5, which"])).toEqual([["1,5"]]);
  });

  it("gives empty values, which say that something is missing", () => {
    expect(values("a purchase of {amount} was made", ["a purchase of  was made"])).toEqual([[""]]);
  });

  it("finds every place in turn", () => {
    expect(values("paid {amount}.", ["paid $1. paid $2.", "paid $3."])).toEqual([["$1"], ["$2"], ["$3"]]);
  });

  it.each([
    ["another wording", "Your card 1 was charged $1 at X."],
    ["words that are cut off", "Your card ...1 was charged $1 at X"],
    ["a value that goes on for ever", `Your card ...1 was charged ${"9".repeat(200)} at X.`],
  ])("finds nothing in %s", (_, line) => {
    expect(values(CHARGE, [line])).toEqual([]);
  });

  it("gives values that stand in the text, between the template's words and in their order", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", " ", "."), minLength: 1, maxLength: 4 });
    const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "b", " ", ".") }), { maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, lines, (one, two, three, body) => {
        const text = templateText(body);
        const template = { words: [one, two, three], slots: ["amount", "merchant"] } as const;
        for (const { values: found, start, end } of findTemplate(template, text, anything)) {
          const [first = "", second = ""] = found;
          const there = text.flat.slice(start, end);
          expect(there.startsWith(one) && there.endsWith(three)).toBe(true);
          expect(there.replaceAll(" ", "")).toBe([one, first, two, second, three].join("").replaceAll(" ", ""));
        }
      }),
    );
  });
});

describe("hasPhrase", () => {
  it("finds what stands in the text, wherever words begin and lines end, and nothing else", () => {
    const some = fc.string({ unit: fc.constantFrom("a", "b", " ", ".") });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), some, (lines, phrase) => {
        expect(hasPhrase(templateText(lines), phrase)).toBe(` ${lines.join(" ")} `.includes(phrase));
      }),
    );
  });
});

describe("templateOf", () => {
  it.each(["no hole", "{amount}{merchant}", "a {nonsense} b"])("refuses %s", (text) => {
    expect(() => templateOf(text)).toThrow(/./);
  });
});

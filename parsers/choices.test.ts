import { describe, expect, it } from "vitest";

import { choicesIn } from "./choices.ts";
import { valueAt } from "./taught.ts";

const date = Temporal.Instant.from("2026-11-20T12:00:00Z");

function textsIn(...lines: string[]) {
  const { amounts, merchants, days, cards } = choicesIn(lines, date);
  const texts = (choices: typeof amounts) => choices.map(({ text }) => text);
  return { amounts: texts(amounts), merchants: texts(merchants), days: texts(days), cards: texts(cards) };
}

describe("what in a mail may be a value", () => {
  it("is found where it stands", () => {
    const lines = [
      "Your card ...4411 paid $18.20 at Cafe Zentral on Nov 19, 2026.",
      "Merchant: ACME",
      "Date",
      "19.11.2026",
    ];
    const found = choicesIn(lines, date);
    for (const choice of Object.values(found).flat()) expect(valueAt(lines, choice)).toBe(choice.text);
    expect(textsIn(...lines)).toMatchObject({
      amounts: ["$18.20"],
      days: ["Nov 19, 2026", "19.11.2026"],
      cards: ["4411"],
    });
    expect(textsIn(...lines).merchants).toEqual(expect.arrayContaining(["Cafe Zentral", "ACME"]));
  });

  it.each(["$1,234.56", "1.234,56 EUR", "USD 12.00", "$ 63.37 MN", "CRC: 20,000.00", "２，７６０円", "Rs. 500"])(
    "is the amount %s",
    (amount) => expect(textsIn(`You paid (${amount}) there`).amounts).toEqual([amount]),
  );

  it.each([
    "11/19/2026",
    "Jun 5, 2022 at 4:44 PM ET",
    "Wed, Mar 7, 2026",
    "02 de octubre de 2026 - 09:06 PM",
    "setiembre 5, 2026",
    "März 5, 2026",
    "lunes 5 de octubre de 2026",
    "12:53 a.m., Central Time 10/02/2026",
    "31/12/2025",
  ])("is the day %s", (day) => expect(textsIn(`It happened ${day}.`).days).toEqual([day]));

  it("is no day and no amount where there are only numbers", () => {
    expect(textsIn("12 12 12 12 12", "Number 4711")).toMatchObject({ amounts: [], days: [] });
  });

  it("is at most so much as a person can choose from", () => {
    const many = Array.from({ length: 200 }, () => "$1.00 at SHOP on 11/19/2026 with ...4411");
    for (const choices of Object.values(choicesIn(many, date))) expect(choices).toHaveLength(60);
  });
});

describe("a mail that is to keep us busy", () => {
  it.each([
    ["three thousand words", "word", 31],
    ["two hundred lines", "", 200],
    ["many numbers", "12", 15],
  ])("is looked at no further than %s", (_, word, count) => {
    const full = Array.from({ length: count }, () => `${word} `.repeat(100).trim());
    expect(textsIn(...full, "$5.00 on 11/19/2026")).toMatchObject({ amounts: [], days: [] });
    expect(textsIn(...full.slice(0, 3), "$5.00 on 11/19/2026")).toMatchObject({
      amounts: ["$5.00"],
      days: ["11/19/2026"],
    });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../../test/any-text.ts";
import type { Reading } from "../parser.ts";
import { bankOfAmerica } from "./bank-of-america.ts";

const EXCEEDS = "Credit card transaction exceeds alert limit you set";
const TABLE = ["Amount:", "$7.99", "Date:", "March 07, 2024", "Where:", "SAMPLE STREAMING"];
const HELLO = "Hi, JANE, a credit card transaction was made above your chosen alert limit";
const OLD_TABLE = ["Amount: $4.75", "Where: at CAFE", "Type: RETAIL", "Transaction date: August 30, 2018"];

function read(subject: string, ...lines: string[]): Reading {
  return bankOfAmerica.read({ from: "", subject, date: Temporal.Instant.fromEpochMilliseconds(0), lines });
}

function kindsOf(reading: Reading): unknown {
  return reading.outcome === "understood" ? reading.events.map(({ kind }) => kind) : reading.outcome;
}

describe("Bank of America's tables", () => {
  it("tell of a purchase, unless it was declined", () => {
    expect(kindsOf(read(EXCEEDS, EXCEEDS, ...TABLE))).toEqual(["purchase"]);
    expect(kindsOf(read(EXCEEDS, `${EXCEEDS} and was declined`, ...TABLE))).toEqual(["declined"]);
    expect(kindsOf(read("Transaction declined", EXCEEDS, ...TABLE))).toEqual(["declined"]);
    expect(kindsOf(read(EXCEEDS, EXCEEDS, ...TABLE, "This purchase was declined."))).toBe("failed");
  });

  it("may name a shop after what was declined", () => {
    expect(kindsOf(read(EXCEEDS, EXCEEDS, ...TABLE.slice(0, -1), "THE DECLINED HORSE"))).toEqual(["purchase"]);
    expect(kindsOf(read(EXCEEDS, EXCEEDS, ...TABLE.slice(0, -2), "Where: THE DECLINED HORSE"))).toEqual(["purchase"]);
  });

  it.each([
    ["no headline", ["Hello", ...TABLE]],
    ["a headline below the table", [...TABLE, EXCEEDS]],
    ["a value twice", [EXCEEDS, ...TABLE, "Amount: $1.00"]],
    ["no place", [EXCEEDS, ...TABLE.slice(0, -1), "View details"]],
    ["no amount", [EXCEEDS, "Amount:", ...TABLE.slice(2)]],
    ["no day", [EXCEEDS, ...TABLE.slice(0, 2), ...TABLE.slice(4)]],
  ])("are not understood with %s", (_, lines) => {
    expect(kindsOf(read(EXCEEDS, ...lines))).toBe("failed");
  });

  it("may stand there several times, each a purchase of its own, equal ones too", () => {
    expect(kindsOf(read("", HELLO, ...OLD_TABLE, ...OLD_TABLE, "Bye"))).toEqual(["purchase", "purchase"]);
  });

  it.each([
    ["none is there", []],
    ["one lacks its amount", [...OLD_TABLE, ...OLD_TABLE.slice(1)]],
    ["the first lacks its amount", [...OLD_TABLE.slice(1), ...OLD_TABLE]],
    ["one lacks its day", [...OLD_TABLE.slice(0, -1), ...OLD_TABLE]],
    ["one lacks its place", [...OLD_TABLE, "Amount: $4.75", "Where:", ...OLD_TABLE.slice(2)]],
  ])("are not understood at all when %s", (_, lines) => {
    expect(kindsOf(read("", HELLO, ...lines))).toBe("failed");
  });
});

describe("Bank of America's mails about Zelle", () => {
  it("say it twice, and what people write along does not count", () => {
    const sentence = "John Sample sent you $5.00";
    const memo = ["You sent $900.00 to John Sample", EXCEEDS, ...TABLE];
    expect(read(sentence, sentence, ...memo)).toMatchObject({ events: [{ kind: "deposit", amountMinor: 500 }] });
    expect(kindsOf(read(sentence, "John Sample sent you $6.00"))).toBe("failed");
  });
});

describe("Bank of America on hostile input", () => {
  const PIECES = [
    EXCEEDS,
    HELLO,
    ...TABLE,
    ...OLD_TABLE,
    "$",
    "*",
    "declined",
    "Sent from account ending in 1",
    "",
    " - ",
  ];

  it("never throws, and books nothing for which there is no amount", () => {
    const lines = fc.array(fc.oneof(anyText, fc.constantFrom(...PIECES)), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...PIECES), lines, (subject, junk) => {
        const reading = read(subject, ...junk);
        const amounts = junk.filter((line) => /\d/.test(line)).length;
        if (reading.outcome === "understood") expect(reading.events.length).toBeLessThanOrEqual(amounts);
      }),
      { numRuns: 500 },
    );
  });

  // Nearly as long as mails may be. The time limit of a test stops what grows much faster than the input.
  it.each([...PIECES, "ending in ", " sent you $1 ", " to ", " has been sent"])(
    "is done with very many of %j, in one line or many",
    (piece) => {
      const many = Array.from({ length: Math.min(4900, 40_000 / (piece.length + 1)) }, () => piece);
      const long = many.join("");
      const mail = { from: "", date: Temporal.Instant.fromEpochMilliseconds(0) };
      const zelle = { ...mail, subject: `Zelle payment of $1 to ${long}`, lines: [EXCEEDS, ...TABLE, ...many] };
      expect(bankOfAmerica.read(zelle)).toBeDefined();
      expect(
        bankOfAmerica.read({ ...mail, subject: `${long} sent you $1`, lines: [HELLO, long, ...many] }),
      ).toBeDefined();
    },
  );
});

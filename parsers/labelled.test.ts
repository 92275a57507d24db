import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { blocksFrom, firstLabel, readLabelled } from "./labelled.ts";

const LABELS = ["Amount:", "Where:", "Date"];

function read(...lines: string[]): Record<string, string | null> {
  return Object.fromEntries(readLabelled(lines, LABELS));
}

describe("readLabelled", () => {
  it.each([
    ["behind the label", ["Amount: $4.99"]],
    ["below the label", ["Amount:", "$4.99"]],
    ["in bold, as copies write it", ["Amount: *$4.99*"]],
    ["in bold below the label", ["Amount:", "*$4.99*"]],
    ["behind a bold label", ["*Amount:* $4.99"]],
    ["in bold behind a bold label", ["*Amount:* *$4.99*"]],
    ["among other lines", ["Hello", "Amount: $4.99", "Amounts: $1.00", "Bye"]],
  ])("finds a value %s", (_, lines) => {
    expect(read(...lines)).toEqual({ "Amount:": "$4.99" });
  });

  it.each(["Date 08/30/2018", "*Date* 08/30/2018", "*Date * 08/30/2018", "Date* 08/30/2018"])(
    "finds the value of a label without a colon in %j",
    (line) => {
      expect(read(line)).toEqual({ Date: "08/30/2018" });
    },
  );

  it.each(["加盟店名：", "【ご利用先】"])("finds the value glued to the label %s", (label) => {
    expect(Object.fromEntries(readLabelled([`${label}ＣＡＦＥ`], [label]))).toEqual({ [label]: "ＣＡＦＥ" });
  });

  it("joins a sign that stands alone with the number below it", () => {
    expect(read("Amount:", "$", "101.00", "Where:", "HERE")).toEqual({ "Amount:": "$ 101.00", "Where:": "HERE" });
    expect(read("Amount:", "$", "Where:", "HERE")).toEqual({ "Amount:": null, "Where:": "HERE" });
  });

  it("leaves a name the asterisks that it has", () => {
    expect(read("Where: SQ *CAFE")).toEqual({ "Where:": "SQ *CAFE" });
    expect(read("Where:", "PAYPAL *")).toEqual({ "Where:": "PAYPAL *" });
    expect(read("Where:", "*CAFE")).toEqual({ "Where:": "*CAFE" });
    expect(read("Where: *PAYPAL *NYT*")).toEqual({ "Where:": "PAYPAL *NYT" });
  });

  it("finds nothing in the place of a value that is missing", () => {
    expect(read("Amount:", "Where:", "HERE")).toEqual({ "Amount:": null, "Where:": "HERE" });
    expect(read("Where:", "HERE", "Amount:")).toEqual({ "Where:": "HERE", "Amount:": null });
  });

  it("believes no label that stands there twice", () => {
    expect(read("Amount: $1.00", "Amount: $2.00")).toEqual({ "Amount:": null });
  });

  it("does not take a longer word for a label", () => {
    expect(read("Dates are 08/30/2018", "The Amount: $1.00")).toEqual({});
  });
});

describe("firstLabel and blocksFrom", () => {
  const lines = ["Hello", "Amount: 1", "Where: A", "*Amount:* 2", "Where: B"];

  it("find where the labels begin, and where each of their blocks does", () => {
    expect(firstLabel(lines, LABELS)).toBe(1);
    expect(firstLabel(["Hello"], LABELS)).toBe(1);
    expect(blocksFrom(lines.slice(1), "Amount:")).toEqual([lines.slice(1, 3), lines.slice(3)]);
    expect(blocksFrom([], "Amount:")).toEqual([[]]);
  });

  it("lose no line and change no order", () => {
    const anyLines = fc.array(fc.constantFrom("Amount: 1", "Where: A", "x"));
    fc.assert(
      fc.property(anyLines, (some) => {
        expect(blocksFrom(some, "Amount:").flat()).toEqual(some);
      }),
    );
  });
});

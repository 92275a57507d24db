import { describe, expect, it } from "vitest";

import { fasterThanLinear } from "../test/growth.ts";
import { expressionsIn } from "../test/regular-expressions.ts";

const { literals, built } = expressionsIn(["access", "handlers", "ledger", "parsers"]);

/** Those that are slow with long texts, and why they never meet one. */
const BOUNDED: readonly (readonly [file: string, beginning: string, reason: string])[] = [
  ["access/recipient.ts", String.raw`/\+caf_=`, "headers are cut before"],
  ["handlers/pages/style.ts", String.raw`/\/\*`, "our own style sheet"],
  ["ledger/money.ts", String.raw`/^([-+\u2212]?)([^\d`, "what is longer than 40 characters is refused before"],
  ["ledger/related-merchants.ts", String.raw`/\*\s*(?=`, "merchants have at most 100 characters"],
  ["parsers/generic-page.ts", String.raw`/ \(.*\)$/`, "labels have at most 40 characters"],
  ["parsers/when.ts", "/[,]+$/", "what is longer than 60 characters is refused before"],
];

/** Files that build expressions while they run: from our own words, or from names that are escaped. */
const BUILT = [
  "handlers/pages/dev-mail.ts",
  "handlers/pages/mail-text.ts",
  "ledger/merchant-name.ts",
  "parsers/generic-merchant.ts",
  "parsers/generic-name.ts",
  "parsers/generic-phrases.ts",
  "parsers/redact-names.ts",
  "parsers/redact.ts",
];

describe("the regular expressions that mails and requests meet", () => {
  const isBounded = (file: string, expression: RegExp): boolean =>
    BOUNDED.some(([where, beginning]) => file === where && String(expression).startsWith(beginning));

  it("take time in proportion to the text, whatever it says", () => {
    const slow = literals
      .filter(({ file, expression }) => !isBounded(file, expression))
      .map(({ file, expression }) => ({ file, expression: String(expression), why: fasterThanLinear(expression) }));
    expect(literals.length).toBeGreaterThan(300);
    expect(slow.filter(({ why }) => why !== null)).toEqual([]);
  });

  it.each(BOUNDED)("are still there where they need not: %s %s", (where, beginning) => {
    const found = literals.filter(({ file, expression }) => file === where && String(expression).startsWith(beginning));
    expect(found).toHaveLength(1);
  });

  it("are written down as they are, except in files where nobody but us says what they hold", () => {
    expect(built).toEqual(BUILT);
  });
});

describe("the measurement", () => {
  it.each([/\s+$/, /<[^>]*>/, /\(([^)]*)\)/g])("finds %s slow", (expression) => {
    expect(fasterThanLinear(expression)).not.toBeNull();
  });

  it.each([/^(a+)+$/, /^x*y*(\d+)*z$/])("interrupts %s, which would take for ever", (expression) => {
    expect(fasterThanLinear(expression, 100)).toBe("It does not come to an end.");
  });

  it.each([/(?<!\s)\s+$/, /^a+$/, /a.{0,40}b/, /<[^<>]*>/, /^[^@]+@/, /\bending in \d{4}/g])(
    "finds %s quick",
    (expression) => {
      expect(fasterThanLinear(expression)).toBeNull();
    },
  );
});

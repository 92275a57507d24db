import { describe, expect, it } from "vitest";

import { EVENT_KINDS } from "../parsers/parser.ts";
import { isSpending, signedAmount } from "./spending.ts";

describe("spending", () => {
  it.each(["purchase", "withdrawal", "fee"] as const)("counts a %s", (kind) => {
    expect(signedAmount({ kind, amountMinor: 6383 })).toBe(6383);
  });

  it.each(["refund", "reversal"] as const)("takes a %s off", (kind) => {
    expect(signedAmount({ kind, amountMinor: 6383 })).toBe(-6383);
  });

  it.each(["declined", "transfer", "card_payment", "deposit", "notice"] as const)("does not book a %s", (kind) => {
    expect(signedAmount({ kind, amountMinor: 6383 })).toBeNull();
  });

  it("calls spending exactly what is booked", () => {
    for (const kind of EVENT_KINDS) expect(isSpending(kind)).toBe(signedAmount({ kind, amountMinor: 1 }) !== null);
  });
});

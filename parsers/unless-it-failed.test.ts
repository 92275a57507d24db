import { describe, expect, it } from "vitest";

import type { EventKind, Reading } from "./parser.ts";
import { unlessItFailed } from "./unless-it-failed.ts";

const event = {
  amountMinor: 4820,
  currency: "USD",
  merchant: "THE DECLINED HORSE",
  card: null,
  occurred: null,
  confidence: 1,
  words: { amount: "$48.20", merchant: "THE DECLINED HORSE", occurred: "" },
};

function outcome(kind: EventKind, subject: string, ...lines: string[]): string {
  const mail = { from: "", subject, date: Temporal.Instant.fromEpochMilliseconds(0), lines };
  const reading: Reading = { outcome: "understood", layout: "card", events: [{ ...event, kind }] };
  return unlessItFailed(mail, reading).outcome;
}

describe("a purchase in a mail that says more", () => {
  it.each([
    ["English", "The transaction was declined."],
    ["English, wrapped", "The transaction has since been", "reversed."],
    ["Spanish", "Su compra fue rechazada."],
    ["Spanish, with a no", "La transacción no fue exitosa."],
    ["Portuguese", "A compra não foi aprovada."],
    ["French", "Votre paiement a été refusé."],
    ["German", "Ihre Zahlung wurde abgelehnt."],
    ["Japanese", "下記のお取引はご利用いただけませんでした。"],
  ])("is not understood when it failed, said in %s", (_, ...lines) => {
    expect(outcome("purchase", "Transaction alert", ...lines)).toBe("failed");
    expect(outcome("withdrawal", "Transaction alert", ...lines)).toBe("failed");
  });

  it("is not understood when the subject says that it failed", () => {
    expect(outcome("purchase", "Declined: $48.20 at THE DECLINED HORSE", "You paid")).toBe("failed");
  });

  it.each(["Did you make this purchase?", "Were you charged twice? "])("is not understood under %j", (subject) => {
    expect(outcome("purchase", subject, "You paid")).toBe("failed");
  });

  it("is one when only the shop's name or a hint has such a word", () => {
    expect(outcome("purchase", "$48.20 at THE DECLINED HORSE", "You paid", "THE DECLINED HORSE")).toBe("understood");
    expect(outcome("purchase", "You paid", "Purchases above your limit may be declined.")).toBe("understood");
  });

  it("may be reversed when it is a reversal", () => {
    expect(outcome("reversal", "Transaction reversed", "The transaction was reversed.")).toBe("understood");
  });
});

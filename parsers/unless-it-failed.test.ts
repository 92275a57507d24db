import { describe, expect, it } from "vitest";

import { mailOf, parserFixtures } from "../test/parser-fixtures.ts";
import type { EventKind, Reading } from "./parser.ts";
import { understand } from "./understand.ts";
import { unlessItFailed } from "./unless-it-failed.ts";

const SENTENCES = [
  "This transaction was not approved.",
  "This transaction wasn’t approved.",
  "This purchase has not been authorized.",
  "Your card was not charged.",
  "The transaction could not be completed.",
  "We were unable to process this transaction.",
  "This purchase has been cancelled.",
  "It was canceled by the merchant.",
  "The payment failed.",
  "This transaction was voided.",
  "The merchant has refunded this purchase.",
  "We blocked this transaction.",
  "We've declined this transaction.",
  "This transaction is declined.",
  "Status: Declined",
  "Status: Reversed",
  "La transacción no fue autorizada.",
  "No se pudo realizar la compra.",
  "La operación fue cancelada.",
  "El monto ha sido devuelto.",
  "Estado: Rechazada",
  "A compra foi cancelada.",
  "Le paiement n'a pas été autorisé.",
  "Die Zahlung konnte nicht ausgeführt werden.",
];

const SUBJECTS = ["Refund: ", "Reversal: ", "Failed transaction: ", "Canceled: ", "Reembolso: "];

const HINTS = [
  "If the transaction was declined, call us.",
  "We will write to you if a purchase has since been reversed.",
  "Purchases above your limit may be declined.",
  "Purchases can be refunded.",
  "A transaction may have been declined.",
  "Contact us when a payment failed.",
  "Si la compra fue rechazada, llámenos.",
  "Se a compra foi recusada, fale conosco.",
];

const booked = parserFixtures()
  .map(mailOf)
  .filter((mail) => understand(mail).events.some(({ kind }) => ["purchase", "withdrawal", "fee"].includes(kind)))
  // Appended to more than is read, nothing is.
  .filter(({ html, text }) => html.length + text.length < 200_000);

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

  it.each(HINTS)("is one under %j", (hint) => {
    expect(outcome("purchase", "You paid", "May 14, 2026", hint, "SHOP")).toBe("understood");
  });

  it("is not understood when the sentence in front speaks of a case", () => {
    expect(outcome("purchase", "You paid", "If it was not you, call us. It was declined.")).toBe("failed");
    expect(outcome("purchase", "You paid", "When you tried to pay, the transaction was declined.")).toBe("failed");
    expect(outcome("purchase", "You paid", "Call us if you can", "This was", "declined")).toBe("failed");
  });

  it("may be reversed when it is a reversal", () => {
    expect(outcome("reversal", "Transaction reversed", "The transaction was reversed.")).toBe("understood");
  });
});

describe("every fixture in which money was taken", () => {
  it("is not understood with one sentence more that says that it was not", () => {
    expect(booked.length).toBeGreaterThan(150);
    for (const sentence of SENTENCES) {
      const understood = booked.filter((mail) => {
        const html = mail.html && `${mail.html}<p>${sentence}</p>`;
        return understand({ ...mail, html, text: mail.text && `${mail.text}\n${sentence}` }).outcome === "events";
      });
      expect([sentence, understood.map(({ subject }) => subject)]).toEqual([sentence, []]);
    }
  });

  it("is not understood under a subject that says so", () => {
    for (const start of SUBJECTS) {
      const understood = booked.filter(
        (mail) => understand({ ...mail, subject: start + mail.subject }).outcome === "events",
      );
      expect([start, understood.map(({ subject }) => subject)]).toEqual([start, []]);
    }
  });
});

import { describe, expect, it } from "vitest";

import { institution, labelled, notice, sentence } from "./institution.ts";
import type { Layout } from "./layout.ts";
import type { Reading } from "./parser.ts";
import { US } from "./writing.ts";

const date = Temporal.Instant.from("2026-11-01T12:00:00Z");

function read(layout: Layout, lines: readonly string[], subject = ""): Reading {
  const about = { id: "some", name: "Some", senders: [], dkimDomains: [] };
  return institution({ ...about, writing: US, layouts: [layout] }).read({ from: "", subject, date, lines });
}

describe("an institution's parser", () => {
  it("does not understand what is longer than any alert", () => {
    const balance = notice({ name: "balance", sample: "described", reason: "A balance.", says: "Your balance" });
    const long = { outcome: "failed", reason: "This mail is too long to read." };
    expect(read(balance, ["Your balance", ...Array.from({ length: 4999 }, () => "$1")])).toMatchObject({
      layout: "balance",
    });
    expect(read(balance, ["Your balance", ...Array.from({ length: 5000 }, () => "$1")])).toEqual(long);
    expect(read(balance, ["Your balance", "$".repeat(100_000)])).toEqual(long);
    expect(read(balance, ["Your balance"], "$".repeat(100_000))).toEqual(long);
  });
});

describe("a layout of one sentence", () => {
  const charge = sentence({
    name: "card",
    sample: "described",
    kind: "purchase",
    sentence: "Your card {card} was charged {amount} at {merchant}.\n",
    labels: { when: ["Date:", "Time:"] },
  });
  const REST = ["Date: 10/31/2026", "Time: 06:21 PM ET"];
  const SAYS = "Your card ...3355 was charged $19.99 at SHOP.";

  it("takes from labels what the sentence does not say", () => {
    expect(read(charge, [SAYS, ...REST])).toMatchObject({
      layout: "card",
      events: [
        {
          ...{ kind: "purchase", amountMinor: 1999, currency: "USD", merchant: "SHOP", card: "3355" },
          occurred: Temporal.Instant.from("2026-10-31T22:21:00Z"),
        },
      ],
    });
  });

  it("counts a sentence that is repeated word by word once", () => {
    expect(read(charge, [SAYS, SAYS, ...REST])).toMatchObject({ events: [{ amountMinor: 1999 }] });
  });

  it("does not understand two of them with different values", () => {
    const lines = [SAYS, "Your card ...3355 was charged $20.00 at SHOP.", ...REST];
    expect(read(charge, lines)).toEqual({
      outcome: "failed",
      reason: "This mail tells of more than one transaction.",
    });
  });

  it.each([
    ["amount", "Your card ...3355 was charged  at SHOP.", REST],
    ["amount", "Your card ...3355 was charged #amount# at SHOP.", REST],
    ["merchant", "Your card ...3355 was charged $19.99 at .", REST],
    ["merchant", "Your card ...3355 was charged $19.99 at .", ["Call us.", ...REST]],
    ["date", SAYS, []],
    ["date", SAYS, ["Date: 31/10/2026", "Time: 06:21 PM ET"]],
  ])("names the %s as what is missing", (part, line, rest) => {
    expect(read(charge, [line, ...rest])).toEqual({
      outcome: "failed",
      reason: `The ${part} in this mail is missing or could not be read for sure.`,
    });
  });
});

describe("a layout of one sentence with several endings", () => {
  const endings = [". To view", ".\n", " on your card"].map((end) => `You paid {amount} at {merchant}${end}`);
  const paid = sentence({ name: "paid", sample: "described", kind: "purchase", sentence: endings });

  it.each([
    [["You paid $1.00 at A.COM.", "Hello. To view it, go there."]],
    [["You paid $1.00 at A.COM. To view it, go there."]],
    [["You paid $1.00 at A.COM", "on your card, which is yours.", "To view it, go there."]],
  ])("takes the shortest that fits: %j", (lines) => {
    expect(read(paid, lines)).toMatchObject({ events: [{ amountMinor: 100, merchant: "A.COM" }] });
  });

  it("does not understand two of them with different values", () => {
    const lines = ["You paid $1.00 at A.COM.", "You paid $2.00 at A.COM. To view it, go there."];
    expect(read(paid, lines)).toMatchObject({ reason: "This mail tells of more than one transaction." });
  });
});

describe("a layout whose sentence says when", () => {
  const charge = sentence({
    name: "card",
    sample: "described",
    kind: "purchase",
    sentence: "Your card {card} was charged {amount} at {merchant} on {when}.",
  });

  it("does not take nothing for a time that such mails never say", () => {
    expect(read(charge, ["Your card ...3355 was charged $19.99 at SHOP on 10/31/2026."])).toMatchObject({
      events: [{ merchant: "SHOP", occurred: Temporal.PlainDate.from("2026-10-31") }],
    });
    expect(read(charge, ["Your card ...3355 was charged $19.99 at SHOP on ."])).toEqual({
      outcome: "failed",
      reason: "The date in this mail is missing or could not be read for sure.",
    });
  });
});

describe("a layout whose sentence and label both name the amount", () => {
  const deposit = sentence({
    name: "deposit",
    sample: "described",
    kind: "deposit",
    sentence: "You received {amount}.",
    labels: { amount: "Amount:", merchant: "From:" },
  });

  it("believes it when they agree, however it is written", () => {
    expect(read(deposit, ["You received $42.10.", "From: SHOP", "Amount: 42.10"])).toMatchObject({
      events: [{ amountMinor: 4210, words: { amount: "$42.10" } }],
    });
  });

  it.each([["Amount: $42.11"], ["Amount: EUR 42.10"], ["Amount:"], []])("does not believe it with %j", (...amount) => {
    expect(read(deposit, ["You received $42.10.", "From: SHOP", ...amount])).toMatchObject({
      reason: "This mail names two different amounts.",
    });
  });

  it("says what is missing when both are", () => {
    expect(read(deposit, ["You received {{x}}.", "From: SHOP", "Amount:"])).toMatchObject({
      reason: "The amount in this mail is missing or could not be read for sure.",
    });
  });
});

describe("a layout of labels", () => {
  const LABELS = { amount: "Amount:", merchant: ["Where:", "Merchant:"] } as const;
  const kind = { label: "Status:", is: { Approved: "purchase", Declined: "declined" } } as const;
  const card = labelled({ name: "card", sample: "described", kind, labels: LABELS });

  it.each([
    ["Approved", "purchase"],
    ["Declined", "declined"],
  ])("takes the kind from the words behind its label: %s is a %s", (status, expected) => {
    const lines = ["Merchant: SHOP", "Amount: $1.00", `Status: ${status}`];
    expect(read(card, lines)).toMatchObject({ events: [{ kind: expected, merchant: "SHOP", occurred: null }] });
  });

  it.each([["Status: Reversed"], ["Status:"], []])("does not understand another state: %s", (...status) => {
    expect(read(card, ["Merchant: SHOP", "Amount: $1.00", ...status])).toEqual({
      outcome: "failed",
      reason: "This mail does not say clearly what became of the transaction.",
    });
  });

  it("is another form without the amount's label", () => {
    expect(read(card, ["Merchant: SHOP", "Status: Approved"])).toMatchObject({ outcome: "failed" });
  });

  it("reads a table whose heads stand in a row", () => {
    const columns = ["Date", "Amount", "Shop"];
    const labels = { amount: "Amount", merchant: "Shop", when: ["Date"] } as const;
    const table = labelled({ name: "row", sample: "described", kind: "purchase", columns, labels });
    expect(read(table, [...columns, "10/31/2026", "$1.00", "SHOP", "Bye"])).toMatchObject({
      events: [{ amountMinor: 100, merchant: "SHOP" }],
    });
    expect(read(table, [...columns, "10/31/2026", "$1.00"])).toMatchObject({ outcome: "failed" });
    expect(read(table, ["Date", "Shop", "Amount", "10/31/2026", "$1.00", "SHOP"])).toMatchObject({ outcome: "failed" });
  });
});

describe("a layout of a notice", () => {
  const statement = notice({
    name: "statement",
    sample: "described",
    subject: "Statement",
    says: "is ready",
    reason: "No.",
  });

  it("needs the words of the subject and those of the body", () => {
    expect(read(statement, ["It is", "ready"], "Your Statement")).toMatchObject({ outcome: "skipped", reason: "No." });
    expect(read(statement, ["It is ready"], "Another")).toMatchObject({ outcome: "failed" });
    expect(read(statement, ["It comes"], "Your Statement")).toMatchObject({ outcome: "failed" });
  });
});

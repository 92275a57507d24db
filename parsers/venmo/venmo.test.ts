import { describe, expect, it } from "vitest";

import { lookAlikes, type Candidate } from "../../ledger/look-alikes.ts";
import { mailOf, parserFixtures } from "../../test/parser-fixtures.ts";
import type { Reading } from "../parser.ts";
import { understand } from "../understand.ts";
import { venmo } from "./venmo.ts";

const date = Temporal.Instant.from("2026-09-14T03:35:48Z");
const DETAILS = ["Transaction details", "Date", "Sep 13, 2026", "Status", "Completed"];

function read(subject: string, ...lines: string[]): Reading {
  return venmo.read({ from: "", subject, date, lines: [...lines, ...DETAILS] });
}

describe("Venmo's mails about a tip", () => {
  it("are proposed as one purchase with the receipt, and not the payments of others", () => {
    const all = ["receipt", "updated-total", "paid-2026"].map(candidateOf);
    expect(lookAlikes(all, all)).toMatchObject([{ a: "receipt", b: "updated-total", why: "updated" }]);
  });
});

describe("Venmo's amounts, which stand in pieces", () => {
  it.each([
    [["$", "178", ".", "00"]],
    [["$", "178", "00"]],
    [["$", "178", ".", "00", "5"]],
    [["$178.00"]],
    [["You paid Casey $178.00"]],
    [["900", "$", "178.00", "900"]],
  ])("are those of the subject in %j", (lines) => {
    expect(read("You paid Casey $178.00", ...lines)).toMatchObject({ events: [{ amountMinor: 17800 }] });
  });

  it.each([
    [["$", "17", ".", "80"]],
    [["178", ".", "00"]],
    [["$", "Pizza", "17800 m"]],
    [["$", "1780", "0"]],
    [["$", "17800"]],
    [[]],
  ])("are not those of the subject in %j", (lines) => {
    expect(read("You paid Casey $178.00", ...lines)).toMatchObject({ outcome: "failed" });
  });
});

describe("Venmo's mails with names that others chose", () => {
  it.each([
    ["You paid Casey paid you $5.00", "deposit", "You paid Casey"],
    ["You paid Casey $900.00 $5.00", "purchase", "Casey $900.00"],
    ["You paid You paid Casey $5.00", "purchase", "You paid Casey"],
  ])("%s: a %s", (subject, kind, merchant) => {
    expect(read(subject, "$", "5", "00")).toMatchObject({ events: [{ kind, merchant, amountMinor: 500 }] });
  });

  it("are not understood when a memo looks like the details", () => {
    const memo = ["Transaction details", "Date", "Sep 13, 2020"];
    expect(read("You paid Casey $5.00", "$", "5", "00", ...memo)).toMatchObject({
      events: [{ occurred: Temporal.PlainDate.from("2026-09-13") }],
    });
  });
});

/** The purchase of that fixture as the books hold it. */
function candidateOf(name: string): Candidate {
  const fixture = parserFixtures().find((one) => one.institution === "venmo" && one.name === name);
  const { events, date: mailed } = understand(mailOf(fixture ?? expect.unreachable(name)));
  const [event = expect.unreachable(name)] = events;
  const day = event.occurred instanceof Temporal.PlainDate ? event.occurred : null;
  const at =
    event.occurred instanceof Temporal.Instant
      ? event.occurred
      : day?.toZonedDateTime({ timeZone: "UTC", plainTime: "12:00" }).toInstant();
  return {
    ...{ id: name, mailId: name, institution: "venmo", kind: event.kind, merchant: event.merchant, card: event.card },
    ...{ amountMinor: event.amountMinor, currency: event.currency, occurredOn: day?.toString() ?? null },
    occurredAt: (at ?? mailed).epochMilliseconds,
    mailDate: mailed.epochMilliseconds,
  };
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { unwrapLines } from "./forwarded-lines.ts";
import { unwrapForward } from "./forwarded.ts";

/** Beginnings of headers, whole headers, and what may stand between them. */
const PIECES = [
  ...["", ">", "> > >", "words", "From:", "From: a", "From: a@b.example", "> From: a@b.example", "*From:*", "De :"],
  ...["Date:", "Date: Oct 6, 2026", "Subject: Fwd: x", "Subject:", "To: c@d.example", "To:", "Cc: e", ":", "a:", "*:"],
  ...[
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    "> Begin forwarded message:",
    "---",
    "----- a",
  ],
  ...[
    "On Oct 6 Jane wrote:",
    "1 schrieb:",
    "schrieb schrieb 1:",
    "<a@b",
    "[[[[",
    "\"'\"'",
    "From: <a@b.example> <c@d.example>",
  ],
  ...[
    ">".repeat(3000),
    `From: ${"a".repeat(900)}`,
    `From: ${"<a@".repeat(300)}`,
    `Subject: ${"x ".repeat(400)}`,
    "x".repeat(3000),
  ],
];

const NAMED_PIECES = PIECES.map((piece) => [piece.slice(0, 40), piece] as const);

const SUBJECTS = ["Fwd: hello", "hello", "Re: hello"];

const junk = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.nat({ max: 60 })), { maxLength: 30 })
  .map((runs) => runs.flatMap(([piece, times]) => Array.from({ length: times }, () => piece)));

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

describe("unwrapLines on hostile input", () => {
  /** Each line is looked at as a beginning, as part of a header that began on one of the lines before, once per layer. */
  const MOST_WORK_PER_CHARACTER = 32;

  function workOn(lines: readonly string[], subject: string): number {
    const meter = { work: 0 };
    unwrapLines(lines, subject, true, meter);
    return meter.work;
  }

  it.each(NAMED_PIECES)("works no more than the length of the input allows on a run of %j", (_, piece) => {
    const lines = Array.from({ length: 2000 }, () => piece);
    for (const subject of SUBJECTS) {
      expect(workOn(lines, subject)).toBeLessThanOrEqual(MOST_WORK_PER_CHARACTER * lengthOf(lines));
    }
  });

  it("works no more than the length of the input allows on any mixture of runs", () => {
    fc.assert(
      fc.property(junk, fc.constantFrom(...SUBJECTS), (lines, subject) => {
        expect(workOn(lines, subject)).toBeLessThanOrEqual(MOST_WORK_PER_CHARACTER * lengthOf(lines));
      }),
    );
  });

  it("counts at least every line it passes, so that the bound means something", () => {
    const lines = Array.from({ length: 2000 }, () => "words");
    for (const subject of SUBJECTS.slice(0, 2)) expect(workOn(lines, subject)).toBeGreaterThanOrEqual(lengthOf(lines));
  });

  it("finds a header however much stands above it, and drops that", () => {
    const header = ["Begin forwarded message:", "From: a@b.example", "Subject: hello", "", "words"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom("", "> quoted", "words", "---", "Amount: $5")), (above) => {
        const found = unwrapLines([...above, ...header], "hello", true, { work: 0 });
        expect(found).toMatchObject({
          header: { from: "a@b.example" },
          subject: "hello",
          lines: ["", "words"],
          layers: 1,
        });
      }),
    );
  });

  it.each(NAMED_PIECES)("comes to an end with very many of %j, the whole way from mail to mail", (_, piece) => {
    const text = `${piece}\n`.repeat(200_000 / (piece.length + 1));
    const receivedAt = Temporal.Instant.from("2026-11-20T15:00:00Z");
    const mail = { from: "jane@example.com", fromName: "", date: "", receivedAt, headers: [] };
    const html = text.replaceAll("<", "&lt;").replaceAll("\n", "<br>");
    const forwarded = unwrapForward({ ...mail, subject: "Fwd: hello", text, html });
    expect(forwarded?.mail.from ?? "").not.toContain("\n");
  });
});

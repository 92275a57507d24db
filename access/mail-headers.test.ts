import fc from "fast-check";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { describe, expect, it } from "vitest";

import { readHeaders, valueOf } from "./mail-headers.ts";

function read(raw: string) {
  const parts = readHeaders(Buffer.from(raw, "latin1"));
  return parts && { headers: parts.headers, rest: Buffer.from(parts.rest).toString("latin1") };
}

describe("readHeaders", () => {
  it("names the headers top first, folds included, and leaves the rest", () => {
    expect(read("From: a\r\nSubject : b\r\n\tc\r\n d\r\nfrom:\r\n\r\nbody\r\n\r\nmore")).toEqual({
      headers: [
        { name: "from", line: "From: a" },
        { name: "subject", line: "Subject : b\r\n\tc\r\n d" },
        { name: "from", line: "from:" },
      ],
      rest: "\r\n\r\nbody\r\n\r\nmore",
    });
  });

  it("takes line feeds for line ends, and leaves carriage returns of the body alone", () => {
    expect(read("A: b\nC: d\r\n\n\nbody\r\nx\ry\n")).toEqual({
      headers: [
        { name: "a", line: "A: b" },
        { name: "c", line: "C: d" },
      ],
      rest: "\r\n\r\n\r\nbody\r\nx\ry\r\n",
    });
  });

  it.each([
    ["", [], ""],
    ["\r\n", [], "\r\n"],
    ["\r\nA: b", [], "\r\nA: b"],
    ["A: b", ["a"], ""],
    ["A: b\r\n", ["a"], "\r\n"],
    ["A: b\n\n", ["a"], "\r\n\r\n"],
  ])("knows where the headers of %j end", (raw, names, rest) => {
    const found = read(raw);
    expect(found?.headers.map(({ name }) => name)).toEqual(names);
    expect(found?.rest).toBe(rest);
  });

  it.each([
    "A\r\n\r\n",
    " A: b\r\n\r\n",
    "A: b\r\n \r\n\r\n",
    "A: b\r\nC\r\n :d\r\n\r\n",
    "A b: c\r\n\r\n",
    "\xe9: c\r\n\r\n",
  ])("refuses %j, which others could read differently", (raw) => {
    expect(read(raw)).toBeNull();
  });

  it("refuses more than real mails have", () => {
    expect(read("A: b\r\n".repeat(1_000))).not.toBeNull();
    expect(read("A: b\r\n".repeat(1_001))).toBeNull();
    expect(read(`A: ${"b".repeat(130_000)}\r\n\r\n`)).not.toBeNull();
    expect(read(`A: ${"b".repeat(132_000)}\r\n\r\n`)).toBeNull();
    expect(read(`A: b${" ".repeat(999)}c`)).not.toBeNull();
    expect(read(`A: b${" ".repeat(1_000)}c`)).toBeNull();
  });

  it("never reads other headers than the verifier of signatures does", async () => {
    const lines = ["From: a\r\n", "from : b\n", "To:\r\n", " c: d\r\n", "\tFrom: e\n", "A:\xa0f\r\n", "To: =\r\n\r\n"];
    const marks = ["From", ":", " ", "\r\n", "\n", "\r", "\0", "\xc2\x85", "\v"];
    const piece = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...lines) }, fc.constantFrom(...marks));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const raw = pieces.join("");
        const own = read(raw);
        if (own === null || own.headers.length === 0) return;
        const { headers } = await dkimVerify(Buffer.from(raw, "latin1"));
        const theirs = headers?.parsed.map(({ key, line }) => ({ name: key, line: line.toString("latin1") }));
        expect(own.headers).toEqual(theirs);
        compared += 1;
      }),
      { numRuns: 1_000 },
    );
    expect(compared).toBeGreaterThan(200);
  });
});

describe("valueOf", () => {
  it("unfolds, trims and decodes a header's value", () => {
    expect(valueOf({ name: "a", line: "A:  b:\r\n\tc\xc3\xa9 \xe9 " })).toBe("b:\tc\u00e9 \uFFFD");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html } from "./html.ts";
import { mailText, markWords } from "./mail-text.ts";

const marked = (line: string, ...words: string[]) => markWords(line, words).toString();

describe("markWords", () => {
  it("marks the words that were read wherever they stand", () => {
    expect(marked("You paid $63.83 to CAFE: $63.83", "$63.83", "CAFE")).toBe(
      "You paid <mark>$63.83</mark> to <mark>CAFE</mark>: <mark>$63.83</mark>",
    );
  });

  it("does not mark a number inside a longer number, or a word inside a longer word", () => {
    expect(marked("1,163.83 63.835 63.83.", "63.83")).toBe("1,163.83 63.835 <mark>63.83</mark>.");
    expect(marked("CAFETERIA CAFE", "CAFE")).toBe("CAFETERIA <mark>CAFE</mark>");
    expect(marked("USD63.83", "63.83")).toBe("USD<mark>63.83</mark>");
  });

  it("marks the longer of two words that begin alike", () => {
    expect(marked("at CAFE ROMA", "CAFE", "CAFE ROMA")).toBe("at <mark>CAFE ROMA</mark>");
  });

  it("takes words as words and not as patterns, and empty ones as none", () => {
    expect(marked("a.c abc (x", "a.c", "(x", "", " ")).toBe("<mark>a.c</mark> abc <mark>(x</mark>");
  });

  it("changes nothing of a line but to mark it, whatever line and words are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.string({ maxLength: 3 })), (line, words) => {
        expect(marked(line, ...words).replaceAll(/<\/?mark>/g, "")).toBe(html`${line}`.toString());
      }),
    );
  });

  it("escapes what it marks", () => {
    expect(marked("at <b>Bar</b>", "<b>Bar</b>")).toBe("at <mark>&lt;b&gt;Bar&lt;/b&gt;</mark>");
  });
});

describe("mailText", () => {
  const text = (lines: readonly string[]) => mailText({ lines, words: [] }).toString();

  it("cuts a mail with very many lines and says how many are left", () => {
    const markup = text(Array.from({ length: 1000 }, (_, index) => `line ${index}`));
    expect(markup).toContain("<p>line 199</p>");
    expect(markup).not.toContain("<p>line 200</p>");
    expect(markup).toContain("And 800 more lines.");
  });

  it("cuts very long lines, so that a megabyte of junk is not sent to a phone", () => {
    expect(text(["x".repeat(1_000_000)]).length).toBeLessThan(21_000);
    expect(text(Array.from({ length: 100 }, () => "x".repeat(1000))).length).toBeLessThan(22_000);
  });

  it("says when there is no text", () => {
    expect(text([])).toContain("This mail has no text.");
  });
});

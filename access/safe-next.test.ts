import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { safeNext } from "./safe-next.ts";

describe("safeNext", () => {
  it.each(["/", "/connect", "/day/2022-06-05", "/purchases?q=coffee%20shop&page=2", "/purchases/abc#mail"])(
    "keeps our own path %s",
    (path) => {
      expect(safeNext(path)).toBe(path);
    },
  );

  it.each([
    ["nothing", null],
    ["an empty text", ""],
    ["a relative path", "connect"],
    ["another host", "//example.net/"],
    ["another host behind a dot", "/.//example.net"],
    ["a doubled slash further in", "/a//b"],
    ["a backslash read as a slash", "/\\example.net"],
    ["a scheme", "https://example.net/"],
    ["a script", "javascript:alert(1)"],
    ["a tab that browsers drop", "/\t/example.net"],
    ["a line break that splits a header", "/a\r\nSet-Cookie: session=x"],
    ["a zero byte", "/a\u0000"],
    ["a space", "/a b"],
    ["a leading space", " /a"],
    ["a trailing line break", "/a\n"],
    ["letters a header can't carry", "/caf\u00e9"],
    ["a lone surrogate", "/\ud800"],
    ["markup", '/"><script>'],
    ["too long a path", `/${"a".repeat(200)}`],
    ["a huge path", `/${"a".repeat(5_000_000)}`],
  ])("refuses %s", (_what, path) => {
    expect(safeNext(path)).toBeNull();
  });

  it("keeps a path of exactly the longest length", () => {
    expect(safeNext(`/${"a".repeat(199)}`)).not.toBeNull();
  });

  it("never lets a browser leave the site, whatever it is given", () => {
    const piece = fc.constantFrom("/", "\\", ".", "..", "%2f", "%5c", "@", ":", "?", "#", "\t", "http:", "example.net");
    const hostile = fc.oneof(
      anyText,
      fc.array(piece).map((all) => `/${all.join("")}`),
    );
    fc.assert(
      fc.property(hostile, (path) => {
        const next = safeNext(path);
        if (next === null) return;
        const target = new URL(next, "https://example.com/sign-in");
        expect(target.origin).toBe("https://example.com");
        expect(target.pathname.startsWith("//")).toBe(false);
        expect(new Headers({ location: next }).get("location")).toBe(next);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyText } from "../test/any-text.ts";
import { MAX_CHARACTERS_READ } from "./html-to-lines.ts";
import { linksInMail } from "./links-in-mail.ts";

const LINK = "https://example.com/confirm?code=1";

function inHtml(html: string): string[] {
  return linksInMail(html, "");
}

function inText(text: string): string[] {
  return linksInMail("", text);
}

describe("linksInMail", () => {
  it("finds where the html's links lead, and the addresses written out in the text, each once", () => {
    const html = `<p>Please <a class="button" href="${LINK}">confirm</a> or <a href='https://example.com/no'>do not</a></p>`;
    expect(linksInMail(html, `Please confirm: ${LINK}\nHelp: https://example.net/help`)).toEqual([
      LINK,
      "https://example.com/no",
      "https://example.net/help",
    ]);
  });

  it("gives addresses as a browser opens them", () => {
    expect(inHtml('<a href=" HTTPS://Example.COM:443/a/../b c\n ">x</a>')).toEqual(["https://example.com/b%20c"]);
    expect(inHtml('<a href="https://ex\u00e4mple.com">x</a>')).toEqual(["https://xn--exmple-cua.com/"]);
  });

  it("decodes the entities of an html attribute once", () => {
    expect(inHtml('<a href="https&#58;//example.com/?a=1&amp;b=2&amp;amp;c">x</a>')).toEqual([
      "https://example.com/?a=1&b=2&amp;c",
    ]);
  });

  it.each([
    ["quotes of the other kind", `<a href='${LINK}'>x</a>`],
    ["no quotes", `<a href=${LINK}>x</a>`],
    ["blanks around the equals sign", `<A HREF = "${LINK}">x</A>`],
    ["no blank before the attribute", `<a title="a > b"href="${LINK}">x</a>`],
    ["a line break inside the tag", `<a\n href="${LINK}"\n>x</a>`],
    ["no end", `<a href="${LINK}"`],
  ])("reads a link written with %s", (_, html) => {
    expect(inHtml(html)).toEqual([LINK]);
  });

  it.each([
    ["comments", `<!-- <a href="${LINK}">x</a> -->`],
    ["scripts and styles", `<script>'<a href="${LINK}">'</script><style><a href="${LINK}"></style>`],
    ["other elements", `<img src="${LINK}"><link href="${LINK}"><abbr href="${LINK}">`],
    ["other attributes", `<a title="${LINK}" data-href="${LINK}" alt=' href="${LINK}"'>x</a>`],
    ["end tags", `</a href="${LINK}">`],
    ["links that are hidden", `<a style="display:none" href="${LINK}">x</a>`],
    ["a second href, which browsers ignore", `<a href="#top" href="${LINK}">x</a>`],
  ])("finds none in %s", (_, html) => {
    expect(inHtml(html)).toEqual([]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,<b>x</b>",
    "mailto:jane@example.com",
    "ftp://example.com/",
    "file:///etc/passwd",
    "/relative",
    "//example.com/relative",
    "#top",
    "https://",
    "https://exa mple.com/",
    "https://bank.example@evil.example/",
    "https://jane:secret@example.com/",
    "https://:secret@example.com/",
    `https://example.com/${"a".repeat(2_000)}`,
    `https://example.com/${"\u00e4".repeat(400)}`,
    "",
  ])("leaves out %j", (href) => {
    expect(inHtml(`<a href="${href}">x</a>`)).toEqual([]);
  });

  it.each([
    ["a sentence", `Please open ${LINK}.`],
    ["parentheses", `(see ${LINK}).`],
    ["angle brackets", `Confirm<${LINK}>`],
    ["square brackets", `[${LINK}]`],
    ["quotation marks", `"${LINK}", '${LINK}'`],
    ["bold marks", `*${LINK}*`],
    ["a word before it", `link:${LINK}`],
  ])("takes an address in the text out of %s", (_, text) => {
    expect(inText(text)).toEqual([LINK]);
  });

  it("leaves an address the parenthesis that it opened", () => {
    expect(inText("https://example.com/a_(b).")).toEqual(["https://example.com/a_(b)"]);
  });

  it("leaves an address the last letter of its code", () => {
    for (const end of ["_", "-", "=", "/", "%5D"]) expect(inText(`${LINK}${end}`)).toEqual([LINK + end]);
  });

  it("names ten, encrypted ones first", () => {
    const href = (index: number): string => `${index % 2 === 0 ? "http" : "https"}://example.com/${index}`;
    const html = Array.from({ length: 30 }, (_, index) => `<a href="${href(index)}">x</a>`).join("");
    expect(inHtml(html)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19].map(href));
    expect(inHtml(html.slice(0, html.indexOf(href(12))))).toEqual([1, 3, 5, 7, 9, 11, 0, 2, 4, 6].map(href));
  });

  it("reads the first megabyte of each part", () => {
    const padding = " ".repeat(MAX_CHARACTERS_READ);
    expect(linksInMail(`${padding}<a href="${LINK}">x</a>`, `${padding}\n${LINK}`)).toEqual([]);
  });
});

const PIECES = [
  ...[
    "<a href='",
    '<a href="',
    "<a href=",
    "<a ",
    "</a>",
    ">",
    '"',
    "'",
    "<!--",
    "-->",
    "<style>",
    "</style>",
    "&amp;",
  ],
  ...["http://", "https://", "HTTPS://", "example.com", "@", ":", "/", "\\", "?", "#", "&", ".", ")", "(", " ", "\n"],
  ...["[", "]", "%", "javascript:", "\u0000", "\u00ad", "\ud800", "ä"],
] as const;

describe("linksInMail on hostile input", () => {
  const junk = fc.oneof(
    anyText,
    fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join("")),
  );

  it("never throws, and gives nothing but whole, distinct, short addresses of the web", () => {
    fc.assert(
      fc.property(junk, junk, (html, text) => {
        const links = linksInMail(html, text);
        expect(new Set(links).size).toBe(links.length);
        expect(links.length).toBeLessThanOrEqual(10);
        for (const link of links) {
          expect(link).toMatch(/^https?:\/\/[^@\s/?#]+[/?#]/);
          expect(link.length).toBeLessThanOrEqual(2_000);
          expect(URL.parse(link)?.href).toBe(link);
        }
        expect(links).toEqual(
          links.toSorted((a, b) => Number(b.startsWith("https:")) - Number(a.startsWith("https:"))),
        );
      }),
      { numRuns: 1000 },
    );
  });

  it("finds every address that is written out, whatever it holds", () => {
    const path = fc.string({ unit: fc.constantFrom(..."aB1/?=&%-_.~#+;:@,!*()[]'ä"), maxLength: 40 });
    fc.assert(
      fc.property(fc.constantFrom("http", "https"), path, (scheme, rest) => {
        const written = URL.parse(`${scheme}://example.com/${rest}`)?.href ?? "";
        expect(inHtml(`<a href="${written.replaceAll("&", "&amp;")}">b</a>`)).toEqual([written]);
        fc.pre(!/[.,:;!?'\]*)]$/.test(written));
        expect(inText(`a ${written} b`)).toEqual([written]);
      }),
    );
  });

  // The time limit of a test stops whatever grows faster than the input: squared, this takes hours.
  it.each([...PIECES, "https://example.com/", "https://a)", "<a href=https://a.example/>", "((", "https://(" + ")"])(
    "is done with a megabyte of %j",
    (piece) => {
      const megabyte = piece.repeat(Math.ceil(MAX_CHARACTERS_READ / piece.length));
      expect(linksInMail(megabyte, megabyte).length).toBeLessThanOrEqual(10);
      expect(inText(`https://a.example/${megabyte}x${megabyte}`).length).toBeLessThanOrEqual(10);
    },
  );
});

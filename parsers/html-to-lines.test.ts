import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { htmlToLines, MAX_CHARACTERS_READ, textToLines } from "./html-to-lines.ts";

function linesOf(html: string): string[] {
  return htmlToLines(html).lines;
}

describe("htmlToLines", () => {
  it("gives every table cell, block and line break a line of its own", () => {
    expect(linesOf("<table><tr><td>Merchant</td><td>Shop</td></tr></table><p>a<br>b<div>c</div>d")).toEqual([
      "Merchant",
      "Shop",
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("runs on through inline and unknown elements", () => {
    expect(linesOf("Visa<sup>&reg;</sup> <b>de</b>bit <o:p>card</o:p>")).toEqual(["Visa® debit card"]);
  });

  it.each([
    ["Amount: $19<sup>99</sup>", "Amount: $19^99"],
    ["Amount: <sup>$</sup>19<sup></sup><SUP><b>99</b></SUP>.", "Amount: $19^99."],
    ["1,234<sub>56</sub> and <sup>1</sup>2", "1,234^56 and 1^2"],
    ["$19<span style='vertical-align: super'>99</span>", "$19^99"],
    ["$19<sup>.99</sup> on March 5<sup>th</sup>", "$19.99 on March 5th"],
    ["$1<b>9</b>.99<sup><br>1</sup>", "$19.99", "1"],
  ])("keeps apart the digits in %j that are written at different heights", (html, ...lines) => {
    expect(linesOf(html)).toEqual(lines);
  });

  it.each([
    ["styles, scripts and titles", "<title>no</title><style>no<b></style>yes<SCRIPT>'<p>no</p>'</Script>"],
    ["what else stands in the head", "<html><head>no<meta content='x'></head><body>yes</body>"],
    ["a head that only the body's start ends", "<head>no<body>yes"],
    ["comments, also those for one mail program", "<!-- no -->yes<!--[if mso]><p>no</p><![endif]--><!-->"],
    ["doctypes and instructions", "<!DOCTYPE html><?xml no?><![if !mso]>yes<![endif]></ no>"],
    ["hidden previews", "<div style='display: none; max-height:0'>no<div>no</div>no</div>yes"],
    ["hidden previews written without quotes", "<div style = display:none>no</div>yes"],
    ["hidden words inside a line", '<span STYLE="color:red;DISPLAY:NONE">no<br>no</span>yes'],
    [
      "what is hidden by an attribute",
      "<div hidden>no</div>y<span class=a hidden=hidden>no</span>es<p title='a' hidden/>no</p>",
    ],
    ["a hidden paragraph that another element ends", "<p hidden>no<br>no<p hidden>no</p><p>yes</p>"],
    ["what says visibility: hidden", "<span style='visibility : HIDDEN'>no</span>yes"],
    ["what quoted attributes hold", `<a title="> no" alt='"> no'>yes</a>`],
    ["zero-width padding", "&zwnj;&nbsp;&#847;&#8199;&shy;yes\u200b\ufeff\u200d&#xad;"],
  ])("leaves out %s", (_, html) => {
    expect(linesOf(html)).toEqual(["yes"]);
  });

  it.each(["yes<a title", 'yes<a title="no>no', "yes<!-- no>no", "yes<style>no", "yes</ no"])(
    "leaves out the rest of %j, which is never closed",
    (html) => {
      expect(linesOf(html)).toEqual(["yes"]);
    },
  );

  it("joins a value that comments interrupt", () => {
    expect(linesOf("ending in <!--`acctLast4`-->1234, $<!-- x -->5")).toEqual(["ending in 1234, $5"]);
  });

  it("shows what the other branch of a conditional comment holds", () => {
    expect(linesOf("<!--[if !mso]><!-->for the rest<!--<![endif]-->")).toEqual(["for the rest"]);
  });

  it("keeps what stands in a hidden element that is never closed", () => {
    expect(linesOf("<div style='display:none'>preview<p>Amount<p>$5</p>")).toEqual(["preview", "Amount", "$5"]);
  });

  it("hides nothing for an image or a cell that says display: none", () => {
    expect(linesOf("<IMG STYLE='display:none'>a<td style='display:none'>b<td>c")).toEqual(["a", "b", "c"]);
  });

  it("does not take another attribute, or what it holds, for the style", () => {
    expect(linesOf(`<div title="display:none" data-style="display:none">yes</div>`)).toEqual(["yes"]);
    expect(linesOf(`<div title="a hidden" aria-hidden="true" data-hidden type=hidden>yes</div>`)).toEqual(["yes"]);
  });

  it("decodes entities once: names, decimal and hexadecimal numbers", () => {
    expect(
      linesOf("STOP &amp; SHOP &#8211; &#x43;af&eacute; &ntilde;&Uuml; &euro;5 &#36;6 &lt;b&gt; &amp;lt;"),
    ).toEqual(["STOP & SHOP – Café ñÜ €5 $6 <b> &lt;"]);
  });

  it("reads the numbers 128 to 159 as browsers do, and impossible ones as a replacement character", () => {
    expect(linesOf("McDonald&#146;s &#0; &#xD800; &#x110000;")).toEqual(["McDonald’s \ufffd \ufffd \ufffd"]);
  });

  it("leaves alone what is no entity", () => {
    expect(linesOf("AT&T &nosuch; &amp &; &#; &#x; &constructor;")).toEqual([
      "AT&T &nosuch; &amp &; &#; &#x; &constructor;",
    ]);
  });

  it("takes a < that begins no tag as written", () => {
    expect(linesOf("1 < 2 <3 a<")).toEqual(["1 < 2 <3 a<"]);
  });

  it("folds white space of every kind and control characters, and drops empty lines", () => {
    expect(linesOf("<p> \t\r\n </p><p>&nbsp;</p><td>\n\t$9.99&nbsp;&emsp; a\0b\n</td>")).toEqual(["$9.99 a b"]);
  });

  it("reads the first megabyte, and not the line that the cut goes through", () => {
    const html = `<p>first</p>${" ".repeat(MAX_CHARACTERS_READ - 20)}<p>$63.83</p>`;
    expect(html.slice(0, MAX_CHARACTERS_READ)).toMatch(/<p>\$6/);
    expect(linesOf(html)).toEqual(["first"]);
  });

  it("never yields an empty line, or white space that is not folded", () => {
    fc.assert(
      fc.property(junk, (html) => {
        for (const line of linesOf(html)) expect(line).toBe(line.replaceAll(/\s+/g, " ").trim() || "a line");
      }),
    );
  });

  it("finds a paragraph's text again, whatever it says", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab$&<>\"'#;=-!/ ") }), (text) => {
        const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
        expect(linesOf(`<p>${escaped}</p>`).join("")).toBe(text.replaceAll(/ +/g, " ").trim());
      }),
    );
  });
});

/** What makes parsers of HTML slow: things opened and never closed, and things that look like the start of another. */
const PIECES = [
  ..."<&>=\"';#!-/? \na",
  ...["</", "<!", "<!--", "-->", "<!-->", "<?", "<a ", "<a b=", '<a b="', "<a b='", "= ", " style", ' style="'],
  ...[
    "<div>",
    "</div>",
    "<p>",
    "<table><tr><td>",
    "<span style='display:none'>",
    "</span>",
    "<br>",
    "<head>",
    "<body>",
  ],
  ...["<style>", "</style", "</styl", "<script>", "</script>", "<title>", "<textarea>"],
  ...["&amp;", "&nbsp;", "&aaaaaaaaaa", "&#", "&#x", "&#99999999", "&zwnj;", "\u00a0", "\u00ad"],
] as const;

const junk = fc
  .array(fc.tuple(fc.constantFrom(...PIECES), fc.nat({ max: 400 })), { maxLength: 12 })
  .map((runs) => runs.map(([piece, times]) => piece.repeat(times)).join(""));

describe("htmlToLines on hostile input", () => {
  /** Each character is looked at once as markup or text, perhaps once more as an entity, and once when its line is folded. */
  const MOST_WORK_PER_CHARACTER = 4;

  it.each(PIECES)("works no more than the length of the input allows on a run of %j", (piece) => {
    const html = piece.repeat(100_000);
    const { work } = htmlToLines(html);
    expect(work).toBeLessThanOrEqual(MOST_WORK_PER_CHARACTER * html.length);
    expect(work).toBeLessThanOrEqual(MOST_WORK_PER_CHARACTER * MAX_CHARACTERS_READ);
  });

  it("works no more than the length of the input allows on any mixture of runs", () => {
    fc.assert(
      fc.property(junk, (html) => {
        expect(htmlToLines(html).work).toBeLessThanOrEqual(MOST_WORK_PER_CHARACTER * html.length);
      }),
    );
  });

  it("counts at least every character it reads, so that the bound means something", () => {
    fc.assert(
      fc.property(junk, (html) => {
        expect(htmlToLines(html).work).toBeGreaterThanOrEqual(html.length / 2);
      }),
    );
  });
});

describe("textToLines", () => {
  it("gives trimmed lines without the empty ones, whatever ends them", () => {
    expect(textToLines("a  b \r\n\r\n\u00a0\rc\n\n d")).toEqual(["a b", "c", "d"]);
  });

  it("reads the first megabyte, and not the line that the cut goes through", () => {
    expect(textToLines(`first\n${" ".repeat(MAX_CHARACTERS_READ - 10)}\n$63.83`)).toEqual(["first"]);
  });
});

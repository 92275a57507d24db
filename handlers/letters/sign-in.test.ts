import { describe, expect, it } from "vitest";
import { signInLetter } from "./sign-in.ts";

const link = "https://example.com/sign-in?t=k1.a&b";
const letter = signInLetter({ link, minutes: 30, baseUrl: "https://example.com" });

describe("signInLetter", () => {
  it("has the whole link on a line of its own in the text", () => {
    expect(letter.text.split("\n")).toContain(link);
  });

  it("has the same link in the HTML, behind a button and to copy", () => {
    const escaped = "https://example.com/sign-in?t=k1.a&amp;b";
    expect(letter.html.match(new RegExp(`href="${RegExp.escape(escaped)}"`, "g"))).toHaveLength(2);
    expect(letter.html).toContain(`>${escaped}</a`);
  });

  it("says in both how long it works and what to do when it was not asked for", () => {
    for (const body of [letter.text, letter.html]) {
      expect(body).toContain("30 minutes");
      expect(body).toContain("You did not ask for it?");
    }
  });

  it("fetches nothing from anywhere and stays small", () => {
    expect(letter.html).not.toMatch(/<img|<link|url\(|src=/);
    expect(Buffer.byteLength(letter.html)).toBeLessThan(30_000);
  });
});

import { describe, expect, it } from "vitest";
import { proveAddressLetter } from "./prove-address.ts";

const link = "https://example.com/prove-address?t=k1.a&b";
const [asker, address] = ["o'neil+x@example.com", "jane@work.example.com"];
const letter = proveAddressLetter({ link, asker, address, minutes: 30 });

describe("proveAddressLetter", () => {
  it("has the whole link on a line of its own in the text, and behind a button and to copy in the HTML", () => {
    expect(letter.text.split("\n")).toContain(link);
    const escaped = RegExp.escape("https://example.com/prove-address?t=k1.a&amp;b");
    expect(letter.html.match(new RegExp(`href="${escaped}"`, "g"))).toHaveLength(2);
  });

  it("names who asks and for which address, and says what to do when that is somebody else", () => {
    for (const body of [letter.text, letter.html.replaceAll("&#39;", "'")]) {
      for (const words of [asker, address, "30 minutes", "leave this letter alone"]) expect(body).toContain(words);
    }
  });

  it("fetches nothing from anywhere", () => {
    expect(letter.html).not.toMatch(/<img|<link|url\(|src=/);
  });
});

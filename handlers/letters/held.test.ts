import { describe, expect, it } from "vitest";
import { heldLetter } from "./held.ts";

const about = { address: "joe@example.com", baseUrl: "https://example.com" };

describe("heldLetter", () => {
  it.each([
    [1, "We hold 1 purchase for you", "To see it"],
    [3, "We hold 3 purchases for you", "To see them"],
  ])("counts %d", (purchases, subject, words) => {
    const letter = heldLetter({ ...about, purchases });
    expect(letter.subject).toBe(subject);
    for (const body of [letter.text, letter.html]) expect(body).toContain(words);
  });

  it("leads to the front page, and says what happens to whoever does nothing", () => {
    const { text, html } = heldLetter({ ...about, purchases: 2 });
    expect(text.split("\n")).toContain("https://example.com/");
    expect(html).toContain('href="https://example.com/"');
    for (const body of [text, html].map((each) => each.replaceAll(/\s+/g, " "))) {
      for (const words of ["joe@example.com", "nothing happens", "deleted 30 days after"])
        expect(body).toContain(words);
    }
  });
});

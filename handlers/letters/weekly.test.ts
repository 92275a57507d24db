import { describe, expect, it } from "vitest";

import { weeklyLetter } from "./weekly.ts";

const week = {
  monday: Temporal.PlainDate.from("2026-11-16"),
  spent: [
    { amountMinor: 41_260, currency: "USD" },
    { amountMinor: 480, currency: "JPY" },
  ],
  mails: { mailsIn: 31, booked: 25, notPurchases: 5, inReview: 1, waiting: 0 },
  waiting: 2,
  link: "https://example.com/sign-in?t=k1.a&b",
  minutes: 30,
  baseUrl: "https://example.com",
};
const none = { mailsIn: 0, booked: 0, notPurchases: 0, inReview: 0, waiting: 0 };
const letter = weeklyLetter(week);
const unescaped = letter.html.replaceAll("&amp;", "&").replaceAll(/\s+/g, " ");

describe("weeklyLetter", () => {
  it("says in both bodies what was spent, how the mails are accounted for, and what waits", () => {
    for (const body of [letter.text, unescaped]) {
      expect(body).toContain("16 November 2026 to 22 November 2026");
      expect(body).toContain("You spent $412.60 and ¥480.");
      expect(body).toContain("31 mails in, 31 accounted for: 25 booked, 5 not purchases, 1 waiting in review.");
      expect(body).toContain("In all, 2 mails wait for you in review.");
      expect(body).toContain("30 minutes");
      expect(body).toContain("https://example.com/settings");
    }
    expect(letter.subject).toBe("Your week: $412.60 and ¥480");
  });

  it("has the whole link on a line of its own in the text, and behind a button and to copy in the HTML", () => {
    expect(letter.text.split("\n")).toContain(week.link);
    expect(unescaped.match(new RegExp(`href="${RegExp.escape(week.link)}"`, "g"))).toHaveLength(2);
  });

  it("says when nothing was spent, and what to look at when no mail came", () => {
    const empty = weeklyLetter({ ...week, spent: [], mails: none, waiting: 1 });
    expect(empty.subject).toBe("Your week: nothing spent");
    expect(empty.text).toContain("You spent nothing.");
    expect(empty.text).toContain("No mail came.");
  });

  it("says what waits once, unless some of it came before", () => {
    expect(weeklyLetter({ ...week, waiting: 1 }).text).not.toContain("for you in review");
    expect(weeklyLetter({ ...week, mails: none, waiting: 1 }).text).toContain(
      "In all, 1 mail waits for you in review.",
    );
  });

  it("fetches nothing from anywhere and stays small", () => {
    expect(letter.html).not.toMatch(/<img|<link|url\(|src=/);
    expect(Buffer.byteLength(letter.html)).toBeLessThan(30_000);
  });
});

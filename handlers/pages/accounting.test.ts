import { describe, expect, it } from "vitest";

import { accounting, sayAccounting } from "./accounting.ts";

const none = { mailsIn: 0, booked: 0, notPurchases: 0, inReview: 0, waiting: 0 };

describe("sayAccounting", () => {
  it.each([
    [none, "no mails."],
    [{ mailsIn: 1, booked: 1 }, "1 mail in, 1 accounted for: 1 booked."],
    [{ mailsIn: 1, notPurchases: 1 }, "1 mail in, 1 accounted for: 1 not a purchase."],
    [
      { mailsIn: 31, booked: 25, notPurchases: 5, inReview: 1 },
      "31 mails in, 31 accounted for: 25 booked, 5 not purchases, 1 waiting in review.",
    ],
    [
      { mailsIn: 3, inReview: 2, waiting: 1 },
      "3 mails in, 3 accounted for: 2 waiting in review, 1 still being checked.",
    ],
  ])("says %j as a sentence", (counts, sentence) => {
    expect(sayAccounting({ ...none, ...counts })).toBe(sentence);
  });

  it("hides no mail that has been forgotten", () => {
    expect(sayAccounting({ ...none, mailsIn: 3, booked: 2 })).toBe("3 mails in, 2 accounted for: 2 booked.");
  });
});

describe("accounting", () => {
  it("leads to all mails and to those that wait", () => {
    const page = accounting({ thisWeek: { ...none, mailsIn: 2, booked: 1, inReview: 1 }, lastWeek: none }).toString();
    expect(page).toContain(
      `This week: <a href="/mails">2 mails in</a>, 2 accounted for: 1 booked, <a href="/review">1 waiting in review</a>.`,
    );
    expect(page).toContain("Last week: no mails.");
  });
});

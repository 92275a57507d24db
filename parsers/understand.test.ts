import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { minorDigits } from "../ledger/minor-digits.ts";
import { isSpending } from "../ledger/spending.ts";
import { mailOf, parserFixtures } from "../test/parser-fixtures.ts";
import { withoutFullWidth } from "./full-width.ts";
import { htmlToLines, MAX_CHARACTERS_READ, textToLines } from "./html-to-lines.ts";
import type { Mail } from "./parser.ts";
import { understand } from "./understand.ts";

const html = (when: string): string => `<p>You made a $12.34 transaction</p><table>
  <tr><td>Account</td><td>Sample Card (...4321)</td></tr><tr><td>Date</td><td>${when}</td></tr>
  <tr><td>Merchant</td><td>SAMPLE*COFFEE SHOP</td></tr><tr><td>Amount</td><td>$12.34</td></tr></table>`;

const WHEN = "Mar 7, 2026 at 9:14 AM ET";

const mail: Mail = {
  from: "no.reply.alerts@chase.com",
  fromName: "Chase",
  subject: "You made a $12.34 transaction with SAMPLE*COFFEE SHOP",
  date: "Sat, 7 Mar 2026 14:14:09 +0000",
  receivedAt: Temporal.Instant.from("2026-11-20T15:00:00Z"),
  text: "",
  html: html(WHEN),
  headers: [],
};

const asText = htmlToLines(html(WHEN)).lines.join("\n");

function outcomeOf(changes: Partial<Mail>): string {
  return understand({ ...mail, ...changes }).outcome;
}

describe("understand", () => {
  it("reads html alone", () => {
    expect(understand(mail)).toMatchObject({ outcome: "events", events: [{ amountMinor: 1234, card: "4321" }] });
  });

  it("reads text alone", () => {
    expect(understand({ ...mail, html: "", text: asText })).toMatchObject({
      outcome: "events",
      lines: asText.split("\n"),
    });
  });

  it("prefers html, and tries the text when html has no words or makes no sense", () => {
    expect(understand({ ...mail, text: asText.replaceAll("12.34", "99.99") }).events[0]?.amountMinor).toBe(1234);
    expect(outcomeOf({ html: "<html><style>p {}</style></html>", text: asText })).toBe("events");
    expect(understand({ ...mail, html: "<p>See the text part</p>", text: asText })).toMatchObject({
      outcome: "events",
      lines: asText.split("\n"),
    });
  });

  it.each([
    ["says that it failed", html(WHEN).replace("</table>", "</table><p>This transaction was declined.</p>")],
    ["names two amounts", html(WHEN).replace("<td>$12.34", "<td>$12.35")],
    ["says so in a form that is not known", "<p>Hello</p><p>This transaction was declined.</p>"],
  ])("does not let the text part overrule html that %s", (_, refused) => {
    expect(outcomeOf({ html: refused, text: asText })).toBe("not_understood");
    expect(outcomeOf({ html: "<p>Hello</p>", text: asText })).toBe("events");
  });

  it("shows the html's words when neither part makes sense", () => {
    expect(understand({ ...mail, html: "<p>Hello</p>", text: "Hi" })).toMatchObject({
      outcome: "not_understood",
      lines: ["Hello"],
      events: [],
    });
  });

  it("says that a mail without words has none", () => {
    expect(understand({ ...mail, html: "" })).toMatchObject({
      outcome: "not_understood",
      reason: "This mail has no text.",
    });
  });

  it("knows nobody by a similar address, but shows what they wrote", () => {
    const understood = understand({ ...mail, from: "no.reply.alerts@chase.com.evil.example" });
    expect(understood).toMatchObject({ institution: null, outcome: "unknown_sender", events: [] });
    expect(understood.lines).toContain("SAMPLE*COFFEE SHOP");
  });

  it.each([
    ["headline and table disagree", html(WHEN).replace("a $12.34", "a $12.35")],
    ["the headline tells of something else", html(WHEN).replace("a $12.34", "a declined")],
    ["a label stands twice", `${html(WHEN)}<p>Amount</p><p>$99.00</p>`],
    ["the amount is zero", html(WHEN).replaceAll("$12.34", "$0.00")],
    ["a placeholder stands for the merchant", html(WHEN).replace("SAMPLE*COFFEE SHOP", "{{merchantName}}")],
    ["an amount stands for the merchant", html(WHEN).replace("SAMPLE*COFFEE SHOP", "$12.34")],
    [
      "a sentence stands for the merchant",
      html(WHEN).replace("SAMPLE*COFFEE SHOP", "You are receiving this ".repeat(9)),
    ],
    ["the day does not exist", html("Feb 31, 2026")],
    ["the date is missing", html("")],
  ])("does not understand a purchase when %s", (_, broken) => {
    expect(outcomeOf({ html: broken })).toBe("not_understood");
  });

  it.each([
    ["two charges", "A charge of ($USD) 7.84 at A has been authorized on 03/07/2026. ".repeat(2)],
    ["half a charge", "A charge of ($USD) 7.84 at A has been authorized on 03/07/2026"],
    ["two debits", "A $0.75 debit card transaction to A on 03/07/2026 exceeded your limit. ".repeat(2)],
    ["half a debit", "A $0.75 debit card transaction to A on 03/07/2026"],
    ["a debit without a date", "A $0.75 debit card transaction to A exceeded your limit."],
    ["a debit without a merchant", "A $0.75 debit card transaction to on 03/07/2026 exceeded your limit."],
  ])("does not understand %s in a sentence", (_, text) => {
    expect(outcomeOf({ html: "", text })).toBe("not_understood");
  });

  it("does not take the memo of somebody's transfer for the headline", () => {
    const text = "A SENDER sent you money\nAmount\n$5.00\nSent on\nMar 7, 2026\nMemo\nYou made a $5.00 transaction";
    expect(understand({ ...mail, html: "", text }).events).toMatchObject([{ kind: "deposit", merchant: "A SENDER" }]);
  });

  it("does not understand a Schwab table of two purchases", () => {
    const text = "A recent purchase made using it\nMerchant Name\nAmount\nA\n$5.00";
    const schwab = { ...mail, from: "donotreply-comm@schwab.com", html: "" };
    expect(understand({ ...schwab, text }).outcome).toBe("events");
    expect(understand({ ...schwab, text: `${text}\nThank you.\nCall 888-555-0100.` }).outcome).toBe("events");
    expect(understand({ ...schwab, text: `${text}\nB\n$6.00` }).outcome).toBe("not_understood");
    expect(understand({ ...schwab, text: `${text}\nMore\nof them\nB\n$6.00` }).outcome).toBe("not_understood");
    expect(understand({ ...schwab, text: `${text}\nThank you.\nMerchant Name\nB` }).outcome).toBe("not_understood");
  });

  it("reads the first megabyte, and calls a longer body too long when nothing was found", () => {
    const padding = `<p>${" ".repeat(MAX_CHARACTERS_READ)}</p>`;
    expect(outcomeOf({ html: html(WHEN) + padding })).toBe("events");
    expect(understand({ ...mail, html: padding + html(WHEN) })).toMatchObject({
      outcome: "not_understood",
      reason: "This mail is too long to read.",
    });
  });

  it("does not take half an amount at the end of the first megabyte for the whole", () => {
    const whole = html(WHEN);
    const end = whole.indexOf("$12.34</td></tr></table>") + "$12".length;
    const cut = `${whole.slice(0, whole.indexOf("<p>"))}<p>${" ".repeat(MAX_CHARACTERS_READ - end - 7)}</p>${whole}`;
    expect(cut.slice(0, MAX_CHARACTERS_READ)).toMatch(/<td>\$12$/);
    expect(outcomeOf({ html: cut.replace("You made a $12.34", "You made a $12.00") })).toBe("not_understood");
  });

  it("shows a bounded part of an absurdly long body", () => {
    const { lines } = understand({ ...mail, html: `<p>${"a".repeat(100_000)}</p>${"<p>b</p>".repeat(100_000)}` });
    expect(lines.join("").length).toBeLessThan(10_000);
  });
});

describe("the date that a body may name", () => {
  const at = (date: string, when: string): string => outcomeOf({ date, html: html(when) });

  it("lies up to 90 days before the mail's own", () => {
    expect(at("Fri, 5 Jun 2026 13:14:00 +0000", WHEN.replace("9:14", "8:14"))).toBe("events");
    expect(at("Fri, 5 Jun 2026 13:14:01 +0000", WHEN.replace("9:14", "8:14"))).toBe("not_understood");
    expect(at("Fri, 5 Jun 2026 23:59:59 +0000", "Mar 7, 2026")).toBe("events");
    expect(at("Sat, 6 Jun 2026 00:00:00 +0000", "Mar 7, 2026")).toBe("not_understood");
  });

  it("lies at most one day after the mail's own", () => {
    expect(at("Fri, 6 Mar 2026 14:14:00 +0000", WHEN)).toBe("events");
    expect(at("Fri, 6 Mar 2026 14:13:59 +0000", WHEN)).toBe("not_understood");
    expect(at("Fri, 6 Mar 2026 00:00:00 +0000", "Mar 7, 2026")).toBe("events");
    expect(at("Thu, 5 Mar 2026 23:59:59 +0000", "Mar 7, 2026")).toBe("not_understood");
  });

  it("is named in the reason when it is refused", () => {
    const date = "Sat, 7 Mar 2026 14:14:09 +0000";
    const reasonFor = (when: string): string => understand({ ...mail, date, html: html(when) }).reason;
    const early = "The mail says that it happened on 7 March 2025, more than 90 days before the mail was written.";
    expect(reasonFor("Mar 7, 2025")).toBe(early);
    expect(reasonFor("Mar 7, 2025 at 11:30 PM ET")).toBe(early);
    const late = "The mail says that it happened on 31 December 2027, which is after the mail was written.";
    expect(reasonFor("Dec 31, 2027")).toBe(late);
  });

  it("is measured against the time of receipt when the mail's own can't be believed", () => {
    expect(at("Sun, 7 Mar 2027 14:14:09 +0000", WHEN)).toBe("not_understood");
    expect(at("Sun, 7 Mar 2027 14:14:09 +0000", "Nov 20, 2026")).toBe("events");
  });
});

describe("the reason of a mail that is not understood", () => {
  it.each([
    [html(WHEN).replaceAll("$12.34", "$0.00"), "The amount in this mail is missing or could not be read for sure."],
    [html(WHEN).replace("SAMPLE*COFFEE", "{{"), "The merchant in this mail is missing or could not be read for sure."],
    [html("Feb 31, 2026"), "The date in this mail is missing or could not be read for sure."],
    [html(WHEN).replace("a $12.34", "a $12.35"), "This mail names two different amounts."],
    ["<p>Hello</p>", "This mail is written in a way that is not known here yet."],
  ])("is a plain sentence", (body, reason) => {
    expect(understand({ ...mail, html: body })).toMatchObject({ outcome: "not_understood", reason });
  });
});

describe("understand on damaged mails", () => {
  const mails = parserFixtures().map(mailOf);
  const damages = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      length: fc.nat({ max: 40 }),
      put: fc.string({ maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  );

  function damaged(body: string, damage: readonly { at: number; length: number; put: string }[]): string {
    return damage.reduce((text, { at, length, put }) => {
      const start = Math.floor(at * text.length);
      return text.slice(0, start) + put + text.slice(start + length);
    }, body);
  }

  it("never throws, and never yields an amount whose digits are not in the mail", () => {
    fc.assert(
      fc.property(fc.constantFrom(...mails), damages, (original, damage) => {
        const broken = { ...original, html: damaged(original.html, damage), text: damaged(original.text, damage) };
        const lines = [...htmlToLines(broken.html).lines, ...textToLines(broken.text)].join(" ");
        for (const { amountMinor, currency, words } of understand(broken).events) {
          const written = withoutFullWidth(words.amount);
          const digits = Number(written.replaceAll(/\D/g, ""));
          expect(lines).toContain(words.amount);
          // Where the point is hidden, the fraction stands in a line of its own; some write yen with a fraction.
          const decimals = /[.,] ?\d\d\D*$|^\$ [\d,]+ \d\d$/.test(written) ? 2 : 0;
          expect(amountMinor * 10 ** decimals).toBe(digits * 10 ** minorDigits(currency));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("does not believe an amount when one of the two places that name it was changed", () => {
    const changed = mails.flatMap((original) => {
      const written = understand(original).events[0]?.words.amount;
      if (written === undefined) return [];
      const places = [...original.html.matchAll(new RegExp(RegExp.escape(written), "g"))];
      if (places.length !== 2) return [];
      return places.map(({ index }) => {
        const html = `${original.html.slice(0, index)}$99.99${original.html.slice(index + written.length)}`;
        return { ...original, html };
      });
    });
    expect(changed.length).toBeGreaterThanOrEqual(12);
    const booked = changed.flatMap((mail) => understand(mail).events.filter(({ kind }) => isSpending(kind)));
    expect(booked).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMoney } from "../../ledger/money.ts";
import { barChart } from "./bar-chart.ts";
import type { DaySpend } from "./day-spend.ts";

const first = Temporal.PlainDate.from("2026-11-07");

function daysOf(amounts: readonly number[]): DaySpend[] {
  return amounts.map((amountMinor, index) => ({
    date: first.add({ days: index }),
    amountMinor,
    purchases: amountMinor === 0 ? 0 : 1 + (index % 3),
  }));
}

function chart(amounts: readonly number[], chosen = first): string {
  return barChart({ currency: "USD", days: daysOf(amounts), chosen }).toString();
}

const labels = (markup: string) => [...markup.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
const cells = (markup: string) => [...markup.matchAll(/<td class="number">([^<]*)<\/td>/g)].map(([, cell]) => cell);

describe("barChart", () => {
  it("gives every bar a name with its day, amount and purchases, and a link to its day", () => {
    const markup = chart([6882, 0, -500]);
    expect(labels(markup)).toEqual([
      "Sat 7 Nov, $68.82, 1 purchase",
      "Sun 8 Nov, nothing spent",
      "Mon 9 Nov, -$5.00, 3 purchases",
    ]);
    expect(markup).toContain('href="/day/2026-11-08"');
  });

  it("says the same numbers in bars and table, and their sum at the end", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99_999, max: 99_999 }), { minLength: 1, maxLength: 14 }), (amounts) => {
        const markup = chart(amounts);
        const inTable = cells(markup).filter((_, index) => index % 2 === 1);
        const inBars = labels(markup).map((label) => label?.split(", ")[1]?.replace("nothing spent", "$0.00"));
        expect(inTable.slice(0, -1)).toEqual(inBars);
        const amountMinor = amounts.reduce((sum, amount) => sum + amount, 0);
        expect(inTable.at(-1)).toBe(formatMoney({ amountMinor, currency: "USD" }));
      }),
    );
  });

  it("marks the chosen day for eyes, not by colour alone, and for ears", () => {
    const markup = chart([100, 200], first.add({ days: 1 }));
    expect(markup.match(/class="chosen"/g)).toHaveLength(1);
    expect(markup).toMatch(/href="\/day\/2026-11-08"[^>]*aria-current="date"/);
    expect(markup).not.toMatch(/href="\/day\/2026-11-07"[^>]*aria-current/);
  });

  it("marks no day when the chosen one is not in it", () => {
    expect(chart([100], first.subtract({ days: 1 }))).not.toMatch(/class="chosen"|aria-current/);
  });

  it("draws what came back striped, and a day without purchases as a line", () => {
    const markup = chart([-500, 0, 700]);
    expect(markup.match(/class="bar back" fill="url\(#back-USD\)"/g)).toHaveLength(1);
    expect(markup.match(/class="none"/g)).toHaveLength(1);
  });

  it("tells in words what the days came to and which was the highest", () => {
    expect(chart([100, 6882, -200])).toMatch(
      /<desc[^>]*>From 7 November 2026 to 9 November 2026: \$67\.82 together\. Most on Sun 8 Nov, \$68\.82, 2 purchases\.<\/desc>/,
    );
  });

  it("holds nothing that can be focused inside the image", () => {
    const [, image] = /<svg role="img"[^>]*>(.*?)<\/svg>/s.exec(chart([100, 200])) ?? [];
    expect(image).toContain("<title");
    expect(image).not.toMatch(/<a\b|tabindex/);
  });
});

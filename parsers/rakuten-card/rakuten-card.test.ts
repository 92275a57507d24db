import { describe, expect, it } from "vitest";

import { lookAlikes, type Candidate } from "../../ledger/look-alikes.ts";
import { rakutenCard } from "./rakuten-card.ts";

const DAY = "2026-07-10";
const FIRST = [`■利用日: ${DAY.replaceAll("-", "/")}`, "■利用者: 本人", "■利用金額: 997 円"];
const CONFIRMED = [...FIRST, "■利用先: AMAZON DOWNLOADS"];

function booked(mailId: string, sent: string, subject: string, lines: readonly string[]): Candidate[] {
  const date = Temporal.Instant.from(sent);
  const reading = rakutenCard.read({ from: "", subject, date, lines });
  if (reading.outcome !== "understood") return [];
  return reading.events.map(({ kind, merchant, amountMinor, currency, card, occurred }, index) => ({
    ...{ id: `${mailId}-${index}`, mailId, institution: "rakuten-card", kind, merchant, amountMinor, currency, card },
    occurredAt: Temporal.Instant.from(`${DAY}T12:00:00Z`).epochMilliseconds,
    occurredOn: String(occurred),
    mailDate: date.epochMilliseconds,
  }));
}

describe("Rakuten Card", () => {
  it("books what it announces and what it confirms, to be proposed as one", () => {
    const announced = booked("a", "2026-07-11T05:00:00Z", "【速報版】カード利用のお知らせ(本人ご利用分)", FIRST);
    const confirmed = booked("b", "2026-07-14T05:00:00Z", "カード利用のお知らせ(本人ご利用分)", CONFIRMED);
    const all = [...announced, ...confirmed];
    expect(all.map(({ merchant, occurredOn }) => [merchant, occurredOn])).toEqual([
      ["Card purchase", DAY],
      ["AMAZON DOWNLOADS", DAY],
    ]);
    expect(lookAlikes(all, all)).toMatchObject([{ a: "a-0", b: "b-0", why: "confirmed" }]);
  });
});

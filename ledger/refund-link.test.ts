import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { refundedBy, REFUND_WITHIN_MS, refundsOf, type Spent } from "./refund-link.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z").epochMilliseconds;
const HOUR_MS = 3_600_000;

let fresh = 0;

function spent(parts: Partial<Spent> = {}): Spent {
  fresh += 1;
  const plain = { merchant: "CORNER STORE 1234", amountMinor: 2000, currency: "USD", card: "1234", occurredOn: null };
  return { id: `p${fresh}`, ...plain, occurredAt: AT - 48 * HOUR_MS, ...parts };
}

function back(parts: Partial<Spent> = {}): Spent {
  return spent({ amountMinor: -2000, occurredAt: AT, ...parts });
}

const DATED = { occurredOn: "2026-11-20", occurredAt: Temporal.Instant.from("2026-11-20T12:00:00Z").epochMilliseconds };

describe("refundedBy", () => {
  it.each<[string, Partial<Spent>, Partial<Spent>]>([
    ["the same amount", {}, {}],
    ["more, of which a part came back", { amountMinor: -500 }, {}],
    ["the same merchant in other words", { merchant: "Corner Store" }, { merchant: "SQ *CORNER STORE HOUSTON TX" }],
    ["a card that only one mail names", { card: null }, {}],
    ["a card of which one mail names more digits", { card: "54321" }, { card: "4321" }],
    ["the last day of the time in which it is looked for", {}, { occurredAt: AT - REFUND_WITHIN_MS }],
    ["the same moment, as with a reversal", {}, { occurredAt: AT }],
    ["a date whose noon comes after it", DATED, { occurredAt: DATED.occurredAt + 5 * HOUR_MS }],
  ])("finds the purchase: %s", (_, refund, purchase) => {
    const told = spent(purchase);
    expect(refundedBy(back(refund), [told])).toBe(told);
  });

  it.each<[string, Partial<Spent>, Partial<Spent>]>([
    ["less than came back", { amountMinor: -2001 }, {}],
    ["another currency", { currency: "EUR" }, {}],
    ["another merchant", { merchant: "OAK GRILL" }, {}],
    ["a shop of the same town", { merchant: "NEW YORK TIMES" }, { merchant: "NEW YORK PIZZA" }],
    ["a town that begins alike", { merchant: "SAN DIEGO ZOO" }, { merchant: "SAN JOSE CAFE" }],
    ["a name with the same article", { merchant: "EL CORTE INGLES" }, { merchant: "EL POLLO LOCO" }],
    ["no merchant but the card's own words", { merchant: "Debit Card refund" }, { merchant: "DEBIT SHOP" }],
    ["no merchant at all", { merchant: "" }, { merchant: "" }],
    ["another card", { card: "9999" }, {}],
    ["later than the money came back", {}, { occurredAt: AT + 1 }],
    ["too long ago", {}, { occurredAt: AT - REFUND_WITHIN_MS - 1 }],
    ["a date of the day after next", { ...DATED }, { occurredAt: DATED.occurredAt + 25 * HOUR_MS }],
    ["money that came back itself", {}, { amountMinor: -2000 }],
    ["money that did not come back", { amountMinor: 2000 }, {}],
  ])("finds none: %s", (_, refund, purchase) => {
    expect(refundedBy(back(refund), [spent(purchase)])).toBeNull();
  });

  it("prefers one for exactly as much to any that were for more", () => {
    const exact = spent();
    expect(refundedBy(back(), [spent({ amountMinor: 3000 }), exact, spent({ amountMinor: 9000 })])).toBe(exact);
  });

  it("links none when two were for exactly as much, or two for more and none for as much", () => {
    expect(refundedBy(back(), [spent(), spent()])).toBeNull();
    expect(refundedBy(back(), [spent(), spent(), spent({ amountMinor: 3000 })])).toBeNull();
    expect(refundedBy(back(), [spent({ amountMinor: 3000 }), spent({ amountMinor: 4000 })])).toBeNull();
  });

  it("finds the same whatever the order, and only what fits by itself", () => {
    fc.assert(
      fc.property(fc.array(anyPurchase(), { maxLength: 6 }), anyPurchase(), (purchases, one) => {
        const refund = { ...one, id: "refund", amountMinor: -one.amountMinor };
        const found = refundedBy(refund, purchases);
        expect(refundedBy(refund, purchases.toReversed())).toBe(found);
        if (found === null) return;
        expect(refundedBy(refund, [found])).toBe(found);
        expect(found.currency).toBe(refund.currency);
        expect(found.amountMinor).toBeGreaterThanOrEqual(-refund.amountMinor);
        expect(found.occurredAt).toBeLessThanOrEqual(refund.occurredAt);
      }),
    );
  });
});

describe("refundsOf", () => {
  it("names every part that came back, and nothing that fits another purchase better", () => {
    const [purchase, other] = [spent({ amountMinor: 3000 }), spent({ amountMinor: 700 })];
    const [part, rest, others] = [
      back({ amountMinor: -1000 }),
      back({ amountMinor: -2000 }),
      back({ amountMinor: -700 }),
    ];
    const all = [purchase, other];
    expect(refundsOf(purchase, [part, rest, others], all)).toEqual([part, rest]);
    expect(refundsOf(other, [part, rest, others], all)).toEqual([others]);
  });

  it("gives no more back for a purchase than it cost: the earlier goes first, then the smaller id", () => {
    const purchase = spent();
    const [first, second] = [back({ occurredAt: AT - HOUR_MS }), back()];
    expect(refundsOf(purchase, [second, first], [purchase])).toEqual([first]);
    expect(refundedBy(first, [purchase], [first, second])).toBe(purchase);
    expect(refundedBy(second, [purchase], [first, second])).toBeNull();

    const [part, tooMuch, rest] = [-1500, -600, -500].map((amountMinor) => back({ amountMinor }));
    expect(
      refundsOf(
        purchase,
        [part, tooMuch, rest].flatMap((refund) => refund ?? []),
        [purchase],
      ),
    ).toEqual([part, rest]);
  });

  it("lets the next refund be for what is left, and not for what came back already", () => {
    const [cheap, dear] = [spent(), spent({ amountMinor: 5000 })];
    const [first, second] = [back({ occurredAt: AT - HOUR_MS }), back()];
    expect(refundsOf(cheap, [first, second], [cheap, dear])).toEqual([first]);
    expect(refundsOf(dear, [first, second], [cheap, dear])).toEqual([second]);
  });

  it("never gives back more than any purchase cost, whatever the order", () => {
    fc.assert(
      fc.property(
        fc.array(anyPurchase(), { maxLength: 4 }),
        fc.array(anyPurchase(), { maxLength: 6 }),
        (purchases, others) => {
          const refunds = others.map((other, place) => ({
            ...other,
            id: `r${place}`,
            amountMinor: -other.amountMinor,
          }));
          for (const purchase of purchases) {
            const found = refundsOf(purchase, refunds, purchases);
            const backMinor = found.reduce((sum, { amountMinor }) => sum - amountMinor, 0);
            expect(backMinor).toBeLessThanOrEqual(purchase.amountMinor);
            expect(refundsOf(purchase, refunds.toReversed(), purchases.toReversed()).toReversed()).toEqual(found);
          }
        },
      ),
    );
  });

  it("agrees with refundedBy on every pair", () => {
    fc.assert(
      fc.property(
        fc.array(anyPurchase(), { maxLength: 5 }),
        fc.array(anyPurchase(), { maxLength: 4 }),
        (purchases, others) => {
          const refunds = others.map((other, place) => ({
            ...other,
            id: `r${place}`,
            amountMinor: -other.amountMinor,
          }));
          for (const purchase of purchases) {
            const expected = refunds.filter((refund) => refundedBy(refund, purchases, refunds) === purchase);
            expect(refundsOf(purchase, refunds, purchases)).toEqual(expected);
          }
        },
      ),
    );
  });
});

function anyPurchase(): fc.Arbitrary<Spent> {
  return fc
    .record({
      merchant: fc.constantFrom("CORNER STORE 1234", "Corner Store", "OAK GRILL", ""),
      amountMinor: fc.constantFrom(500, 1000, 2000),
      currency: fc.constantFrom("USD", "USD", "EUR"),
      card: fc.constantFrom(null, "1234", "9999"),
      occurredAt: fc.integer({ min: AT - 2 * HOUR_MS, max: AT }),
    })
    .map(spent);
}

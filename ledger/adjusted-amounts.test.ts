import { describe, expect, it } from "vitest";
import { candidate, type Said } from "../test/candidate.ts";
import { lookAlikes, type LookAlike } from "./look-alikes.ts";

const LUNCH: Said = { amountMinor: 4250, at: "2026-11-20", mailed: "2026-11-20T17:44:10" };
const PUMP: Said = {
  merchant: "SHELL OIL 57442",
  amountMinor: 100,
  at: "2026-11-20T17:44",
  mailed: "2026-11-20T17:44:40",
};
const HOTEL: Said = {
  merchant: "HYATT REGENCY DENVER",
  amountMinor: 48_312,
  at: "2026-11-20",
  mailed: "2026-11-20T22:44:10",
};
const VENMO: Said = {
  institution: "venmo",
  merchant: "Luigi's",
  card: null,
  amountMinor: 2315,
  at: "2026-11-20",
  mailed: "2026-11-20T17:44:10",
};

describe("a later mail with another amount", () => {
  it.each<[string, LookAlike["why"], Said, Said]>([
    [
      "any tip, the first day named",
      "tip",
      LUNCH,
      { amountMinor: 4801, at: "2026-11-20", mailed: "2026-11-23T09:00:00" },
    ],
    [
      "any tip, the first minute named",
      "tip",
      { ...LUNCH, at: "2026-11-20T17:44" },
      { amountMinor: 4801, at: "2026-11-20T17:44", mailed: "2026-11-20T21:00:00" },
    ],
    ["20 % more, three days on", "tip", LUNCH, { amountMinor: 5100, at: "2026-11-23", mailed: "2026-11-23T09:00:00" }],
    [
      "a whole total, that night",
      "tip",
      { ...LUNCH, amountMinor: 4273 },
      { amountMinor: 5000, at: "2026-11-20", mailed: "2026-11-20T22:10:00" },
    ],
    [
      "a whole tip, nothing said of when",
      "tip",
      { amountMinor: 4273, mailed: "2026-11-20T17:44:10" },
      { amountMinor: 4973, mailed: "2026-11-22T09:00:00" },
    ],
    [
      "a pump's unit, minutes later the amount",
      "hold",
      PUMP,
      { ...PUMP, amountMinor: 4512, at: "2026-11-20T17:51", mailed: "2026-11-20T17:51:20" },
    ],
    [
      "a pump's most, two days later the amount",
      "hold",
      { ...PUMP, amountMinor: 10_000 },
      { ...PUMP, amountMinor: 4512, at: "2026-11-22T06:00", mailed: "2026-11-22T06:01:00" },
    ],
    [
      "what only pumps hold, at a name that tells nothing",
      "hold",
      { ...PUMP, merchant: "TOWN STOP 8812", amountMinor: 17_500 },
      { ...PUMP, merchant: "TOWN STOP 8812", amountMinor: 4512, at: "2026-11-22T06:00", mailed: "2026-11-22T06:01:00" },
    ],
    [
      "a hotel's bill after the stay",
      "hold",
      HOTEL,
      { ...HOTEL, amountMinor: 39_940, at: "2026-11-23", mailed: "2026-11-23T16:00:00" },
    ],
    [
      "more than the estimate",
      "hold",
      HOTEL,
      { ...HOTEL, amountMinor: 55_940, at: "2026-11-23", mailed: "2026-11-23T16:00:00" },
    ],
    [
      "less by a round deposit, at a name that tells nothing",
      "hold",
      { ...HOTEL, merchant: "CEDAR & SALT" },
      { ...HOTEL, merchant: "CEDAR & SALT", amountMinor: 38_312, at: "2026-11-23", mailed: "2026-11-23T16:00:00" },
    ],
    ["an updated total", "updated", VENMO, { ...VENMO, amountMinor: 2779, mailed: "2026-11-20T18:20:00" }],
    [
      "an updated total of no usual tip",
      "updated",
      VENMO,
      { ...VENMO, amountMinor: 2700 + 11, mailed: "2026-11-20T18:20:00" },
    ],
  ])("may tell of the same purchase: %s", (_case, why, one, other) => {
    expect(whyOf(one, other)).toEqual([why]);
  });

  it.each<[string, Said, Said]>([
    ["lunch there the next day", LUNCH, { amountMinor: 4801, at: "2026-11-21", mailed: "2026-11-21T17:40:00" }],
    ["less than the bill", LUNCH, { amountMinor: 4100, at: "2026-11-23", mailed: "2026-11-23T09:00:00" }],
    ["half as much again", LUNCH, { amountMinor: 6375, at: "2026-11-20", mailed: "2026-11-20T21:00:00" }],
    ["20 % more after a week", LUNCH, { amountMinor: 5100, at: "2026-11-27", mailed: "2026-11-27T09:00:00" }],
    ["20 % more minutes later", LUNCH, { amountMinor: 5100, at: "2026-11-20", mailed: "2026-11-20T18:04:00" }],
    [
      "20 % more for a coffee",
      { ...LUNCH, amountMinor: 450 },
      { amountMinor: 540, at: "2026-11-21", mailed: "2026-11-21T17:40:00" },
    ],
    [
      "20 % more, both whole",
      { ...LUNCH, amountMinor: 5000 },
      { amountMinor: 6000, at: "2026-11-21", mailed: "2026-11-21T17:40:00" },
    ],
    [
      "20 % more of yen, which are all whole",
      { ...LUNCH, currency: "JPY" },
      { amountMinor: 5100, currency: "JPY", at: "2026-11-21", mailed: "2026-11-21T17:40:00" },
    ],
    [
      "20 % more on another card",
      LUNCH,
      { amountMinor: 5100, card: "5678", at: "2026-11-23", mailed: "2026-11-23T09:00:00" },
    ],
    [
      "20 % more at another bank",
      LUNCH,
      { amountMinor: 5100, institution: "other-bank", at: "2026-11-23", mailed: "2026-11-23T09:00:00" },
    ],
    [
      "20 % more cash",
      { ...LUNCH, kind: "withdrawal" },
      { amountMinor: 5100, kind: "withdrawal", at: "2026-11-23", mailed: "2026-11-23T09:00:00" },
    ],
    [
      "shipments of one day",
      { ...LUNCH, merchant: "ETSY.COM" },
      { merchant: "ETSY.COM", amountMinor: 3311, at: "2026-11-20", mailed: "2026-11-20T21:00:00" },
    ],
    [
      "shipments of one minute",
      { ...LUNCH, merchant: "ETSY.COM", at: "2026-11-20T17:44" },
      { merchant: "ETSY.COM", amountMinor: 4801, at: "2026-11-20T17:44", mailed: "2026-11-20T17:44:50" },
    ],
    [
      "fuel, then a snack",
      { ...PUMP, amountMinor: 4512 },
      { ...PUMP, amountMinor: 650, at: "2026-11-20T17:50", mailed: "2026-11-20T17:50:40" },
    ],
    [
      "a hold, then a snack",
      PUMP,
      { ...PUMP, amountMinor: 650, at: "2026-11-20T17:50", mailed: "2026-11-20T17:50:40" },
    ],
    [
      "a round amount at a shop",
      { ...PUMP, merchant: "STOP & SHOP 0412", amountMinor: 10_000 },
      {
        ...PUMP,
        merchant: "STOP & SHOP 0412",
        amountMinor: 4512,
        at: "2026-11-22T06:00",
        mailed: "2026-11-22T06:01:00",
      },
    ],
    [
      "the hotel's bar, two days later",
      HOTEL,
      { ...HOTEL, amountMinor: 9450, at: "2026-11-22", mailed: "2026-11-22T23:00:00" },
    ],
    [
      "another stay, three weeks later",
      HOTEL,
      { ...HOTEL, amountMinor: 39_940, at: "2026-12-11", mailed: "2026-12-11T16:00:00" },
    ],
    ["a longer stay", HOTEL, { ...HOTEL, amountMinor: 98_450, at: "2026-11-23", mailed: "2026-11-23T16:00:00" }],
    ["a drink at the hotel's bar", HOTEL, { ...HOTEL, amountMinor: 2450, mailed: "2026-11-21T03:00:00" }],
    [
      "shelf prices that differ by a round amount",
      { ...HOTEL, merchant: "THE HOME DEPOT", amountMinor: 24_999 },
      { ...HOTEL, merchant: "THE HOME DEPOT", amountMinor: 19_999, at: "2026-11-23", mailed: "2026-11-23T16:00:00" },
    ],
    [
      "two whole payments to one person",
      { ...VENMO, amountMinor: 2000 },
      { ...VENMO, amountMinor: 2500, mailed: "2026-11-20T19:00:00" },
    ],
    [
      "another total days later",
      VENMO,
      { ...VENMO, amountMinor: 2779, at: "2026-11-24", mailed: "2026-11-24T18:20:00" },
    ],
  ])("tells of another purchase: %s", (_case, one, other) => {
    expect(whyOf(one, other)).toEqual([]);
  });

  it("belongs to the hold, the larger one beside a snack, however late it comes", () => {
    const hold = candidate(PUMP);
    const snack = candidate({ ...PUMP, amountMinor: 1650, at: "2026-11-20T17:50", mailed: "2026-11-20T17:50:40" });
    const fuel = candidate({ ...PUMP, amountMinor: 4512, at: "2026-11-22T06:00", mailed: "2026-11-22T06:01:00" });
    const all = [hold, snack, fuel];
    expect(lookAlikes(all, all).map(({ a, b }) => [a, b])).toEqual([[hold.id, fuel.id]]);
  });

  it("says in the reason how much was added", () => {
    const all = [candidate(LUNCH), candidate({ amountMinor: 5100, at: "2026-11-23", mailed: "2026-11-23T09:00:00" })];
    expect(lookAlikes(all, all)[0]?.reason).toBe("The later amount is 20 % more, as with a tip added afterwards.");
  });
});

function whyOf(one: Said, other: Said): LookAlike["why"][] {
  const all = [candidate(one), candidate(other)];
  return lookAlikes(all, all).map(({ why }) => why);
}

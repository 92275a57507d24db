import { describe, expect, it } from "vitest";
import { candidate, type Said } from "../test/candidate.ts";
import { lookAlikes, type LookAlike } from "./look-alikes.ts";

describe("two mails of one bank with the same amount", () => {
  it.each<[string, Said, Said]>([
    [
      "threshold and card-not-present, the merchant cut in one",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:48:10", merchant: "ANMOL INDIAN RESTAUR" },
    ],
    [
      "one with the seconds, one without",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44:31", mailed: "2026-11-20T16:45:10" },
    ],
    [
      "dates alone, mailed together",
      { at: "2026-11-20", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20", mailed: "2026-11-20T16:45:20", card: null },
    ],
    [
      "a day in either zone around midnight",
      { at: "2026-11-20", mailed: "2026-11-21T03:30:00" },
      { at: "2026-11-21", mailed: "2026-11-21T03:30:20" },
    ],
    [
      "a time in one, a date across midnight in the other",
      { at: "2026-11-21T04:55", mailed: "2026-11-21T04:55:30" },
      { at: "2026-11-21", mailed: "2026-11-21T05:01:00" },
    ],
    ["nothing said of when, mailed together", { mailed: "2026-11-20T16:44:10" }, { mailed: "2026-11-20T16:44:50" }],
    [
      "minutes apart, from who sells at a distance",
      { mailed: "2026-11-20T16:44:10", merchant: "AMZN MKTP US*2K4LL0R13" },
      { mailed: "2026-11-20T16:53:00", merchant: "AMZN MKTP US*2K4LL0R13 AMZN.COM/BILL WA" },
    ],
  ])("may tell of one purchase: %s", (_case, one, other) => {
    expect(whyOf(one, other)).toEqual(["same"]);
  });

  it.each<[string, Said, Said]>([
    [
      "announced without a name, then with it",
      { at: "2026-11-20", mailed: "2026-11-20T03:00:00", merchant: "" },
      { at: "2026-11-20", mailed: "2026-11-22T01:00:00", merchant: "AMAZON CO JP" },
    ],
    [
      "a parser's stand-in for a name that is missing",
      { at: "2026-11-20", mailed: "2026-11-20T03:00:00", merchant: "Card purchase" },
      { at: "2026-11-20", mailed: "2026-11-22T01:00:00", merchant: "AMAZON CO JP" },
    ],
    [
      "an instant, then its date two days later",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20", mailed: "2026-11-22T06:53:00" },
    ],
    [
      "a withdrawal, then its date",
      { at: "2026-11-20", mailed: "2026-11-20T16:44:40", kind: "withdrawal" },
      { at: "2026-11-20", mailed: "2026-11-22T06:53:00", kind: "withdrawal" },
    ],
  ])("may be a purchase and its confirmation: %s", (_case, one, other) => {
    expect(whyOf(one, other)).toEqual(["confirmed"]);
  });

  it.each<[string, Said, Said]>([
    [
      "two coffees a minute apart",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:45", mailed: "2026-11-20T16:45:05" },
    ],
    [
      "two coffees of which only the date is known",
      { at: "2026-11-20", mailed: "2026-11-20T16:44:40", merchant: "SQ *BLUE RIDGE COFFEE" },
      { at: "2026-11-20", mailed: "2026-11-20T16:45:50", merchant: "SQ *BLUE RIDGE COFFEE" },
    ],
    ["nothing said of when, minutes apart", { mailed: "2026-11-20T16:44:10" }, { mailed: "2026-11-20T16:46:00" }],
    [
      "fares of one day",
      { at: "2026-11-20", mailed: "2026-11-20T12:44:40", merchant: "MTA*NYCT PAYGO" },
      { at: "2026-11-20", mailed: "2026-11-20T22:10:00", merchant: "MTA*NYCT PAYGO" },
    ],
    [
      "cash twice",
      { at: "2026-11-20", mailed: "2026-11-20T16:44:40", kind: "withdrawal" },
      { at: "2026-11-20", mailed: "2026-11-20T16:45:20", kind: "withdrawal" },
    ],
    [
      "two rows of one mail",
      { at: "2026-11-20", mailed: "2026-11-21T06:53:00", mailId: "rundown" },
      { at: "2026-11-20", mailed: "2026-11-21T06:53:00", mailId: "rundown" },
    ],
    [
      "coffees on either side of midnight",
      { at: "2026-11-20", mailed: "2026-11-21T03:58:00" },
      { at: "2026-11-21", mailed: "2026-11-21T04:03:00" },
    ],
    [
      "the same every week",
      { at: "2026-11-13T09:00", mailed: "2026-11-13T09:00:30", merchant: "NETFLIX.COM" },
      { at: "2026-11-20T09:00", mailed: "2026-11-20T09:00:30", merchant: "NETFLIX.COM" },
    ],
    [
      "the same on the next day",
      { at: "2026-11-19", mailed: "2026-11-19T13:00:30" },
      { at: "2026-11-20", mailed: "2026-11-20T13:10:30" },
    ],
    [
      "two days, mailed together after a pause",
      { at: "2026-11-18", mailed: "2026-11-20T13:00:30" },
      { at: "2026-11-20", mailed: "2026-11-20T13:00:50" },
    ],
    [
      "two cards",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50", card: "5678" },
    ],
    [
      "two merchants",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40", merchant: "TRUE VALUE #0023" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50", merchant: "STOP & SHOP 0412" },
    ],
    [
      "a refund",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50", kind: "refund", amountMinor: -1234 },
    ],
    [
      "money back of the kind that takes",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50", amountMinor: -1234 },
    ],
    [
      "two currencies",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50", currency: "CAD" },
    ],
    [
      "a fee",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50", kind: "fee" },
    ],
    [
      "two confirmations, each of another mail",
      { at: "2026-11-20", mailed: "2026-11-21T20:00:00" },
      { at: "2026-11-20", mailed: "2026-11-23T06:53:00" },
    ],
    [
      "one with a name, then one without",
      { at: "2026-11-20", mailed: "2026-11-20T03:00:00" },
      { at: "2026-11-20", mailed: "2026-11-22T01:00:00", merchant: "" },
    ],
    [
      "two that lack the name",
      { at: "2026-11-20", mailed: "2026-11-20T03:00:00", merchant: "" },
      { at: "2026-11-20", mailed: "2026-11-20T03:00:20", merchant: "" },
    ],
  ])("are two purchases: %s", (_case, one, other) => {
    expect(whyOf(one, other)).toEqual([]);
    expect(whyOf(other, one)).toEqual([]);
  });
});

describe("the mails of two senders with the same amount", () => {
  const payPal: Said = {
    institution: "paypal",
    merchant: "New York Times",
    card: null,
    at: "2026-11-20",
    mailed: "2026-11-20T16:44:10",
  };

  it.each<[string, Said, Said]>([
    ["at once", payPal, { merchant: "PAYPAL *NY TIMES NYT", at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" }],
    [
      "the card's first",
      payPal,
      { merchant: "PAYPAL *NY TIMES NYT", at: "2026-11-20T16:43", mailed: "2026-11-20T16:43:40" },
    ],
    [
      "two days later",
      payPal,
      { merchant: "PAYPAL *NY TIMES NYT", at: "2026-11-22T10:44", mailed: "2026-11-22T10:45:00" },
    ],
    [
      "the next day in UTC",
      { ...payPal, at: "2026-11-21" },
      { merchant: "PAYPAL *NY TIMES NYT", at: "2026-11-20", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "under a name that says nothing",
      payPal,
      { merchant: "PAYPAL INST XFER", at: "2026-11-22T10:44", mailed: "2026-11-22T10:45:00" },
    ],
    [
      "at once, under quite another name",
      { ...payPal, merchant: "Valve Corp." },
      { merchant: "PAYPAL *STEAM GAMES", at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "with the digits of the card in both",
      { ...payPal, card: "1234" },
      { merchant: "PAYPAL *NY TIMES NYT", card: "21234", at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "money that came back",
      { ...payPal, kind: "refund", amountMinor: -1234 },
      { kind: "refund", amountMinor: -1234, merchant: "PAYPAL *NY TIMES NYT", mailed: "2026-11-21T16:44:40" },
    ],
    [
      "a person paid through Venmo",
      { ...payPal, institution: "venmo", merchant: "Casey Lind" },
      { merchant: "VENMO *CASEY LIND", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "a shop's own mail, booked by hand",
      { institution: "receipts.example.com", merchant: "Blue Ridge Coffee", card: null, mailed: "2026-11-20T16:44:10" },
      { merchant: "SQ *BLUE RIDGE COFFEE", at: "2026-11-21", mailed: "2026-11-21T16:44:40" },
    ],
  ])("may tell of one purchase: %s", (_case, one, other) => {
    expect(whyOf(one, other)).toEqual(["wallet"]);
  });

  it.each<[string, Said, Said]>([
    [
      "paid through another wallet",
      payPal,
      { merchant: "VENMO *NY TIMES NYT", at: "2026-11-21", mailed: "2026-11-21T16:44:40" },
    ],
    [
      "paid with the card itself, a day later",
      payPal,
      { merchant: "NY TIMES NYT", at: "2026-11-21", mailed: "2026-11-21T16:44:40" },
    ],
    [
      "another card than the wallet names",
      { ...payPal, card: "5678" },
      { merchant: "PAYPAL *NY TIMES NYT", at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "another name, a day later",
      { ...payPal, merchant: "Valve Corp." },
      { merchant: "PAYPAL *SPOTIFY USA", at: "2026-11-21", mailed: "2026-11-21T16:44:40" },
    ],
    ["a week later", payPal, { merchant: "PAYPAL *NY TIMES NYT", at: "2026-11-27", mailed: "2026-11-27T16:44:40" }],
    [
      "another amount",
      payPal,
      { merchant: "PAYPAL *NY TIMES NYT", amountMinor: 1235, at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "a round amount elsewhere",
      payPal,
      { merchant: "STOP & SHOP 0412", at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
    ],
    [
      "two banks' cards at one till",
      { at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:40" },
      { institution: "other-bank", card: "5678", at: "2026-11-20T16:44", mailed: "2026-11-20T16:44:50" },
    ],
  ])("are two purchases: %s", (_case, one, other) => {
    expect(whyOf(one, other)).toEqual([]);
  });
});

function whyOf(one: Said, other: Said): LookAlike["why"][] {
  const all = [candidate(one), candidate(other)];
  return lookAlikes(all, all).map(({ why }) => why);
}

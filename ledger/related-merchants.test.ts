import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../test/any-text.ts";
import { merchantName, relatedMerchants } from "./related-merchants.ts";

describe("comparing merchants' names", () => {
  it.each([
    ["ANMOL INDIAN RESTAUR", "ANMOL INDIAN RESTAURANT"],
    ["COSTCO GAS #1318 MONTEREY PARKUS", "Costco Gas"],
    ["SQ *BLUE RIDGE COFFEE", "Blue Ridge Coffee"],
    ["TST* OAK GRILL", "The Oak Grill"],
    ["PAYPAL *NY TIMES NYT", "New York Times"],
    ["PAYPAL *TWITCHINTER", "Twitch Interactive, Inc."],
    ["AMZN MKTP US*2K4LL0R13", "Amazon"],
    ["AMAZON RETA* 5L65G7Q41", "AMAZON.COM*1A2B3C"],
    ["WASHPOST", "The Washington Post"],
    ["WHOLEFDS RVS 10230", "Whole Foods"],
    ["BESTBUYCOM806543210987", "Best Buy"],
    ["MCDONALD'S (PNS)", "McDonald’s"],
    ["ＡＭＡＺＯＮ　ＣＯ　ＪＰ", "AMAZON CO JP"],
    ["CAFÉ LUMIÈRE", "Cafe Lumiere"],
    ["QT 861 WICHITA KS", "QT 861"],
    ["PAYPAL INST XFER", "PAYPAL INST XFER"],
  ])("finds one in %s and %s", (one, other) => {
    expect(relationOf(one, other)).toBe("related");
    expect(relationOf(other, one)).toBe("related");
  });

  it.each([
    ["STOP & SHOP 0412", "TRUE VALUE #0023"],
    ["SQ *BLUE RIDGE COFFEE", "SQ *TIDEWATER COFFEE"],
    ["PAYPAL *SPOTIFY USA", "PAYPAL *STEAM GAMES"],
    ["OAK GRILL", "PINE GRILL"],
    ["HYATT HOTEL", "PLAZA HOTEL"],
    ["COST PLUS", "COPPER STREET LOUNGE"],
    ["AMZN MKTP US*2K4LL0R13", "ALMOND AND ZINNIA"],
    ["THE GAP", "THE WELL"],
    ["ガスト", "カスト"],
    ["パン", "ハン"],
  ])("finds two in %s and %s", (one, other) => {
    expect(relationOf(one, other)).toBe("unrelated");
    expect(relationOf(other, one)).toBe("unrelated");
  });

  it.each([
    ["", "AMAZON CO JP"],
    ["Card purchase", "AMAZON CO JP"],
    ["", ""],
    ["0042", "AMAZON CO JP"],
    ["PAYPAL INST XFER", "New York Times"],
    ["PAYPAL INST XFER", "VENMO INST XFER"],
  ])("knows that one is missing in '%s' and '%s'", (one, other) => {
    expect(relationOf(one, other)).toBe("unnamed");
  });

  it.each([
    ["PAYPAL *NETFLIX", "paypal"],
    ["PP*NETFLIX", "pp"],
    ["CASH APP*CASEY LIND", "cashapp"],
    ["Sq *Luigis", "sq"],
    ["HLU*HULUPLUS", null],
    ["PAYPALOOZA", null],
  ])("reads through whom %s was paid", (text, through) => {
    expect(merchantName(text).through).toBe(through);
  });

  it.each([
    ["PAYPAL *NETFLIX", true],
    ["NETFLIX.COM", true],
    ["STEAM GAMES 425-952-2985 WA", true],
    ["SPOTIFY USA 8777781161", true],
    ["AMAZON RETA* 5L65G7Q41", true],
    ["SQ *LUIGIS", false],
    ["MTA*NYCT PAYGO", false],
    ["STARBUCKS STORE 04821", false],
  ])("sees whether %s sells at a distance", (text, isAtDistance) => {
    expect(merchantName(text).isAtDistance).toBe(isAtDistance);
  });

  it("takes every name for its own, and for the other's whichever comes first", () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(relationOf(one, other)).toBe(relationOf(other, one));
        if (merchantName(one).letters !== "") expect(relationOf(one, one)).toBe("related");
      }),
    );
  });
});

function relationOf(one: string, other: string): string {
  return relatedMerchants(merchantName(one), merchantName(other));
}

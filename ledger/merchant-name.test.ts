import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { withoutFullWidth } from "../parsers/full-width.ts";
import { anyText } from "../test/any-text.ts";
import { cleanMerchant, merchantKey } from "./merchant-name.ts";

describe("cleanMerchant", () => {
  it.each([
    ["SQ *BLUE BOTTLE", "Blue Bottle"],
    ["SQ *LUIGIS", "Luigis"],
    ["Sq *Luigis", "Luigis"],
    ["SQ *SAMPLE CAFÉ", "Sample Café"],
    ["TST* OAK GRILL", "Oak Grill"],
    ["TST*MARIOS ITALIAN", "Marios Italian"],
    ["PAYPAL *NY TIMES NYT", "NY Times NYT"],
    ["PAYPAL *SPOTIFY USA", "Spotify USA"],
    ["PAYPAL *TWITCHINTER", "Twitchinter"],
    ["PP*NETFLIX", "Netflix"],
    ["PAYPAL SAMPLEGAMES", "Paypal Samplegames"],
    ["PAYPAL INST XFER", "Paypal Inst Xfer"],
    ["AMZN Mktp US*2A3BC4D50", "AMZN Mktp US"],
    ["AMZN Mktp US*RTXKLPQWE", "AMZN Mktp US"],
    ["AMZN MKTP US*2K4LL0R13 AMZN.COM/BILL WA", "AMZN MKTP US"],
    ["AMAZON RETA* 5L65G7Q41", "Amazon Reta"],
    ["AMAZON.COM*1A2B3C", "Amazon.com"],
    ["SP GREEN THREAD APPAREL", "Green Thread Apparel"],
    ["SP * CANDLE SHOP", "Candle Shop"],
    ["SP*CANDLE SHOP", "Candle Shop"],
    ["PY *BROOK DELI", "Brook Deli"],
    ["IN *HARBOR PLUMBING LLC", "Harbor Plumbing LLC"],
    ["GOOGLE *YOUTUBE", "Youtube"],
    ["GOOGLE*CLOUD 3F8QZK", "Cloud"],
    ["COSTCO GAS #1318", "Costco Gas"],
    ["COSTCO GAS #1318 MONTEREY PARKUS", "Costco Gas"],
    ["STARBUCKS STORE 04821", "Starbucks"],
    ["STARBUCKS STORE 04821 SEATTLE WA", "Starbucks"],
    ["SHELL OIL 57442", "Shell Oil"],
    ["CHEVRON 0093821", "Chevron"],
    ["SAMPLE AIR 0271234567", "Sample Air"],
    ["SHAKE SHACK - 1127", "Shake Shack"],
    ["BESTBUYCOM806543210987", "Bestbuycom"],
    ["EXXONMOBIL 48213 MEMPHIS TN", "Exxonmobil"],
    ["STOP & SHOP 0412", "Stop & Shop"],
    ["STOP & SHOP 0412 ST LOUIS PARK MN", "Stop & Shop"],
    ["STOP &amp; SHOP", "Stop & Shop"],
    ["TRUE VALUE #0023 in DESTIN USA", "True Value"],
    ["TRADER JOE S #512", "Trader Joe S"],
    ["TRADER JOE'S #512 BERKELEY CA", "Trader Joe's"],
    ["THE HOME DEPOT #1204", "The Home Depot"],
    ["SAMPLE COFFEE #238 URBANDALE IA", "Sample Coffee"],
    ["SUPERS #240 SHERWOOD WI", "Supers"],
    ["SAMPLE MARKET 7 DES MOINES IA", "Sample Market"],
    ["SAMPLE GRILL DES MOINES IA", "Sample Grill"],
    ["SAMPLE COFFEE SHERWOOD WI", "Sample Coffee Sherwood"],
    ["ROCKYMTN/PACIFIC POW", "Rockymtn/Pacific Pow"],
    ["CORNER STORE 1234        HOUSTON      US", "Corner Store"],
    ["CORNER STORE HOUSTON TX US", "Corner Store"],
    ["SUPERMERCADO NACIONAL SANTO DOMINGODO", "Supermercado Nacional"],
    ["IN-N-OUT BURGER MONTEREY PARKUS", "In-N-Out Burger"],
    ["HLU*HULUPLUS SANTA MONICA USA", "Hlu Huluplus"],
    ["SAMPLE STREAMING 877-8244858 CA", "Sample Streaming"],
    ["SPOTIFY USA 877-7781161 NY", "Spotify USA"],
    ["NY TIMES NYT 800-698-4637 NY", "NY Times NYT"],
    ["EBAY O*12-34567-89012 408-3766151 CA", "Ebay"],
    ["STEAM GAMES 425-952-2985 WA", "Steam Games"],
    ["NETFLIX.COM LOS GATOS CA", "Netflix.com"],
    ["UBER *TRIP HELP.UBER.COM", "Uber Trip"],
    ["UBER   *EATS", "Uber Eats"],
    ["MTA*NYCT PAYGO NEW YORK NY", "MTA NYCT Paygo"],
    ["SAMPLE*WATER UTILITY", "Sample Water Utility"],
    ["WWW.GREENTHREAD.COM", "Greenthread.com"],
    ["HTTPS://SHOP.EXAMPLE.COM/ORDER", "Shop.Example.com"],
    ["SPOTIFY WWW.SPOTIFY.COM", "Spotify"],
    ["MCDONALD'S (PNS)", "McDonald's"],
    ["MCDONALD'S F1234", "McDonald's"],
    ["MCDONALDS 10230", "McDonalds"],
    ["O'REILLY AUTO PARTS 0442", "O'Reilly Auto Parts"],
    ["L'OREAL PARIS", "L'Oreal Paris"],
    ["DUNKIN&#39; #338102", "Dunkin'"],
    ["ＡＭＡＺＯＮ　ＣＯ　ＪＰ", "Amazon Co JP"],
    ["ＡＢＣストア　１２", "ABCストア 12"],
    ["東京駅 キヨスク", "東京駅 キヨスク"],
    ["CAFÉ LUMIÈRE", "Café Lumière"],
    ["Test Mer\\chant.com", "Test Mer\\chant.com"],
    ["at Grocery Store", "Grocery Store"],
    ["7-ELEVEN 34521", "7-Eleven"],
    ["7-ELEVEN 34521 AUSTIN TX", "7-Eleven"],
    ["QT 861 WICHITA KS", "QT"],
    ["QT 861", "QT 861"],
    ["STUDIO 54 NEW YORK NY", "Studio 54"],
    ["SQ *STUDIO 6 NEW YORK NY", "Studio 6"],
    ["THE STUDIO 54 #0042 NEW YORK NY", "The Studio 54"],
    ["STUDIO 54 10014 NEW YORK NY", "Studio 54"],
    ["MOTEL 6 SAN DIEGO CA", "Motel 6"],
    ["PIER 1 IMPORTS DALLAS TX US", "Pier 1 Imports"],
    ["STORE 54 NEW YORK NY", "Store"],
    ["STUDIO 054 NEW YORK NY", "Studio"],
    ["H&M 0412", "H&M"],
    ["AT&T*BILL PAYMENT", "AT&T Bill Payment"],
    ["TJ MAXX #0455", "TJ Maxx"],
    ["CVS/PHARMACY #04321", "CVS/Pharmacy"],
    ["KFC 123", "KFC 123"],
    ["SMOKESTACK BBQ", "Smokestack BBQ"],
    ["TOYS R US", "Toys R US"],
    ["STUDIO 54", "Studio 54"],
    ["MOTEL 6", "Motel 6"],
    ["PIER 1 IMPORTS", "Pier 1 Imports"],
    ["1-800-FLOWERS.COM", "1-800-Flowers.com"],
    ["BED BATH & BEYOND #1234", "Bed Bath & Beyond"],
    ["SAVE A LOT", "Save A Lot"],
    ["BANK OF NEW YORK", "Bank of New York"],
    ["ATM WITHDRAWAL 0042 MAIN ST QUINCY MA", "ATM Withdrawal"],
    ["ATM withdrawal", "ATM withdrawal"],
    ["VENMO PAYMENT", "Venmo Payment"],
    ["VPA swiggy@examplebank SWIGGY", "Swiggy"],
    ["21ST AMENDMENT BREWERY", "21st Amendment Brewery"],
    ["ACME TRADING CO", "Acme Trading Co"],
    ["LARGE.EXAMPLE PROVIDER", "Large.Example Provider"],
    ["LA COLOMBE DE PARIS", "La Colombe de Paris"],
    ["MEIER OIL 12", "Meier Oil 12"],
    ["Lyft", "Lyft"],
    ["McDonald’s", "McDonald’s"],
    ["SQ *", "Sq"],
    ["SINGAPORE AIRLINES SINGAPORE SG", "Singapore Airlines"],
    ["GRAB SINGAPORE SG", "Grab"],
    ["WHOLEFDS RVS 10230", "Wholefds RVS"],
    ["DD *DOORDASH CHIPOTLE", "Doordash Chipotle"],
    ["LOWES #00907*", "Lowes"],
    ["WAL-MART #5678", "Wal-Mart"],
    ["TARGET T-1234", "Target"],
    ["PREMIER 3RD AVE", "Premier 3rd Ave"],
    ["DLO*Rappi Pro", "DLO Rappi Pro"],
    ["PAYU*NETFLIX", "Payu Netflix"],
    ["MERCPAGO*TIENDA", "Mercpago Tienda"],
    ["AMZN MKTP US*2K4LL0R13", "AMZN MKTP US"],
    ["CORNER STORE\tHOUSTON", "Corner Store"],
    ["LYFT   *RIDE SUN 5PM", "Lyft Ride Sun 5PM"],
    ["TIENDA D1 BOGOTA CO", "Tienda D1"],
    ["YAPE LIMAPE", "Yape"],
    ["CAFE BAR SANTIAGO CL", "Cafe Bar"],
    ["COUNTRY  STORE", "Country Store"],
    ["AMAZON PRIME*AB1CD2EF3", "Amazon Prime"],
    ["APPLE.COM/BILL 866-712-7753 CA", "Apple.com"],
    ["APPLE.COM/BILL", "Apple.com"],
    ["DOORDASH*CHIPOTLE", "Doordash Chipotle"],
    ["MCALLEN GRILL", "McAllen Grill"],
    ["FOREVER 21 #0042", "Forever 21"],
    ["SQ *JOE&#039;S DINER", "Joe's Diner"],
    ["JOE’S DINER", "Joe’s Diner"],
    ["CHICK-FIL-A #01234", "Chick-Fil-A"],
    ["ROSS STORES #512", "Ross Stores"],
    ["7-ELEVEN", "7-Eleven"],
  ])("makes of %j: %j", (written, clean) => {
    expect(cleanMerchant(written)).toBe(clean);
    expect(cleanMerchant(clean)).toBe(clean);
  });

  it.each(["", " ", "12345", "#1318", "***", "１２", `SQ *${"A".repeat(300)}`])(
    "leaves %j, which is no name, as it is",
    (written) => {
      expect(cleanMerchant(written)).toBe(written);
    },
  );

  it("finds a name in whatever it is given, no longer than that and with its letters in their order", () => {
    fc.assert(
      fc.property(anyMerchant(), (written) => {
        const clean = cleanMerchant(written);
        expect(clean.length).toBeLessThanOrEqual(written.length);
        expect(clean === "").toBe(written === "");
        expect(isPicked(lettersOf(clean), lettersOf(withoutFullWidth(written)))).toBe(true);
      }),
    );
  });

  it("has nothing to do on what it made", () => {
    fc.assert(
      fc.property(anyMerchant(), (written) => {
        const clean = cleanMerchant(written);
        expect(cleanMerchant(clean)).toBe(clean);
        expect(merchantKey(clean)).toBe(merchantKey(written));
      }),
    );
  });

  it("gives every order and every shop of one merchant one name", () => {
    const code = fc.stringMatching(/^[A-Z0-9]{4}\d[A-Z0-9]{4}$/);
    const shop = fc.stringMatching(/^\d{4,7}$/);
    fc.assert(
      fc.property(code, shop, (order, number) => {
        expect(cleanMerchant(`AMZN MKTP US*${order}`)).toBe("AMZN MKTP US");
        expect(cleanMerchant(`AMAZON RETA* ${order}`)).toBe("Amazon Reta");
        expect(cleanMerchant(`STOP & SHOP #${number}`)).toBe("Stop & Shop");
        expect(cleanMerchant(`STOP & SHOP ${number}`)).toBe("Stop & Shop");
      }),
    );
  });
});

describe("merchantKey", () => {
  it.each([
    ["SQ *JOE'S DINER", "Joe’s Diner"],
    ["CAFÉ LUMIÈRE", "Cafe Lumiere"],
    ["STARBUCKS STORE 04821", "STARBUCKS STORE 00017 SEATTLE WA"],
    ["AMZN Mktp US*2A3BC4D50", "AMZN MKTP US*9Z8YX7W60"],
  ])("is one for %j and %j", (one, other) => {
    expect(merchantKey(one)).toBe(merchantKey(other));
    expect(merchantKey(one)).not.toBe("");
  });

  it.each([
    ["ガスト", "カスト"],
    ["パン", "ハン"],
    ["कमला", "कमल"],
    ["คา", "ค"],
    ["МОЙ", "МОИ"],
  ])("tells %s and %s apart, whose marks are no accents", (one, other) => {
    expect(merchantKey(one)).not.toBe(merchantKey(other));
  });

  it.each([
    ["ﾊﾟﾝ", "パン"],
    ["CAFÉ", "CAFE\u0301"],
    ["MÜLLER", "Muller"],
    ["JOE ☕\ufe0f", "JOE ☕"],
  ])("is one for %j and %j, which are written in two ways", (one, other) => {
    expect(merchantKey(one)).toBe(merchantKey(other));
  });

  it("tells two apart that have their number in their name", () => {
    expect(merchantKey("STUDIO 54 NEW YORK NY")).not.toBe(merchantKey("STUDIO 6 NEW YORK NY"));
    expect(merchantKey("STUDIO 54 NEW YORK NY")).toBe(merchantKey("Studio 54"));
  });

  it("tells merchants apart, and is none for what names none", () => {
    expect(merchantKey("SQ *BLUE BOTTLE")).not.toBe(merchantKey("SQ *RED BOTTLE"));
    expect(merchantKey(" * ")).toBe("");
    expect(merchantKey("☕\ufe0f")).toBe("");
  });
});

/** Anything at all, and what is put together of the pieces that the rules look for. */
function anyMerchant(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    ..."SQ *|TST*|PAYPAL *|AMZN Mktp US*2A3|AMAZON RETA* 5L65|SP |at |#1318| STORE 04821| 0412|0091234| 877-8244858|WWW.|.COM|/BILL|STOP|&amp;|'S|MC|O'|JOE|İ|ＡＢ|  |   |\t|\u00a0|*|(PNS)| TX| US|USA| MONTEREY PARK| SANTO DOMINGODO|東京|é|7|-".split(
      "|",
    ),
  );
  return fc.oneof(
    anyText,
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
  );
}

function lettersOf(text: string): string[] {
  return [...text].filter((letter) => /\p{L}/u.test(letter)).map((letter) => letter.toLowerCase());
}

/** Whether the letters stand in the others, in their order. */
function isPicked(letters: readonly string[], others: readonly string[]): boolean {
  let at = 0;
  return letters.every((letter) => (at = others.indexOf(letter, at) + 1) > 0);
}

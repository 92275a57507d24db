import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "../test/any-text.ts";
import { isRefundMerchant, refundMerchant } from "./refund-merchant.ts";

describe("comparing the merchant of a refund with that of a purchase", () => {
  it.each([
    ["STUDIO 54", "SQ *STUDIO 54 NEW YORK NY"],
    ["Corner Store", "SQ *CORNER STORE HOUSTON TX"],
    ["AMZN Mktp US*2A3BC4D50", "AMZN MKTP US*9Z8YX7W60"],
    ["AMAZON.COM*1A2B3C", "AMAZON RETA* 5L65G7Q41"],
    ["Refund from Oak Grill", "TST* OAK GRILL"],
    ["OAK GRILL", "OAK GRILL & BAR"],
    ["EL CORTE INGLES", "El Corte Inglés Online"],
    ["NEW YORK TIMES", "NEW YORK TIMES DIGITAL"],
    ["ANMOL INDIAN RESTAUR", "ANMOL INDIAN RESTAURANT"],
    ["BESTBUYCOM806543210987", "Best Buy"],
    ["BLUE RIDGE OUTFITTERS", "BLUE RIDGE RENTALS"],
    ["H&M 0412", "H&M"],
    ["パン", "ﾊﾟﾝ"],
    ["DEBIT SHOP", "DEBIT SHOP"],
    ["PAYPAL INST XFER", "PAYPAL INST XFER"],
  ])("finds one in %s and %s", (one, other) => {
    expect(isOne(one, other)).toBe(true);
    expect(isOne(other, one)).toBe(true);
  });

  it.each([
    ["NEW YORK TIMES", "NEW YORK PIZZA"],
    ["SAN DIEGO ZOO", "SAN JOSE CAFE"],
    ["SAN DIEGO ZOO", "SAN DIEGO AIRPORT"],
    ["EL CORTE INGLES", "EL POLLO LOCO"],
    ["LONG BEACH GRILL", "LONG BEACH ZOO"],
    ["Debit Card refund", "DEBIT SHOP"],
    ["Debit Card refund", "Debit Card refund"],
    ["Card purchase", "Card purchase"],
    ["CORNER STORE", "CORNER BAKERY"],
    ["STUDIO 54 NEW YORK NY", "STUDIO 6 NEW YORK NY"],
    ["NEW YORK", "NEW YORK PIZZA"],
    ["PAYPAL", "PAYPAL STEAM GAMES"],
    ["STORE", "OAK STORE"],
    ["THE STORE", "THE OAK STORE"],
    ["パン", "ハン"],
    ["", ""],
    ["", "OAK GRILL"],
  ])("finds two in %s and %s", (one, other) => {
    expect(isOne(one, other)).toBe(false);
    expect(isOne(other, one)).toBe(false);
  });

  it("answers the same whichever comes first", () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(isOne(one, other)).toBe(isOne(other, one));
      }),
    );
  });
});

function isOne(one: string, other: string): boolean {
  return isRefundMerchant(refundMerchant(one), refundMerchant(other));
}

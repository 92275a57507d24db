import { describe, expect, it } from "vitest";

import { movedMoney } from "./moved-money.ts";

describe("who takes money from an account without selling anything", () => {
  it.each([
    ["CHASE CREDIT CRD EPAY", "card_payment"],
    ["DISCOVER", "card_payment"],
    ["VENMO", "transfer"],
    ["VENMO PAYMENT", "transfer"],
    ["ZELLE TO SAMPLE JOHN", "transfer"],
    ["TREASURY DIRECT TREAS DRCT", "transfer"],
  ])("%s: %s", (payee, kind) => {
    expect(movedMoney(payee)).toBe(kind);
  });

  it.each(["DISCOVER TOURS", "VENMOS GRILL", "ACME TELECOM", "USAA DEBIT", ""])("is not %j", (payee) => {
    expect(movedMoney(payee)).toBeNull();
  });
});

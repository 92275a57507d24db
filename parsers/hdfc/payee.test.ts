import { describe, expect, it } from "vitest";

import { payeeOf } from "./payee.ts";

describe("the payee of a payment by UPI", () => {
  it.each([
    ["merchant123@ptys Sample Merchant", "Sample Merchant"],
    ["merchant.rzp@hdfcbank (Sample Merchant Pvt Ltd)", "Sample Merchant Pvt Ltd"],
    ["VPA merchant@upi", "merchant@upi"],
    ["merchant@upi", "merchant@upi"],
    ["merchant@upi ()", "merchant@upi"],
    ["SAMPLE MERCHANT", "SAMPLE MERCHANT"],
  ])("of %j is %j", (text, payee) => expect(payeeOf(text)).toBe(payee));
});

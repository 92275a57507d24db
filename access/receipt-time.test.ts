import { expect, it } from "vitest";

import { receiptTime } from "./receipt-time.ts";

const NOW = Temporal.Instant.from("2026-11-20T17:00:00Z");
const MX = "p-pm-inboundg01a-aws-useast1a.inbound.postmarkapp.com";
const received = (Value: string) => ({ Name: "Received", Value });

it("is what Postmark's line on top says", () => {
  const headers = [
    { Name: "Return-Path", Value: "<bank@example.com>" },
    received(`by ${MX} (Postfix, from userid 996)\tid 3C96F453B34; Fri, 20 Nov 2026 15:00:06 +0000 (UTC)`),
    received("from elsewhere by there; Fri, 20 Nov 2026 12:00:00 +0000"),
  ];
  expect(receiptTime(headers, NOW).toString()).toBe("2026-11-20T15:00:06Z");
});

it.each([
  ["there is no such line", []],
  ["the line on top is another's", [received("from a by mx.example.com; Fri, 20 Nov 2026 12:00:00 +0000")]],
  ["it says no time", [received(`by ${MX}; some day`)]],
  ["it lies ahead", [received(`by ${MX}; Fri, 20 Nov 2026 17:00:01 +0000`)]],
  ["it is older than anything that Postmark has", [received(`by ${MX}; Fri, 25 Sep 2026 15:00:06 +0000`)]],
])("is now when %s", (_case, headers) => {
  expect(receiptTime(headers, NOW)).toEqual(NOW);
});

import { describe, expect, it } from "vitest";

import { isAuthorAligned } from "./spam-tests.ts";

const HANDED_ON = {
  Name: "Received",
  Value:
    "by p-pm-inboundg01a-aws-useast1a.inbound.postmarkapp.com (Postfix, from userid 996)\tid 3C96F453B34; Fri, 20 Nov 2026 15:00:06 +0000 (UTC)",
};
const TAKEN_IN = {
  Name: "Received",
  Value:
    "from mail.example.com (mail.example.com [192.0.2.7])\t(using TLSv1.2 with cipher X)\tby p-pm-inboundg01a-aws-useast1a.inbound.postmarkapp.com (Postfix) with ESMTPS id D361F40502E\tfor <a@example.net>; Fri, 20 Nov 2026 15:00:05 +0000 (UTC)",
};
const ALIGNED = { Name: "X-Spam-Tests", Value: "DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU,HTML_MESSAGE,\tSPF_PASS" };
const NOT_ALIGNED = { Name: "X-Spam-Tests", Value: "DKIM_SIGNED,DKIM_VALID,HTML_MESSAGE,SPF_PASS" };
const STATUS = { Name: "X-Spam-Status", Value: "No" };
const SUBJECT = { Name: "Message-ID", Value: "<abc@example.com>" };

describe("isAuthorAligned", () => {
  it("believes the verdict that Postmark put above its own line", () => {
    expect(isAuthorAligned([HANDED_ON, STATUS, ALIGNED, TAKEN_IN, SUBJECT])).toBe(true);
  });

  it("reads names without their case, and folded values", () => {
    const folded = { Name: "x-spam-TESTS", Value: "DKIM_SIGNED,\r\n\tDKIM_VALID_AU ,\tSPF_PASS" };
    expect(isAuthorAligned([folded, { ...TAKEN_IN, Name: "RECEIVED" }])).toBe(true);
  });

  it.each([
    ["no headers at all", []],
    ["no verdict", [HANDED_ON, TAKEN_IN]],
    ["a verdict without alignment", [HANDED_ON, NOT_ALIGNED, TAKEN_IN]],
    ["a verdict of the sender's below Postmark's line", [HANDED_ON, TAKEN_IN, ALIGNED]],
    ["a verdict of the sender's beside Postmark's own", [HANDED_ON, NOT_ALIGNED, TAKEN_IN, ALIGNED]],
    ["a whole forged set below Postmark's line", [HANDED_ON, NOT_ALIGNED, TAKEN_IN, HANDED_ON, ALIGNED, TAKEN_IN]],
    ["a forged set when Postmark wrote no verdict", [HANDED_ON, TAKEN_IN, HANDED_ON, ALIGNED, TAKEN_IN]],
    ["a second verdict above the line", [HANDED_ON, NOT_ALIGNED, ALIGNED, TAKEN_IN]],
    ["no line of Postmark's", [ALIGNED, SUBJECT]],
    ["only the line by which Postmark hands on", [HANDED_ON, ALIGNED]],
  ])("says no to %s", (_what, headers) => {
    expect(isAuthorAligned(headers)).toBe(false);
  });

  it.each([
    ["another server took the mail in", "from mail.example.com by mx.example.net (Postfix) with ESMTPS id 1"],
    ["the name only begins like Postmark's", "from a by x.inbound.postmarkapp.com.example.net (Postfix) id 1"],
    ["the name only ends like Postmark's", "from a by xinbound.postmarkapp.com (Postfix) id 1"],
    ["Postmark is named by the sender alone", "from x.inbound.postmarkapp.com by mx.example.net with ESMTPS id 1"],
    ["nobody took it in", "from x.inbound.postmarkapp.com (unknown [192.0.2.7])"],
    ["the line ends too soon", "from mail.example.com by"],
  ])("says no when %s, though a line of Postmark's follows", (_what, Value) => {
    expect(isAuthorAligned([ALIGNED, { Name: "Received", Value }, ALIGNED, TAKEN_IN])).toBe(false);
  });

  it.each([
    "DKIM_VALID_AUX",
    "NOT_DKIM_VALID_AU",
    "dkim_valid_au",
    "DKIM_VALID_AU=no",
    "DKIM VALID AU",
    "",
    "__proto__",
  ])("does not take %j for the verdict", (Value) => {
    expect(isAuthorAligned([{ Name: "X-Spam-Tests", Value }, TAKEN_IN])).toBe(false);
  });

  it("looks at no more than a header's length", () => {
    const huge = { Name: "X-Spam-Tests", Value: `${"A,".repeat(2_000_000)}DKIM_VALID_AU` };
    expect(isAuthorAligned([huge, TAKEN_IN])).toBe(false);
    expect(isAuthorAligned([ALIGNED, { Name: "Received", Value: `from ${" \t".repeat(2_000_000)}by x` }])).toBe(false);
  });
});

import { describe, expect, it } from "vitest";

import { isAutomatic } from "./automatic.ts";

describe("isAutomatic", () => {
  it.each([
    ["Auto-Submitted", "auto-replied"],
    ["Auto-Submitted", "auto-generated; owner-email=a@example.com"],
    ["auto-submitted", "Auto-Notified (by a rule)"],
    ["Auto-Submitted", "nothing we know"],
    ["Auto-Submitted", "no-one-knows"],
    ["Precedence", "bulk"],
    ["precedence", " Junk "],
    ["Precedence", "list"],
    ["Return-Path", "<>"],
    ["List-Id", "<news.example.com>"],
  ])("recognises %s: %s", (Name, Value) => {
    expect(isAutomatic([{ Name, Value }])).toBe(true);
  });

  it.each([
    ["Auto-Submitted", "no"],
    ["Auto-Submitted", " NO (typed by hand)"],
    ["Auto-Submitted", "no; x=y"],
    ["Precedence", "first-class"],
    ["Return-Path", "<a@example.com>"],
    ["List-Id", ""],
    ["X-Auto-Submitted", "auto-replied"],
    ["Subject", "bulk"],
  ])("passes %s: %s", (Name, Value) => {
    expect(isAutomatic([{ Name, Value }])).toBe(false);
  });

  it("passes a mail without any mark", () => {
    expect(isAutomatic([])).toBe(false);
  });

  it("looks at every header of a name, so that a first harmless one hides nothing", () => {
    const headers = ["no", "auto-replied"].map((Value) => ({ Name: "Auto-Submitted", Value }));
    expect(isAutomatic(headers)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";

import { oneTimePassword } from "./one-time-password.ts";
import { INDIA } from "./writing.ts";

function read(subject: string, line = "") {
  const date = Temporal.Instant.from("2026-11-01T12:00:00Z");
  return oneTimePassword.read({ from: "", subject, date, lines: [line] }, INDIA);
}

describe("a one-time password", () => {
  it.each(["Your OTP for the transaction", "OTP", "One Time Password for your card", "One-time passcode"])(
    "is known by the subject %j",
    (subject) => expect(read(subject)).toMatchObject({ skipped: expect.any(String) }),
  );

  it("is nothing that only warns of giving one away, and no shop with such letters", () => {
    expect(read("Transaction alert", "NEVER SHARE your PIN or OTP with anyone.")).toBeNull();
    expect(read("INR 450 spent at HOTPOT")).toBeNull();
  });
});

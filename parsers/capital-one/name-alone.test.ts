import { describe, expect, it } from "vitest";

import { capitalOne } from "./capital-one.ts";

const date = Temporal.Instant.from("2026-11-04T12:00:00Z");

function merchantOf(...lines: string[]): string | null {
  const reading = capitalOne.read({ from: "", subject: "Account alert", date, lines });
  return reading.outcome === "understood" ? (reading.events[0]?.merchant ?? null) : null;
}

const CHARGED = "charged your account for $5.00 on Nov 3, 2026.";
const CREDITED = "recently credited your account for $5.00 on Nov 3, 2026.";
const WITHDRAWS = "has initiated the following withdrawal from your 360 Checking...0140 account:";
const WITHDRAWAL = ["Amount:", "$5.00", "Submitted on:", "Nov 3, 2026"];

describe("a merchant that its sentence begins with", () => {
  it.each([
    "SAMPLE CAFE",
    "ST. JOHN'S MARKET",
    "Bank of Sample",
    "SQ *CAFE DE LA MAR",
    "lyft",
    "AMAZON RETA* 5L65G7Q41",
  ])("is read: %s", (name) => {
    expect(merchantOf(`${name} ${CHARGED}`)).toBe(name);
    expect(merchantOf(`${name} ${CREDITED}`)).toBe(name);
    expect(merchantOf(`${name} ${WITHDRAWS}`, ...WITHDRAWAL)).toBe(name);
  });

  it.each(["We stopped it before", "You asked about:", "That was fraud.", "You told us that", "WAS IT YOU?"])(
    "is not understood behind %j",
    (front) => {
      expect(merchantOf(`${front} SAMPLE CAFE ${CHARGED}`)).toBeNull();
      expect(merchantOf(`${front} SAMPLE CAFE ${CREDITED}`)).toBeNull();
      expect(merchantOf(`${front} SAMPLE CAFE ${WITHDRAWS}`, ...WITHDRAWAL)).toBeNull();
    },
  );
});

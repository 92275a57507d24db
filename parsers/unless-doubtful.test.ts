import { describe, expect, it } from "vitest";

import { sentence } from "./institution.ts";
import { unlessDoubtful } from "./unless-doubtful.ts";
import { US } from "./writing.ts";

const REASON = "This may be a reversal.";
const layout = unlessDoubtful(
  sentence({ name: "card", sample: "described", kind: "purchase", sentence: "You paid {amount} to {merchant}." }),
  ({ lines }) => lines.includes("REVERSED"),
  REASON,
);

function read(...lines: readonly string[]) {
  const date = Temporal.Instant.from("2026-11-01T12:00:00Z");
  return layout.read({ from: "", subject: "", date, lines }, US);
}

describe("a layout unless the mail is doubtful", () => {
  it("reads a mail that is not", () => {
    expect(read("You paid $1.00 to SHOP.")).toMatchObject({ kind: "purchase", amountMinor: 100 });
  });

  it("does not understand one that is", () => {
    expect(read("You paid $1.00 to SHOP.", "REVERSED")).toEqual({ failed: REASON });
  });

  it("leaves mails of another form to other layouts", () => {
    expect(read("REVERSED")).toBeNull();
  });
});

import { describe, expect, it } from "vitest";

import { notice, sentence } from "./institution.ts";
import { US } from "./writing.ts";
import { withCard } from "./with-card.ts";

const charge = withCard(
  sentence({ name: "card", sample: "described", kind: "purchase", sentence: "charged {amount} at {merchant}.\n" }),
);

function read(...lines: string[]) {
  return charge.read({ from: "", subject: "", date: Temporal.Instant.fromEpochMilliseconds(0), lines }, US);
}

describe("a layout whose card stands somewhere in the mail", () => {
  it.each([
    ["About your Venture X Card ending in 1807", "1807"],
    ["Venture Credit Card...5508", "5508"],
    ["From: 360 Checking…0140", "0140"],
    ["Account ending in: 0000, which ends in a full stop.", "0000"],
    ["Order ending in 18070", null],
    ["no card", null],
  ])("takes it from %j", (line, card) => {
    expect(read(line, "charged $1.00 at SHOP.")).toMatchObject({ amountMinor: 100, card });
  });

  it("names none when there are two, and one that stands there twice", () => {
    const SAYS = "charged $1.00 at SHOP.";
    expect(read("Card ending in 1111", SAYS, "Checking...2222")).toMatchObject({ card: null });
    expect(read("Card ending in 1111 and Checking...2222", SAYS)).toMatchObject({ card: null });
    expect(read("Card ending in 1111", SAYS, "Card...1111")).toMatchObject({ card: "1111" });
  });

  it("leaves what is not one event as it is", () => {
    expect(read("charged {{x}} at SHOP.")).toMatchObject({ failed: expect.any(String) });
    expect(read("nothing")).toBeNull();
    const about = notice({ name: "some", sample: "described", says: "x", reason: "No." });
    const mail = { from: "", subject: "", date: Temporal.Instant.fromEpochMilliseconds(0), lines: ["x"] };
    expect(withCard(about).read(mail, US)).toEqual({ skipped: "No." });
  });
});

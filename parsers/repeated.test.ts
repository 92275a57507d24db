import { describe, expect, it } from "vitest";

import type { LayoutReading } from "./layout.ts";
import { repeated } from "./repeated.ts";
import { US } from "./writing.ts";

const LABELS = { when: "Day:", amount: "Amount:", merchant: "Shop:" };
const ONE = ["Day: 10/30/2026", "Shop: CAFE", "Amount: $4.75"];
const OTHER = ["Day: 10/31/2026", "Shop: BOOKS", "Amount: $20.00"];

function read(lines: readonly string[], subject = "Purchases", merchant?: string): LayoutReading | null {
  const about = { name: "list", sample: "described", kind: "purchase", subject: "Purchases", labels: LABELS } as const;
  const layout = repeated(merchant === undefined ? about : { ...about, merchant });
  return layout.read({ from: "", subject, date: Temporal.Instant.from("2026-11-01T12:00:00Z"), lines }, US);
}

describe("a layout of repeated blocks", () => {
  it("reads each block, equal ones too", () => {
    expect(read(["Hello", ...ONE, ...OTHER, ...OTHER, "Bye"])).toMatchObject({
      events: [{ amountMinor: 475, merchant: "CAFE" }, { amountMinor: 2000 }, { amountMinor: 2000 }],
    });
  });

  it.each([
    ["an amount", [...ONE, ...OTHER.slice(0, 2)]],
    ["a shop", [...ONE, "Day: 10/31/2026", "Amount: $20.00"]],
    ["its beginning", [...ONE, ...OTHER.slice(1)]],
  ])("is not understood at all when a block lacks %s", (_, lines) => {
    expect(read(lines)).toMatchObject({ failed: expect.any(String) });
  });

  it("lets something stand for a shop where there is no such label, but not for an empty one", () => {
    const day = ["Day: 10/31/2026", "Amount: $20.00"];
    expect(read(day, "Purchases", "Card purchase")).toMatchObject({ events: [{ merchant: "Card purchase" }] });
    expect(read([...day, "Shop:"], "Purchases", "Card purchase")).toMatchObject({ failed: expect.any(String) });
  });

  it("is another form without a block or with another subject", () => {
    expect(read(["Hello"])).toBeNull();
    expect(read(ONE, "Statement")).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { purchasesPage } from "./purchases.ts";
import type { PurchasesView } from "./purchases.ts";

const view: PurchasesView = {
  frame: { waiting: 0 },
  search: { q: "café & bar", from: "2026-11-01", to: "" },
  purchases: [
    {
      id: "p1",
      kind: "purchase",
      merchant: "Café & Bar",
      amount: { amountMinor: 450, currency: "EUR" },
      occurred: Temporal.PlainDate.from("2026-11-18"),
      institution: null,
      card: null,
      sample: false,
      leftOut: null,
    },
  ],
  totals: [
    { amountMinor: 450, currency: "EUR" },
    { amountMinor: 100, currency: "USD" },
  ],
  older: "1654461840000.p1",
  isLaterPage: false,
};

describe("purchasesPage", () => {
  it("keeps the search in its fields and in the link to older purchases", () => {
    const page = purchasesPage(view);
    expect(page).toMatch(/name="q"\s+value="café &amp; bar"/);
    expect(page).toContain('href="/purchases?q=caf%C3%A9+%26+bar&amp;from=2026-11-01&amp;before=1654461840000.p1"');
  });

  it("shows sums per currency", () => {
    expect(purchasesPage(view)).toContain("€4.50 and $1.00");
  });

  it("leads back to the newest from a later page only", () => {
    expect(purchasesPage(view)).not.toContain("Newest");
    expect(purchasesPage({ ...view, isLaterPage: true })).toContain(
      'href="/purchases?q=caf%C3%A9+%26+bar&amp;from=2026-11-01"',
    );
  });

  it("tells a search without a find from an account without purchases", () => {
    const none = { ...view, purchases: [], totals: [], older: null };
    expect(purchasesPage(none)).toContain("No purchase fits this search.");
    expect(purchasesPage({ ...none, search: { q: "", from: "", to: "" } })).toContain("Connect your bank");
  });

  it("says beside its field why a date was not taken", () => {
    const page = purchasesPage({ ...view, errors: { from: "A day looks like 2026-11-17." } });
    expect(page).toMatch(
      /name="from"[^>]*aria-describedby="from-error"[^>]*>\s*<p class="error" id="from-error">A day looks like/,
    );
  });
});

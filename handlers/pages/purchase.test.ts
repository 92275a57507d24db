import { describe, expect, it } from "vitest";
import { purchasePage } from "./purchase.ts";
import type { PurchaseView } from "./purchase.ts";

const occurred = Temporal.ZonedDateTime.from("2022-06-05T16:44[America/New_York]");
const hostile = `"><img src=x onerror=alert(1)>'</title><script>`;

const view: PurchaseView = {
  frame: { waiting: 0 },
  purchase: {
    id: "p1",
    kind: "purchase",
    merchant: "ANMOL INDIAN RESTAUR",
    amount: { amountMinor: 6383, currency: "USD" },
    occurred,
    institution: "Chase",
    card: "1234",
    sample: false,
    leftOut: null,
  },
  written: "ANMOL INDIAN RESTAUR",
  isAlwaysNamed: false,
  mayBeNamed: true,
  refundOf: null,
  refunds: [],
  origin: "not signed by the bank",
  undoable: null,
  history: [{ at: occurred, what: "booked" }],
  mail: { from: "a@example.com", subject: "Alert", date: occurred, lines: ["You paid $63.83"], words: ["$63.83"] },
  isMailNoPurchase: false,
  alike: { countedAs: null, pairs: [], joined: [] },
};

describe("purchasePage", () => {
  it("shows the purchase, when in the account's zone, whose card, and how sure its origin is", () => {
    const page = purchasePage(view);
    for (const words of ["ANMOL INDIAN RESTAUR", "$63.83", "Chase", "ends in 1234", "not signed by the bank"]) {
      expect(page).toContain(words);
    }
    expect(page).toMatch(/5 June 2022, 16:44<\/time> New York/);
    expect(page).toContain("You paid <mark>$63.83</mark>");
    expect(page).toMatch(/name="amount"\s+value="63.83"/);
  });

  it("says a date alone when the mail gave no time of day", () => {
    const page = purchasePage({ ...view, purchase: { ...view.purchase, occurred: occurred.toPlainDate() } });
    expect(page).toMatch(/5 June 2022<\/time>\s*<\/dd>/);
  });

  it("escapes whatever merchants, senders and mails hold", () => {
    const page = purchasePage({
      ...view,
      purchase: { ...view.purchase, merchant: hostile, card: hostile, institution: hostile },
      written: hostile,
      origin: hostile,
      refundOf: { ...view.purchase, merchant: hostile },
      rejected: { merchant: hostile, amount: hostile, errors: { merchant: hostile } },
      history: [{ at: occurred, what: "changed", merchant: { from: hostile, to: hostile } }],
      mail: { from: hostile, subject: hostile, date: occurred, lines: [hostile], words: [hostile] },
    });
    expect(page).not.toMatch(/<img src=x|<script/);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
  });

  it("keeps what was typed and ties the sentence to its field", () => {
    const page = purchasePage({
      ...view,
      rejected: { merchant: "Anmol", amount: "seventy", errors: { amount: "This is not an amount." } },
    });
    expect(page).toMatch(/name="amount"\s+value="seventy"[^>]*aria-invalid="true"\s+aria-describedby="amount-error"/);
    expect(page).toMatch(/id="amount-error">This is not an amount\./);
    expect(page).toMatch(/name="merchant"\s+value="Anmol"/);
    expect(page).not.toContain("merchant-error");
  });

  it("shows what the mail wrote beside the name, only where they differ", () => {
    expect(purchasePage(view)).not.toContain("As written");
    const named = { ...view, purchase: { ...view.purchase, merchant: "Anmol" } };
    expect(purchasePage(named)).toMatch(/<dt>As written<\/dt>\s*<dd>\s*<bdi>ANMOL INDIAN RESTAUR<\/bdi>/);
    expect(purchasePage(named)).not.toContain("always call");
    expect(purchasePage({ ...named, isAlwaysNamed: true })).toContain("always call");
  });

  it("offers a name for every time, where the mail named anybody, and keeps that it was asked for", () => {
    expect(purchasePage(view)).toMatch(/<input type="checkbox" name="always" value="yes" +\/>/);
    const rejected = { merchant: "", amount: "1", always: true, errors: { merchant: "Please give a name." } };
    expect(purchasePage({ ...view, rejected })).toMatch(/name="always" value="yes" checked/);
    expect(purchasePage({ ...view, mayBeNamed: false })).not.toContain("checkbox");
  });

  it("links a refund and its purchase with one another", () => {
    const other = { ...view.purchase, id: "p2", merchant: "Anmol" };
    expect(purchasePage({ ...view, refundOf: other })).toMatch(/<dt>Refund of<\/dt>\s*<dd><a href="\/purchases\/p2"/);
    expect(purchasePage({ ...view, refunds: [other, other] }).match(/<dt>Refunded by<\/dt>/g)).toHaveLength(2);
  });

  it("offers undo only when there is something to undo", () => {
    expect(purchasePage(view)).not.toContain('value="undo"');
    expect(purchasePage({ ...view, undoable: "c1" })).toMatch(/name="change" value="c1".*name="action" value="undo"/s);
  });

  it("offers nothing but putting back for what was removed", () => {
    const page = purchasePage({ ...view, purchase: { ...view.purchase, leftOut: "removed" }, undoable: "c1" });
    expect(page).toMatch(/name="change" value="c1".*Put it back/s);
    expect(page).not.toMatch(/value="(?:save|remove)"/);
  });

  it("tells each change with what was before and after", () => {
    const history: PurchaseView["history"] = [
      {
        at: occurred,
        what: "changed",
        amount: { from: { amountMinor: 6383, currency: "USD" }, to: { amountMinor: 7000, currency: "USD" } },
      },
      { at: occurred, what: "booked" },
    ];
    expect(purchasePage({ ...view, history })).toMatch(
      /You changed it.*<del>\$63\.83<\/del>.*<ins>\$70\.00<\/ins>.*Booked from the mail/s,
    );
  });
});

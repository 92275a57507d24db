import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { bookEvents, type InventedEvent } from "../test/book-events.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

const BOUGHT = { merchant: "SQ *OAK GRILL", amountMinor: 2000, at: "2026-11-10T17:00:00Z" };
const BACK = { merchant: "OAK GRILL", amountMinor: 2000, kind: "refund", at: "2026-11-15" } as const;

describe("a refund", () => {
  it("and its purchase name one another, a reversal as well, each by the name that is shown", async () => {
    const [bought = "", part = "", rest = ""] = await book(
      BOUGHT,
      { ...BACK, amountMinor: 500 },
      { ...BACK, amountMinor: 1500, kind: "reversal", at: "2026-11-16" },
    );
    const words = await wordsOn(bought);
    expect(words).toContain("Refunded by -$5.00 at Oak Grill Refunded by -$15.00 at Oak Grill");
    for (const id of [part, rest]) expect(await wordsOn(id)).toContain("Refund of $20.00 at Oak Grill");
    expect(words).not.toContain("Refund of");
  });

  it("is linked to none of two purchases that it may be for, nor to one for less", async () => {
    const [bought = "", back = "", other = "", more = ""] = await book(
      BOUGHT,
      BACK,
      { ...BOUGHT, at: "2026-11-11T17:00:00Z" },
      { ...BACK, amountMinor: 2001 },
    );
    for (const id of [bought, back, other, more]) expect(await wordsOn(id)).not.toMatch(/Refund(ed by| of)/);
  });

  it("gives no more back than was left, wherever that is looked up", async () => {
    const [bought = "", first = "", second = ""] = await book(BOUGHT, BACK, { ...BACK, at: "2026-11-16" });
    expect(await wordsOn(first)).toContain("Refund of $20.00 at Oak Grill");
    expect(await wordsOn(second)).not.toContain("Refund of");
    expect((await wordsOn(bought)).match(/Refunded by/g)).toHaveLength(1);
  });

  it("is for a purchase of which nothing came back, since an earlier one was for another of long ago", async () => {
    const [old = "", bought = "", , last = ""] = await book(
      { ...BOUGHT, at: "2026-01-10T17:00:00Z" },
      { ...BOUGHT, amountMinor: 3000, at: "2026-01-12T17:00:00Z" },
      { ...BACK, at: "2026-01-15" },
      { ...BACK, at: "2026-07-10" },
    );
    expect(await wordsOn(last)).toContain("Refund of $30.00");
    for (const id of [old, bought]) expect((await wordsOn(id)).match(/Refunded by/g)).toHaveLength(1);
  });

  it("is linked anew when its purchase is removed, and as before when that is undone", async () => {
    const [bought = "", back = ""] = await book(BOUGHT, BACK);
    await handle(post(`/purchases/${bought}`, { action: "remove" }, jane.cookie), app);
    expect(await wordsOn(back)).not.toContain("Refund of");
    expect(await wordsOn(bought)).not.toContain("Refunded by");
    await handle(post(`/purchases/${bought}`, { action: "undo" }, jane.cookie), app);
    expect(await wordsOn(back)).toContain("Refund of");
  });

  it("keeps its purchase whatever the person calls it, and never has somebody else's", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await bookEvents(app, joe, { ...BOUGHT, amountMinor: 3000 });
    const [bought = "", back = "", alone = ""] = await book(BOUGHT, BACK, { ...BACK, amountMinor: 3000 });
    await handle(post(`/purchases/${bought}`, { action: "save", merchant: "Dinner" }, jane.cookie), app);
    expect(await wordsOn(back)).toContain("Refund of $20.00 at Dinner");
    expect(await wordsOn(alone)).not.toContain("Refund of");
  });
});

function book(...events: readonly InventedEvent[]): Promise<string[]> {
  return bookEvents(app, jane, ...events);
}

async function wordsOn(id: string): Promise<string> {
  return wordsOf(await pageOf(app, `/purchases/${id}`, jane.cookie));
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { bookEvents, type InventedEvent } from "../test/book-events.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { pageOf, purchasesOn, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("GET /purchases", () => {
  it("says what to do next when there are none", async () => {
    expect(wordsOf(await pageOf(app, "/purchases", jane.cookie))).toContain("Nothing yet.");
  });

  it("lists all of them, the newest first, and what they come to in each currency", async () => {
    await bookEvents(app, jane, { merchant: "Old", at: "2020-01-01" }, { merchant: "New" });
    await bookEvents(app, jane, { merchant: "Tea", amountMinor: 480, currency: "JPY", at: "2024-05-05" });
    const page = await pageOf(app, "/purchases", jane.cookie);
    expect(purchasesOn(page)).toEqual(["New $10.00", "Tea ¥480", "Old $10.00"]);
    expect(wordsOf(page)).toContain("All purchases come to $20.00 and ¥480");
  });

  it("shows nobody else's, whatever is searched for", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await bookEvents(app, joe, { merchant: "Private" });
    for (const search of ["", "?q=Private", "?q=%25", "?from=2000-01-01&to=2100-01-01", "?before=99999999999999.z"]) {
      const page = await pageOf(app, `/purchases${search}`, jane.cookie);
      expect(purchasesOn(page)).toEqual([]);
      expect(page).not.toContain("$10.00");
    }
  });

  it.each([
    ["100%", ["100% Juice"]],
    ["%", ["100% Juice"]],
    ["_", ["A_B Market"]],
    ["\\", ["Back\\slash"]],
    ["'", ["O'Hara's"]],
    ["juice", ["100% Juice", "100 Juices"]],
    ["o'hara", ["O'Hara's"]],
    ["  Market ", ["A_B Market", "AxB Market"]],
    ["nothing like it", []],
  ])("finds %j as it is written, in capitals or not", async (q, expected) => {
    const all = ["100% Juice", "100 Juices", "A_B Market", "AxB Market", "Back\\slash", "O'Hara's"];
    await bookEvents(app, jane, ...all.map((merchant) => ({ merchant })));
    const page = await pageOf(app, `/purchases?q=${encodeURIComponent(q)}`, jane.cookie);
    const found = purchasesOn(page).map((row) => row.replace(" $10.00", "").replaceAll("&#39;", "'"));
    expect(found.toSorted()).toEqual(expected.toSorted());
    expect(wordsOf(page)).toContain(expected.length === 0 ? "No purchase fits" : `comes to $${expected.length}0.00`);
  });

  it("finds a changed name, and what was written", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "SQ *CRNR 8841" });
    await handle(post(`/purchases/${id}`, { action: "save", merchant: "Corner Bakery" }, jane.cookie), app);
    expect(purchasesOn(await pageOf(app, "/purchases?q=bakery", jane.cookie))).toHaveLength(1);
    expect(purchasesOn(await pageOf(app, "/purchases?q=CRNR", jane.cookie))).toHaveLength(1);
    expect(purchasesOn(await pageOf(app, "/purchases?q=Crnr", jane.cookie))).toHaveLength(1);
  });

  it("counts neither samples nor what was removed, though it lists them", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "Removed" }, { merchant: "Kept" });
    await handle(post(`/purchases/${id}`, { action: "remove" }, jane.cookie), app);
    const page = await pageOf(app, "/purchases", jane.cookie);
    expect(purchasesOn(page)).toHaveLength(2);
    expect(wordsOf(page)).toContain("All purchases come to $10.00");
    expect(page).toContain("Removed, in no total");
  });

  it("finds from one day up to another, both with all their hours where the person is", async () => {
    const inside: InventedEvent[] = [
      { at: "2026-11-01T04:00:00Z" },
      { at: "2026-11-03T04:59:59Z" },
      { at: "2026-11-01" },
    ];
    const outside: InventedEvent[] = [
      { at: "2026-11-01T03:59:59Z" },
      { at: "2026-11-03T05:00:00Z" },
      { at: "2026-11-03" },
    ];
    await bookEvents(app, jane, ...inside.map((event) => ({ ...event, merchant: "in" })));
    await bookEvents(app, jane, ...outside.map((event) => ({ ...event, merchant: "out" })));
    const page = await pageOf(app, "/purchases?from=2026-11-01&to=2026-11-02", jane.cookie);
    expect(purchasesOn(page)).toEqual(["in $10.00", "in $10.00", "in $10.00"]);
    expect(wordsOf(page)).toContain("comes to $30.00");
    expect(purchasesOn(await pageOf(app, "/purchases?from=2026-11-02&to=2026-11-01", jane.cookie))).toEqual([]);
    expect(purchasesOn(await pageOf(app, "/purchases?from=2026-11-03", jane.cookie))).toHaveLength(2);
    expect(purchasesOn(await pageOf(app, "/purchases?to=2026-10-31", jane.cookie))).toHaveLength(1);
  });

  it.each(["from", "to"])("says that %s is no day, and keeps what was typed", async (name) => {
    for (const text of ["yesterday", "2026-02-30", "11/17/2026"]) {
      const response = await handle(get(`/purchases?q=tea&${name}=${encodeURIComponent(text)}`, jane.cookie), app);
      expect(response.status).toBe(400);
      const page = await response.text();
      expect(page).toContain("A day looks like 2026-11-17.");
      expect(page).toContain(`value="${text}"`);
      expect(page).toContain('value="tea"');
    }
  });

  it("leads through all of them in pages, none twice and none left out, though many share a moment", async () => {
    const names = Array.from({ length: 120 }, (_none, index) => `Shop ${index}`);
    await bookEvents(
      app,
      jane,
      ...names.map((merchant, index) => ({ merchant, at: index < 100 ? "2026-11-18" : "2026-11-19" })),
    );
    const pages: string[][] = [];
    for (let path: string | undefined = "/purchases?q=shop"; path !== undefined && pages.length < 9;) {
      const page = await pageOf(app, path, jane.cookie);
      pages.push(purchasesOn(page));
      expect(wordsOf(page)).toContain("comes to $1,200.00");
      path = /href="([^"]*)" rel="next">Older/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
    expect(pages.flat().toSorted()).toEqual(names.map((name) => `${name} $10.00`).toSorted());
  });

  it.each(["x", "1.", ".a", "1.a' OR 1=1", "9".repeat(20), "1.A", "null"])(
    "begins anew at the page %j",
    async (before) => {
      await bookEvents(app, jane, {});
      const page = await pageOf(app, `/purchases?before=${encodeURIComponent(before)}`, jane.cookie);
      expect(purchasesOn(page)).toHaveLength(1);
    },
  );

  it("shows a name as text, whatever it contains", async () => {
    await bookEvents(app, jane, { merchant: '<img src=x onerror="alert(1)">' });
    const page = await pageOf(app, "/purchases?q=%3Cimg%22", jane.cookie);
    expect(page).toContain('value="&lt;img&quot;"');
    expect(await pageOf(app, "/purchases", jane.cookie)).toContain(
      "<bdi>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</bdi>",
    );
  });
});

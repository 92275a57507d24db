import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { bookEvents } from "../test/book-events.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { deliverMail, onlyPurchase } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("GET /purchases/ID", () => {
  it("shows the mail it came from, with the words that were read", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    const { id } = await onlyPurchase(app, jane);
    const page = await pageOf(app, `/purchases/${id}`, jane.cookie);
    expect(page).toContain("<mark>ANMOL INDIAN RESTAUR</mark>");
    expect(page).toContain("<mark>$63.83</mark>");
    const words = wordsOf(page);
    expect(words).toContain("5 June 2022, 16:44");
    expect(words).toContain("From no.reply.alerts@chase.com");
    expect(words).toContain("not signed by the bank");
  });

  it("still shows it when the mail itself can't be read any more", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "Corner Store" });
    const words = wordsOf(await pageOf(app, `/purchases/${id}`, jane.cookie));
    expect(words).toContain("Corner Store $10.00");
    expect(words).toContain("The text of this mail can't be shown. The mail itself is kept.");
  });

  it.each(["saved", "undone", "removed", "nothing", "__proto__", "constructor"])(
    "with done=%s breaks nothing",
    async (done) => {
      const [id = ""] = await bookEvents(app, jane, {});
      expect(await pageOf(app, `/purchases/${id}?done=${done}`, jane.cookie)).not.toContain("native code");
    },
  );
});

describe("POST /purchases/ID", () => {
  it("changes, changes again, removes, and takes each step back, and only ever adds rows", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "SQ *CRNR", amountMinor: 1425 });
    const steps = [
      [{ action: "save", merchant: "Corner Bakery" }, "Corner Bakery", 1425, 0],
      [{ action: "save", amount: "$12.00" }, "Corner Bakery", 1200, 0],
      [{ action: "remove" }, "Corner Bakery", 1200, 1],
      [{ action: "undo" }, "Corner Bakery", 1200, 0],
      [{ action: "undo" }, "Corner Bakery", 1425, 0],
      [{ action: "save", merchant: "Breakfast", amount: "-3" }, "Breakfast", -300, 0],
      [{ action: "undo" }, "Corner Bakery", 1425, 0],
      [{ action: "undo" }, "SQ *CRNR", 1425, 0],
    ] as const;
    let before = await rowsOf(app, "amendments");
    for (const [fields, merchant, amountMinor, removed] of steps) {
      app.tick({ minutes: 1 });
      const response = await change(id, fields);
      expect(response.status).toBe(303);
      expect(response.headers.get("location")).toMatch(new RegExp(`^/purchases/${id}\\?done=(saved|removed|undone)$`));
      expect(await onlyPurchase(app, jane)).toMatchObject({ merchant, amountMinor, removed });
      const after = await rowsOf(app, "amendments");
      expect(after).toHaveLength(before.length + 1);
      expect(after).toEqual(expect.arrayContaining([...before]));
      before = after;
    }
    const words = wordsOf(await pageOf(app, `/purchases/${id}`, jane.cookie));
    expect(words.match(/You took the last change back/g)).toHaveLength(4);
    expect(words).toContain("Booked from the mail");
    expect(await onlyPurchase(app, jane)).toMatchObject({ bookedMerchant: "SQ *CRNR", bookedAmountMinor: 1425 });
  });

  it("adds nothing when there is nothing to change or to take back", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "Corner Store" });
    const idle = [{ action: "undo" }, { action: "save" }, { action: "save", merchant: " Corner Store ", amount: "10" }];
    for (const fields of idle) {
      const response = await change(id, fields);
      expect([response.status, response.headers.get("location")]).toEqual([303, `/purchases/${id}`]);
    }
    expect(await rowsOf(app, "amendments")).toEqual([]);
    await change(id, { action: "remove" });
    await change(id, { action: "remove" });
    expect(await rowsOf(app, "amendments")).toHaveLength(1);
  });

  it("loses none of many changes at once, and takes as many back", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "First" });
    await Promise.all([1, 2, 3, 4, 5].map((dollars) => change(id, { action: "save", amount: `${dollars}` })));
    expect(await rowsOf(app, "amendments")).toHaveLength(5);
    await Promise.all(Array.from({ length: 3 }, () => change(id, { action: "undo" })));
    expect((await onlyPurchase(app, jane)).amountMinor).toBe(200);
    await Promise.all(Array.from({ length: 5 }, () => change(id, { action: "undo" })));
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 1000 });
    expect(await rowsOf(app, "amendments")).toHaveLength(10);
  });

  it("takes only the change back that the page shows, however often its button is pressed", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "First" });
    await change(id, { action: "save", merchant: "Second" });
    await change(id, { action: "save", merchant: "Third" });
    const [inStatus, inForm] = await namedChanges(`/purchases/${id}?done=saved`);
    expect(inStatus).toBe(inForm);
    const undo = { action: "undo", change: inForm ?? "" };
    const answers = await Promise.all([change(id, undo), change(id, undo), change(id, undo)]);
    const places = answers.map((answer) => answer.headers.get("location") ?? "");
    expect(places.toSorted()).toEqual([`/purchases/${id}`, `/purchases/${id}`, `/purchases/${id}?done=undone`]);
    expect((await onlyPurchase(app, jane)).merchant).toBe("Second");
  });

  it("takes nothing back from a page that does not show the newest change", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "First" });
    await change(id, { action: "save", merchant: "Second" });
    const [older = ""] = await namedChanges(`/purchases/${id}`);
    await change(id, { action: "remove" });
    for (const named of [older, "unknown", ""]) await change(id, { action: "undo", change: named });
    expect(await onlyPurchase(app, jane)).toMatchObject({ merchant: "Second", removed: 1 });
    const [newest = ""] = await namedChanges(`/purchases/${id}`);
    await change(id, { action: "undo", change: newest });
    expect(await onlyPurchase(app, jane)).toMatchObject({ merchant: "Second", removed: 0 });
    expect(await namedChanges(`/purchases/${id}`)).toEqual([older]);
  });

  it("comes by any steps to what they say", async () => {
    const save = fc.record({ action: fc.constant("save"), amount: fc.integer({ min: -500, max: 500 }).map(String) });
    const step = fc.oneof(save, fc.constant({ action: "undo" }), fc.constant({ action: "remove" }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const ann = await signedIn(app, `${crypto.randomUUID()}@example.com`);
        const [id = ""] = await bookEvents(app, ann, {});
        let now = { amountMinor: 1000, removed: 0 };
        const past: (typeof now)[] = [];
        for (const fields of steps) {
          await handle(post(`/purchases/${id}`, { ...fields }, ann.cookie), app);
          const amountMinor = "amount" in fields ? Number(fields.amount) * 100 : now.amountMinor;
          const next = { amountMinor, removed: fields.action === "remove" ? 1 : now.removed };
          const isSame = next.amountMinor === now.amountMinor && next.removed === now.removed;
          if (fields.action === "undo") now = past.pop() ?? now;
          else if (!isSame) {
            past.push(now);
            now = next;
          }
          expect(await onlyPurchase(app, ann)).toMatchObject(now);
        }
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    [{ amount: "" }, "This is not an amount in USD. It should look like 12.34."],
    [{ amount: "12,50" }, "This is not an amount in USD."],
    [{ amount: "1.234" }, "This is not an amount in USD."],
    [{ amount: "12 EUR" }, "This is not an amount in USD."],
    [{ amount: "1e5" }, "This is not an amount in USD."],
    [{ amount: "99999999999999" }, "This is not an amount in USD."],
    [{ amount: "NaN" }, "This is not an amount in USD."],
    [{ merchant: "" }, "Please give a name."],
    [{ merchant: "  \u0000 " }, "Please give a name."],
    [{ merchant: "x".repeat(201) }, "A name has at most 200 characters."],
  ])(
    "refuses %j with a sentence beside the field, keeps what was typed and changes nothing",
    async (fields, sentence) => {
      const [id = ""] = await bookEvents(app, jane, {});
      const before = await allRows(app);
      const typed: Record<string, string> = { merchant: "Typed", amount: "7.77", ...fields };
      const response = await change(id, { action: "save", ...typed });
      expect(response.status).toBe(400);
      const page = await response.text();
      expect(page).toContain(sentence);
      expect(page).toContain("merchant" in fields ? 'value="7.77"' : 'value="Typed"');
      expect(await allRows(app)).toEqual(before);
    },
  );

  it.each(["", "delete", "SAVE", "__proto__"])("refuses the action %j", async (action) => {
    const [id = ""] = await bookEvents(app, jane, {});
    const before = await allRows(app);
    for (const fields of [{ action, merchant: "X" }, { merchant: "X" }]) {
      const response = await change(id, fields);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("The form&#39;s action must be save, undo, undo-name or remove.");
    }
    expect(await allRows(app)).toEqual(before);
  });

  it("takes a name as text, without the zero bytes that a database cuts at", async () => {
    const [id = ""] = await bookEvents(app, jane, {});
    await change(id, { action: "save", merchant: "<b>A\u0000B</b> \u{1f950}" });
    expect((await onlyPurchase(app, jane)).merchant).toBe("<b>AB</b> \u{1f950}");
    expect(await pageOf(app, `/purchases/${id}`, jane.cookie)).toContain("<bdi>&lt;b&gt;AB&lt;/b&gt; \u{1f950}</bdi>");
  });

  it("takes an amount in the purchase's own currency", async () => {
    const [id = ""] = await bookEvents(app, jane, { amountMinor: 480, currency: "JPY" });
    expect((await change(id, { action: "save", amount: "5.00" })).status).toBe(400);
    expect((await change(id, { action: "save", amount: "¥500" })).status).toBe(303);
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 500, currency: "JPY" });
  });
});

describe("somebody else's purchase", () => {
  it("is not there, whatever is asked of it", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const [id = ""] = await bookEvents(app, jane, { merchant: "Private" });
    await change(id, { action: "save", merchant: "Own words" });
    const before = await allRows(app);
    const tries = [
      get(`/purchases/${id}`, joe.cookie),
      post(`/purchases/${id}`, { action: "save", merchant: "Stolen", amount: "1" }, joe.cookie),
      post(`/purchases/${id}`, { action: "undo" }, joe.cookie),
      post(`/purchases/${id}`, { action: "remove" }, joe.cookie),
      get("/purchases/nothing", jane.cookie),
      get(`/purchases/${id.toUpperCase()}`, jane.cookie),
      post("/purchases/nothing", { action: "undo" }, jane.cookie),
      get("/purchases/%00", jane.cookie),
      get("/purchases/%E0%A4%A", jane.cookie),
    ];
    for (const request of tries) {
      const response = await handle(request, app);
      expect(response.status).toBe(404);
      const page = await response.text();
      expect(page).toContain("There is no such purchase.");
      expect(page).not.toContain("Private");
    }
    expect(await allRows(app)).toEqual(before);
  });

  it("is not there for the store either", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const [purchaseId = ""] = await bookEvents(app, jane, {});
    await change(purchaseId, { action: "save", merchant: "Own words" });
    const before = await allRows(app);
    const foreign = { id: "change", accountId: joe.id, purchaseId, at: app.now() };
    const [named] = await app.store.amendments(jane.id, purchaseId);
    expect(await app.store.purchase(joe.id, purchaseId)).toBeNull();
    expect(await app.store.amendments(joe.id, purchaseId)).toEqual([]);
    expect(
      await app.store.amend({ ...foreign, merchant: "Stolen", isNamed: true, amountMinor: 1, removed: true }),
    ).toBe(false);
    for (const change of [null, named?.id ?? ""]) {
      expect(await app.store.undoAmendment({ ...foreign, change })).toBe(false);
    }
    expect(await allRows(app)).toEqual(before);
  });
});

function change(id: string, fields: Record<string, string>): Promise<Response> {
  return handle(post(`/purchases/${id}`, fields, jane.cookie), app);
}

/** The changes that the page's undo buttons name. */
async function namedChanges(path: string): Promise<string[]> {
  const page = await pageOf(app, path, jane.cookie);
  return [...page.matchAll(/name="change" value="([^"]+)"/g)].map(([, id = ""]) => id);
}

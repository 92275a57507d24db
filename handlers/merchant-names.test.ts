import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { bookEvents } from "../test/book-events.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { pageOf, purchasesOn, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("a merchant's name", () => {
  it("is a readable one on every page, with what was written on the purchase's own", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "SQ *BLUE BOTTLE" });
    for (const path of ["/dashboard", "/purchases", "/mails"]) {
      const page = await pageOf(app, path, jane.cookie);
      expect(page).toContain("<bdi>Blue Bottle</bdi>");
      expect(page).not.toContain("SQ *BLUE BOTTLE");
    }
    expect(wordsOf(await pageOf(app, `/purchases/${id}`, jane.cookie))).toContain("As written SQ *BLUE BOTTLE");
    expect((await app.store.purchase(jane.id, id))?.merchant).toBe("SQ *BLUE BOTTLE");
  });

  it("is the one that the person gave it for every time, on earlier and later purchases alike", async () => {
    const [first = ""] = await bookEvents(app, jane, { merchant: "SQ *BLUE BOTTLE 0412" }, { merchant: "OAK GRILL" });
    expect(await save(first, { merchant: "Coffee", always: "yes" })).toBe(`/purchases/${first}?done=always`);
    await bookEvents(app, jane, { merchant: "Blue Bottle #77 HOUSTON TX" });
    expect(await shown()).toEqual(["Coffee", "Coffee", "Oak Grill"]);
    expect(await rowsOf(app, "amendments")).toEqual([]);
    expect(wordsOf(await pageOf(app, `/purchases/${first}`, jane.cookie))).toContain(
      "As written SQ *BLUE BOTTLE 0412 , which you always call so",
    );
  });

  it("of one purchase goes before the one for every time, and a readable one comes last", async () => {
    const [one = "", two = ""] = await bookEvents(app, jane, { merchant: "TST* OAK GRILL" }, { merchant: "OAK GRILL" });
    await save(one, { merchant: "Birthday" });
    await save(two, { merchant: "Lunch", always: "yes" });
    expect(await shown()).toEqual(["Birthday", "Lunch"]);
    await save(one, { merchant: "Dinner", always: "yes" });
    expect(await shown()).toEqual(["Dinner", "Dinner"]);
  });

  it("may be exactly what was written", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "OAK GRILL" });
    await save(id, { merchant: "OAK GRILL" });
    expect(await shown()).toEqual(["OAK GRILL"]);
    await save(id, { amount: "12" });
    expect(await shown()).toEqual(["OAK GRILL"]);
    await act(`/purchases/${id}`, { action: "undo" });
    await act(`/purchases/${id}`, { action: "undo" });
    expect(await shown()).toEqual(["Oak Grill"]);
  });

  it("is not touched by a change of the amount alone", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "SQ *BLUE BOTTLE" });
    expect(await save(id, { merchant: "Blue Bottle", amount: "12" })).toBe(`/purchases/${id}?done=saved`);
    expect(await app.store.purchase(jane.id, id)).toMatchObject({ merchant: "SQ *BLUE BOTTLE", named: 0 });
    await save(id, { merchant: "Coffee", amount: "13", always: "yes" });
    expect(await app.store.purchase(jane.id, id)).toMatchObject({ amountMinor: 1300, named: 0 });
    expect(await shown()).toEqual(["Coffee"]);
  });

  it("is found by the name and by what was written", async () => {
    const [id = ""] = await bookEvents(
      app,
      jane,
      { merchant: "AMZN MKTP US*2K4LL0R13" },
      { merchant: "ＡＢＣ　ＭＡＲＴ" },
    );
    await save(id, { merchant: "Büchér", always: "yes" });
    expect(await shown("büchér")).toEqual(["Büchér"]);
    expect(await shown("2k4ll")).toEqual(["Büchér"]);
    expect(await shown("abc mart")).toEqual(["Abc Mart"]);
    expect(await shown("amazon")).toEqual([]);
  });
});

describe("a name for every time", () => {
  it("is taken back step by step, from the purchase's page, once for each button", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "SQ *BLUE BOTTLE" });
    await save(id, { merchant: "Coffee", always: "yes" });
    await save(id, { merchant: "Breakfast", always: "yes" });
    const page = await pageOf(app, `/purchases/${id}?done=always`, jane.cookie);
    const change = /name="change" value="(\w+)"/.exec(page)?.[1] ?? "";
    const undo = { action: "undo-name", change };
    expect(await act(`/purchases/${id}`, undo)).toBe(`/purchases/${id}?done=name-undone`);
    expect(await act(`/purchases/${id}`, undo)).toBe(`/purchases/${id}`);
    expect(await shown()).toEqual(["Coffee"]);
    const before = /name="change" value="(\w+)"/.exec(
      await pageOf(app, `/purchases/${id}?done=name-undone`, jane.cookie),
    )?.[1];
    await act(`/purchases/${id}`, { action: "undo-name", change: before ?? "" });
    expect(await shown()).toEqual(["Blue Bottle"]);
    expect(await rowsOf(app, "merchant_names")).toHaveLength(4);
  });

  it("is listed in the settings, ended there, and given again", async () => {
    const [id = ""] = await bookEvents(app, jane, { merchant: "SQ *BLUE BOTTLE" });
    expect(await pageOf(app, "/settings", jane.cookie)).not.toContain("What you call merchants");
    await save(id, { merchant: "Coffee", always: "yes" });
    expect(await settingsWords()).toContain("SQ *BLUE BOTTLE is always called Coffee");
    expect(await act("/settings", { action: "end-name", change: await newest() })).toBe("/settings?done=name-ended");
    expect(await shown()).toEqual(["Blue Bottle"]);
    expect(await settingsWords()).toContain("has no name of yours any more Call it Coffee again");
    expect(await act("/settings", { action: "undo-name", change: await newest() })).toBe("/settings?done=name-undone");
    expect(await shown()).toEqual(["Coffee"]);
  });

  it("adds nothing when it is the same, and is not offered for what names nobody", async () => {
    const [id = "", unnamed = ""] = await bookEvents(app, jane, { merchant: "OAK GRILL" }, { merchant: "" });
    await save(id, { merchant: "Lunch", always: "yes" });
    expect(await save(id, { merchant: "Lunch", always: "yes" })).toBe(`/purchases/${id}`);
    expect(await rowsOf(app, "merchant_names")).toHaveLength(1);
    expect(await pageOf(app, `/purchases/${unnamed}`, jane.cookie)).not.toContain("checkbox");
    expect(await save(unnamed, { merchant: "Unknown", always: "yes" })).toBe(`/purchases/${unnamed}?done=saved`);
    expect(await rowsOf(app, "merchant_names")).toHaveLength(1);
  });

  it("is the account's alone", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const [id = ""] = await bookEvents(app, jane, { merchant: "OAK GRILL" });
    await bookEvents(app, joe, { merchant: "OAK GRILL" });
    await save(id, { merchant: "Lunch", always: "yes" });
    expect(await shown("", joe)).toEqual(["Oak Grill"]);
    const change = await newest();
    const before = await allRows(app);
    for (const action of ["end-name", "undo-name"]) {
      expect((await handle(post("/settings", { action, change }, joe.cookie), app)).status).toBe(404);
    }
    const foreign = post(`/purchases/${id}`, { action: "save", merchant: "Stolen", always: "yes" }, joe.cookie);
    expect((await handle(foreign, app)).status).toBe(404);
    expect(await allRows(app)).toEqual(before);
  });
});

function save(id: string, fields: Record<string, string>): Promise<string> {
  return act(`/purchases/${id}`, { action: "save", ...fields });
}

/** Where a form of Jane's leads. */
async function act(path: string, fields: Record<string, string>): Promise<string> {
  app.tick({ minutes: 1 });
  const response = await handle(post(path, fields, jane.cookie), app);
  expect(response.status).toBe(303);
  return response.headers.get("location") ?? "";
}

/** The names on the page of purchases, in the order of the alphabet. */
async function shown(search = "", person = jane): Promise<string[]> {
  const page = await pageOf(app, `/purchases?q=${encodeURIComponent(search)}`, person.cookie);
  return purchasesOn(page)
    .map((words) => words.replace(/ \S+$/, ""))
    .toSorted();
}

async function newest(): Promise<string> {
  return (await app.store.merchantNames(jane.id)).at(-1)?.id ?? "";
}

async function settingsWords(): Promise<string> {
  return wordsOf(await pageOf(app, "/settings", jane.cookie));
}

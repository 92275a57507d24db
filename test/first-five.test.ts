// What a program of this kind must never answer wrongly again. These five come first and never leave.
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { interpret } from "../handlers/interpret.ts";
import { handle } from "../router.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "./fake-app.ts";
import { CHASE, mailTo } from "./fixture-mails.ts";
import { delivery, get, post } from "./requests.ts";

describe("five requests that must never be answered wrongly", () => {
  let app: FakeApp;
  let jane: TestPerson;

  beforeEach(async () => {
    app = await fakeApp();
    jane = await signedIn(app, "jane@example.com");
  });
  afterEach(() => app.close());

  it("changes no purchase for somebody without a session, whatever the address looks like", async () => {
    const id = await aPurchase();
    const change = { action: "save", merchant: "Stolen", amount: "1.00" };
    for (const path of ["/dashboard?x=/login", `/purchases/${id}?x=/sign-in`, `/purchases/${id}`]) {
      const response = await handle(post(path, { ...change, id }), app);
      expect([401, 405]).toContain(response.status);
    }
    expect(await onlyPurchase()).toMatchObject({ merchant: "ANMOL INDIAN RESTAUR", amountMinor: 6383 });
  });

  it("changes and shows no purchase of another person", async () => {
    const id = await aPurchase();
    const joe = await signedIn(app, "joe@example.com");
    const change = { action: "save", merchant: "Mine now", amount: "1.00" };
    expect((await handle(post(`/purchases/${id}`, change, joe.cookie), app)).status).toBe(404);
    expect((await handle(get(`/purchases/${id}`, joe.cookie), app)).status).toBe(404);
    expect(await onlyPurchase()).toMatchObject({ merchant: "ANMOL INDIAN RESTAUR", amountMinor: 6383 });
    expect((await handle(post(`/purchases/${id}`, change, jane.cookie), app)).status).toBe(303);
    expect(await onlyPurchase()).toMatchObject({ merchant: "Mine now", amountMinor: 100 });
  });

  it("books nothing from a webhook call without the credential", async () => {
    for (const credential of [null, "postmark:wrong-password", "postmark:", ""]) {
      const response = await handle(delivery(mailTo(jane.alertAddress, CHASE), credential), app);
      expect(response.status).toBe(401);
    }
    await interpret(app);
    expect(await purchases()).toEqual([]);
  });

  it("counts the same delivery once, however often it comes", async () => {
    const payload = mailTo(jane.alertAddress, CHASE);
    for (let time = 0; time < 3; time += 1) {
      expect((await handle(delivery(payload), app)).status).toBe(200);
      await interpret(app);
    }
    expect(await purchases()).toHaveLength(1);
  });

  it("keeps a mail that no parser understands and lets it wait for its person", async () => {
    const subject = "Your card was used";
    const unknown = {
      From: "news@bank.example.net",
      FromFull: { Email: "news@bank.example.net", Name: "" },
      Subject: subject,
    };
    expect((await handle(delivery(mailTo(jane.alertAddress, CHASE, unknown)), app)).status).toBe(200);
    await interpret(app);
    expect(await purchases()).toEqual([]);
    const page = await (await handle(get("/review", jane.cookie), app)).text();
    expect(page).toContain(subject);
    expect(page).toContain("ANMOL INDIAN RESTAUR");
  });

  async function aPurchase(): Promise<string> {
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    await interpret(app);
    return (await onlyPurchase()).id;
  }

  async function onlyPurchase() {
    const [first, second] = await purchases();
    if (first === undefined || second !== undefined) throw new Error("There should be exactly one purchase");
    return first;
  }

  function purchases() {
    return app.store.searchPurchases(jane.id, { text: null, from: null, to: null }, null, 100);
  }
});

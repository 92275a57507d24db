import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { BASE, post } from "../test/requests.ts";
import { DEMO_ADDRESS, deliverHere, demoLink, ensureAccount, feedId, feedRecipient, loginLink } from "./commands.ts";
import { interpret } from "./interpret.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("wtmm login-link", () => {
  it("gives a link that signs its person in, once, under any spelling of the address", async () => {
    const link = await loginLink(" JANE@Example.com ", app);
    expect(link).toMatch(new RegExp(`^${BASE}/sign-in\\?t=[\\w.-]+$`));
    const t = new URL(link).searchParams.get("t") ?? "";
    expect((await handle(post("/sign-in", { t }), app)).status).toBe(303);
    expect(await app.store.sessions(jane.id, app.now())).toHaveLength(2);
    expect((await handle(post("/sign-in", { t }), app)).status).toBe(410);
  });

  it.each([
    ["jane", "invalid", "jane is not an e-mail address."],
    ["", "invalid", " is not an e-mail address."],
    ["Info@WTMM.example.com", "invalid", "Addresses at wtmm.example.com are ours."],
    ["joe@example.com", "not_found", "Nobody has signed up with joe@example.com."],
  ])("refuses %j: %s", async (email, code, message) => {
    const before = await allRows(app);
    await expect(loginLink(email, app)).rejects.toMatchObject({ code, message });
    expect(await allRows(app)).toEqual(before);
  });

  it("makes the account on a laptop, without a letter", async () => {
    const local = { ...app, config: { ...app.config, local: true } };
    await loginLink("joe@example.com", local);
    await loginLink("joe@example.com", local);
    await demoLink(local);
    expect((await rowsOf(app, "addresses")).map(([address]) => address)).toEqual([
      DEMO_ADDRESS,
      "jane@example.com",
      "joe@example.com",
    ]);
    expect(await rowsOf(app, "letters")).toEqual([]);
  });
});

describe("ensureAccount", () => {
  it("leaves an account as it is", async () => {
    const before = await allRows(app);
    await ensureAccount("jane@example.com", app);
    expect(await allRows(app)).toEqual(before);
  });
});

describe("the address that a fed mail goes to", () => {
  const alert = "alerts+aaaaaaaaaaaaaaaa@wtmm.example.com";

  it("is the one asked for, when it is ours", async () => {
    expect(await feedRecipient(alert, ["info@wtmm.example.com"], app)).toBe(alert);
    expect(await feedRecipient("INFO@wtmm.example.com", [], app)).toBe("INFO@wtmm.example.com");
  });

  it("is the alert address of whoever is asked for", async () => {
    expect(await feedRecipient("Jane@example.com", [alert], app)).toBe(jane.alertAddress);
  });

  it("is the one at our domain that the mail names, else the only account's", async () => {
    expect(await feedRecipient(null, ["bank@example.net", alert], app)).toBe(alert);
    await ensureAccount(DEMO_ADDRESS, app);
    expect(await feedRecipient(null, ["bank@example.net"], app)).toBe(jane.alertAddress);
  });

  it.each([
    ["joe@example.com", "joe@example.com is neither an address at wtmm.example.com nor anybody's account."],
    ["nonsense", "nonsense is neither an address at wtmm.example.com nor anybody's account."],
    ["x@evil.example.net", "x@evil.example.net is neither an address at wtmm.example.com nor anybody's account."],
  ])("can't be %s", async (to, message) => {
    await expect(feedRecipient(to, [alert], app)).rejects.toEqual(new AppError("invalid", message));
  });

  it("has to be said when there are several people, or none", async () => {
    const error = new AppError(
      "invalid",
      "The mail names no address at wtmm.example.com. Say whose it is: --to EMAIL.",
    );
    await signedIn(app, "joe@example.com");
    await expect(feedRecipient(null, ["x@notwtmm.example.com"], app)).rejects.toEqual(error);
    const empty = await fakeApp();
    await ensureAccount(DEMO_ADDRESS, empty);
    await expect(feedRecipient(null, [], empty)).rejects.toEqual(error);
    await empty.close();
  });
});

describe("a fed mail", () => {
  it("takes the way of every mail", async () => {
    expect(await deliverHere(mailTo(jane.alertAddress, CHASE), app)).toBe(200);
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("that can't be kept says so", async () => {
    const full = new AppError("unavailable", "The store can't be written right now. Please try again.");
    const stuck = { ...app, store: { ...app.store, keepMail: () => Promise.reject(full) } };
    await expect(deliverHere(mailTo(jane.alertAddress, CHASE), stuck)).rejects.toBe(full);
  });

  it("has an id of its own each time", () => {
    const ids = [feedId(app), feedId(app)];
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^feed-[a-z2-7]{16}$/);
  });
});

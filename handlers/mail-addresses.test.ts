import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows, bytesOnDisk } from "../test/database.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";
import { cookieOf, lastToken, mailedToken, prove, proofToken } from "../test/sign-in.ts";
import { outbox } from "./outbox.ts";

const WORK = "jane@work.example.com";

let app: FakeApp;
let jane: TestPerson;
let joe: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  joe = await signedIn(app, "joe@example.com");
});
afterEach(() => app.close());

describe("one more address", () => {
  it("gets a letter that names who asks, and waits in the settings", async () => {
    const response = await press("add-address", ` ${WORK.toUpperCase()} `);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/settings?done=asked"]);
    expect(app.woken).toEqual(["outbox"]);
    await outbox(app);
    expect(app.sent.map(({ to, kind }) => [to, kind])).toEqual([[WORK, "prove-address"]]);
    for (const body of [app.sent[0]?.text, app.sent[0]?.html]) expect(body).toContain("jane@example.com");
    const words = wordsOf(await pageOf(app, "/settings", jane.cookie));
    expect(words).toContain(`${WORK} Waits Asked just now`);
    expect(await pageOf(app, "/settings", joe.cookie)).not.toContain(WORK);
  });

  it("is proven by the link in that letter, and opens the account from then on", async () => {
    await prove(app, jane, WORK);
    const words = wordsOf(await pageOf(app, "/settings?done=proven", jane.cookie));
    expect(words).toContain("That address is yours now.");
    expect(words).toContain(`${WORK} Proven 20 November 2026`);
    expect(words).not.toContain("Waits");
    const signIn = await handle(post("/sign-in", { t: await mailedToken(app, WORK) }), app);
    expect(app.sent.at(-1)).toMatchObject({ to: WORK, kind: "sign-in" });
    expect(wordsOf(await pageOf(app, "/settings", cookieOf(signIn)))).toContain("Signed in as jane@example.com");
  });

  it("looks the same to whoever asks, byte for byte, whether it belongs to an account or to nobody", async () => {
    const seen: string[] = [];
    await mailedToken(app, "squatted@example.com");
    app.woken.length = 0;
    for (const address of ["nobody@example.com", "joe@example.com", "squatted@example.com"]) {
      const answer = await press("add-address", address);
      const page = await pageOf(app, answer.headers.get("location") ?? "", jane.cookie);
      const woken = JSON.stringify(app.woken.splice(0));
      seen.push(`${answer.status} ${[...answer.headers].join()} ${page} ${woken}`.replaceAll(address, "ADDRESS"));
      expect((await press("cancel-address", address)).status).toBe(303);
    }
    expect(new Set(seen).size).toBe(1);
    await outbox(app);
    expect(app.sent.map(({ to }) => to)).not.toContain("joe@example.com");
  });

  it("that is asked again too soon is refused alike, whomever it belongs to", async () => {
    for (const address of ["nobody@example.com", "joe@example.com"]) {
      await press("add-address", address);
      const before = await allRows(app);
      const refused = await press("add-address", address);
      expect(refused.status).toBe(429);
      expect(await refused.text()).toContain("An address is asked once in five minutes, and ten times a day in all.");
      expect(await allRows(app)).toEqual(before);
    }
    app.tick({ minutes: 5 });
    expect((await press("add-address", "joe@example.com")).status).toBe(303);
  });

  it.each([
    ["is none", "jane", "This is not an e-mail address."],
    ["is two", "a@example.com,b@example.com", "This is not an e-mail address."],
    ["is ours", "info@wtmm.example.com", "Addresses at wtmm.example.com are ours."],
    ["is an alert address", "Alerts+aaaaaaaaaaaaaaaa@WTMM.example.com", "Addresses at wtmm.example.com are ours."],
    ["is the person's own", "Jane@Example.com", "This address is yours already."],
    ["is markup", '"><script>alert(1)</script>', "This is not an e-mail address."],
  ])("that %s is refused with a sentence, and changes nothing", async (_what, address, sentence) => {
    const before = await allRows(app);
    const response = await press("add-address", address);
    const text = await response.text();
    expect([response.status, app.woken]).toEqual([400, []]);
    expect(text).toContain(sentence);
    expect(text).not.toContain("<script>");
    expect(await allRows(app)).toEqual(before);
  });

  it("that is cancelled gets no letter any more, and a link that is out already proves nothing", async () => {
    await press("add-address", WORK);
    await press("cancel-address", WORK);
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    app.tick({ minutes: 6 });
    const token = await proofToken(app, jane, WORK);
    await press("cancel-address", WORK);
    expect((await handle(post("/prove-address", { t: token }, jane.cookie), app)).status).toBe(410);
    expect(wordsOf(await pageOf(app, "/settings?done=cancelled", jane.cookie))).not.toContain(`${WORK} `);
    expect(app.logged.filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("that another person cancels waits on", async () => {
    await press("add-address", WORK);
    await handle(post("/settings", { action: "cancel-address", address: WORK }, joe.cookie), app);
    expect((await outbox(app))["sent"]).toBe(1);
  });

  it("leaves no link in the database", async () => {
    const token = await proofToken(app, jane, WORK);
    const bytes = bytesOnDisk(app).toString("latin1");
    for (const part of token.split(".").slice(1)) expect(bytes).not.toContain(part);
  });
});

describe("an address that is removed", () => {
  it("opens the account no more, and neither does any link that was sent to it", async () => {
    await prove(app, jane, WORK);
    const sent = await mailedToken(app, WORK);
    app.tick({ minutes: 6 });
    await handle(post("/signup", { email: WORK }), app);
    const response = await press("remove-address", WORK);
    expect(response.headers.get("location")).toBe("/settings?done=removed");
    const letters = app.sent.length;
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    expect(app.sent).toHaveLength(letters);
    expect((await handle(post("/sign-in", { t: sent }), app)).status).toBe(410);
    expect(await app.store.accountOfAddress(WORK)).toBeNull();
    expect(await app.store.recipientFacts(jane.id, app.now())).toMatchObject({ addresses: ["jane@example.com"] });
  });

  it("may be the first one, when another one is left: that is the first one then", async () => {
    await prove(app, jane, WORK);
    expect((await press("remove-address", "jane@example.com")).status).toBe(303);
    expect(wordsOf(await pageOf(app, "/settings", jane.cookie))).toContain(`Signed in as ${WORK}`);
    const refused = await press("remove-address", WORK);
    expect(refused.status).toBe(409);
    expect(await pageOf(app, "/settings", jane.cookie)).not.toContain('value="remove-address"');
  });

  it.each(["jane@example.com", "joe@example.com", "nobody@example.com", ""])(
    "is not %j, for Jane with her only address",
    async (address) => {
      const before = await allRows(app);
      expect((await press("remove-address", address)).status).toBe(409);
      expect(await allRows(app)).toEqual(before);
    },
  );
});

describe("an old link to a further address", () => {
  it("is made anew for the account's first address", async () => {
    await prove(app, jane, WORK);
    const t = await mailedToken(app, WORK);
    app.tick({ hours: 1 });
    await handle(post("/signup", { t }), app);
    await outbox(app);
    expect(app.sent.at(-1)?.to).toBe("jane@example.com");
    expect((await handle(post("/sign-in", { t: lastToken(app) }), app)).status).toBe(303);
  });
});

function press(action: string, address: string): Promise<Response> {
  return handle(post("/settings", { action, address }, jane.cookie), app);
}

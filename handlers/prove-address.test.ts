import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { signLink, verifyLink, type Link } from "../access/links.ts";
import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { deliverMail, purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, LINK_KEY, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";
import { cookieOf, lastToken, mailedToken, proofToken } from "../test/sign-in.ts";
import { bankZone, signedMail } from "../test/sign-mail.ts";
import { interpret } from "./interpret.ts";
import { outbox } from "./outbox.ts";

const WORK = "jane@work.example.com";
/** A moment after the fixture's purchase: what tells of another day than its own is not understood. */
const AT = Temporal.Instant.from("2022-06-05T20:45:00Z");

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp({ resolveTxt: bankZone });
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("the link that proves an address", () => {
  it("shows one button, which names address and account, and changes nothing, however often scanners look", async () => {
    const t = await proofToken(app, jane, WORK);
    const before = await allRows(app);
    for (const cookie of [jane.cookie, undefined]) {
      for (const method of ["GET", "HEAD"]) {
        expect((await handle(new Request(open(t, cookie), { method }), app)).status).toBe(200);
      }
    }
    expect(await allRows(app)).toEqual(before);
    const page = await (await handle(open(t, jane.cookie), app)).text();
    expect(page.match(/action="\/prove-address"/g)).toHaveLength(1);
    expect(wordsOf(page)).toContain("You are signed in as jane@example.com");
    expect(wordsOf(page)).toContain(`Yes, add ${WORK}`);
  });

  it("proves it once, and has the mail looked at that was held for it", async () => {
    const t = await proofToken(app, jane, WORK);
    app.woken.length = 0;
    const answers = await Promise.all(Array.from({ length: 3 }, () => press(t, jane.cookie)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410, 410]);
    expect(app.woken).toEqual(["interpret"]);
    expect(await app.store.accountIdOfProvenAddress(WORK)).toBe(jane.id);
    expect((await handle(open(t, jane.cookie), app)).status).toBe(410);
  });

  it("brings the account what a bank signed for that address and sent to the shared one", async () => {
    app.tick(app.now().until(AT));
    const payload = await signedMail(mailTo("alerts@wtmm.example.com", CHASE), { to: WORK, at: AT });
    expect(await deliverMail(app, payload)).toBe("held");
    const t = await proofToken(app, jane, WORK);
    await interpret(app);
    expect(await purchasesOf(app, jane)).toEqual([]);
    await press(t, jane.cookie);
    await interpret(app);
    expect(await purchasesOf(app, jane)).toMatchObject([{ signedBy: "chase.com" }]);
  });

  it("works for 30 minutes, and is old from then on", async () => {
    const t = await proofToken(app, jane, WORK);
    app.tick({ minutes: 30 });
    const before = await allRows(app);
    for (const response of [await press(t, jane.cookie), await handle(open(t, jane.cookie), app)]) {
      expect(response.status).toBe(410);
      expect(await response.text()).toContain("This link is old");
    }
    expect(await allRows(app)).toEqual(before);
    const again = await proofToken(app, jane, WORK);
    app.tick({ minutes: 29, seconds: 59 });
    expect((await press(again, jane.cookie)).status).toBe(303);
  });

  it("is revoked with all other links of its account", async () => {
    const t = await proofToken(app, jane, WORK);
    await handle(post("/settings", { action: "revoke-links" }, jane.cookie), app);
    expect((await press(t, jane.cookie)).status).toBe(410);
    expect(await app.store.accountOfAddress(WORK)).toBeNull();
  });

  it.each([
    ["is missing", () => ""],
    ["is nonsense", () => "x"],
    ["has a changed letter", (t: string) => `${t.slice(0, -1)}${t.endsWith("A") ? "B" : "A"}`],
    ["was cut off", (t: string) => t.slice(0, -5)],
  ])("that %s is not one of ours", async (_how, spoil) => {
    const t = spoil(await proofToken(app, jane, WORK));
    const before = await allRows(app);
    for (const response of [await press(t, jane.cookie), await handle(open(t), app)]) {
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("This link does not work");
    }
    expect(await allRows(app)).toEqual(before);
  });
});

describe("signed out, the link that proves an address", () => {
  it("says to sign in first, mails a link for that, and goes on in the browser that has both", async () => {
    const t = await proofToken(app, jane, WORK);
    const page = await (await handle(open(t), app)).text();
    expect(wordsOf(page)).toContain(`jane@example.com asked to add ${WORK}`);
    expect(page).toContain(`href="/prove-address?t=${t}"`);
    await handle(post("/signup", { t }), app);
    await outbox(app);
    expect(app.sent.at(-1)).toMatchObject({ to: "jane@example.com", kind: "sign-in" });
    const signIn = await handle(post("/sign-in", { t: lastToken(app) }), app);
    expect(signIn.headers.get("location")).toBe("/settings");
    expect(wordsOf(await (await handle(open(t, cookieOf(signIn)), app)).text())).toContain(`Yes, add ${WORK}`);
    expect((await press(t, cookieOf(signIn))).status).toBe(303);
  });

  it("proves nothing, whatever is posted", async () => {
    const t = await proofToken(app, jane, WORK);
    const before = await allRows(app);
    const response = await press(t);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain("You are signed out. Sign in and try again; nothing was changed.");
    expect(await allRows(app)).toEqual(before);
  });
});

describe("an address that somebody else has signed up with, and whose letter nobody has followed", () => {
  it("is proven by its own letter, and leads to the account that asked for it from then on", async () => {
    const token = await mailedToken(app, WORK);
    const empty = await app.store.accountOfAddress(WORK);
    expect((await press(await proofToken(app, jane, WORK), jane.cookie)).status).toBe(303);
    expect(await app.store.accountIdOfProvenAddress(WORK)).toBe(jane.id);
    expect(await app.store.account(jane.id)).toMatchObject({ address: "jane@example.com" });
    expect(empty?.id).not.toBe(jane.id);
    expect((await handle(get(`/sign-in?t=${token}`), app)).status).toBe(410);
    expect((await handle(post("/sign-in", { t: token }), app)).status).toBe(410);
    const before = await allRows(app);
    const asked = await handle(post("/signup", { t: token }), app);
    expect(asked.status).toBe(400);
    expect(await asked.text()).toContain("Please type your address.");
    expect(await allRows(app)).toEqual(before);
    app.tick({ minutes: 6 });
    const signIn = await handle(post("/sign-in", { t: await mailedToken(app, WORK) }), app);
    expect(await app.store.sessions(jane.id, app.now())).toHaveLength(2);
    expect(signIn.status).toBe(303);
  });

  it("gets no letter any more that waited for the account that was made with it", async () => {
    await handle(post("/signup", { email: WORK }), app);
    const letter = (await allRows(app))["letters"]?.find((row) => row.includes("sign-in") && row.includes(WORK));
    const claim = { id: "claim", accountId: jane.id, address: WORK, at: app.now() };
    await app.store.claimAddress(claim);
    await app.store.proveAddress({ claimId: "claim", accountId: jane.id, epoch: 0, at: app.now() });
    expect(letter).toBeDefined();
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    expect(app.logged.filter(({ level }) => level !== "info")).toEqual([]);
  });
});

describe("nobody gets an address by", () => {
  let mallory: TestPerson;
  const VICTIM = "victim@example.net";

  beforeEach(async () => {
    mallory = await signedIn(app, "mallory@example.com");
  });

  it("having its owner follow the link signed out, sign-in letter and all", async () => {
    const t = await proofToken(app, mallory, VICTIM);
    await handle(open(t), app);
    await press(t);
    await handle(post("/signup", { t }), app);
    await outbox(app);
    // What comes to the thief's mailbox holds nothing of what went to the owner's.
    const { text = "", html = "" } = app.sent.at(-1) ?? {};
    expect(app.sent.at(-1)?.to).toBe("mallory@example.com");
    for (const part of t.split(".").slice(1)) expect(`${text} ${html}`).not.toContain(part);
    const link = verifyLink(lastToken(app), "sign-in", [LINK_KEY], app.now());
    expect(link).toMatchObject({ link: { next: "/settings" } });
    await expectNobodys();
  });

  it("having its owner follow the link in an account of their own", async () => {
    const t = await proofToken(app, mallory, VICTIM);
    const before = await allRows(app);
    for (const response of [await handle(open(t, jane.cookie), app), await press(t, jane.cookie)]) {
      expect(response.status).toBe(409);
      const text = await response.text();
      expect(text).toContain("This link is for another account than the one you are signed in to");
      expect(text).not.toContain("mallory");
    }
    expect(await allRows(app)).toEqual(before);
    await expectNobodys();
  });

  it("posting a form from another site into its owner's browser", async () => {
    const t = await proofToken(app, mallory, VICTIM);
    const foreign = post("/prove-address", { t }, mallory.cookie);
    foreign.headers.set("sec-fetch-site", "cross-site");
    expect((await handle(foreign, app)).status).toBe(403);
    await expectNobodys();
  });

  it("using a link of another purpose or account, or of a claim of something else", async () => {
    const signIn = await mailedToken(app, "mallory@example.com");
    const own = await proofToken(app, mallory, "mallory@work.example.com");
    await proofToken(app, mallory, VICTIM);
    const claim = (await allRows(app))["address_claims"]?.find((row) => row.includes(VICTIM))?.[0];
    const link: Link = {
      accountId: mallory.id,
      purpose: "sign-in",
      linkId: String(claim),
      epoch: 0,
      expiresAt: app.now().add({ minutes: 30 }),
      next: null,
    };
    for (const t of [
      signIn,
      signLink(link, [LINK_KEY]),
      signLink({ ...link, purpose: "prove-address" }, ["k".repeat(32)]),
    ]) {
      expect((await press(t, mallory.cookie)).status).toBe(400);
    }
    expect((await press(own, mallory.cookie)).status).toBe(303);
    expect((await handle(post("/sign-in", { t: own }), app)).status).toBe(400);
    await expectNobodys();
  });

  it("claiming what is another account's: no letter goes out, and an older link is refused", async () => {
    const t = await proofToken(app, mallory, VICTIM);
    const victim = await signedIn(app, VICTIM);
    const before = await allRows(app);
    const refused = await press(t, mallory.cookie);
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("This address belongs to another account.");
    expect(await allRows(app)).toEqual(before);
    app.tick({ minutes: 6 });
    const letters = app.sent.length;
    await handle(post("/settings", { action: "add-address", address: VICTIM }, mallory.cookie), app);
    await outbox(app);
    expect(app.sent).toHaveLength(letters);
    expect(await app.store.accountOfAddress(VICTIM)).toMatchObject({ id: victim.id });
  });

  it("claiming what somebody has signed up with and not opened yet, without the letter that goes there", async () => {
    const token = await mailedToken(app, VICTIM);
    const owner = await app.store.accountOfAddress(VICTIM);
    const t = await proofToken(app, mallory, VICTIM);
    await handle(open(t), app);
    for (const cookie of [undefined, jane.cookie]) await press(t, cookie);
    for (const guess of ["", "x", token]) expect((await press(guess, mallory.cookie)).status).toBe(400);
    expect(await app.store.accountOfAddress(VICTIM)).toEqual(owner);
    expect((await handle(post("/sign-in", { t: token }), app)).status).toBe(303);
    expect((await press(t, mallory.cookie)).status).toBe(409);
    expect(await app.store.accountOfAddress(VICTIM)).toEqual(owner);
  });

  it("claiming it: its mail, its sign-in letters and its forwards stay its owner's", async () => {
    app.tick(app.now().until(AT));
    await proofToken(app, mallory, VICTIM);
    const payload = await signedMail(mailTo("alerts@wtmm.example.com", CHASE), { to: VICTIM, at: AT });
    expect(await deliverMail(app, payload)).toBe("held");
    await interpret(app);
    expect(await purchasesOf(app, mallory)).toEqual([]);
    expect(await app.store.recipientFacts(mallory.id, app.now())).toMatchObject({ addresses: ["mallory@example.com"] });
    await handle(post("/sign-in", { t: await mailedToken(app, VICTIM) }), app);
    const owner = await app.store.accountOfAddress(VICTIM);
    expect(owner?.id).not.toBe(mallory.id);
    await interpret(app);
    expect(await purchasesOf(app, { ...mallory, id: owner?.id ?? "" })).toHaveLength(1);
  });

  async function expectNobodys(): Promise<void> {
    expect(await app.store.accountOfAddress(VICTIM)).toBeNull();
    expect(await app.store.addresses(mallory.id)).not.toContainEqual(expect.objectContaining({ address: VICTIM }));
  }
});

function open(t: string, cookie?: string): Request {
  return get(`/prove-address?t=${t}`, cookie);
}

function press(t: string, cookie?: string): Promise<Response> {
  return handle(post("/prove-address", { t }, cookie), app);
}

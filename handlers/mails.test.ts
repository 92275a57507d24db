import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { deliverMail, onlyPurchase, unsigned } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { delivery, get, post } from "../test/requests.ts";
import { interpret } from "./interpret.ts";

const TRANSFER = "chase/fixtures/transfer-out";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("GET /mails", () => {
  it("says so when there are none", async () => {
    expect(wordsOf(await pageOf(app, "/mails", jane.cookie))).toContain("There are none.");
  });

  it("shows a booked mail with its text, how sure its origin is, and what was booked from it", async () => {
    await deliver(CHASE);
    const page = await pageOf(app, "/mails", jane.cookie);
    const { id } = await onlyPurchase(app, jane);
    expect(page).toContain(`<a href="/purchases/${id}"><bdi>Anmol Indian Restaur</bdi></a>`);
    expect(page).toContain("<mark>$63.83</mark>");
    const words = wordsOf(page);
    expect(words).toContain("Your $63.83 transaction with ANMOL INDIAN RESTAUR");
    expect(words).toContain("no.reply.alerts@chase.com · 20 November 2026, 12:00");
    expect(words).toContain("Booked. not signed by the bank Anmol Indian Restaur $63.83");
    expect(page).not.toContain("This was a purchase");
  });

  it("says why a mail is no purchase, in plain words", async () => {
    await deliver(TRANSFER);
    const page = await pageOf(app, "/mails", jane.cookie);
    expect(wordsOf(page)).toContain("Not a purchase. It tells of a transfer between accounts, which is no spending.");
    expect(page).not.toContain("layout");
    expect(page).toContain("This was a purchase");
  });

  it("leads to review from what waits there, and says what the person decided about it", async () => {
    const id = await deliver(CHASE, unsigned);
    expect(await pageOf(app, "/mails", jane.cookie)).toContain('<b><a href="/review">Waits in review</a>.</b>');
    expect(await wordsOfMails()).toContain("origin in doubt");
    await decide(id, "dismiss");
    expect(await wordsOfMails()).toContain("Not a purchase, you said.");
    await decide(id, "undo");
    await decide(id, "book");
    expect(await wordsOfMails()).toContain("Booked by you.");
  });

  it("shows what came before and what is not read yet, without making up what is in it", async () => {
    await deliver(CHASE);
    await deliver(CHASE);
    expect(await wordsOfMails()).toContain("Counted before. This mail came before.");
    await handle(delivery(mailTo(jane.alertAddress, TRANSFER)), app);
    expect(await wordsOfMails()).toContain("A mail 20 November 2026, 12:00 Not read yet.");
  });

  it("shows nobody else's mails", async () => {
    await deliver(CHASE);
    const joe = await signedIn(app, "joe@example.com");
    expect(wordsOf(await pageOf(app, "/mails", joe.cookie))).toContain("There are none.");
  });

  it("shows all there are, twenty at a time, also of those that came at one moment", async () => {
    const subjects = Array.from({ length: 45 }, (_none, number) => `Mail ${number}.`);
    for (const [number, Subject] of subjects.entries()) {
      await handle(delivery({ ...doubtful(number), Subject }), app);
      if (number % 3 === 0) app.tick({ seconds: 1 });
    }
    for (let batch = 0; batch < 2; batch += 1) await interpret(app);
    const found: string[] = [];
    let path: string | undefined = "/mails?outcome=review";
    for (let pages = 0; path !== undefined && pages < 9; pages += 1) {
      const page = await pageOf(app, path, jane.cookie);
      found.push(...[...page.matchAll(/<bdi>(Mail \d+\.)<\/bdi>/g)].map(([, subject = ""]) => subject));
      path = /href="(\/mails\?[^"]*before=[^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(found).toEqual(subjects.toReversed());
  });

  it.each([
    ["booked", ["booked"]],
    ["not_a_purchase", ["transfer"]],
    ["review", ["doubtful"]],
    ["waiting", []],
    ["", ["doubtful", "transfer", "booked"]],
    ["__proto__", ["doubtful", "transfer", "booked"]],
  ])("shows for outcome=%s those alone", async (outcome, subjects) => {
    await deliver(CHASE, (mail) => ({ ...mail, Subject: "booked" }));
    await deliver(TRANSFER, (mail) => ({ ...mail, Subject: "transfer" }));
    await deliver("schwab/fixtures/threshold", (mail) => unsigned({ ...mail, Subject: "doubtful" }));
    const page = await pageOf(app, `/mails?outcome=${outcome}`, jane.cookie);
    expect([...page.matchAll(/<h2 id="mail-\d+"><bdi>([^<]*)/g)].map(([, subject]) => subject)).toEqual(subjects);
  });
});

describe("POST /mails/ID", () => {
  it("puts a mail into review that was taken for no purchase, with what was read filled in", async () => {
    const id = await deliver(TRANSFER);
    const response = await say(id);
    expect(response.status).toBe(303);
    const page = await pageOf(app, response.headers.get("location") ?? "", jane.cookie);
    const words = wordsOf(page);
    expect(words).toContain("It waits here now.");
    expect(words).toContain("You said that this was a purchase.");
    expect(page).toMatch(/<details open>\s*<summary>Book it by hand/);
    expect(page).toMatch(/name="amount" value="\d+\.\d\d"/);
    expect(page).toMatch(/name="currency" value="USD"/);
    expect(await app.store.countInReview(jane.id)).toBe(1);
  });

  it("can be taken back", async () => {
    const id = await deliver(TRANSFER);
    const { headers } = await say(id);
    const page = await pageOf(app, headers.get("location") ?? "", jane.cookie);
    expect(page).toMatch(
      new RegExp(`<form method="post" action="/review/${id}">\\s*<input type="hidden" name="action" value="dismiss"`),
    );
    await decide(id, "dismiss");
    expect(await app.store.countInReview(jane.id)).toBe(0);
    expect(await wordsOfMails()).toContain("Not a purchase, you said.");
    expect((await say(id)).status).toBe(303);
    expect(await app.store.countInReview(jane.id)).toBe(1);
  });

  it("decides once, however often it is said", async () => {
    const id = await deliver(TRANSFER);
    await Promise.all([say(id), say(id), say(id)]);
    expect((await say(id)).status).toBe(303);
    expect(await rowsOf(app, "review_decisions")).toHaveLength(1);
  });

  it("leads to the mail in review, however many came after it", async () => {
    const id = await deliver(TRANSFER);
    for (let number = 0; number < 21; number += 1) await handle(delivery(doubtful(number)), app);
    await interpret(app);
    const { headers } = await say(id);
    const page = await pageOf(app, headers.get("location") ?? "", jane.cookie);
    expect(page.match(/<section class="card" aria/g)).toHaveLength(1);
    expect(wordsOf(page)).toContain("You said that this was a purchase.");
  });

  it("knows no mail of anybody else, none that was booked, and none that is not there", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const id = await deliver(TRANSFER);
    const booked = await deliver(CHASE);
    const before = await allRows(app);
    for (const [mailId, cookie] of [
      [id, joe.cookie],
      [booked, jane.cookie],
      ["nothing", jane.cookie],
      ["%E0%A4%A", jane.cookie],
    ] as const) {
      const response = await handle(post(`/mails/${mailId}`, { action: "was-a-purchase" }, cookie), app);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain("There is no such mail that was taken for no purchase.");
    }
    expect(await allRows(app)).toEqual(before);
  });

  it("refuses any other action, and a stranger", async () => {
    const id = await deliver(TRANSFER);
    const before = await allRows(app);
    expect((await handle(post(`/mails/${id}`, { action: "dance" }, jane.cookie), app)).status).toBe(400);
    expect((await handle(post(`/mails/${id}`, { action: "was-a-purchase" }), app)).status).toBe(401);
    expect((await handle(get("/mails"), app)).headers.get("location")).toBe("/");
    expect(await allRows(app)).toEqual(before);
  });
});

/** A mail that waits in review; no two are the same. */
function doubtful(number: number): Payload {
  return mailTo(jane.alertAddress, "chase/fixtures/marketing-sibling", { HtmlBody: `<p>${number}</p>` });
}

type Payload = Record<string, unknown>;

async function deliver(fixture: string, change: (mail: Payload) => Payload = (mail) => mail): Promise<string> {
  const mail = change(mailTo(jane.alertAddress, fixture));
  await deliverMail(app, mail);
  return String(mail["MessageID"]);
}

function say(id: string): Promise<Response> {
  return handle(post(`/mails/${id}`, { action: "was-a-purchase" }, jane.cookie), app);
}

function decide(id: string, action: string): Promise<Response> {
  return handle(post(`/review/${id}`, { action }, jane.cookie), app);
}

async function wordsOfMails(): Promise<string> {
  return wordsOf(await pageOf(app, "/mails", jane.cookie));
}

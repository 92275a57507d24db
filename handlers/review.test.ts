import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { deliverMail, onlyPurchase, purchasesOf, unsigned } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { monthTotalsOn, pageOf, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";

const NOT_UNDERSTOOD = "chase/fixtures/card-2025-amount-unrendered";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("GET /review", () => {
  it("says so when nothing waits", async () => {
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("Nothing waits for you");
  });

  it("shows subject, sender, text and reason of what waits, and what it was read as if that is complete", async () => {
    await suspect();
    const page = await pageOf(app, "/review", jane.cookie);
    const words = wordsOf(page);
    expect(words).toContain("Your $63.83 transaction with ANMOL INDIAN RESTAUR");
    expect(words).toContain("no.reply.alerts@chase.com");
    expect(words).toContain("The bank signs its mails, and this one is not signed.");
    expect(words).toContain("We read it as: ANMOL INDIAN RESTAUR $63.83 5 June 2022, 16:44");
    expect(page).toContain("<mark>$63.83</mark>");
    expect(page).toContain("Book it");
  });

  it("shows all that waits, twenty at a time", async () => {
    for (let number = 0; number < 21; number += 1) {
      await deliverMail(
        app,
        mailTo(jane.alertAddress, NOT_UNDERSTOOD, { Subject: `Mail ${number}`, HtmlBody: `<p>${number}</p>` }),
      );
    }
    const newest = await pageOf(app, "/review", jane.cookie);
    expect(newest.match(/<section/g)).toHaveLength(20);
    const older = /\/review\?before=\d+/.exec(newest)?.[0] ?? "";
    const last = wordsOf(await pageOf(app, older, jane.cookie));
    expect(last).toContain("Mail 0");
    expect(last).not.toContain("Mail 1 ");
  });

  it("offers no booking of what was not understood", async () => {
    await waiting(NOT_UNDERSTOOD);
    const page = await pageOf(app, "/review", jane.cookie);
    expect(wordsOf(page)).toContain("The amount in this mail is missing or could not be read for sure.");
    expect(page).not.toContain(`value="book"`);
    expect(page).toContain("Not a purchase");
  });

  it("shows nobody else's mails, and says how many wait beside every page's link", async () => {
    await suspect();
    await waiting(NOT_UNDERSTOOD);
    const joe = await signedIn(app, "joe@example.com");
    expect(wordsOf(await pageOf(app, "/review", joe.cookie))).toContain("Nothing waits for you");
    for (const path of ["/dashboard", "/purchases", "/settings", "/connect", "/review"]) {
      expect(await pageOf(app, path, jane.cookie)).toContain('<b class="badge">2</b>');
      expect(await pageOf(app, path, joe.cookie)).not.toContain("badge");
    }
  });

  it("shows a mail's words as text, whatever they are", async () => {
    const hostile = { Subject: "<script>alert(1)</script>", HtmlBody: "", TextBody: '"><img src=x onerror=alert(1)>' };
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/marketing-sibling", hostile));
    const page = await pageOf(app, "/review", jane.cookie);
    expect(page).not.toMatch(/<script|<img src=x/);
    expect(wordsOf(page)).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("shows of a mail that could not be read in time at least who sent it and what about", async () => {
    const reason = "This mail took too long to read.";
    const slow = { ...app, readMail: async () => ({ state: "gave_up", reason }) as const };
    await deliverMail(slow, mailTo(jane.alertAddress, CHASE));
    const words = wordsOf(await pageOf(app, "/review", jane.cookie));
    expect(words).toContain(reason);
    expect(words).toContain("Your $63.83 transaction with ANMOL INDIAN RESTAUR");
    expect(words).toContain("no.reply.alerts@chase.com");
    expect(words).toContain("The text of this mail can't be shown. The mail itself is kept.");
  });

  it("shows of one that is too large even for that, that it is there", async () => {
    const slow = { ...app, readMail: async () => ({ state: "gave_up", reason: "Too slow." }) as const };
    await deliverMail(slow, mailTo(jane.alertAddress, CHASE, { TextBody: "x".repeat(3_000_000) }));
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("(no subject)");
  });
});

describe("POST /review/ID", () => {
  it("books what was read as it stands, says that the person did it, and counts it from then on", async () => {
    const id = await suspect();
    const response = await decide(id, "book");
    const purchase = await onlyPurchase(app, jane);
    expect([response.status, response.headers.get("location")]).toEqual([303, `/purchases/${purchase.id}`]);
    expect(purchase).toMatchObject({ merchant: "ANMOL INDIAN RESTAUR", amountMinor: 6383, origin: "person" });
    expect(wordsOf(await pageOf(app, `/purchases/${purchase.id}`, jane.cookie))).toContain("booked by you");
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("Nothing waits for you");
    expect(monthTotalsOn(await pageOf(app, "/day/2022-06-05", jane.cookie))).toEqual(["$63.83"]);
  });

  it("books once, however often and at whatever moment the button is pressed", async () => {
    const id = await suspect();
    const answers = await Promise.all(Array.from({ length: 4 }, () => decide(id, "book")));
    answers.push(await decide(id, "book"));
    const { id: purchaseId } = await onlyPurchase(app, jane);
    for (const { status, headers } of answers) {
      expect(status).toBe(303);
      // Where a press leads, something is there.
      expect([`/purchases/${purchaseId}`, "/review"]).toContain(headers.get("location"));
    }
    expect(await rowsOf(app, "review_decisions")).toHaveLength(1);
  });

  it("sets aside, shows it among what was set aside, and takes that back", async () => {
    const id = await suspect();
    const response = await decide(id, "dismiss");
    expect([response.status, response.headers.get("location")]).toEqual([303, `/review?dismissed=${id}`]);
    const page = await pageOf(app, `/review?dismissed=${id}`, jane.cookie);
    expect(wordsOf(page)).toContain("Set aside.");
    expect(wordsOf(page)).toContain("Not purchases, you said");
    expect(wordsOf(page)).toContain("Nothing waits for you");
    expect((await decide(id, "undo")).headers.get("location")).toBe("/review");
    const after = wordsOf(await pageOf(app, "/review", jane.cookie));
    expect(after).toContain("These mails wait for you");
    expect(after).not.toContain("Not purchases, you said");
    expect((await decide(id, "book")).status).toBe(303);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("adds a row for each decision and changes none, and adds none for a press that decides nothing", async () => {
    const id = await suspect();
    const presses = [
      "undo",
      "dismiss",
      "dismiss",
      "book",
      "undo",
      "undo",
      "dismiss",
      "undo",
      "book",
      "dismiss",
      "undo",
    ];
    const counts: number[] = [];
    for (const press of presses) {
      const before = await rowsOf(app, "review_decisions");
      await decide(id, press);
      const after = await rowsOf(app, "review_decisions");
      expect(after).toEqual(expect.arrayContaining([...before]));
      counts.push(after.length);
    }
    expect(counts).toEqual([0, 1, 1, 1, 2, 2, 3, 4, 5, 5, 5]);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("decides once when two different buttons are pressed at once", async () => {
    const id = await suspect();
    await Promise.all([decide(id, "dismiss"), decide(id, "book")]);
    expect(await rowsOf(app, "review_decisions")).toHaveLength(1);
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("refuses to book what was not understood", async () => {
    for (const id of [await waiting(NOT_UNDERSTOOD), await waiting("chase/fixtures/marketing-sibling")]) {
      const before = await allRows(app);
      const response = await decide(id, "book");
      expect(response.status).toBe(409);
      expect(await response.text()).toContain("This mail is not understood well enough to be booked as it stands.");
      expect(await allRows(app)).toEqual(before);
    }
  });

  it.each(["", "delete", "__proto__"])("refuses the action %j and changes nothing", async (action) => {
    const id = await suspect();
    const before = await allRows(app);
    const response = await decide(id, action);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("must be book, agree, enter, dismiss, undo or trust.");
    expect(await allRows(app)).toEqual(before);
  });

  it("knows no mail of anybody else, none that does not wait, and none that is not there", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const id = await suspect();
    const booked = mailTo(jane.alertAddress, "schwab/fixtures/threshold");
    await deliverMail(app, booked);
    const before = await allRows(app);
    for (const action of ["book", "dismiss", "undo"]) {
      for (const [mailId, cookie] of [
        [id, joe.cookie],
        [String(booked["MessageID"]), jane.cookie],
        ["nothing", jane.cookie],
        ["%E0%A4%A", jane.cookie],
        ["%00", jane.cookie],
      ] as const) {
        const response = await handle(post(`/review/${mailId}`, { action }, cookie), app);
        expect(response.status).toBe(404);
        expect(await response.text()).toContain("There is no such mail in review.");
      }
    }
    expect(await allRows(app)).toEqual(before);
  });

  it("works for an id with characters that addresses give a meaning to", async () => {
    const id = "a/b?c#d%2F&e=\"'<f>.";
    await deliverMail(app, unsigned(mailTo(jane.alertAddress, CHASE, { MessageID: id })));
    const action = /action="(\/review\/[^"]*)"/.exec(await pageOf(app, "/review", jane.cookie))?.[1] ?? "";
    const press = (path: string, what: string) => handle(post(path, { action: what }, jane.cookie), app);
    const dismissed = await press(action.replaceAll("&#39;", "'"), "dismiss");
    const undo = /action="(\/review\/[^"]*)"/.exec(
      await pageOf(app, dismissed.headers.get("location") ?? "", jane.cookie),
    );
    expect((await press(undo?.[1]?.replaceAll("&#39;", "'") ?? "", "undo")).status).toBe(303);
    expect((await press(`/review/${encodeURIComponent(id)}`, "book")).status).toBe(303);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });
});

/** A mail that is understood and whose signature is missing; its id. */
function suspect(): Promise<string> {
  return review(unsigned(mailTo(jane.alertAddress, CHASE)));
}

function waiting(fixture: string): Promise<string> {
  return review(mailTo(jane.alertAddress, fixture));
}

async function review(payload: Record<string, unknown>): Promise<string> {
  expect(await deliverMail(app, payload)).toBe("review");
  return String(payload["MessageID"]);
}

function decide(id: string, action: string): Promise<Response> {
  return handle(post(`/review/${id}`, { action }, jane.cookie), app);
}

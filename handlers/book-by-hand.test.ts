import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { deliverMail, onlyPurchase, purchasesOf, unsigned } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { post } from "../test/requests.ts";

const NOT_UNDERSTOOD = "chase/fixtures/card-2025-amount-unrendered";
const TYPED = { merchant: "Corner Café", amount: "12.34", currency: "EUR", date: "2026-11-17" };

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("booking by hand", () => {
  it("books what was typed, for a mail that was not understood", async () => {
    const id = await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD));
    const response = await enter(id, TYPED);
    const purchase = await onlyPurchase(app, jane);
    expect([response.status, response.headers.get("location")]).toEqual([303, `/purchases/${purchase.id}`]);
    expect(purchase).toMatchObject({
      merchant: "Corner Café",
      amountMinor: 1234,
      currency: "EUR",
      occurredOn: "2026-11-17",
      kind: "purchase",
      institution: "chase",
      origin: "person",
      mailId: id,
    });
    const words = wordsOf(await pageOf(app, `/purchases/${purchase.id}`, jane.cookie));
    expect(words).toContain("booked by you");
    expect(words).toContain("17 November 2026");
    expect(await app.store.countInReview(jane.id)).toBe(0);
  });

  it("books a mail of a bank that nobody knows, under the domain it came from, and marks what stands in it", async () => {
    const id = await waiting(unknownBank("You paid 12.34 at Corner Café."));
    await enter(id, TYPED);
    const { id: purchaseId, institution } = await onlyPurchase(app, jane);
    expect(institution).toBe("bank.example.net");
    const page = await pageOf(app, `/purchases/${purchaseId}`, jane.cookie);
    expect(page).toContain("You paid <mark>12.34</mark> at <mark>Corner Café</mark>.");
    expect(page).toMatch(/<dt>Bank<\/dt>\s*<dd>bank\.example\.net<\/dd>/);
  });

  it("begins with what was read, and keeps of it what was not changed: time of day, card, words", async () => {
    const id = await waiting(unsigned(mailTo(jane.alertAddress, CHASE)));
    expect(fieldsOn(await pageOf(app, "/review", jane.cookie))).toEqual({
      merchant: "ANMOL INDIAN RESTAUR",
      amount: "63.83",
      currency: "USD",
      date: "2022-06-05",
    });
    await enter(id, { merchant: "Anmol", amount: "70", currency: "usd", date: "2022-06-05" });
    const purchase = await onlyPurchase(app, jane);
    expect(purchase).toMatchObject({ merchant: "Anmol", amountMinor: 7000, currency: "USD", occurredOn: null });
    expect(Temporal.Instant.fromEpochMilliseconds(purchase.occurredAt).toString()).toBe("2022-06-05T20:44:00Z");
    expect(purchase.card).not.toBeNull();
    expect(await pageOf(app, `/purchases/${purchase.id}`, jane.cookie)).toContain("Jun 5, 2022 at 4:44 PM ET</mark>");
  });

  it("shows the name that was typed as it was typed, and makes only a read one readable", async () => {
    await enter(await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD)), { ...TYPED, merchant: "DELI 2000" });
    const { id } = await onlyPurchase(app, jane);
    expect(await pageOf(app, `/purchases/${id}`, jane.cookie)).toContain("<bdi>DELI 2000</bdi>");
    await enter(await waiting(unsigned(mailTo(jane.alertAddress, CHASE))), {});
    expect(await pageOf(app, "/purchases", jane.cookie)).toContain("<bdi>Anmol Indian Restaur</bdi>");
  });

  it("takes a day of its own when another one is typed", async () => {
    const id = await waiting(unsigned(mailTo(jane.alertAddress, CHASE)));
    await enter(id, { date: "2022-06-04" });
    expect(await onlyPurchase(app, jane)).toMatchObject({
      merchant: "ANMOL INDIAN RESTAUR",
      amountMinor: 6383,
      occurredOn: "2022-06-04",
      occurredAt: Temporal.Instant.from("2022-06-04T12:00:00Z").epochMilliseconds,
    });
  });

  it("offers what is no spending as a guess, once the person says that it is", async () => {
    const transfer = mailTo(jane.alertAddress, "chase/fixtures/transfer-out");
    await deliverMail(app, transfer);
    await handle(post(`/mails/${String(transfer["MessageID"])}`, { action: "was-a-purchase" }, jane.cookie), app);
    const guess = fieldsOn(await pageOf(app, "/review", jane.cookie));
    await enter(String(transfer["MessageID"]), guess);
    expect(await onlyPurchase(app, jane)).toMatchObject({ kind: "purchase", origin: "person", currency: "USD" });
  });

  it("counts what is typed with a minus as money that came back", async () => {
    await enter(await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD)), { ...TYPED, amount: "-12.34" });
    expect(await onlyPurchase(app, jane)).toMatchObject({ kind: "refund", amountMinor: -1234 });
  });

  it("has the day of the mail in its form, and nothing else that nobody read", async () => {
    await waiting(unknownBank("Hello", { Subject: "Hello", Date: "Mon, 16 Nov 2026 23:30:00 -0500" }));
    expect(fieldsOn(await pageOf(app, "/review", jane.cookie))).toEqual({
      merchant: "",
      amount: "",
      currency: "",
      date: "2026-11-16",
    });
  });

  it.each([
    [{ merchant: " " }, "Please give a name."],
    [{ merchant: "x".repeat(201) }, "A name has at most 200 characters."],
    [{ amount: "12,50" }, "This is not an amount in EUR. It should look like 12.34."],
    [{ amount: "" }, "This is not an amount in EUR. It should look like 12.34."],
    [{ currency: "" }, "A currency has three letters, like USD or EUR."],
    [{ currency: "XYZ" }, "A currency has three letters, like USD or EUR."],
    [{ date: "17.11.2026" }, "A day looks like 2026-11-17."],
    [{ date: "" }, "A day looks like 2026-11-17."],
    [{ date: "2206-11-17" }, "This day has not come yet."],
    [{ date: "2026-11-21" }, "This day has not come yet."],
  ])("refuses %j in a sentence, keeps what was typed, and changes nothing", async (wrong, sentence) => {
    const id = await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD));
    await waiting(unknownBank("A newer one"));
    const before = await allRows(app);
    const response = await enter(id, { ...TYPED, ...wrong });
    const page = await response.text();
    expect([response.status, wordsOf(page)]).toEqual([400, expect.stringContaining(sentence)]);
    expect(fieldsOn(page)).toEqual({ ...TYPED, ...wrong });
    expect(page).toMatch(/<details open>\s*<summary>Book it by hand/);
    expect(await allRows(app)).toEqual(before);
  });

  it("says of every field that is wrong what is wrong with it", async () => {
    const id = await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD));
    const page = await (await enter(id, { merchant: "", amount: "lots", currency: "USD", date: "soon" })).text();
    expect(page.match(/class="error"/g)).toHaveLength(3);
  });

  it("books once, and not what was set aside or booked meanwhile", async () => {
    const id = await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD));
    await Promise.all([enter(id, TYPED), enter(id, { ...TYPED, amount: "99" }), enter(id, TYPED)]);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    const aside = await waiting(unknownBank("Hello"));
    await handle(post(`/review/${aside}`, { action: "dismiss" }, jane.cookie), app);
    expect((await enter(aside, TYPED)).headers.get("location")).toBe("/review");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect(await rowsOf(app, "review_decisions")).toHaveLength(2);
  });

  it("answers a stranger as if there were no such mail", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const id = await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD));
    const before = await allRows(app);
    const response = await handle(post(`/review/${id}`, { action: "enter", ...TYPED }, joe.cookie), app);
    expect(response.status).toBe(404);
    expect(await allRows(app)).toEqual(before);
  });
});

describe("links in a mail of an unknown sender", () => {
  it("are shown whole, with a word of caution, and tell nobody where they were clicked", async () => {
    const link = "https://mail.example.net/confirm?a=1&b=2";
    await waiting(unknownBank(`Please confirm: ${link}`));
    const page = await pageOf(app, "/review", jane.cookie);
    const escaped = link.replaceAll("&", "&amp;");
    expect(page).toContain(`<a href="${escaped}" rel="noreferrer nofollow">${escaped}</a>`);
    expect(wordsOf(page)).toContain("Links in this mail We don't know who sent this.");
  });

  it("have no place where there are none", async () => {
    await waiting(mailTo(jane.alertAddress, NOT_UNDERSTOOD));
    expect(await pageOf(app, "/review", jane.cookie)).not.toContain("Links in this mail");
  });
});

async function waiting(payload: Record<string, unknown>): Promise<string> {
  expect(await deliverMail(app, payload)).toBe("review");
  return String(payload["MessageID"]);
}

function unknownBank(text: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const sender = { FromFull: { Email: "alerts@bank.example.net", Name: "" }, From: "alerts@bank.example.net" };
  return mailTo(jane.alertAddress, CHASE, { ...sender, HtmlBody: "", TextBody: text, ...changes });
}

function enter(id: string, fields: Record<string, string>): Promise<Response> {
  return handle(post(`/review/${id}`, { action: "enter", ...fields }, jane.cookie), app);
}

/** What stands in the first form to book by hand. */
function fieldsOn(page: string): Record<string, string> {
  const form = /<summary>Book it (?:by hand|with other words)<\/summary>.*?<\/form>/s.exec(page)?.[0] ?? "";
  return Object.fromEntries(
    [...form.matchAll(/<input id="[^"]*" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
}

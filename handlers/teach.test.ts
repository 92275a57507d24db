import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { deliverMail, onlyPurchase, purchasesOf, unsigned, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";
import { bankKey, bankZone, signedMail } from "../test/sign-mail.ts";
import { interpret } from "./interpret.ts";

const BANK = "alerts@bank.example.net";
/** After every mail of these tests. */
const NOW = Temporal.Instant.from("2026-11-20T17:00:00Z");

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp({ resolveTxt: bankZone });
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

type Alert = { amount?: string; merchant?: string; day?: string; status?: string; from?: string };

let count = 0;

/** An alert of a bank that no parser knows. */
function alert({ amount = "€18.20", merchant = "Café Zentral", day = "19.11.2026", ...more }: Alert = {}) {
  const { status = "Thank you", from = BANK } = more;
  const lines = [
    "Dear customer,",
    `your card ...4411 paid ${amount} at ${merchant}.`,
    "Day",
    day,
    `${status} for using us.`,
  ];
  const payload = mailTo(jane.alertAddress, CHASE, {
    ...{ From: from, FromFull: { Email: from, Name: "Bank" }, Subject: `You paid ${amount}` },
    ...{ TextBody: lines.join("\n"), HtmlBody: "", Date: "Fri, 20 Nov 2026 10:00:00 +0000" },
  });
  return withHeader(payload, "Message-ID", `<alert-${(count += 1)}@bank.example.net>`);
}

/** What the person chooses: amount, merchant, day and card. */
const CHOSEN = {
  ...{ amount: "1.23.6", merchant: "", "merchant-words": "Café Zentral", when: "3.0.10", card: "1.13.4" },
  ...{ currency: "EUR", dates: "day-first", kind: "purchase" },
};

async function inReview(payload = alert()): Promise<string> {
  expect(await deliverMail(app, payload)).toBe("review");
  return String(payload["MessageID"]);
}

function teachWith(id: string, chosen: Record<string, string> = CHOSEN, cookie = jane.cookie) {
  return handle(post(`/review/${id}/teach`, chosen, cookie), app);
}

async function taught(payload = alert()): Promise<string> {
  const response = await teachWith(await inReview(payload));
  expect(response.status).toBe(303);
  await interpret(app);
  return new URL(response.headers.get("location") ?? "", "http://x").searchParams.get("taught") ?? "";
}

/** An app in place of the other, with DNS that answers or not. */
async function withFailingDns(isDown: boolean): Promise<{ isDown: boolean }> {
  const dns = { isDown };
  await app.close();
  app = await fakeApp({
    resolveTxt: async (name) => {
      if (dns.isDown) throw Object.assign(new Error("no answer"), { code: "ETIMEOUT" });
      return bankZone(name);
    },
  });
  jane = await signedIn(app, "jane@example.com");
  return dns;
}

describe("the page on which a mail teaches", () => {
  it("offers what may be the values, each with the line it stands in", async () => {
    const id = await inReview();
    const page = await pageOf(app, `/review/${id}/teach`, jane.cookie);
    const words = wordsOf(page);
    expect(words).toContain("€18.20 (in: your card ...4411 paid €18.20 at Café Zentral.)");
    expect(words).toContain("Café Zentral (in: your card");
    expect(page).toContain('<option value="1.23.6" >');
    expect(page).toContain('<option value="3.0.10" >');
    expect(page).toContain('<option value="1.13.4" >');
  });

  it("shows what would be made of this mail and of the sender's others, before anything is learnt", async () => {
    const id = await inReview();
    await inReview(alert({ amount: "€7.00", merchant: "Bäckerei" }));
    await inReview(alert({ status: "Declined" }));
    const before = await allRows(app);
    const words = wordsOf(await pageOf(app, `/review/${id}/teach?${new URLSearchParams(CHOSEN)}`, jane.cookie));
    expect(words).toContain("Café Zentral €18.20");
    expect(words).toContain("Bäckerei €7.00");
    expect(words).toContain("Other words, so it waits in review.");
    expect(await allRows(app)).toEqual(before);
  });

  it.each([
    ["no amount", { amount: "" }, "Please choose the amount."],
    ["no merchant", { "merchant-words": "" }, "Please choose the merchant."],
    ["words that are not there", { "merchant-words": "Nowhere" }, "These words do not stand in the mail like that."],
    ["a currency that is none", { currency: "EURO" }, "A currency has three letters, like USD or EUR."],
    ["an amount that is none", { amount: "0.0.4" }, "The values that you chose can't be found again in this mail."],
    [
      "a place outside the mail",
      { amount: "99.0.4" },
      "The amount in this mail is missing or could not be read for sure.",
    ],
  ])("says so when there is %s, and learns nothing", async (_, wrong, sentence) => {
    const id = await inReview();
    const response = await teachWith(id, { ...CHOSEN, ...wrong });
    expect(response.status).toBe(400);
    expect(wordsOf(await response.text())).toContain(sentence);
    expect(await app.store.allReadingRules(jane.id)).toEqual([]);
  });

  it("is there for mails of unknown senders in review alone, and for nobody else", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const id = await inReview();
    const booked = mailTo(jane.alertAddress, CHASE);
    await deliverMail(app, booked);
    for (const [path, cookie] of [
      [`/review/${id}/teach`, joe.cookie],
      [`/review/${String(booked["MessageID"])}/teach`, jane.cookie],
      ["/review/none/teach", jane.cookie],
    ] as const) {
      expect((await handle(get(path, cookie), app)).status).toBe(404);
      expect((await handle(post(path, CHOSEN, cookie), app)).status).toBe(404);
    }
    expect(await app.store.allReadingRules(jane.id)).toEqual([]);
  });
});

describe("what was taught", () => {
  it("books the mail, those that waited and those that come, each with its words", async () => {
    const waiting = await inReview(alert({ amount: "€7.00", merchant: "Bäckerei" }));
    await taught();
    expect(await deliverMail(app, alert({ amount: "€1,250.00", merchant: "Joe's Bar & Grill" }))).toBe("booked");
    const purchases = await purchasesOf(app, jane);
    expect(purchases.map(({ merchant, amountMinor, currency }) => [merchant, amountMinor, currency])).toEqual(
      expect.arrayContaining([
        ["Café Zentral", 1820, "EUR"],
        ["Bäckerei", 700, "EUR"],
        ["Joe's Bar & Grill", 125000, "EUR"],
      ]),
    );
    expect(purchases).toHaveLength(3);
    const found = purchases.find(({ mailId }) => mailId === waiting);
    expect(found).toMatchObject({ occurredOn: "2026-11-19", card: "4411", institution: "bank.example.net" });
    const words = wordsOf(await pageOf(app, `/purchases/${found?.id}`, jane.cookie));
    expect(words).toContain("read as you taught us");
  });

  it.each([
    ["another word", alert.bind(null, { status: "Declined" })],
    ["no amount", alert.bind(null, { amount: "" })],
    ["another sender", alert.bind(null, { from: "alerts@bank2.example.net" })],
    ["a day that is long past", alert.bind(null, { day: "19.11.2024" })],
  ])("books no mail with %s", async (_, make) => {
    await taught();
    expect(await deliverMail(app, make())).toBe("review");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("books nobody else's mail until the operator makes it everybody's", async () => {
    const id = await taught();
    const joe = await signedIn(app, "joe@example.com");
    const forJoe = () => ({ ...alert(), OriginalRecipient: joe.alertAddress });
    expect(await deliverMail(app, forJoe())).toBe("review");
    expect(await app.store.shareReadingRule(id, NOW)).toBe(true);
    expect(await deliverMail(app, forJoe())).toBe("booked");
    expect(await app.store.shareReadingRule(id, null)).toBe(true);
    expect(await deliverMail(app, forJoe())).toBe("review");
  });

  it("is listed, stopped and taken up again in the settings", async () => {
    const rule = await taught();
    expect(wordsOf(await pageOf(app, "/settings", jane.cookie))).toContain(
      "You taught it on 20 November 2026 . 1 mail booked.",
    );
    const press = (action: string, cookie = jane.cookie) => handle(post("/settings", { action, rule }, cookie), app);
    const joe = await signedIn(app, "joe@example.com");
    expect((await press("stop-rule", joe.cookie)).status).toBe(404);
    expect((await press("stop-rule")).status).toBe(303);
    expect(await deliverMail(app, alert({ amount: "€2.00" }))).toBe("review");
    expect((await press("use-rule")).status).toBe(303);
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });

  it("has versions, the latest of which decides, while earlier ones go on for mails of their own form", async () => {
    const first = await taught();
    await teachWith(await inReview(alert({ status: "Regards" })));
    await interpret(app);
    const rules = await app.store.allReadingRules(jane.id);
    expect(rules.map(({ version, stoppedAt }) => [version, stoppedAt])).toEqual([
      [2, null],
      [1, null],
    ]);
    expect(rules[1]?.id).toBe(first);
    expect(await deliverMail(app, alert({ amount: "€3.00" }))).toBe("booked");
    expect(await deliverMail(app, alert({ amount: "€4.00", status: "Regards" }))).toBe("booked");
  });

  it("asks for the sender's signature when the mail that taught had it", async () => {
    const key = bankKey("bank.example.net");
    const signed = (changes: Alert = {}) =>
      signedMail(alert(changes), { to: "jane@example.com", at: NOW, messageId: `s-${(count += 1)}@x.example`, key });
    await taught(await signed());
    expect(await deliverMail(app, unsigned(alert({ amount: "€3.00" })))).toBe("review");
    expect(await deliverMail(app, await signed({ amount: "€4.00" }))).toBe("booked");
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });

  it("goes on asking for it, though a mail without it is taught with", async () => {
    const key = bankKey("bank.example.net");
    const signed = (changes: Alert = {}) =>
      signedMail(alert(changes), { to: "jane@example.com", at: NOW, messageId: `s-${(count += 1)}@x.example`, key });
    await taught(await signed());
    await taught(unsigned(alert({ status: "Regards" })));
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect(await deliverMail(app, unsigned(alert({ status: "Regards" })))).toBe("review");
  });

  it("asks for a signature when nobody could tell whether the mail that taught had one", async () => {
    const dns = await withFailingDns(true);
    const key = bankKey("bank.example.net");
    const payload = await signedMail(alert(), { to: "jane@example.com", at: NOW, messageId: "s@x.example", key });
    expect(await deliverMail(app, payload)).toBe("waiting");
    app.tick({ hours: 25 });
    await interpret(app);
    expect((await teachWith(String(payload["MessageID"]))).status).toBe(303);
    dns.isDown = false;
    await interpret(app);
    expect(await deliverMail(app, unsigned(alert({ amount: "€9.00" })))).toBe("review");
  });

  it("books its mails signed during an outage once the signature can be checked", async () => {
    const dns = await withFailingDns(false);
    const key = bankKey("bank.example.net");
    const signed = (changes: Alert = {}) =>
      signedMail(alert(changes), { to: "jane@example.com", at: NOW, messageId: `s-${(count += 1)}@x.example`, key });
    await taught(await signed());
    dns.isDown = true;
    expect(await deliverMail(app, await signed({ amount: "€5.00" }))).toBe("waiting");
    dns.isDown = false;
    app.tick({ hours: 1 });
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });

  it("stays with the mails of others when its first teacher stops it, once it is everybody's", async () => {
    const id = await taught();
    await app.store.shareReadingRule(id, NOW);
    await app.store.stopReadingRule(jane.id, id, NOW);
    const joe = await signedIn(app, "joe@example.com");
    expect(await deliverMail(app, { ...alert(), OriginalRecipient: joe.alertAddress })).toBe("booked");
    expect(await deliverMail(app, alert({ amount: "€6.00" }))).toBe("review");
  });

  it("still says how a purchase was read after the rule was stopped and the mail read again", async () => {
    const payload = alert();
    const id = await taught(payload);
    await app.store.stopReadingRule(jane.id, id, NOW);
    await app.store.replayMails([String(payload["MessageID"])]);
    await interpret(app);
    const { id: purchase } = await onlyPurchase(app, jane);
    expect(wordsOf(await pageOf(app, `/purchases/${purchase}`, jane.cookie))).toContain("read as you taught us");
  });

  it("has nobody else's mails read again when a stranger asks for it", async () => {
    const id = await taught();
    await app.store.stopReadingRule(jane.id, id, NOW);
    await inReview(alert({ amount: "€2.00" }));
    const before = await allRows(app);
    const joe = await signedIn(app, "joe@example.com");
    const known = await allRows(app);
    expect((await handle(post("/settings", { action: "use-rule", rule: id }, joe.cookie), app)).status).toBe(404);
    expect(await allRows(app)).toEqual(known);
    expect(before).not.toEqual(known);
  });

  it("survives that its mail is delivered again", async () => {
    const payload = alert();
    await taught(payload);
    expect(await deliverMail(app, { ...payload, MessageID: "again" })).toBe("duplicate");
    await onlyPurchase(app, jane);
  });
});

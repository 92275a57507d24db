import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { deliverMail, onlyPurchase, purchasesOf, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";
import { interpret } from "./interpret.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

let count = 0;

function aMail(from: string, subject: string, lines: readonly string[]) {
  const payload = mailTo(jane.alertAddress, CHASE, {
    ...{ From: from, FromFull: { Email: from, Name: "Bank" }, Subject: subject, TextBody: lines.join("\n") },
    ...{ HtmlBody: "", Date: "Thu, 19 Nov 2026 12:00:00 +0000" },
  });
  return withHeader(payload, "Message-ID", `<guess-${(count += 1)}@bank.example.net>`);
}

/** An alert of a bank that no parser knows. */
function alert(amount = "$19.99", merchant = "SAMPLE STORE", from = "alerts@bank.example.net") {
  return aMail(from, "Card purchase alert", [
    "You made a purchase with your card ending in 4411.",
    ...["Merchant:", merchant, "Amount:", amount, "Date:", "November 18, 2026"],
  ]);
}

async function inReview(payload = alert()): Promise<string> {
  expect(await deliverMail(app, payload)).toBe("review");
  return String(payload["MessageID"]);
}

function decide(id: string, action: string, cookie = jane.cookie) {
  return handle(post(`/review/${id}`, { action }, cookie), app);
}

describe("a mail of a bank that no parser knows", () => {
  it("is never booked by itself; review shows the best guess, filled in", async () => {
    await inReview();
    const page = await pageOf(app, "/review", jane.cookie);
    expect(wordsOf(page)).toContain("We do not know this sender yet. What we read is a guess until you say so.");
    expect(wordsOf(page)).toContain("We read it as: SAMPLE STORE $19.99 18 November 2026");
    expect(page).toContain('value="agree"');
    expect(page).toContain('value="SAMPLE STORE"');
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("is booked by one press, and from then on the sender's mails of that form are, marked as such", async () => {
    const waiting = await inReview(alert("$7.00", "OTHER STORE"));
    const id = await inReview();
    app.woken.length = 0;
    const response = await decide(id, "agree");
    expect(response.headers.get("location")).toMatch(/^\/purchases\//);
    expect(app.woken).toContain("interpret");
    await interpret(app);
    expect(await deliverMail(app, alert("$1,250.00", "Joe's Bar & Grill"))).toBe("booked");
    const purchases = await purchasesOf(app, jane);
    expect(
      new Set(purchases.map(({ merchant, amountMinor, origin }) => `${merchant} ${amountMinor} ${origin}`)),
    ).toEqual(new Set(["Joe's Bar & Grill 125000 addressed", "OTHER STORE 700 addressed", "SAMPLE STORE 1999 person"]));
    expect(purchases).toHaveLength(3);
    const read = purchases.find(({ mailId }) => mailId === waiting);
    expect(wordsOf(await pageOf(app, `/purchases/${read?.id}`, jane.cookie))).toContain(
      "read without knowing this bank",
    );
    expect(wordsOf(await pageOf(app, "/settings", jane.cookie))).toContain("You agreed to our guess on");
  });

  it("can be booked alone, without a promise for the next", async () => {
    expect((await decide(await inReview(), "book")).status).toBe(303);
    expect(await onlyPurchase(app, jane)).toMatchObject({ merchant: "SAMPLE STORE", amountMinor: 1999 });
    expect(await deliverMail(app, alert("$7.00"))).toBe("review");
  });

  it.each([
    ["another sender", () => alert("$7.00", "SHOP", "alerts@bank2.example.net")],
    [
      "another form",
      () =>
        aMail("alerts@bank.example.net", "Card purchase alert", ["Your purchase at SHOP for $7.00 was made today."]),
    ],
    [
      "a declined purchase",
      () =>
        aMail("alerts@bank.example.net", "Card purchase alert", [
          "Your purchase with your card ending in 4411 was declined.",
          ...["Merchant:", "SHOP", "Amount:", "$7.00", "Date:", "November 18, 2026"],
        ]),
    ],
    ["no amount", () => alert("", "SHOP")],
  ])("is not booked after that when it comes with %s", async (_, make) => {
    await decide(await inReview(), "agree");
    expect(await deliverMail(app, make())).not.toBe("booked");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("is no promise for the next when the press comes after another decision", async () => {
    const id = await inReview();
    await decide(id, "dismiss");
    expect((await decide(id, "agree")).status).toBe(303);
    expect(await app.store.allReadingRules(jane.id)).toEqual([]);
    expect(await deliverMail(app, alert("$7.00"))).toBe("review");
  });

  it("makes one rule, however often the button is pressed", async () => {
    const id = await inReview();
    for (let press = 0; press < 3; press += 1) await decide(id, "agree");
    expect(await app.store.allReadingRules(jane.id)).toHaveLength(1);
  });

  it("is remembered beside dozens of other forms of the same sender", async () => {
    await decide(await inReview(), "agree");
    const [first] = await app.store.allReadingRules(jane.id);
    for (let other = 0; other < 30; other += 1) {
      const rule = JSON.stringify({ by: "form", shape: `other ${other}` });
      await app.store.addReadingRule({
        ...{
          id: `other-${other}`,
          accountId: jane.id,
          sender: "alerts@bank.example.net",
          form: `other ${other}`,
          rule,
        },
        ...{ isSigned: false, mailId: first?.mailId ?? "", at: app.now().add({ seconds: other + 1 }) },
      });
    }
    expect(await deliverMail(app, alert("$8.00"))).toBe("booked");
  });

  it("is read by no rule whose form another release wrote, and stops nobody's mail", async () => {
    const id = await inReview();
    for (const [name, rule] of Object.entries({
      nonsense: "{}",
      lines: JSON.stringify({ by: "example", taught: { subject: "", lines: [null], kind: "purchase", writing: {} } }),
      template: JSON.stringify({ by: "example", taught: { subject: "", lines: [{ template: {} }], kind: "purchase" } }),
    })) {
      const about = {
        id: name,
        accountId: jane.id,
        sender: "alerts@bank.example.net",
        form: name,
        rule,
        isSigned: false,
      };
      await app.store.addReadingRule({ ...about, mailId: id, at: app.now() });
    }
    expect(await deliverMail(app, alert("$8.00"))).toBe("review");
    expect((await handle(get("/settings", jane.cookie), app)).status).toBe(200);
  });

  it("is agreed to by its own person alone, and once", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const id = await inReview();
    expect((await decide(id, "agree", joe.cookie)).status).toBe(404);
    await Promise.all([decide(id, "agree"), decide(id, "agree"), decide(id, "agree")]);
    await onlyPurchase(app, jane);
  });

  it("takes a bare dollar sign for what its person usually pays in", async () => {
    await app.store.setTimeZone(jane.id, "America/Toronto");
    const id = await inReview();
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("SAMPLE STORE CA$19.99");
    const typed = { action: "enter", merchant: "Bar", amount: "5.00", currency: "MXN", date: "2026-11-18" };
    await handle(post(`/review/${id}`, typed, jane.cookie), app);
    await inReview(alert("$7.00"));
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("SAMPLE STORE MX$7.00");
  });

  it("is nothing to agree to when nothing was guessed", async () => {
    const id = await inReview(aMail("news@shop.example.net", "Hello", ["We have news for you."]));
    expect((await decide(id, "agree")).status).toBe(409);
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("so nothing was read from its mail");
  });
});

describe("a mail in the words of a known bank, from another address", () => {
  it("is no guess to agree to, and says whom it imitates", async () => {
    const id = await inReview(
      aMail("discover@services-discover.example", "Transaction Alert", [
        "Your Discover card was used.",
        ...["Merchant: SAMPLE STORE", "Date: November 18, 2026", "Amount: $19.99"],
      ]),
    );
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain(
      "It is written like a mail of Discover, but not from an address that Discover is known to write from.",
    );
    expect((await decide(id, "agree")).status).toBe(409);
  });
});

describe("a mail of a known bank that its parser does not understand", () => {
  it("goes to review with the guess filled in, and can't be agreed to for the next", async () => {
    const id = await inReview(
      aMail("discover@services.discover.com", "Transaction Alert", [
        "You made a purchase of $19.99 at SAMPLE STORE with your card ending in 4411 on November 18, 2026.",
      ]),
    );
    const page = await pageOf(app, "/review", jane.cookie);
    expect(page).toContain('value="SAMPLE STORE"');
    expect(page).not.toContain('value="agree"');
    expect((await decide(id, "agree")).status).toBe(409);
    expect((await decide(id, "book")).status).toBe(409);
  });
});

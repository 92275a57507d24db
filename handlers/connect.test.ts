import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { returnLetter } from "../adapters/return-letter.ts";
import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { deliverMail, onlyPurchase, purchasesOf, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { keepRequest, requestLink } from "../test/gmail-confirmations.ts";
import { monthTotalsOn, pageOf, purchasesOn, wordsOf } from "../test/read-page.ts";
import { delivery, post } from "../test/requests.ts";
import { confirmForwarding } from "./confirm-forwarding.ts";
import { housekeeping } from "./housekeeping.ts";
import { interpret } from "./interpret.ts";
import { outbox } from "./outbox.ts";

const SAMPLE = "Sample Coffee Shop $4.25";

let app: FakeApp;
let jane: TestPerson;
let joe: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  joe = await signedIn(app, "joe@example.com");
});
afterEach(() => app.close());

describe("GET /connect", () => {
  it("shows each person their own address, and whether mail comes", async () => {
    const page = await pageOf(app, "/connect", jane.cookie);
    expect(page).toContain(`value="${jane.alertAddress}"`);
    expect(page).not.toContain(joe.alertAddress);
    expect(wordsOf(page)).toContain("No mail has arrived yet.");
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    app.tick({ minutes: 3 });
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain(
      "Last mail: 3 minutes ago (Fri 20 Nov, 12:00)",
    );
    expect(wordsOf(await pageOf(app, "/connect", joe.cookie))).toContain("No mail has arrived yet.");
  });

  it("accounts for the mails of this week and of the last, in the person's own zone", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/marketing-sibling"));
    // Sunday, twenty minutes before midnight in New York, and then Monday.
    app.tick({ hours: 59, minutes: 40 });
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/transfer-out"));
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain(
      "This week: 3 mails in , 3 accounted for: 1 booked, 1 not a purchase, 1 waiting in review . Last week: no mails.",
    );
    app.tick({ minutes: 20 });
    await deliverMail(app, mailTo(jane.alertAddress, "schwab/fixtures/threshold"));
    const words = wordsOf(await pageOf(app, "/connect", jane.cookie));
    expect(words).toContain("This week: 1 mail in , 1 accounted for: 1 booked.");
    expect(words).toContain("Last week: 3 mails in , 3 accounted for:");
  });
});

describe("a sample alert", () => {
  it("takes the way of every alert and comes back as a purchase that is in no total", async () => {
    const asked = await askForSample(jane);
    expect([asked.status, asked.headers.get("location")]).toEqual([303, "/connect"]);
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain("Sent just now");
    await outbox(app);
    expect(app.sent.map(({ to, kind }) => [to, kind])).toEqual([[jane.alertAddress, "sample-alert"]]);
    expect(await comeBack(jane.alertAddress)).toBe("booked");
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain("It works.");
    const dashboard = await pageOf(app, "/dashboard", jane.cookie);
    expect(purchasesOn(dashboard)).toEqual([SAMPLE]);
    expect(dashboard).toContain("Sample, in no total");
    expect(monthTotalsOn(dashboard)).toEqual([]);
    expect(wordsOf(dashboard)).not.toContain("Together");
    expect(wordsOf(await pageOf(app, "/purchases", jane.cookie))).not.toContain("All purchases come to");
    expect(await purchasesOf(app, joe)).toEqual([]);
  });

  it("is in no total beside real purchases", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE, { Date: "Fri, 20 Nov 2026 12:00:00 -0500" }));
    await sendSample(jane);
    expect(wordsOf(await pageOf(app, "/purchases", jane.cookie))).not.toContain("68.08");
    expect(monthTotalsOn(await pageOf(app, "/dashboard", jane.cookie))).not.toContain("$4.25");
  });

  it("can be removed and put back", async () => {
    await sendSample(jane);
    const { id } = await onlyPurchase(app, jane);
    await handle(post(`/purchases/${id}`, { action: "remove" }, jane.cookie), app);
    expect(purchasesOn(await pageOf(app, "/dashboard", jane.cookie))).toEqual([]);
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain("We send a sample alert");
    await handle(post(`/purchases/${id}`, { action: "undo" }, jane.cookie), app);
    expect(purchasesOn(await pageOf(app, "/dashboard", jane.cookie))).toEqual([SAMPLE]);
    expect(monthTotalsOn(await pageOf(app, "/dashboard", jane.cookie))).toEqual([]);
  });

  it("counts once, whatever id and words it comes back with", async () => {
    await sendSample(jane);
    expect(await comeBack(jane.alertAddress)).toBe("duplicate");
    expect(
      await comeBack(jane.alertAddress, { text: `Other words.\n${app.sent.at(-1)?.text}`, messageId: "another" }),
    ).toBe("ours");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect(await app.store.countInReview(jane.id)).toBe(0);
  });

  it("counts for nobody else, and is not used up by trying", async () => {
    await askForSample(jane);
    await outbox(app);
    expect(await comeBack(joe.alertAddress)).toBe("ours");
    expect(await purchasesOf(app, joe)).toEqual([]);
    expect(await comeBack(jane.alertAddress)).toBe("booked");
  });

  it.each([
    ["a guessed code", "Sample code: aaaaaaaaaaaaaaaa\n"],
    ["no code", "This is a sample alert.\n"],
    ["a code in the middle of a line", "Your Sample code: aaaaaaaaaaaaaaaa\n"],
  ])("with %s is a letter of ours and nothing more", async (_what, text) => {
    await askForSample(jane);
    await outbox(app);
    expect(await comeBack(jane.alertAddress, { text })).toBe("ours");
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("that anybody else writes is none, and the code stays good", async () => {
    await askForSample(jane);
    await outbox(app);
    expect(await comeBack(jane.alertAddress, { from: "info@evil.example.net", messageId: "own" })).toBe("review");
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await comeBack(jane.alertAddress)).toBe("booked");
  });

  it("that comes after its code was forgotten is a letter of ours and nothing more", async () => {
    await askForSample(jane);
    await outbox(app);
    app.tick({ hours: 25 });
    await housekeeping(app);
    expect(await comeBack(jane.alertAddress)).toBe("ours");
    expect(await rowsOf(app, "samples")).toEqual([]);
  });

  it("can be asked for once a minute", async () => {
    await askForSample(jane);
    const before = await allRows(app);
    app.tick({ seconds: 59 });
    const refused = await askForSample(jane);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain("A sample alert is on its way already. Please wait a minute.");
    expect(await allRows(app)).toEqual(before);
    expect((await askForSample(joe)).status).toBe(303);
    app.tick({ seconds: 1 });
    expect((await askForSample(jane)).status).toBe(303);
  });

  it("asked for many times at once is sent once", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => askForSample(jane)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    await outbox(app);
    expect(app.sent).toHaveLength(1);
  });
});

describe("Gmail's question whether to forward", () => {
  it("is shown with its code and link, to its person alone, and waits nowhere else", async () => {
    expect(await deliverMail(app, gmail(jane.alertAddress, "https://mail-settings.google.com/mail/vf-abc-def"))).toBe(
      "confirmation",
    );
    const page = await pageOf(app, "/connect", jane.cookie);
    expect(wordsOf(page)).toContain("jane@example.com 123456789 Asked just now");
    expect(page).toContain('href="https://mail-settings.google.com/mail/vf-abc-def"');
    expect(await app.store.countInReview(jane.id)).toBe(0);
    expect(wordsOf(await pageOf(app, "/connect", joe.cookie))).not.toContain("123456789");
  });

  it("has no link when it leads anywhere else", async () => {
    const forged = gmail(jane.alertAddress, "https://mail-settings.google.com.evil.example/mail/vf-abc");
    await deliverMail(app, withHeader(forged, "X-Google-Address-Confirmation", "x"));
    const page = await pageOf(app, "/connect", jane.cookie);
    expect(page).toContain("123456789");
    expect(page).not.toContain("evil");
  });

  it("is shown once, however often it is delivered", async () => {
    const link = "https://mail.google.com/mail/vf-abc";
    await deliverMail(app, gmail(jane.alertAddress, link));
    await deliverMail(app, gmail(jane.alertAddress, link));
    expect((await pageOf(app, "/connect", jane.cookie)).match(/123456789/g)).toHaveLength(1);
  });

  it("is not asked again when we confirm it ourselves", async () => {
    await keepRequest(app.store, { id: "due", accountId: jane.id, at: app.now() });
    const due = wordsOf(await pageOf(app, "/connect", jane.cookie));
    expect(due).toContain("Forwarding from Gmail jane@example.com Being confirmed by us. Look again");
    expect(due).not.toContain("123456789");
    await confirmForwarding({ ...app, confirmForwarding: async () => "confirmed" });
    app.tick({ minutes: 2 });
    const confirmed = wordsOf(await pageOf(app, "/connect", jane.cookie));
    expect(confirmed).toContain("Forwarding from Gmail jane@example.com Confirmed by us, 2 minutes ago");
    expect(confirmed).not.toContain("123456789");
    expect(wordsOf(await pageOf(app, "/connect", joe.cookie))).not.toContain("jane@example.com");
  });

  it("is asked again when Google refuses that", async () => {
    await keepRequest(app.store, { id: "due", accountId: jane.id, at: app.now() });
    await confirmForwarding({ ...app, confirmForwarding: async () => "refused" });
    app.tick({ minutes: 2 });
    const page = await pageOf(app, "/connect", jane.cookie);
    expect(wordsOf(page)).toContain(
      "Type the code into Gmail, or open the link. jane@example.com 123456789 Google refused our confirmation 2 minutes ago",
    );
    expect(page).toContain(`href="${requestLink("due")}"`);
  });

  it("is asked again when Google can't be reached", async () => {
    await keepRequest(app.store, { id: "due", accountId: jane.id, at: app.now() });
    for (let round = 0; round < 4; round += 1) {
      await confirmForwarding({ ...app, confirmForwarding: async () => "unreachable" });
      app.tick({ minutes: 30 });
    }
    expect(wordsOf(await pageOf(app, "/connect", jane.cookie))).toContain(
      "jane@example.com 123456789 Asked 2 hours ago",
    );
  });
});

function askForSample(person: TestPerson): Promise<Response> {
  return handle(post("/connect/sample", {}, person.cookie), app);
}

async function sendSample(person: TestPerson): Promise<void> {
  await askForSample(person);
  await outbox(app);
  expect(await comeBack(person.alertAddress)).toBe("booked");
}

/** The letter that was sent last comes back by mail; what became of it. */
async function comeBack(
  recipient: string,
  changed: { text?: string; from?: string; messageId?: string } = {},
): Promise<string> {
  const letter = app.sent.at(-1);
  if (letter === undefined) throw new Error("No letter was sent.");
  const message = {
    From: changed.from ?? app.config.mailFrom,
    To: letter.to,
    Cc: "",
    Bcc: "",
    Subject: letter.subject,
    TextBody: changed.text ?? letter.text,
    HtmlBody: letter.html,
    Tag: letter.kind,
    Headers: [],
  };
  let id = "";
  const returning = { message, messageId: changed.messageId ?? "pm-1", sentAt: app.now(), recipient };
  const deliver = async (payload: Record<string, unknown>): Promise<number> => {
    id = String(payload["MessageID"]);
    return (await handle(delivery(payload), app)).status;
  };
  expect(await returnLetter(returning, deliver, new AbortController().signal)).toBe(true);
  await interpret(app);
  return (await app.store.outcomeOf(id))?.outcome ?? "waiting";
}

function gmail(recipient: string, link: string): Record<string, unknown> {
  return mailTo(recipient, CHASE, {
    From: "forwarding-noreply@google.com",
    FromFull: { Email: "forwarding-noreply@google.com", Name: "Gmail Team" },
    Subject: "(#123456789) Gmail Forwarding Confirmation - Receive Mail from jane@example.com",
    TextBody: `jane@example.com has requested to automatically forward mail.\nConfirmation code: 123456789\n${link}\n`,
    HtmlBody: "",
  });
}

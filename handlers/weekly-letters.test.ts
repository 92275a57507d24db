import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { handle } from "../router.ts";
import { bookEvents } from "../test/book-events.ts";
import { rowsOf } from "../test/database.ts";
import { deliverMail } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { post } from "../test/requests.ts";
import { lastToken } from "../test/sign-in.ts";
import { newAccount } from "./new-account.ts";
import { outbox } from "./outbox.ts";
import { weeklyLetters } from "./weekly-letters.ts";

// Tests begin on a Friday at noon in New York.
const TO_MONDAY_8 = { hours: 68 };

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("the weekly letter", () => {
  it("tells on Monday what the last week came to", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/marketing-sibling"));
    await bookEvents(app, jane, { at: "2026-11-17T12:00:00Z", amountMinor: 1250 }, { at: "2026-11-16" });
    await bookEvents(app, jane, { at: "2026-11-16T04:59:59Z", amountMinor: 99_900 });
    await bookEvents(app, jane, { at: "2026-11-18", amountMinor: 480, currency: "JPY" });
    const [removed = ""] = await bookEvents(app, jane, { at: "2026-11-19", amountMinor: 55_500 });
    await handle(post(`/purchases/${removed}`, { action: "remove" }, jane.cookie), app);
    app.tick(TO_MONDAY_8);
    await bookEvents(app, jane, { at: "2026-11-23T12:00:00Z", amountMinor: 77_700 });
    expect(await weeklyLetters(app)).toEqual({ written: 1 });
    expect(app.woken).toContain("outbox");
    await outbox(app);
    expect(app.sent).toHaveLength(1);
    const [letter] = app.sent;
    expect(letter).toMatchObject({
      to: "jane@example.com",
      kind: "weekly",
      subject: "Your week: $22.50 and ¥480",
      stopUrl: "https://wtmm.example.com/settings",
    });
    expect(letter?.text).toContain("16 November 2026 to 22 November 2026");
    expect(letter?.text).toContain("6 mails in, 6 accounted for: 5 booked, 1 waiting in review.");
    const signIn = await handle(post("/sign-in", { t: lastToken(app) }), app);
    expect([signIn.status, signIn.headers.get("location")]).toEqual([303, "/dashboard"]);
  });

  it("is written once for a week, however often the clock asks", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    app.tick(TO_MONDAY_8);
    const written: unknown[] = [];
    for (let hour = 8; hour < 24; hour += 1) {
      written.push((await weeklyLetters(app))["written"]);
      await outbox(app);
      app.tick({ hours: 1 });
    }
    expect(written).toEqual([1, ...Array.from({ length: 15 }, () => 0)]);
    expect(app.sent).toHaveLength(1);
    app.tick({ hours: 7 * 24 - 16 });
    expect(await weeklyLetters(app)).toEqual({ written: 1 });
    expect(await idsOfLetters()).toEqual([`weekly:${jane.id}:2026-W47`, `weekly:${jane.id}:2026-W48`]);
  });

  it("waits for eight o'clock on Monday in the account's own zone", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await app.store.setTimeZone(joe.id, "Asia/Tokyo");
    for (const { alertAddress } of [jane, joe]) await deliverMail(app, mailTo(alertAddress, CHASE));
    const sentAt: Record<string, string> = {};
    for (let hours = 0; hours < 120; hours += 1) {
      app.tick({ hours: 1 });
      await weeklyLetters(app);
      await outbox(app);
      for (const { to } of app.sent) sentAt[to] ??= app.now().toString();
    }
    expect(sentAt).toEqual({ "jane@example.com": "2026-11-23T13:00:00Z", "joe@example.com": "2026-11-22T23:00:00Z" });
    expect(app.sent).toHaveLength(2);
  });

  it("goes to nobody without a proven address, without a mail before the week was over, or who wants none", async () => {
    const account = newAccount(app, null);
    await app.store.createAccount({ ...account, address: "never-signed-in@example.com", at: app.now() });
    await deliverMail(app, mailTo(`alerts+${account.alertToken}@wtmm.example.com`, CHASE));
    const quiet = await signedIn(app, "quiet@example.com");
    await app.store.setWeeklyLetter(quiet.id, false);
    await deliverMail(app, mailTo(quiet.alertAddress, CHASE));
    app.tick(TO_MONDAY_8);
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    expect(await weeklyLetters(app)).toEqual({ written: 0 });
    app.tick({ hours: 7 * 24 });
    expect(await weeklyLetters(app)).toEqual({ written: 1 });
    expect(await idsOfLetters()).toEqual([`weekly:${jane.id}:2026-W48`]);
  });

  it("is left out when its account switches it off before it is sent", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    app.tick(TO_MONDAY_8);
    await weeklyLetters(app);
    await app.store.setWeeklyLetter(jane.id, false);
    await outbox(app);
    expect(app.sent).toEqual([]);
  });
});

async function idsOfLetters(): Promise<unknown[]> {
  return (await rowsOf(app, "letters")).map(([id]) => id);
}

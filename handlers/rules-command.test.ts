import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { fakeApp, NOW, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { deliverMail } from "../test/deliver-mail.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { listRules, shareRule } from "./rules-command.ts";

const SENDER = "alerts@bank.example.net";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

async function taught(id: string): Promise<void> {
  const mail = mailTo(jane.alertAddress, CHASE, { From: SENDER, FromFull: { Email: SENDER, Name: "Bank" } });
  expect(await deliverMail(app, mail)).toBe("review");
  const rule = JSON.stringify({ by: "form", shape: "none" });
  const mailId = String(mail["MessageID"]);
  const about = { accountId: jane.id, sender: SENDER, form: "one form", rule, isSigned: false, mailId, at: NOW };
  expect(await app.store.addReadingRule({ id, ...about })).toBe(true);
}

describe("wtmm rules", () => {
  it("says so when there are none", async () => {
    expect(await listRules(app)).toEqual(["There is no reading rule in use."]);
  });

  it("lists those in use with their sender, version and what they booked, and not whose they are", async () => {
    await taught("rule-1");
    const day = NOW.toString().slice(0, 10);
    expect(await listRules(app)).toEqual([`rule-1  ${SENDER}, version 1 of ${day}, one account's, 0 booked`]);
    await app.store.stopReadingRule(jane.id, "rule-1", NOW);
    expect(await listRules(app)).toEqual(["There is no reading rule in use."]);
  });

  it("makes one everybody's, and its account's alone again", async () => {
    await taught("rule-1");
    const rulesOfOthers = () => app.store.readingRules("somebody else", SENDER, "one form");
    expect(await rulesOfOthers()).toEqual([]);
    expect(await shareRule("rule-1", true, app)).toBe("The rule rule-1 is everybody's now.");
    expect(await rulesOfOthers()).toHaveLength(1);
    expect(await listRules(app)).toEqual([expect.stringContaining(", everybody's, ")]);
    expect(await shareRule("rule-1", false, app)).toBe("The rule rule-1 is its account's alone now.");
    expect(await rulesOfOthers()).toEqual([]);
  });

  it.each([true, false])("refuses a rule that there is none of (share: %s)", async (isShared) => {
    const refused = new AppError("not_found", "There is no reading rule rule-2.");
    await expect(shareRule("rule-2", isShared, app)).rejects.toEqual(refused);
  });
});

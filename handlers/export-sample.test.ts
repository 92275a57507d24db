import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { allRows } from "../test/database.ts";
import { deliverMail } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { exportSample } from "./export-sample.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane.roe@example.com");
});
afterEach(() => app.close());

const BANK = "alerts@bank.example.net";

async function keep(changes: Record<string, unknown>): Promise<string> {
  const payload = mailTo(jane.alertAddress, CHASE, {
    ...{ From: BANK, FromFull: { Email: BANK, Name: "Bank" }, Subject: "You paid", HtmlBody: "" },
    ...changes,
  });
  await deliverMail(app, payload);
  return String(payload["MessageID"]);
}

describe("wtmm export-sample", () => {
  it("prints one mail of a fixture set, the same one each time, and changes nothing", async () => {
    const id = await keep({ TextBody: "paid $1,234.56\n\n\n\nwith ...4211" });
    const before = await allRows(app);
    const sample = await exportSample(id, app);
    const date = String.raw`\w{3}, \d+ \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}`;
    expect(sample).toMatch(
      new RegExp(
        String.raw`^=== sample\nFrom: Bank <${BANK}>\nSubject: You paid\nDate: ${date}\n\npaid \$\d,\d{3}\.\d\d\n\nwith \.\.\.\d{4}$`,
      ),
    );
    expect(sample).not.toMatch(/1,234\.56|4211/);
    expect(await exportSample(id, app)).toBe(sample);
    expect(await allRows(app)).toEqual(before);
  });

  it("knows its person by the To header and by the account's addresses", async () => {
    const id = await keep({
      To: '"Mary-Ann Poe" <mary@else.example.org>, Pat Loe <pat@else.example.org>, ann.xoe@else.example.org',
      TextBody:
        "Mary-Ann Poe, Loe, XOE and Jane Roe: mary@else.example.org jane.roe@example.com alerts@bank.example.net",
    });
    const [, body] = (await exportSample(id, app)).split("\n\n");
    expect(body).toBe(
      "Jane Doe, Doe, DOE and Jane Doe: jane.doe@example.com jane.doe@example.com alerts@bank.example.net",
    );
  });

  it("is of the mail inside what a person forwarded, without the forwarder", async () => {
    const header = `---------- Forwarded message ---------\nFrom: Bank <${BANK}>\nDate: Mon, Nov 9, 2026 at 9:00 AM`;
    const sample = await exportSample(
      await keep({
        ...{ From: "sue.moe@else.example.org", FromFull: { Email: "sue.moe@else.example.org", Name: "Sue Moe" } },
        ...{ Subject: "Fwd: You paid", HtmlBody: "" },
        TextBody: `${header}\nSubject: You paid\nTo: Sue <sue.moe@else.example.org>\n\nMoe paid $12.00`,
      }),
      app,
    );
    expect(sample).toContain(`From: Bank <${BANK}>\nSubject: You paid\n`);
    expect(sample).toContain("Doe paid $");
    expect(sample).not.toMatch(/sue|moe/i);
  });

  it("refuses what is not kept", async () => {
    await expect(exportSample("none", app)).rejects.toEqual(new AppError("not_found", "There is no kept mail none."));
  });

  it("refuses what is too large to be pasted anywhere", async () => {
    const large = "A line of a mail.\n".repeat(20_000);
    const id = await keep({ TextBody: large });
    await expect(exportSample(id, app)).rejects.toEqual(
      new AppError("invalid", "This mail is too large for a sample."),
    );
  });

  it("refuses what is in no form that can be read", async () => {
    await keep({ MessageID: "odd" });
    const broken = { ...app, store: { ...app.store, payload: async () => Buffer.from("{") } };
    await expect(exportSample("odd", broken)).rejects.toEqual(
      new AppError("invalid", "The mail odd is not in a form that can be read."),
    );
  });

  it("gives a mail without words a body, so that it stays one of a set", async () => {
    const id = await keep({ Subject: "", TextBody: "" });
    expect(await exportSample(id, app)).toMatch(/\nSubject:\nDate: .+\n\n\(no text\)$/);
  });
});

it("stands on the page of all mails with the id to ask by", async () => {
  const id = await keep({ TextBody: "Hello" });
  expect(wordsOf(await pageOf(app, "/mails", jane.cookie))).toContain(`Its id: ${id}`);
});

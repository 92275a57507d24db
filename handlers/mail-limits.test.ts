import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { App } from "../app.ts";
import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { bodyOf, deliverMail, purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery } from "../test/requests.ts";
import { housekeeping } from "./housekeeping.ts";
import { interpret } from "./interpret.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp({}, { accountLimits: { mailsPerDay: 3, bytesPerDay: 300_000 } });
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("one account's mail of a day", () => {
  it("is kept up to its number; more is asked for again, and counted for the operator", async () => {
    const joe = await signedIn(app, "joe@example.com");
    expect(await statuses(4, () => mailTo(jane.alertAddress, CHASE))).toEqual([200, 200, 200, 503]);
    expect(await statuses(1, () => mailTo(joe.alertAddress, CHASE))).toEqual([200]);
    expect(await statuses(1, () => mailTo("alerts@wtmm.example.com", CHASE))).toEqual([200]);
    expect((await allRows(app))["mails"]).toHaveLength(5);
    expect(await app.store.serviceState(app.now())).toMatchObject({ deliveriesOverLimit: 1 });
    expect(app.logged.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("is kept up to its number also when all of it comes at once", async () => {
    const all = Array.from({ length: 9 }, () => handle(delivery(mailTo(jane.alertAddress, CHASE)), app));
    const answers = (await Promise.all(all)).map(({ status }) => status);
    expect(answers.filter((status) => status === 200)).toHaveLength(3);
    expect(answers.filter((status) => status === 503)).toHaveLength(6);
    expect((await allRows(app))["mails"]).toHaveLength(3);
  });

  it("is kept up to its bytes", async () => {
    const large = () => mailTo(jane.alertAddress, CHASE, { TextBody: noise(250_000) });
    expect(await statuses(2, large)).toEqual([200, 503]);
    expect(await statuses(1, () => mailTo(jane.alertAddress, CHASE))).toEqual([200]);
  });

  it("begins anew on the next day, and a delivery that comes again is no more of it", async () => {
    const first = mailTo(jane.alertAddress, CHASE);
    expect(await statuses(4, () => first)).toEqual([200, 200, 200, 200]);
    expect(await statuses(3, () => mailTo(jane.alertAddress, CHASE))).toEqual([200, 200, 503]);
    expect(await statuses(1, () => first)).toEqual([200]);
    app.tick({ hours: 24 });
    expect(await statuses(1, () => mailTo(jane.alertAddress, CHASE))).toEqual([200]);
    await housekeeping(app);
    app.tick({ hours: 72 });
    await housekeeping(app);
    expect((await allRows(app))["account_days"]).toEqual([]);
  });
});

describe("mail for nobody", () => {
  const nobodys = (changes = {}) => mailTo("alerts+aaaaaaaaaaaaaaaa@wtmm.example.com", CHASE, changes);

  it("is kept by its headers and its beginning", async () => {
    const payload = nobodys({
      HtmlBody: noise(500_000),
      Attachments: [{ Name: "a", Content: noise(500_000), ContentType: "x/y" }],
      RawEmail: noise(500_000),
    });
    expect(await deliverMail(app, payload)).toBe("unknown_recipient");
    const kept = await app.store.payload(String(payload["MessageID"]));
    const text = kept === null ? "" : bodyOf(kept).toString();
    expect(text.length).toBeLessThan(80_000);
    expect(text).toContain(String(payload["HtmlBody"]).slice(0, 60_000));
    expect(JSON.parse(text)).toMatchObject({ Subject: payload["Subject"], Headers: payload["Headers"] });
  });

  it("is forgotten after 30 days, and counted", async () => {
    await deliverMail(app, nobodys());
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("booked");
    app.tick({ hours: 24 * 30 });
    await housekeeping(app);
    const { mails, mail_payloads, mail_readings } = await allRows(app);
    expect([mails, mail_payloads, mail_readings].map((rows) => rows?.length)).toEqual([1, 1, 1]);
    expect(await app.store.serviceState(app.now())).toMatchObject({
      unknownMailsDropped: 1,
      lastUnknownMailPushedOutAgeMs: null,
    });
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("makes room for newer mail for nobody beyond 5,000", { timeout: 120_000 }, async () => {
    await fillWithUnknown(app, 5_002);
    await deliverMail(app, nobodys());
    const { mails } = await allRows(app);
    expect(mails).toHaveLength(5_000);
    expect(mails?.some((row) => row.includes("unknown-3 "))).toBe(false);
    expect(await app.store.serviceState(app.now())).toMatchObject({
      unknownMailsDropped: 3,
      lastUnknownMailPushedOutAgeMs: 0,
    });
  });

  it("is only counted while the disk is nearly full, unlike the mail of accounts", async () => {
    const full: App = { ...app, freeDisk: async () => 0.09 };
    const nobody = [nobodys(), mailTo("info@wtmm.example.com", CHASE), mailTo("who@wtmm.example.com", CHASE)];
    for (const payload of nobody) expect((await handle(delivery(payload), full)).status).toBe(200);
    // A bank may have signed it for somebody who is here, so it is to come again.
    expect((await handle(delivery(mailTo("alerts@wtmm.example.com", CHASE)), full)).status).toBe(503);
    expect((await handle(delivery(mailTo(jane.alertAddress, CHASE)), full)).status).toBe(200);
    expect((await handle(delivery("{}"), full)).status).toBe(200);
    expect((await allRows(app))["mails"]).toHaveLength(2);
    expect(await app.store.serviceState(app.now())).toMatchObject({ mailsOnlyCounted: 4 });
    const enough: App = { ...app, freeDisk: async () => 0.1 };
    await handle(delivery(nobodys()), enough);
    expect((await allRows(app))["mails"]).toHaveLength(3);
  });

  it("asks nobody about its signature", async () => {
    const asking = { ...app, resolveTxt: () => Promise.reject(new Error("asked")) };
    await handle(delivery(nobodys({ RawEmail: "From: a@example.com\r\n\r\n" })), asking);
    expect(await interpret(asking)).toEqual({ unknown_recipient: 1 });
  });
});

async function statuses(times: number, make: () => unknown): Promise<number[]> {
  const answers: number[] = [];
  for (let time = 0; time < times; time += 1) answers.push((await handle(delivery(make()), app)).status);
  return answers;
}

/** Text that shrinks to three quarters at best. */
function noise(length: number): string {
  const pieces = Array.from({ length: Math.ceil(length / 80_000) }, () =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString("base64"),
  );
  return pieces.join("").slice(0, length);
}

async function fillWithUnknown({ file }: FakeApp, count: number): Promise<void> {
  const { openDatabase } = await import("../adapters/libsql.ts");
  const db = await openDatabase(`file:${file}`);
  await db.write([
    {
      sql: `INSERT INTO mails (id, route, recipient, received_at, payload_sha256, state, outcome, payload_bytes)
            SELECT 'unknown-' || value || ' ', 'none', '', ?1, x'00', 'done', 'unknown_recipient', 100
            FROM json_each(?2)`,
      args: [app.now().epochMilliseconds, JSON.stringify(Array.from({ length: count }, (_, index) => index + 1))],
    },
  ]);
  await db.close();
}

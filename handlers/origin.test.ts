import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { emlToInbound } from "../adapters/eml-to-inbound.ts";
import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { bodyOf, deliverMail, onlyPurchase, purchasesOf, unsigned, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery } from "../test/requests.ts";
import { bankKey, bankZone, newKey, publishing, signedMail, signMail, unsignedMail } from "../test/sign-mail.ts";
import { interpret } from "./interpret.ts";
import { replayStep } from "./replay.ts";

/** A moment after the fixture's purchase. */
const AT = Temporal.Instant.from("2022-06-05T20:45:00Z");
const JANES = "jane@example.com";

let clock = AT;
let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  clock = AT;
  app = await fakeApp({ now: () => clock, resolveTxt: bankZone });
  jane = await signedIn(app, JANES);
});
afterEach(() => app.close());

describe("a mail that the bank signed", () => {
  it("for one of the person's own mailboxes is booked, and says who signed it", async () => {
    expect(await deliverMail(app, await genuine(jane.alertAddress, JANES))).toBe("booked");
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383, signedBy: "chase.com" });
    expect(await reviews(jane)).toEqual([]);
  });

  it("for the alert address itself is booked as well", async () => {
    expect(await deliverMail(app, await genuine(jane.alertAddress, jane.alertAddress))).toBe("booked");
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
  });

  it("for somebody else is in doubt at this account, however genuine", async () => {
    const joe = await signedIn(app, "joe@example.com");
    for (const to of ["mallory@example.net", "joe@example.com", joe.alertAddress]) {
      expect(await deliverMail(app, await other(await genuine(jane.alertAddress, to)))).toBe("review");
    }
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("is one mail however often it is sent on, whatever Message-ID is put on top", async () => {
    const payload = await genuine(jane.alertAddress, JANES);
    expect(await deliverMail(app, payload)).toBe("booked");
    const resent = withHeader({ ...payload, MessageID: randomUUID() }, "Message-ID", "<x@evil.example.net>");
    expect(await deliverMail(app, resent)).toBe("duplicate");
    const onTop = changed(resent, (raw) => `Message-ID: <x@evil.example.net>\r\n${raw}`);
    await deliverMail(app, { ...onTop, MessageID: randomUUID() });
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("is one mail also when its signature leaves the Message-ID open", async () => {
    const headers = ["From", "To", "Subject", "Date", "MIME-Version", "Content-Type"];
    const bare = unsignedMail(mailTo(jane.alertAddress, CHASE), { to: JANES, at: AT });
    const raw = (await signMail(String(bare["RawEmail"]), bankKey("chase.com"), { headers })).toString();
    for (const id of ["<1@example.com>", "<2@example.com>", "<3@example.com>"]) {
      const other = raw.replace(/^Message-ID: .*$/im, `Message-ID: ${id}`);
      await deliverMail(app, withHeader({ ...bare, MessageID: randomUUID(), RawEmail: other }, "Message-ID", id));
    }
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
  });

  it("a while ago is booked, and says that the bank did not sign it now", async () => {
    clock = AT.add({ hours: 24 * 8 });
    expect(await deliverMail(app, await genuine(jane.alertAddress, JANES))).toBe("booked");
    expect(await onlyPurchase(app, jane)).toMatchObject({ origin: "addressed", signedBy: null });
  });

  it("is believed by its signature alone, whatever a header claims for the other way", async () => {
    const payload = await genuine(jane.alertAddress, JANES);
    expect(JSON.stringify(payload["Headers"])).toContain("DKIM_VALID_AU");
    expect(
      await deliverMail(
        app,
        changed(payload, (raw) => raw.replace(/\r\n\r\n/, "\r\n\r\nmore\r\n")),
      ),
    ).toBe("review");
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("is asked of DNS once: what was found then is stored", async () => {
    let questions = 0;
    const counting = await fakeApp({
      now: () => clock,
      resolveTxt: (name) => {
        questions += 1;
        return bankZone(name);
      },
    });
    const joe = await signedIn(counting, JANES);
    expect(await deliverMail(counting, await genuine(joe.alertAddress, JANES))).toBe("booked");
    expect(questions).toBe(1);
    const step = await replayStep({ since: null, accountId: null, after: 0 }, counting);
    expect(step).toEqual({ read: 1, changes: [], next: null });
    expect(questions).toBe(1);
    await counting.close();
  });
});

describe("trouble with DNS", () => {
  let isDown = true;
  const flaky = async (name: string): Promise<string[][]> => {
    if (isDown) throw Object.assign(new Error("no answer"), { code: "ETIMEOUT" });
    return bankZone(name);
  };

  beforeEach(async () => {
    isDown = true;
    await app.close();
    app = await fakeApp({ now: () => clock, resolveTxt: flaky });
    jane = await signedIn(app, JANES);
  });

  it("makes a mail wait, never forged and never lost, until it is over", async () => {
    const payload = await genuine(jane.alertAddress, JANES);
    expect(await deliverMail(app, payload)).toBe("waiting");
    await interpret(app);
    expect(await rowOf(payload)).toMatchObject({ state: "waiting", outcome: "unverified", verdict: "unverified" });
    clock = clock.add({ hours: 2 });
    isDown = false;
    await interpret(app);
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
  });

  it("asks less and less often, costs the mail no attempt, and after a day counts as no signature", async () => {
    const payload = await genuine(jane.alertAddress, JANES);
    await deliverMail(app, payload);
    let tries = 0;
    for (let minute = 0; minute < 25 * 60; minute += 1) {
      clock = clock.add({ minutes: 1 });
      const done = await interpret(app);
      tries += Object.keys(done).length > 0 ? 1 : 0;
    }
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(45);
    expect(await rowOf(payload)).toMatchObject({ state: "done", outcome: "review", verdict: "suspect", attempts: 1 });
    expect(await purchasesOf(app, jane)).toEqual([]);
    isDown = false;
    const { changes } = await replayStep({ since: null, accountId: null, after: 0 }, app);
    expect(changes).toMatchObject([{ says: expect.stringContaining("review -> booked") }]);
  });

  it("leaves a wish to sign up waiting too", async () => {
    const raw = ["From: joe@example.net", "To: info@wtmm.example.com", "Subject: Hi", `Date: ${DATE}`, "", "Hello"];
    const key = newKey("example.net");
    const signed = await signMail(raw.join("\r\n"), key);
    const payload = await inbound(signed, "info@wtmm.example.com");
    expect(await deliverMail(app, payload)).toBe("waiting");
    isDown = false;
    clock = clock.add({ minutes: 5 });
    await interpret({ ...app, resolveTxt: publishing(key) });
    expect((await app.store.outcomeOf(String(payload["MessageID"])))?.outcome).toBe("unknown_recipient");
  });
});

const DATE = "Sun, 5 Jun 2022 20:44:41 +0000";

describe("a wish to sign up", () => {
  it("is granted when the sender's domain signed it, and to nobody else", async () => {
    const key = newKey("example.net");
    const world = await fakeApp({ now: () => clock, resolveTxt: publishing(key) });
    const lines = ["From: joe@example.net", "To: info@wtmm.example.com", "Subject: Hi", `Date: ${DATE}`, "", "Hello"];
    const raw = lines.join("\r\n");
    const signed = await inbound(await signMail(raw, key), "info@wtmm.example.com");
    const foreign = await inbound(await signMail(raw, bankKey("chase.com")), "info@wtmm.example.com");
    const bare = await inbound(Buffer.from(raw), "info@wtmm.example.com");
    for (const payload of [foreign, bare]) expect(await deliverMail(world, payload)).toBe("unknown_recipient");
    expect(await deliverMail(world, signed)).toBe("signup");
    await world.close();
  });
});

describe("the shared address", () => {
  const SHARED = "alerts@wtmm.example.com";

  it("takes what a bank signed for a proven mailbox, and books it there", async () => {
    expect(await deliverMail(app, await genuine(SHARED, JANES))).toBe("booked");
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
  });

  it("holds what a bank signed for a mailbox of nobody, writes there once, and gives it to whoever proves it", async () => {
    const first = await genuine(SHARED, "joe@example.com");
    const second = await other(await signedMail(mailTo(SHARED, CHASE), { to: "joe@example.com", at: AT }));
    for (const payload of [first, second]) expect(await deliverMail(app, payload)).toBe("held");
    const { letters } = await allRows(app);
    expect(letters?.filter((row) => row.includes("held"))).toHaveLength(1);
    const joe = await signedIn(app, "joe@example.com");
    await interpret(app);
    expect(await purchasesOf(app, joe)).toMatchObject([{ signedBy: "chase.com" }, { signedBy: "chase.com" }]);
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("takes what a bank signed for an alert address, and holds nothing for our own domain", async () => {
    expect(await deliverMail(app, await genuine(SHARED, jane.alertAddress))).toBe("booked");
    const nobodys = "alerts+aaaaaaaaaaaaaaaa@wtmm.example.com";
    expect(await deliverMail(app, await genuine(SHARED, nobodys))).toBe("unknown_recipient");
  });

  it("holds what is not understood yet, whole", async () => {
    const amountMissing = mailTo(SHARED, "chase/fixtures/card-2025-amount-unrendered", { MailboxHash: "" });
    const at = Temporal.Instant.from("2026-03-07T14:14:09Z");
    clock = at;
    const payload = await signedMail(amountMissing, { to: "joe@example.com", at });
    expect(await deliverMail(app, payload)).toBe("held");
    const kept = await app.store.payload(String(payload["MessageID"]));
    expect(kept === null ? "" : bodyOf(kept).toString()).toContain("DKIM-Signature");
  });

  it("takes nothing that is not signed by a bank, or long ago, or not understood as a purchase", async () => {
    const forged = [
      unsignedMail(mailTo(SHARED, CHASE), { to: JANES, at: AT }),
      await signedMail(mailTo(SHARED, CHASE), { to: JANES, at: AT, key: newKey("chase.example.net") }),
      mailTo(SHARED, CHASE),
    ];
    for (const payload of forged) expect(await deliverMail(app, payload)).toBe("unknown_recipient");
    clock = AT.add({ hours: 24 * 8 });
    expect(await deliverMail(app, await genuine(SHARED, JANES))).toBe("unknown_recipient");
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect((await allRows(app))["letters"]).toEqual([]);
  });
});

describe("a way that the person trusts", () => {
  it("books what came that way and what comes, until the person ends it", async () => {
    const doubtful = () => unsigned(mailTo(jane.alertAddress, CHASE));
    const first = doubtful();
    const second = await other(doubtful());
    for (const payload of [first, second]) expect(await deliverMail(app, payload)).toBe("review");
    const trust = { id: "trust", accountId: jane.id, mailId: String(first["MessageID"]), at: clock };
    expect(await app.store.trustRoute(trust)).toBe(true);
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(2);
    expect(await deliverMail(app, await other(doubtful()))).toBe("booked");
    expect(await app.store.revokeRoute(jane.id, "trust", clock)).toBe(true);
    expect(await deliverMail(app, await other(doubtful()))).toBe("review");
    expect(await purchasesOf(app, jane)).toHaveLength(3);
  });

  it("does not undo what the person decides before it is read again", async () => {
    const first = unsigned(mailTo(jane.alertAddress, CHASE));
    await deliverMail(app, first);
    const mailId = String(first["MessageID"]);
    await app.store.trustRoute({ id: "trust", accountId: jane.id, mailId, at: clock });
    const aside = { id: "aside", accountId: jane.id, mailId, decision: "dismissed", purchases: [], at: clock } as const;
    expect(await app.store.decide(aside)).toBe(true);
    expect(await interpret(app)).toEqual({});
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("is that one way: another doubt about the same bank stays in review", async () => {
    const first = unsigned(mailTo(jane.alertAddress, CHASE));
    await deliverMail(app, first);
    await app.store.trustRoute({ id: "trust", accountId: jane.id, mailId: String(first["MessageID"]), at: clock });
    await interpret(app);
    const foreign = await other(await genuine(jane.alertAddress, "mallory@example.net"));
    expect(await deliverMail(app, foreign)).toBe("review");
  });
});

it("books nothing but what banks signed for whoever wants that", async () => {
  await app.store.setRequiresSignature(jane.id, true);
  expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("review");
  expect(await deliverMail(app, await other(await genuine(jane.alertAddress, JANES)))).toBe("booked");
});

it("lets no mail of strangers go before one of an account, nor one that is tried again", async () => {
  await handle(delivery(mailTo("info@wtmm.example.com", CHASE)), app);
  clock = clock.add({ seconds: 1 });
  const old = mailTo(jane.alertAddress, CHASE);
  await handle(delivery(old), app);
  const tried = [];
  for (let claim = 0; claim < 2; claim += 1) tried.push(...(await app.store.claimMails(clock, 60_000, 1)));
  expect(tried.map(({ route }) => route)).toEqual(["alert", "signup"]);
});

describe("200 forgeries through the webhook", () => {
  it("book nothing, whoever's address they are sent to, and a genuine mail among them is booked", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await retire(jane.alertAddress);
    const renewed = `alerts+${String((await app.store.account(jane.id))?.alertToken)}@wtmm.example.com`;
    const addresses = ["alerts@wtmm.example.com", jane.alertAddress, "alerts+aaaaaaaaaaaaaaaa@wtmm.example.com"];
    const mallory = newKey("evil.example.net");
    const kinds = [
      async (to: string) => unsignedMail(mailTo(to, CHASE), { to: JANES, at: AT }),
      async (to: string) => signedMail(mailTo(to, CHASE), { to: JANES, at: AT, key: mallory }),
      async (to: string) => signedMail(mailTo(to, CHASE), { to: JANES, at: AT, key: newKeyOfChase }),
      async (to: string) => changed(await genuine(to, JANES), (raw) => `Subject: Another\r\n${raw}`),
      async (to: string) => changed(await genuine(to, JANES), (raw) => `From: other@chase.com\r\n${raw}`),
      async (to: string) => changed(await genuine(to, JANES), (raw) => raw.replace(/\r\n\r\n/, "\r\n\r\nmore\r\n")),
      async (to: string) => genuine(to, "mallory@example.net"),
    ];
    const newKeyOfChase = newKey("chase.com");
    let sent = 0;
    for (let round = 0; sent < 200; round += 1) {
      for (const make of kinds) {
        // A genuine mail to somebody else is forged only at another's address; all the rest is forged everywhere.
        for (const to of [renewed, joe.alertAddress, ...addresses]) {
          if (sent === 200) break;
          const response = await handle(delivery(await other(await make(to))), app);
          expect(response.status).toBe(200);
          sent += 1;
        }
      }
    }
    const control = await other(await genuine(renewed, JANES));
    await handle(delivery(control), app);
    for (let batch = 0; batch < 20; batch += 1) await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect(await purchasesOf(app, joe)).toEqual([]);
    expect(await rowOf(control)).toMatchObject({ outcome: "booked", verdict: "bank-signed" });
    expect((await allRows(app))["purchases"]).toHaveLength(1);
  });
});

/** The fixture as the bank would write it to that mailbox, sent on to an address of ours. */
function genuine(recipient: string, mailbox: string): Promise<Record<string, unknown>> {
  return signedMail(mailTo(recipient, CHASE), { to: mailbox, at: AT });
}

/** The same mail with another Message-ID, as the provider tells it apart. */
async function other(payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  const headers = payload["Headers"];
  const kept = Array.isArray(headers) ? headers.filter(({ Name }) => String(Name).toLowerCase() !== "message-id") : [];
  return {
    ...payload,
    MessageID: randomUUID(),
    Headers: [...kept, { Name: "Message-ID", Value: `<${randomUUID()}@example.com>` }],
  };
}

function changed(payload: Record<string, unknown>, change: (raw: string) => string): Record<string, unknown> {
  return { ...payload, RawEmail: change(String(payload["RawEmail"])) };
}

function inbound(raw: Uint8Array, recipient: string): Promise<Record<string, unknown>> {
  return emlToInbound(raw, { recipient, sender: "joe@example.net", receivedAt: AT, aligned: false });
}

async function reviews(person: TestPerson) {
  return app.store.mailsInReview(person.id, null, 10);
}

async function rowOf(payload: Record<string, unknown>) {
  const { openDatabase } = await import("../adapters/libsql.ts");
  const db = await openDatabase(`file:${app.file}`);
  const row = await db.one("SELECT state, outcome, verdict, attempts FROM mails WHERE id = ?", [
    String(payload["MessageID"]),
  ]);
  await db.close();
  return row;
}

/** Ends an alert address, and makes the account a new one. */
async function retire(address: string): Promise<void> {
  const { openDatabase } = await import("../adapters/libsql.ts");
  const db = await openDatabase(`file:${app.file}`);
  const token = address.slice("alerts+".length).split("@")[0] ?? "";
  await db.write([
    {
      sql: `INSERT INTO alert_addresses (token, account_id, created_at)
            SELECT 'bbbbbbbbbbbbbbbb', account_id, created_at + 1 FROM alert_addresses WHERE token = ?`,
      args: [token],
    },
    { sql: "UPDATE alert_addresses SET retired_at = ? WHERE token = ?", args: [clock.epochMilliseconds - 1, token] },
  ]);
  await db.close();
}

import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openStore } from "../adapters/libsql-store.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { handle } from "../router.ts";
import { rowsOf } from "../test/database.ts";
import { bodyOf, deliverMail, onlyPurchase, purchasesOf, unsigned, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery } from "../test/requests.ts";
import { readInboundPayload } from "./inbound-payload.ts";
import { interpret } from "./interpret.ts";
import { readPayload } from "./read-mail.ts";

const SCHWAB = "schwab/fixtures/threshold";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("a batch", () => {
  it("gives back what it did not come to, when it takes long or the service stops", async () => {
    const stop = new AbortController();
    for (let time = 0; time < 3; time += 1) await keep(mailTo(jane.alertAddress, CHASE));
    const slow: App = {
      ...app,
      stopping: stop.signal,
      readMail: (payload, known) => {
        app.tick({ seconds: 2 });
        return app.readMail(payload, known);
      },
    };
    expect(await interpret(slow)).toEqual({ booked: 1 });
    expect(app.woken).toContain("interpret");
    stop.abort();
    expect(await interpret({ ...app, stopping: stop.signal })).toEqual({ duplicate: 1 });
    expect(await interpret(app)).toEqual({ duplicate: 1 });
  });

  it("compresses each mail that came as it was, and counts its bytes anew", async () => {
    for (const fixture of ["chase/fixtures/card-2025", `${SCHWAB}-text-part-alone`])
      await keep(mailTo(jane.alertAddress, fixture));
    await interpret(app);
    const database = new DatabaseSync(app.file, { readOnly: true });
    const kept =
      database.prepare(`SELECT payload_bytes AS counted, length(payload) AS bytes, hex(substr(payload, 1, 4)) AS magic
      FROM mails JOIN mail_payloads ON mail_number = number ORDER BY number`);
    const rows = kept.all();
    database.close();
    expect(rows.map(({ magic }) => magic)).toEqual(["28B52FFD", "28B52FFD"]);
    expect(rows.map(({ counted }) => counted)).toEqual(rows.map(({ bytes }) => bytes));
    expect(rows[0]?.["bytes"]).not.toBe(rows[1]?.["bytes"]);
  });

  it("lets requests be answered before each of its steps", async () => {
    for (let time = 0; time < 3; time += 1) await keep(mailTo(jane.alertAddress, CHASE));
    const steps: string[] = [];
    const store: App["store"] = {
      ...app.store,
      payloads: (ids) => (steps.push(`load ${ids.length}`), app.store.payloads(ids)),
      finishMails: (done) => (steps.push(`write ${done.length}`), app.store.finishMails(done)),
    };
    await interpret({ ...app, store, giveWay: async () => void steps.push("give way") });
    expect(steps).toEqual(["give way", "load 1", "give way", "load 2", "give way", "write 3"]);
  });

  it("reads quick mails ahead, and of slow ones none whose turn may not come", async () => {
    const readWhileSlow = await mailsBeingReadAtOnce({ seconds: 1 });
    const readWhileQuick = await mailsBeingReadAtOnce({ seconds: 0 });
    expect({ readWhileSlow, readWhileQuick }).toEqual({ readWhileSlow: 1, readWhileQuick: 2 });
  });
});

it("takes no attempt from a mail while there is nobody to read it", async () => {
  await keep(mailTo(jane.alertAddress, CHASE));
  const nobody: App = { ...app, readMail: () => Promise.reject(new AppError("unavailable", "no worker")) };
  for (let time = 0; time < 10; time += 1) await expect(interpret(nobody)).rejects.toThrow("no worker");
  expect(await interpret(app)).toEqual({ booked: 1 });
});

it("takes no attempt from a mail while its purchase can't be written", async () => {
  await keep(mailTo(jane.alertAddress, CHASE));
  const finishMails = () => Promise.reject(new AppError("unavailable", "no room"));
  const full: App = { ...app, store: { ...app.store, finishMails } };
  for (let time = 0; time < 10; time += 1) await expect(interpret(full)).rejects.toThrow("no room");
  expect(await interpret(app)).toEqual({ booked: 1 });
});

it.each(["<a\ud83d@example.com>", "\udc00", "\0", "<a\0b>"])(
  "reads a mail whose Message-ID is %j, and its copy once",
  async (id) => {
    for (const MessageID of ["one", "two"]) {
      await keep(withHeader(mailTo(jane.alertAddress, CHASE, { MessageID }), "Message-ID", id));
    }
    expect(await interpret(app)).toEqual({ booked: 1, duplicate: 1 });
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect((await rowsOf(app, "mail_identities")).flat()).toContain(jane.id);
  },
);

describe("a mail at an alert address", () => {
  it("becomes a purchase with its words and its origin", async () => {
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("booked");
    const purchase = await onlyPurchase(app, jane);
    expect(purchase).toMatchObject({
      merchant: "ANMOL INDIAN RESTAUR",
      amountMinor: 6383,
      currency: "USD",
      institution: "chase",
      kind: "purchase",
      occurredOn: null,
      origin: "addressed",
      removed: 0,
    });
    expect(Temporal.Instant.fromEpochMilliseconds(purchase.occurredAt).toString()).toBe("2022-06-05T20:44:00Z");
    expect(JSON.parse(purchase.words)).toMatchObject({ amount: "$63.83", merchant: "ANMOL INDIAN RESTAUR" });
  });

  it.each(["chase/fixtures/daily-summary", "chase/fixtures/transfer-out", "chase/fixtures/zelle-received"])(
    "like %s books nothing and bothers nobody",
    async (fixture) => {
      expect(await deliverMail(app, mailTo(jane.alertAddress, fixture))).toBe("not_a_purchase");
      expect(await purchasesOf(app, jane)).toEqual([]);
      expect(await app.store.countInReview(jane.id)).toBe(0);
    },
  );

  it.each([
    ["chase/fixtures/card-2025-amount-unrendered", "The amount in this mail is missing or could not be read for sure."],
    [
      "chase/fixtures/marketing-sibling",
      "It is written like a mail of Chase, but not from an address that Chase is known to write from.",
    ],
  ])("like %s waits in review", async (fixture, reason) => {
    expect(await deliverMail(app, mailTo(jane.alertAddress, fixture))).toBe("review");
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await app.store.mailsInReview(jane.id, null, 10)).toMatchObject([{ reason }]);
  });

  it.each([
    ["nobody signed", unsigned],
    ["nobody checked", (payload: Record<string, unknown>) => withHeader(payload, "X-Spam-Tests", null)],
    ["came some other way", (payload: Record<string, unknown>) => withHeader(payload, "Received", "from evil.example")],
  ])("that %s waits in review although it is understood, for banks are known to sign", async (_why, spoil) => {
    expect(await deliverMail(app, spoil(mailTo(jane.alertAddress, CHASE)))).toBe("review");
    expect(await purchasesOf(app, jane)).toEqual([]);
    const reason = "The bank signs its mails, and this one is not signed.";
    expect(await app.store.mailsInReview(jane.id, null, 10)).toMatchObject([{ reason, institution: "chase" }]);
  });

  it("counts unsigned on a laptop, where nothing comes from outside", async () => {
    const local = { ...app, config: { ...app.config, local: true } };
    expect(await deliverMail(local, unsigned(mailTo(jane.alertAddress, CHASE)))).toBe("booked");
  });

  it("from an address of ours is recognised and never read as a bank's", async () => {
    const ours = { From: "info@wtmm.example.com", FromFull: { Email: "Info@WTMM.example.com", Name: "" } };
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE, ours))).toBe("ours");
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await app.store.countInReview(jane.id)).toBe(0);
  });
});

describe("the same mail", () => {
  it("by two routes counts once", async () => {
    const direct = mailTo(jane.alertAddress, CHASE);
    const forwarded = withHeader(mailTo(jane.alertAddress, CHASE), "X-Forwarded-For", "jane@example.com");
    expect(await deliverMail(app, direct)).toBe("booked");
    expect(await deliverMail(app, forwarded)).toBe("duplicate");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("counts once although a route changed its line ends", async () => {
    const html = String(mailTo("", CHASE)["HtmlBody"]);
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    const rewritten = { HtmlBody: `${html.replaceAll("\n", "\r\n")}\r\n` };
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE, rewritten))).toBe("duplicate");
  });

  it("by two routes in one batch counts once", async () => {
    for (let time = 0; time < 3; time += 1) await keep(mailTo(jane.alertAddress, CHASE));
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    const outcomes = (await rowsOf(app, "mails")).map((row) => row[11]);
    expect(outcomes).toEqual(["booked", "duplicate", "duplicate"]);
  });

  it("counts for each person it was sent to", async () => {
    const joe = await signedIn(app, "joe@example.com");
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("booked");
    expect(await deliverMail(app, mailTo(joe.alertAddress, CHASE))).toBe("booked");
    expect([await purchasesOf(app, jane), await purchasesOf(app, joe)].map((all) => all.length)).toEqual([1, 1]);
  });

  it("without a Message-ID counts once as well", async () => {
    const nameless = (): Record<string, unknown> => withHeader(mailTo(jane.alertAddress, CHASE), "Message-ID", null);
    expect(await deliverMail(app, nameless())).toBe("booked");
    expect(await deliverMail(app, nameless())).toBe("duplicate");
    expect(await deliverMail(app, { ...nameless(), Date: "Mon, 6 Jun 2022 20:44:41 +0000" })).toBe("booked");
  });

  it("books once its origin is sure, when a doubtful copy came first", async () => {
    expect(await deliverMail(app, unsigned(mailTo(jane.alertAddress, CHASE)))).toBe("review");
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("booked");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    expect(await app.store.mailsInReview(jane.id, null, 10)).toEqual([]);
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("duplicate");
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("does not come back when its person said that the doubtful copy was no purchase", async () => {
    await deliverMail(app, unsigned(mailTo(jane.alertAddress, CHASE)));
    const [held] = await app.store.mailsInReview(jane.id, null, 10);
    const decision = { id: "d", accountId: jane.id, mailId: held?.id ?? "", at: app.now() };
    await app.store.decide({ ...decision, decision: "dismissed", purchases: [] });
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("duplicate");
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("is not what two purchases of one amount at one merchant are", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    const second = withHeader(mailTo(jane.alertAddress, CHASE), "Message-ID", "<another@chase.com>");
    expect(await deliverMail(app, second)).toBe("booked");
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });

  it("with other words waits in review, and the first stays as it was", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    for (let time = 0; time < 2; time += 1) {
      const outcome = await deliverMail(app, otherWords(mailTo(jane.alertAddress, CHASE)));
      expect(outcome).toBe(time === 0 ? "review" : "duplicate");
    }
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383 });
    const reason = "Another mail with the same Message-ID came before, with other words.";
    expect(await app.store.mailsInReview(jane.id, null, 10)).toMatchObject([{ reason }]);
  });

  it("with other words waits also when it is read before the one that came first", async () => {
    const first = mailTo(jane.alertAddress, CHASE);
    await keep(first);
    await app.store.claimMails(app.now(), 60_000, 1);
    app.tick({ seconds: 1 });
    expect(await deliverMail(app, otherWords(mailTo(jane.alertAddress, CHASE)))).toBe("booked");
    app.tick({ minutes: 1 });
    await interpret(app);
    expect(await app.store.outcomeOf(String(first["MessageID"]))).toMatchObject({ outcome: "review" });
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 163 });
  });
});

describe("after a crash", () => {
  it("between keeping and reading, a mail is read at the next start", async () => {
    const payload = mailTo(jane.alertAddress, CHASE);
    await keep(payload);
    const restarted = await openStore(`file:${app.file}`, null);
    await restarted.requeueMails();
    expect(await interpret({ ...app, store: restarted })).toEqual({ booked: 1 });
    await restarted.close();
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("while mails were being read, they are read at the next start, or after a minute", async () => {
    await keep(mailTo(jane.alertAddress, CHASE));
    await app.store.claimMails(app.now(), 60_000, 32);
    expect(await interpret(app)).toEqual({});
    await app.store.requeueMails();
    expect(await interpret(app)).toEqual({ booked: 1 });
    await keep(mailTo(jane.alertAddress, SCHWAB));
    await app.store.claimMails(app.now(), 60_000, 32);
    app.tick({ seconds: 59 });
    expect(await interpret(app)).toEqual({});
    app.tick({ seconds: 1 });
    expect(await interpret(app)).toEqual({ booked: 1 });
  });

  it("what two processes read at once is booked once", async () => {
    await keep(mailTo(jane.alertAddress, CHASE));
    const slow = Promise.withResolvers<void>();
    const late = interpret({
      ...app,
      readMail: async (...args) => {
        await slow.promise;
        return app.readMail(...args);
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    app.tick({ minutes: 2 });
    await interpret(app);
    slow.resolve();
    await late;
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it("a mail that brings the program down again and again waits for its person, and takes no other mail with it", async () => {
    const poison = mailTo(jane.alertAddress, CHASE, { Subject: "poison" });
    const others = [
      SCHWAB,
      "chase/fixtures/card-2025",
      "chase/fixtures/debit-purchase",
      "schwab/fixtures/card-not-present",
    ];
    const [first = "", ...later] = others;
    for (const payload of [mailTo(jane.alertAddress, first), poison]) await keep(payload);
    for (const fixture of later) await keep(mailTo(jane.alertAddress, fixture));
    const dying = whenReading("poison", () => Promise.reject(new Error("the process died")));
    let deaths = 0;
    for (let start = 0; start < 20; start += 1) {
      await app.store.requeueMails();
      await interpret(dying).catch(() => (deaths += 1));
    }
    expect(deaths).toBe(8);
    expect(await purchasesOf(app, jane)).toHaveLength(others.length);
    const reason = "The program stopped several times while it read this mail.";
    expect(await app.store.mailsInReview(jane.id, null, 10)).toMatchObject([{ id: poison["MessageID"], reason }]);
  });
});

describe("a bug in reading one mail", () => {
  it("that the store refuses to write keeps only that mail from the books", async () => {
    const poison = mailTo(jane.alertAddress, CHASE, { Subject: "poison" });
    await keep(mailTo(jane.alertAddress, SCHWAB));
    await keep(poison);
    await keep(mailTo(jane.alertAddress, "chase/fixtures/card-2025"));
    const wrong = whenReading("poison", async (payload, known) => {
      const read = await app.readMail(payload, known);
      if (read.state !== "read") throw new Error("The test's own mail is wrong.");
      return { ...read, events: read.events.map((event) => ({ ...event, currency: "dollars" })) };
    });
    for (let minute = 0; minute < 10; minute += 1) {
      for (let run = 0; run < 3; run += 1) await interpret(wrong).catch(() => undefined);
      app.tick({ minutes: 1 });
    }
    expect(await purchasesOf(app, jane)).toHaveLength(2);
    expect(await app.store.mailsInReview(jane.id, null, 10)).toMatchObject([{ id: poison["MessageID"] }]);
    expect(await app.store.serviceState(app.now())).toMatchObject({ oldestMailWaitingMs: null });
  });
});

describe("a mail that can't be read", () => {
  it("in time waits for its person, and the next one is read", async () => {
    const reason = "This mail took too long to read.";
    await keep(mailTo(jane.alertAddress, CHASE, { Subject: "poison" }));
    await keep(mailTo(jane.alertAddress, SCHWAB));
    expect(await interpret(whenReading("poison", async () => ({ state: "gave_up", reason })))).toEqual({
      review: 1,
      booked: 1,
    });
    expect(await app.store.mailsInReview(jane.id, null, 10)).toMatchObject([{ reason }]);
  });

  it("at first, and then brings the program down, waits for its person too", async () => {
    const body = { Version: 2, Mail: mailTo(jane.alertAddress, CHASE) };
    await handle(delivery(body), app);
    await interpret(app);
    const dying = { ...app, readMail: () => Promise.reject(new Error("the process died")) };
    let deaths = 0;
    for (let start = 0; start < 20; start += 1) {
      await app.store.requeueMails();
      await interpret(dying).catch(() => (deaths += 1));
    }
    expect(deaths).toBe(8);
    expect((await rowsOf(app, "mails")).map((row) => [row[7], row[11]])).toEqual([["done", "review"]]);
  });

  it("because its form is new is counted until a release reads it, however many starts lie between", async () => {
    const inNewForm = (payload: unknown) => ({ Version: 2, Mail: payload });
    await handle(delivery(inNewForm(mailTo(jane.alertAddress, CHASE))), app);
    await handle(delivery(inNewForm(mailTo("info@wtmm.example.com", CHASE, fromJoe()))), app);
    await handle(delivery(inNewForm(mailTo("nobody@wtmm.example.com", CHASE))), app);
    for (let start = 0; start < 20; start += 1) {
      await interpret(app);
      expect(await app.store.serviceState(app.now())).toMatchObject({ unreadableMails: 3, oldestMailWaitingMs: null });
      await app.store.requeueMails();
    }
    expect(await interpret(afterTheFix())).toEqual({ booked: 1, signup: 1, unknown_recipient: 1 });
    expect(await app.store.serviceState(app.now())).toMatchObject({ unreadableMails: 0 });
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383 });
    expect(await app.store.accountOfAddress("joe@example.com")).not.toBeNull();
    expect(await deliverMail(app, mailTo(jane.alertAddress, CHASE))).toBe("duplicate");
  });
});

describe("reading", () => {
  it("gives way to requests", async () => {
    const quiet = Promise.withResolvers<void>();
    await keep(mailTo(jane.alertAddress, CHASE));
    const reading = interpret({ ...app, quiet: () => quiet.promise });
    await new Promise((resolve) => setImmediate(resolve));
    expect((await rowsOf(app, "mails")).map((row) => row[7])).toEqual(["waiting"]);
    quiet.resolve();
    expect(await reading).toEqual({ booked: 1 });
  });

  it("asks to go on when more wait than it takes at once, and reads them all", async () => {
    for (let count = 0; count < 40; count += 1) await keep(mailTo("nobody@example.net", CHASE));
    app.woken.length = 0;
    expect(await interpret(app)).toEqual({ unknown_recipient: 32 });
    expect(app.woken).toEqual(["interpret"]);
    expect(await interpret(app)).toEqual({ unknown_recipient: 8 });
    expect(await interpret(app)).toEqual({});
  });
});

async function keep(payload: Record<string, unknown>): Promise<void> {
  expect((await handle(delivery(payload), app)).status).toBe(200);
}

function otherWords(payload: Record<string, unknown>): Record<string, unknown> {
  return {
    ...payload,
    Subject: String(payload["Subject"]).replace("63.83", "1.63"),
    HtmlBody: String(payload["HtmlBody"]).replaceAll("63.83", "1.63"),
  };
}

/** An App whose reader does something else with mails of that subject. */
/** How many of three mails were being read at once at most, when each takes that long. */
async function mailsBeingReadAtOnce(each: { readonly seconds: number }): Promise<number> {
  for (let time = 0; time < 3; time += 1) await keep(mailTo(jane.alertAddress, CHASE));
  let inside = 0;
  let most = 0;
  const counting: App = {
    ...app,
    readMail: async (payload, known) => {
      inside += 1;
      most = Math.max(most, inside);
      if (each.seconds > 0) app.tick(each);
      const read = await app.readMail(payload, known);
      inside -= 1;
      return read;
    },
  };
  while (Object.keys(await interpret(counting)).length > 0);
  return most;
}

function whenReading(subject: string, read: App["readMail"]): App {
  return {
    ...app,
    readMail: (payload, known) => {
      const isThat = bodyOf(payload).includes(`"Subject":"${subject}"`);
      return isThat ? read(payload, known) : app.readMail(payload, known);
    },
  };
}

/** A release that reads the new form. */
function afterTheFix(): App {
  return {
    ...app,
    readMail: async (payload, { receivedAt, ...known }) => {
      const { Mail: mail } = JSON.parse(bodyOf(payload).toString()) as { Mail: unknown };
      const inbound = readInboundPayload(Buffer.from(JSON.stringify(mail)));
      if (inbound === null) throw new Error("The test's own mail is wrong.");
      const { domain } = app.config;
      const { resolveTxt } = app;
      return readPayload(inbound, { ...known, receivedAt: receivedAt.epochMilliseconds, domain, resolveTxt });
    },
  };
}

function fromJoe(): Record<string, unknown> {
  return { From: "joe@example.com", FromFull: { Email: "joe@example.com", Name: "" } };
}

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openPostmarkArchive } from "../adapters/postmark-archive.ts";
import type { App } from "../app.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { bodyOf, onlyPurchase, purchasesOf, withHeader } from "../test/deliver-mail.ts";
import { fakeApp, fakeRecovery, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { startPostmarkArchive, type PostmarkArchive, type StoredMail } from "../test/postmark-archive.ts";
import { pageOf, wordsOf } from "../test/read-page.ts";
import { delivery } from "../test/requests.ts";
import { bankZone, signedMail } from "../test/sign-mail.ts";
import { interpret } from "./interpret.ts";
import { lookForMissing, recover } from "./recover.ts";
import { webhook } from "./webhook.ts";

/** A moment after the fixture's purchase. */
const NOW = Temporal.Instant.from("2022-06-05T20:45:00Z");
const SINCE = NOW.subtract({ hours: 24 });
const JANES = "jane@example.com";
const PATIENCE = { lookEveryMs: 5, looks: 20 };

type Payload = Record<string, unknown>;

let postmark: PostmarkArchive;
let app: FakeApp;
let jane: TestPerson;
/** How the webhook is reached; tests make it fail. */
let bring: (body: Payload) => Promise<number>;

beforeEach(async () => {
  bring = async (body) => (await webhook(delivery(body), app)).status;
  postmark = await startPostmarkArchive({ now: () => NOW, post: (body) => bring(body) });
  const recovery = fakeRecovery(openPostmarkArchive(postmark.settings, postmark.limits));
  app = await fakeApp({ now: () => NOW, resolveTxt: bankZone, recovery });
  jane = await signedIn(app, JANES);
});
afterEach(async () => {
  await postmark.close();
  await app.close();
});

/** A mail as the bank sent it to Jane, signed. */
async function genuine(changes: Payload = {}): Promise<Payload> {
  const payload = await signedMail(mailTo(jane.alertAddress, CHASE, changes), { to: JANES, at: NOW });
  return { ...payload, MessageID: randomUUID() };
}

/** Postmark took it an hour ago; the archive has all of it but the raw mail. */
function stored(payload: Payload, parts: Partial<StoredMail> = {}): StoredMail {
  const { MessageID, RawEmail: _raw, Attachments: _attachments, ...details } = payload;
  const receivedAt = NOW.subtract({ hours: 1 });
  const mail: StoredMail = {
    id: String(MessageID),
    receivedAt,
    status: "processed",
    webhook: payload,
    details,
    ...parts,
  };
  postmark.mails.push(mail);
  return mail;
}

const NOT_AGAIN = { webhook: null };

async function recovered(on: App = app) {
  const { since, unknownUntil, ...found } = await recover(SINCE, on, () => {}, PATIENCE);
  expect([since, unknownUntil]).toEqual([SINCE.toString(), null]);
  await interpret(app);
  return found;
}

const nothing = { total: 0, here: 0, cameAgain: 0, fromArchive: 0, onTheirWay: 0, missing: [] };

describe("a mail that is missing", () => {
  it("comes again by the webhook, with the raw mail and all that proves", async () => {
    stored(await genuine());
    expect(await recovered()).toEqual({ ...nothing, total: 1, cameAgain: 1 });
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383, signedBy: "chase.com" });
    expect(postmark.requests.filter((line) => line.includes("/details"))).toEqual([]);
  });

  it("is taken from the archive when Postmark does not bring it, and says that nobody could check it", async () => {
    stored(await genuine(), NOT_AGAIN);
    expect(await recovered()).toEqual({ ...nothing, total: 1, fromArchive: 1 });
    const { id } = await onlyPurchase(app, jane);
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383, signedBy: null });
    const words = wordsOf(await pageOf(app, `/purchases/${id}`, jane.cookie));
    expect(words).toContain("recovered, signature not checkable");
    expect(words).not.toContain("not signed by the bank");
    expect(wordsOf(await pageOf(app, "/mails", jane.cookie))).toContain("Recovered, signature not checkable.");
  });

  it("is waited for while it takes its time", async () => {
    const arrived = Promise.withResolvers<void>();
    const straight = bring;
    bring = async (body) => {
      await arrived.promise;
      return straight(body);
    };
    stored(await genuine());
    let looks = 0;
    const patient = recover(
      SINCE,
      app,
      (line) => line.includes("have come") && (looks += 1) === 5 && arrived.resolve(),
      {
        lookEveryMs: 20,
        looks: 500,
      },
    );
    expect(await patient).toMatchObject({ cameAgain: 1, fromArchive: 0 });
  });

  it("that Postmark promised and did not bring is taken from the archive", async () => {
    stored(await genuine());
    bring = async () => 503;
    expect(await recovered()).toEqual({ ...nothing, total: 1, fromArchive: 1 });
  });

  it("counts for the time at which Postmark took it", async () => {
    const line = "by p-pm-inboundg01a.inbound.postmarkapp.com (Postfix); Sun, 05 Jun 2022 19:45:00 +0000 (UTC)";
    for (const parts of [{}, NOT_AGAIN]) stored(withHeader(await genuine(), "Received", line), parts);
    await recovered();
    const times = (await rowsOf(app, "mails")).map((row) => row.includes(NOW.subtract({ hours: 1 }).epochMilliseconds));
    expect(times).toEqual([true, true]);
  });

  it("that neither comes nor is known any more is named, with the reason", async () => {
    const { id } = stored(await genuine(), { details: null });
    stored(await genuine());
    const reason = expect.stringMatching(/^Postmark answered 422, error 701: This message was not found\. \(Postmark/);
    expect(await recovered()).toEqual({ ...nothing, total: 2, cameAgain: 1, missing: [{ id, reason }] });
  });

  it("is left to Postmark while that still brings it by itself", async () => {
    for (const status of ["scheduled", "queued"] as const) stored(await genuine(), { ...NOT_AGAIN, status });
    expect(await recovered()).toEqual({ ...nothing, total: 2, onTheirWay: 2 });
    expect(await rowsOf(app, "mails")).toEqual([]);
  });

  it("comes at once when Postmark would have brought it later, or had given it up", async () => {
    for (const status of ["scheduled", "failed"] as const) stored(await genuine(), { status });
    expect(await recovered()).toEqual({ ...nothing, total: 2, cameAgain: 2 });
  });

  it("that is found only when the list is read once more is brought back, too", async () => {
    const late = await genuine();
    stored(await genuine());
    postmark.on.search = () =>
      void (postmark.requests.some((line) => line.includes("/retry")) && postmark.mails.length === 1 && stored(late));
    expect(await recovered()).toEqual({ ...nothing, total: 2, cameAgain: 2 });
  });

  it("for nobody is accounted for also when there is no room to keep it", async () => {
    stored(mailTo("nobody@wtmm.example.com", CHASE));
    stored(mailTo("nobody@wtmm.example.com", CHASE), NOT_AGAIN);
    const freeDisk = async () => 0.01;
    bring = async (body) => (await webhook(delivery(body), { ...app, freeDisk })).status;
    expect(await recovered({ ...app, freeDisk })).toEqual({ ...nothing, total: 2, cameAgain: 1, fromArchive: 1 });
  });
});

describe("a second run", () => {
  it("changes nothing", async () => {
    stored(await genuine());
    stored(await genuine(), NOT_AGAIN);
    await recovered();
    const before = await allRows(app);
    const asked = postmark.requests.length;
    expect(await recovered()).toEqual({ ...nothing, total: 2, here: 2 });
    expect(await allRows(app)).toEqual(before);
    expect(postmark.requests.slice(asked).every((line) => line.startsWith("GET /messages/inbound?"))).toBe(true);
  });

  it("that only looks names what is missing and changes nothing either", async () => {
    const { id } = stored(await genuine());
    stored(await genuine(), { ...NOT_AGAIN, status: "scheduled" });
    const found = await lookForMissing(SINCE, app, () => {});
    expect(found).toMatchObject({ total: 2, here: 0, onTheirWay: 1, missing: [{ id }] });
    expect(await rowsOf(app, "mails")).toEqual([]);
    expect(postmark.requests.some((line) => line.startsWith("PUT"))).toBe(false);
  });
});

describe("a mail out of the archive", () => {
  it.each<[string, (whole: Payload) => Payload]>([
    ["as it came", (whole) => whole],
    ["with other white space", (whole) => ({ ...whole, TextBody: `\n${String(whole["TextBody"])}` })],
    ["whose archive lacked the headers", (whole) => whole],
  ])("that comes by the webhook later, %s, is one purchase", async (name, later) => {
    const whole = await genuine();
    const lacking: Payload = { ...withHeader(whole, "Message-ID", null), Date: "" };
    const { MessageID: _id, RawEmail: _raw, ...details } = name.includes("lacked") ? lacking : whole;
    stored(whole, { ...NOT_AGAIN, details });
    await recovered();
    expect((await webhook(delivery(later(whole)), app)).status).toBe(200);
    await interpret(app);
    expect(await rowsOf(app, "mails")).toHaveLength(2);
    await onlyPurchase(app, jane);
  });

  it("that came by the webhook while it was looked up is one mail", async () => {
    const whole = await genuine();
    stored(whole, NOT_AGAIN);
    const { archive } = app.recovery;
    if (archive === null) throw new Error("There is no archive.");
    const slow: typeof archive = {
      ...archive,
      async details(...asked) {
        await webhook(delivery(whole), app);
        return archive.details(...asked);
      },
    };
    const raced = await recovered({ ...app, recovery: { ...app.recovery, archive: slow } });
    expect(raced).toEqual({ ...nothing, total: 1, cameAgain: 1 });
    expect(await rowsOf(app, "mails")).toHaveLength(1);
  });

  it("that came by the webhook at the very moment at which it was to be kept is one mail", async () => {
    const whole = await genuine();
    stored(whole, NOT_AGAIN);
    const freeDisk = async () => {
      await webhook(delivery(whole), app);
      return 1;
    };
    await recovered({ ...app, freeDisk });
    expect(await rowsOf(app, "mails")).toHaveLength(1);
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
  });

  it("that we had never acknowledged, such as one too large for us, waits in review", async () => {
    const { RawEmail: _raw, ...forged } = await genuine();
    stored(forged, { ...NOT_AGAIN, status: "failed" });
    expect(await recovered()).toEqual({ ...nothing, total: 1, fromArchive: 1 });
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await app.store.countInReview(jane.id)).toBe(1);
    expect(wordsOf(await pageOf(app, "/mails", jane.cookie))).toContain("never taken it before");
  });

  it.each([
    ["by the webhook", {}],
    ["out of the archive", NOT_AGAIN],
  ])("at an alert address that is nobody's any more is not kept when it comes %s", async (_way, parts) => {
    stored(mailTo(`alerts+${"a".repeat(16)}@wtmm.example.com`, CHASE), parts);
    const { missing, onTheirWay } = await recovered();
    expect({ missing, onTheirWay }).toEqual({ missing: [], onTheirWay: 0 });
    expect(await rowsOf(app, "mails")).toEqual([]);
  });

  it.each([
    ["a raw mail that the bank did sign", (whole: Payload): Payload => whole],
    ["Postmark's word that it was signed", withWord],
  ])("counts as addressed at most, also with %s", async (_case, forged) => {
    const whole = forged(await genuine());
    stored(whole, { ...NOT_AGAIN, details: whole });
    await recovered();
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: null });
    expect(JSON.stringify(await rowsOf(app, "mails"))).toContain('\\"state\\":\\"recovered\\"');
  });

  it("is not booked for whoever wants only what the bank signed", async () => {
    await app.store.setRequiresSignature(jane.id, true);
    const whole = withWord(await genuine());
    stored(whole, { ...NOT_AGAIN, details: whole });
    await recovered();
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await app.store.countInReview(jane.id)).toBe(1);
  });

  it.each([
    ["its person", JANES, 1],
    ["somebody else", "mallory@example.net", 0],
  ])("that %s forwarded is booked only when that was its person", async (_who, forwarder, booked) => {
    const alert = mailTo(jane.alertAddress, CHASE);
    const header = `---------- Forwarded message ---------<br>From: <b>Chase</b> <span>&lt;${String(alert["From"])}&gt;</span><br>Date: Sun, Jun 5, 2022 at 4:44 PM<br>Subject: ${String(alert["Subject"])}<br>To: &lt;${JANES}&gt;<br>`;
    const quoted = `<div dir="ltr" class="gmail_attr">${header}</div><br><br>${String(alert["HtmlBody"])}`;
    stored(
      {
        ...alert,
        From: forwarder,
        FromFull: { Email: forwarder, Name: "", MailboxHash: "" },
        Subject: `Fwd: ${String(alert["Subject"])}`,
        TextBody: "",
        HtmlBody: `<div dir="ltr"><div class="gmail_quote">${quoted}</div></div>`,
      },
      NOT_AGAIN,
    );
    await recovered();
    expect(await purchasesOf(app, jane)).toHaveLength(booked);
    expect(await app.store.countInReview(jane.id)).toBe(1 - booked);
  });

  it("asks nobody for a link in its name, which by the webhook it does", async () => {
    const words = { From: "joe@example.com", Subject: "Hello", TextBody: "Please", Headers: [] };
    const asking = () => withWord({ MessageID: randomUUID(), OriginalRecipient: "info@wtmm.example.com", ...words });
    stored(asking(), NOT_AGAIN);
    await recovered();
    expect(await rowsOf(app, "letters")).toEqual([]);
    stored(asking());
    await recovered();
    expect(await rowsOf(app, "letters")).toHaveLength(1);
  });

  it("at the address that all may use is nobody's", async () => {
    stored({ ...(await genuine()), OriginalRecipient: "alerts@wtmm.example.com" }, NOT_AGAIN);
    expect(await recovered()).toEqual({ ...nothing, total: 1, fromArchive: 1 });
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("in our own name is kept without what its links work by", async () => {
    const token = `${"a".repeat(8)}.${"b".repeat(60)}.${"c".repeat(43)}`;
    const FromFull = { Email: "info@wtmm.example.com", Name: "", MailboxHash: "" };
    stored({ ...(await genuine()), From: FromFull.Email, FromFull, TextBody: token, HtmlBody: token }, NOT_AGAIN);
    expect(await recovered()).toEqual({ ...nothing, total: 1, fromArchive: 1 });
    const [[, packed = ""] = []] = await rowsOf(app, "mail_payloads");
    expect(bodyOf(Buffer.from(String(packed), "hex")).toString()).not.toContain(token);
  });

  it("with zero bytes and fields of any kind is kept as the webhook would keep it", async () => {
    const { id } = stored(await genuine(), {
      ...NOT_AGAIN,
      details: { OriginalRecipient: `${jane.alertAddress}\0`, Subject: "\0", Headers: "none", From: 7, Date: null },
    });
    expect(await recovered()).toEqual({ ...nothing, total: 1, fromArchive: 1 });
    expect(await app.store.outcomeOf(id)).toMatchObject({ outcome: "unknown_recipient" });
  });

  it("is refused when the answer is about another one, or without an end", async () => {
    const { id } = stored(await genuine(), { ...NOT_AGAIN, details: { MessageID: "another" } });
    expect(await recovered()).toMatchObject({
      missing: [{ id, reason: expect.stringContaining("about another mail") }],
    });
    postmark.on.search = () => {};
    expect(await rowsOf(app, "mails")).toEqual([]);
  });
});

describe("the limits of a day", () => {
  const strict = () => {
    const config = { ...app.config, accountLimits: { mailsPerDay: 2, bytesPerDay: 1_000_000 } };
    bring = async (body) => (await webhook(delivery(body), { ...app, config })).status;
    return { ...app, config };
  };

  it("do not refuse what was acknowledged before, however much of it comes at once", async () => {
    for (let count = 0; count < 5; count += 1) stored(await genuine());
    for (let count = 0; count < 5; count += 1) stored(await genuine(), NOT_AGAIN);
    expect(await recovered(strict())).toEqual({ ...nothing, total: 10, cameAgain: 5, fromArchive: 5 });
  });

  it("hold for what was never acknowledged", async () => {
    for (let count = 0; count < 5; count += 1) stored(await genuine(), { ...NOT_AGAIN, status: "failed" });
    const { missing, ...found } = await recovered(strict());
    expect(found).toMatchObject({ total: 5, fromArchive: 2 });
    expect(missing.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => "This account has had its mail of today. Please try again later."),
    );
  });

  it("hold again for what comes after it", async () => {
    const on = strict();
    for (let count = 0; count < 3; count += 1) stored(await genuine());
    await recovered(on);
    await expect(webhook(delivery(await genuine()), on)).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("a recovery", () => {
  it("says how far it is", async () => {
    for (let count = 0; count < 3; count += 1) stored(await genuine());
    stored(await genuine(), NOT_AGAIN);
    const lines: string[] = [];
    await recover(SINCE, app, (line) => lines.push(line), PATIENCE);
    expect(lines).toEqual(
      expect.arrayContaining([
        "4 mails at Postmark",
        "4 of 4 missing mails asked for",
        "3 of 3 mails have come again",
        "1 of 1 mails looked up in the archive",
      ]),
    );
  });

  it("ends when Postmark can't be asked, when the service stops, and in maintenance", async () => {
    stored(await genuine());
    postmark.faults.push(...Array.from({ length: 20 }, () => 500));
    await expect(recovered()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^Postmark/),
    });
    postmark.faults.length = 0;
    const maintenance = () => ({ since: NOW, until: NOW.add({ hours: 1 }) });
    await expect(recovered({ ...app, maintenance })).rejects.toThrow(/^Maintenance is on/);
    await expect(recovered({ ...app, stopping: AbortSignal.abort() })).rejects.toMatchObject({ code: "unavailable" });
    expect(app.recovery.awaited.size).toBe(0);
  });

  it("knows from when on Postmark keeps nothing", async () => {
    const { unknownUntil } = await recover(NOW.subtract({ hours: 46 * 24 }), app, () => {}, PATIENCE);
    expect(unknownUntil).toBe(NOW.subtract({ hours: 45 * 24 }).toString());
  });

  it("has nothing to ask in local mode", async () => {
    await expect(recovered({ ...app, recovery: fakeRecovery(null) })).rejects.toThrow(/^Local mode has no archive/);
  });
});

/** With the header by which Postmark says that the sender signed it. */
function withWord(payload: Payload): Payload {
  const line = "from a by p-pm-inboundg01a.inbound.postmarkapp.com (Postfix); Sun, 05 Jun 2022 19:45:00 +0000";
  return withHeader(withHeader(payload, "Received", line), "X-Spam-Tests", "DKIM_SIGNED,DKIM_VALID,DKIM_VALID_AU");
}

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { composeMail } from "../adapters/compose-mail.ts";
import { emlToInbound } from "../adapters/eml-to-inbound.ts";
import { allRows } from "../test/database.ts";
import { deliverMail, onlyPurchase, purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { bankKey, newKey, publishing, signMail, unsignedMail, type SigningKey } from "../test/sign-mail.ts";
import { interpret } from "./interpret.ts";
import { readMail } from "./read-mail.ts";

const AT = Temporal.Instant.from("2022-06-05T20:45:00Z");
const JANES = "jane@example.com";
/** Jane's mailbox provider signs what Jane sends. */
const provider = newKey("example.com");

let clock = AT;
let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  clock = AT;
  app = await fakeApp({ now: () => clock, resolveTxt: publishing(provider, bankKey("chase.com")) });
  jane = await signedIn(app, JANES);
});
afterEach(() => app.close());

describe("an alert that a person forwards by hand", () => {
  it("is booked as theirs when their own mailbox signed the forward, and says what the alert says", async () => {
    expect(await deliverMail(app, await byHand(JANES, provider))).toBe("booked");
    expect(await onlyPurchase(app, jane)).toMatchObject({
      merchant: "ANMOL INDIAN RESTAUR",
      amountMinor: 6383,
      institution: "chase",
      origin: "addressed",
      signedBy: null,
    });
  });

  it.each([
    ["nobody signed the forward", JANES, null],
    ["a stranger's domain signed it", JANES, newKey("evil.example.net")],
    ["somebody else forwarded it", "mallory@example.com", provider],
    ["somebody at the bank forwarded it", "joe@chase.com", bankKey("chase.com")],
  ])("waits in review when %s", async (_what, forwarder, key) => {
    expect(await deliverMail(app, await byHand(forwarder, key))).toBe("review");
    expect(await purchasesOf(app, jane)).toEqual([]);
  });

  it("counts once when it came by a rule as well, whichever came first", async () => {
    const [rule, hand] = [await byRule(), await byHand(JANES, provider)];
    expect(await deliverMail(app, rule)).toBe("booked");
    expect(await deliverMail(app, hand)).toBe("duplicate");
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
    const joe = await signedIn(app, "joe@example.com");
    expect(await deliverMail(app, await byHand("joe@example.com", provider, joe))).toBe("booked");
    expect(await deliverMail(app, await byRule(joe, "joe@example.com"))).toBe("duplicate");
    expect(await purchasesOf(app, joe)).toHaveLength(1);
  });
});

describe("originals that hang on a mail", () => {
  it("are each booked by their own signatures, and the mail that carried them is none", async () => {
    const originals = [
      await original(JANES, bankKey("chase.com")),
      await original(JANES, bankKey("chase.com"), "9.99"),
    ];
    const payload = await carrying(originals, JANES, provider);
    expect(await deliverMail(app, payload)).toBe("carrier");
    await interpret(app);
    const found = await purchasesOf(app, jane);
    expect(found).toMatchObject([{ signedBy: "chase.com" }, { signedBy: "chase.com" }]);
    expect(found.map(({ amountMinor }) => amountMinor).toSorted((a, b) => a - b)).toEqual([999, 6383]);
  });

  it("that the bank did not sign count as forwarded by hand", async () => {
    await deliverMail(app, await carrying([await original(JANES, null)], JANES, provider));
    await interpret(app);
    expect(await onlyPurchase(app, jane)).toMatchObject({ origin: "addressed", signedBy: null });
  });

  it("wait in review when neither the bank signed them nor the person's mailbox the forward", async () => {
    await deliverMail(app, await carrying([await original(JANES, null)], JANES, null));
    await interpret(app);
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await app.store.countInReview(jane.id)).toBe(1);
  });

  it("are booked by their own signature whoever sent them on, but not when the bank wrote to somebody else", async () => {
    const mine = await original(JANES, bankKey("chase.com"));
    const theirs = await original("mallory@example.net", bankKey("chase.com"), "9.99");
    await deliverMail(app, await carrying([mine, theirs], "mallory@example.net", null));
    await interpret(app);
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383, signedBy: "chase.com" });
    expect(await app.store.countInReview(jane.id)).toBe(1);
  });

  it("beyond twenty are left out, and the person is told so", async () => {
    const originals: Uint8Array[] = [];
    for (let number = 0; number < 22; number += 1) originals.push(await original(JANES, null, `9.${number + 10}`));
    const payload = await carrying(originals, JANES, provider);
    expect(await deliverMail(app, payload)).toBe("review");
    const { reason } = (await app.store.outcomeOf(String(payload["MessageID"]))) ?? {};
    expect(reason).toBe("It carried 20 other mails. 2 more were too many, or too deep inside, to be read.");
  });

  it("are read besides an alert that the mail itself is", async () => {
    const alert = await byHand(JANES, provider);
    const other = await original(JANES, bankKey("chase.com"), "9.99");
    const attachment = { Name: "a.eml", Content: Buffer.from(other).toString("base64"), ContentType: "message/rfc822" };
    expect(await deliverMail(app, { ...alert, Attachments: [attachment] })).toBe("booked");
    await interpret(app);
    expect((await purchasesOf(app, jane)).map(({ amountMinor }) => amountMinor)).toEqual(
      expect.arrayContaining([6383, 999]),
    );
  });

  it("are read also when the mail that they hang on came before without them", async () => {
    await deliverMail(app, await byHand(JANES, provider));
    const other = await original(JANES, bankKey("chase.com"), "9.99");
    const attachment = { Name: "a.eml", Content: Buffer.from(other).toString("base64"), ContentType: "message/rfc822" };
    expect(await deliverMail(app, { ...(await byHand(JANES, provider)), Attachments: [attachment] })).toBe("duplicate");
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });

  it("wait for DNS with the mail that carries them, and are not lost to its trouble", async () => {
    const payload = await carrying([await original(JANES, bankKey("chase.com"))], JANES, provider);
    const down = { ...app, readMail: whileDown };
    expect(await deliverMail(down, payload)).toBe("waiting");
    clock = clock.add({ minutes: 5 });
    await interpret(app);
    await interpret(app);
    expect(await onlyPurchase(app, jane)).toMatchObject({ signedBy: "chase.com" });
  });

  it("that could not be checked in a day count as unsigned, whatever their own headers say", async () => {
    const claims = "X-Spam-Tests: DKIM_VALID_AU\r\nReceived: from a by b.inbound.postmarkapp.com\r\n";
    const forged = Buffer.concat([Buffer.from(claims), await original(JANES, newKey("chase.com"))]);
    const payload = await carrying([forged], "mallory@evil.example.net", null);
    const down = { ...app, readMail: whileDown };
    await deliverMail(down, payload);
    clock = clock.add({ hours: 25 });
    await interpret(down);
    for (let time = 0; time < 3; time += 1) await interpret(app);
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await app.store.countInReview(jane.id)).toBe(1);
  });

  it("count once with the same mail by a rule, and when the carrier comes again", async () => {
    await deliverMail(app, await byRule());
    const payload = await carrying([await original(JANES, bankKey("chase.com"))], JANES, provider);
    await deliverMail(app, payload);
    await interpret(app);
    await deliverMail(app, { ...payload, MessageID: randomUUID() });
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    // The one by a rule, two carriers, and what each of them carried.
    expect((await allRows(app))["mails"]).toHaveLength(5);
  });
});

/** Reads while no name server answers. */
const whileDown: FakeApp["readMail"] = (payload, { receivedAt, ...known }) =>
  readMail(payload, {
    ...known,
    receivedAt: receivedAt.epochMilliseconds,
    domain: app.config.domain,
    resolveTxt: () => Promise.reject(Object.assign(new Error("no answer"), { code: "ETIMEOUT" })),
  });

const MESSAGE_ID = "original@chase.example.com";

/** The alert as it reaches the account by a forwarding rule, signed by the bank. */
async function byRule(person = jane, mailbox = JANES): Promise<Record<string, unknown>> {
  return sent(await original(mailbox, bankKey("chase.com")), "no.reply.alerts@chase.com", person);
}

/** The alert as Gmail forwards it when its person presses Forward. */
async function byHand(forwarder: string, key: SigningKey | null, person = jane): Promise<Record<string, unknown>> {
  const alert = mailTo(person.alertAddress, CHASE);
  const header = `---------- Forwarded message ---------<br>From: <b>Chase</b> <span>&lt;${String(alert["From"])}&gt;</span><br>Date: Sun, Jun 5, 2022 at 4:44 PM<br>Subject: ${String(alert["Subject"])}<br>To: &lt;${JANES}&gt;<br>`;
  const raw = composeMail({
    from: forwarder,
    to: person.alertAddress,
    subject: `Fwd: ${String(alert["Subject"])}`,
    text: "",
    html: `<div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${header}</div><br><br>${String(alert["HtmlBody"])}</div></div>`,
    messageId: `${randomUUID()}@mail.example.com`,
    date: AT,
    headers: { References: `<${MESSAGE_ID}>`, "In-Reply-To": `<${MESSAGE_ID}>` },
  });
  return sent(key === null ? raw : await signMail(raw, key), forwarder, person);
}

/** The bank's own mail to that mailbox, as a file. */
async function original(mailbox: string, key: SigningKey | null, amount = "63.83"): Promise<Uint8Array> {
  const payload = mailTo("", CHASE);
  const html = String(payload["HtmlBody"]).replaceAll("63.83", amount);
  const changed = { ...payload, HtmlBody: html };
  const { RawEmail } = unsignedMail(changed, { to: mailbox, at: AT });
  const raw = String(RawEmail).replace(
    /^Message-ID: .*$/im,
    `Message-ID: <${amount === "63.83" ? MESSAGE_ID : randomUUID()}>`,
  );
  return key === null ? Buffer.from(raw) : signMail(raw, key);
}

/** A mail with others hanging on it, as "Forward as attachment" makes it. */
async function carrying(
  originals: readonly Uint8Array[],
  forwarder: string,
  key: SigningKey | null,
): Promise<Record<string, unknown>> {
  const parts = originals.flatMap((raw) => [
    "--carrier",
    "Content-Type: message/rfc822",
    'Content-Disposition: attachment; filename="alert.eml"',
    "",
    Buffer.from(raw).toString(),
  ]);
  const lines = [
    `From: ${forwarder}`,
    `To: ${jane.alertAddress}`,
    "Subject: Fwd: alerts",
    "Date: Sun, 5 Jun 2022 20:44:41 +0000",
    `Message-ID: <carrier-${originals.length}@mail.example.com>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="carrier"',
    "",
    "--carrier",
    "Content-Type: text/plain",
    "",
    "See attached.",
    ...parts,
    "--carrier--",
    "",
  ];
  const raw = lines.join("\r\n");
  return sent(key === null ? Buffer.from(raw) : await signMail(raw, key), forwarder, jane);
}

function sent(raw: Uint8Array, sender: string, person: TestPerson): Promise<Record<string, unknown>> {
  return emlToInbound(raw, { recipient: person.alertAddress, sender, receivedAt: AT, aligned: false });
}

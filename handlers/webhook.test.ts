import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { mailDate } from "../adapters/postmark-headers.ts";
import { handle } from "../router.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { bodyOf, deliverMail, purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, NOW, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { BASE, delivery, post } from "../test/requests.ts";
import { bankKey, bankZone, signMail } from "../test/sign-mail.ts";
import { mailedToken } from "../test/sign-in.ts";
import { interpret } from "./interpret.ts";
import { webhook } from "./webhook.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp({ resolveTxt: bankZone });
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("POST /webhook/inbound", () => {
  it.each([
    ["a mail of the usual size", 1_000],
    ["one that is compressed apart", 400_000],
  ])("keeps %s byte for byte", async (_size, length) => {
    const id = randomUUID();
    const body = `{ "MessageID" : "${id}",\r\n"TextBody":"\\u0000é\u{1f4b8}${"x".repeat(length)}" }\n`;
    expect((await webhook(delivery(body), app)).status).toBe(200);
    expect(await keptBytes(id)).toEqual(Buffer.from(body));
  });

  it("keeps the same delivery once, also when it comes many times at once", async () => {
    const payload = mailTo(jane.alertAddress, CHASE);
    await Promise.all(Array.from({ length: 5 }, () => webhook(delivery(payload), app)));
    await webhook(delivery(payload), app);
    const { mails, mail_payloads: payloads } = await allRows(app);
    expect([mails?.length, payloads?.length]).toEqual([1, 1]);
  });

  it("keeps what comes under an id that was there before with another body, beside the first", async () => {
    const payload = mailTo(jane.alertAddress, CHASE);
    const other = { ...payload, Subject: "Other words" };
    await webhook(delivery(payload), app);
    for (let time = 0; time < 2; time += 1) await webhook(delivery(other), app);
    await webhook(delivery(payload), app);
    const bodies = (await rowsOf(app, "mail_payloads")).map(([, packed]) => unpacked(String(packed)).toString());
    expect(bodies).toEqual([JSON.stringify(payload), JSON.stringify(other)]);
  });

  it("keeps all of what comes at once, the repeated and the ambiguous among it", async () => {
    const [first, second] = [mailTo(jane.alertAddress, CHASE), mailTo(jane.alertAddress, CHASE)];
    const same = { ...first, Subject: "The same id" };
    const all = [first, second, first, same, "not JSON", mailTo("nobody@example.net", CHASE), second];
    const answers = await Promise.all(all.map((body) => webhook(delivery(body), app)));
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(await rowsOf(app, "mails")).toHaveLength(5);
    expect(await rowsOf(app, "mail_payloads")).toHaveLength(5);
  });

  it("takes each of several credentials, so that they can be changed without losing mail", async () => {
    const rotating = { ...app, config: { ...app.config, webhookCredentials: ["old:password-1", "new:password-2"] } };
    for (const credential of ["old:password-1", "new:password-2"]) {
      expect((await webhook(delivery(mailTo(jane.alertAddress, CHASE), credential), rotating)).status).toBe(200);
    }
  });

  it.each([
    ["a guessed token", "alerts+aaaaaaaaaaaaaaaa@wtmm.example.com"],
    ["the shared address", "alerts@wtmm.example.com"],
    ["a name nobody has", "support@wtmm.example.com"],
    ["another domain", "alerts@example.net"],
    ["nothing", ""],
  ])("keeps a mail to %s and books nothing from it", async (_whom, recipient) => {
    expect(await deliverMail(app, mailTo(recipient, CHASE))).toBe("unknown_recipient");
    expect(await purchasesOf(app, jane)).toEqual([]);
    expect(await rowsOf(app, "mail_payloads")).toHaveLength(1);
  });

  it("finds the person by the envelope, never by the To that somebody wrote", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const to = { To: joe.alertAddress, ToFull: [{ Email: joe.alertAddress, Name: "", MailboxHash: "" }] };
    expect(await deliverMail(app, mailTo(jane.alertAddress.toUpperCase(), CHASE, to))).toBe("booked");
    expect(await purchasesOf(app, joe)).toEqual([]);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
  });

  it.each([
    ["half of a character", "\ud83d@example.net"],
    ["a character that the limit of 320 cuts in two", `${"x".repeat(319)}\u{1f4b8}@example.net`],
    ["a zero byte", "a\u0000b@example.net"],
  ])("survives a recipient with %s", async (_what, recipient) => {
    expect(await deliverMail(app, mailTo(recipient, CHASE))).toBe("unknown_recipient");
  });

  it.each(["a\ud83db", "a\u0000b", "a b", "é", "", "x".repeat(201), "\n"])(
    "keeps a delivery under its hash when its id is %j, which is none of Postmark's",
    async (MessageID) => {
      expect((await webhook(delivery(mailTo(jane.alertAddress, CHASE, { MessageID })), app)).status).toBe(200);
      await interpret(app);
      const [row] = await rowsOf(app, "mails");
      expect(row?.join(" ")).toMatch(/^1 sha256:[0-9a-f]{64} .* done .* unreadable /);
    },
  );

  it("keeps a letter of ours that comes back without the links in it", async () => {
    const t = await mailedToken(app, "joe@example.com");
    const letter = app.sent.at(-1);
    const headers = ["From: Info@wtmm.example.com", "To: joe@example.com", "Subject: Hello", `Date: ${mailDate(NOW)}`];
    const body = `sign-in?t=3D${t.slice(0, 20)}=\r\n${t.slice(20)}\r\n`;
    const raw = await signMail(`${headers.join("\r\n")}\r\n\r\n${body}`, bankKey("wtmm.example.com"));
    const ours = {
      From: "Info@wtmm.example.com",
      FromFull: { Email: "Info@wtmm.example.com", Name: "" },
      RawEmail: raw.toString(),
    };
    const wrapped = `https://safe.example.net/?url=${encodeURIComponent(`${BASE}/sign-in?t=${t}`)}`;
    const words = {
      TextBody: letter?.text,
      HtmlBody: `${letter?.html}${wrapped}`,
      Attachments: [{ Content: btoa(t) }],
    };
    const payload = mailTo(jane.alertAddress, CHASE, { ...ours, ...words });
    expect(await deliverMail(app, payload)).toBe("ours");
    await webhook(delivery(payload), app);
    const [[, packed = ""] = [], ...others] = await rowsOf(app, "mail_payloads");
    expect(others).toEqual([]);
    const kept = unpacked(String(packed)).toString();
    expect(kept).toContain("Open your dashboard");
    expect(kept).toContain("(link removed)");
    expect(kept).not.toContain(t.slice(20, 40));
    expect(kept).not.toContain(btoa(t));
    expect((await handle(post("/sign-in", { t }), app)).status).toBe(303);
  });

  it("keeps any JSON and any bytes whole, and nothing in them stops the mails behind it", async () => {
    // Every 16-bit unit: halves of characters and zero bytes as well.
    const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });
    const payload = fc.record(
      {
        MessageID: fc.oneof(fc.uuid(), text),
        From: text,
        FromFull: fc.record({ Email: fc.oneof(text, fc.constant("no.reply.alerts@chase.com")), Name: text }),
        OriginalRecipient: fc.oneof(text, fc.constantFrom(jane.alertAddress, "info@wtmm.example.com")),
        MailboxHash: text,
        Subject: text,
        Date: text,
        TextBody: text,
        HtmlBody: text,
        Headers: fc.array(fc.record({ Name: fc.oneof(text, fc.constantFrom("Message-ID", "Received")), Value: text })),
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      payload.map((value) => JSON.stringify(value)),
      fc.json(),
      text.filter((each) => each !== ""),
    );
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        expect((await webhook(delivery(sent), app)).status).toBe(200);
        const bodies = (await rowsOf(app, "mail_payloads")).map(([, packed]) => unpacked(String(packed)));
        expect(bodies.some((kept) => kept.equals(Buffer.from(sent)))).toBe(true);
        await interpret(app);
        expect(await app.store.serviceState(app.now())).toMatchObject({ oldestMailWaitingMs: null });
      }),
      { numRuns: 40 },
    );
  });
});

async function keptBytes(id: string): Promise<Buffer> {
  return bodyOf((await app.store.payload(id)) ?? Buffer.alloc(0));
}

function unpacked(hex: string): Buffer {
  return bodyOf(Buffer.from(hex, "hex"));
}

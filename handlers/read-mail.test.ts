import { zstdCompressSync } from "node:zlib";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { withHeader } from "../test/deliver-mail.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { readInboundPayload, type InboundPayload } from "./inbound-payload.ts";
import { readMail, readOutside, readPayload, type Reading } from "./read-mail.ts";

const DOMAIN = "wtmm.example.com";
const AT = Date.parse("2022-06-05T20:45:00Z");
const TOKEN = "abcdefghijklmnop";

describe("a kept mail", () => {
  it("is read as plain values that can cross a thread", async () => {
    const read = await readKept(mailTo(`alerts+${TOKEN}@${DOMAIN}`, CHASE));
    expect(read).toMatchObject({
      state: "read",
      route: { kind: "alert", token: TOKEN },
      recipient: `alerts+${TOKEN}@${DOMAIN}`,
      check: { signature: { state: "no_raw_mail" }, providerAligned: true, forward: null },
      isAutomatic: false,
      sender: "no.reply.alerts@chase.com",
      institution: "chase",
      outcome: "events",
      events: [
        {
          amountMinor: 6383,
          currency: "USD",
          merchant: "ANMOL INDIAN RESTAUR",
          occurredAt: Date.parse("2022-06-05T20:44:00Z"),
          occurredOn: null,
        },
      ],
      confirmation: null,
      isOurs: false,
      sampleCode: null,
    });
    expect(structuredClone(read)).toEqual(read);
  });

  it("with anything in it is read without a throw", async () => {
    const words = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.constantFrom(
        "\ud800",
        "\0",
        "<table><tr><td>Amount<td>$1.00",
        "Date: Sun, 99 Foo 0000",
        "$99999999999999999999",
      ),
    );
    const payload = fc.record({
      From: words,
      FromFull: fc.record({ Email: words, Name: words }),
      OriginalRecipient: words,
      MailboxHash: words,
      Subject: words,
      Date: words,
      TextBody: words,
      HtmlBody: words,
      Headers: fc.array(fc.record({ Name: fc.oneof(words, fc.constantFrom("Message-ID", "Date")), Value: words }), {
        maxLength: 3,
      }),
    });
    await fc.assert(
      fc.asyncProperty(payload, fc.integer({ min: 0, max: 4_102_444_800_000 }), async (fields, receivedAt) => {
        const read = await readPayload({ ...payloadOf({}), ...fields }, reading(receivedAt));
        expect(structuredClone(read)).toEqual(read);
        for (const text of [read.subject, ...read.lines]) expect(text).not.toContain("\0");
        expect(Number.isSafeInteger(read.date)).toBe(true);
      }),
    );
  });

  it("that is not our provider's is unreadable, and one that is damaged throws", async () => {
    for (const body of ["no JSON", "{}", "[]", ""]) {
      expect(await readMail(zstdCompressSync(body), reading())).toEqual({ state: "unreadable" });
    }
    const damaged = zstdCompressSync("cut short").subarray(0, -4);
    await expect(readMail(damaged, reading())).rejects.toThrow(/zstd|unexpected end/i);
  });

  it("that was not compressed yet is given back so, and any other is left alone", async () => {
    const body = Buffer.from(JSON.stringify(mailTo("alerts@wtmm.example.com", CHASE)));
    const late = await readMail(body, reading());
    expect(late).toMatchObject({ state: "read", replacement: expect.any(Uint8Array) });
    expect(await readMail(zstdCompressSync(body), reading())).toEqual({ ...late, replacement: null });
  });
});

describe("the identity of a mail", () => {
  it("does not depend on how its words are wrapped, quoted and marked up on the way", async () => {
    const marks = fc.constantFrom("\n", "\r\n", "\r\n> ", " ", " *", "\n\n");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 1 }), marks, async (words, mark) => {
        const plain = await bodyHash({ TextBody: words.join(" ") });
        expect(await bodyHash({ TextBody: words.join(mark) })).toBe(plain);
        const html = words.map((word) => `<td><b>${word}</b></td>`).join("\n");
        expect(await bodyHash({ HtmlBody: `<table><tr>${html}</tr></table>` })).toBe(plain);
      }),
    );
  });

  it("depends on each of its letters and digits", async () => {
    const words = fc.stringMatching(/^[a-z0-9 .,$]{0,40}$/);
    await fc.assert(
      fc.asyncProperty(words, fc.nat(), async (text, seed) => {
        const at = seed % (text.length + 1);
        const longer = `${text.slice(0, at)}x${text.slice(at)}`;
        expect(await bodyHash({ TextBody: longer })).not.toBe(await bodyHash({ TextBody: text }));
      }),
    );
    expect(await bodyHash({ TextBody: "...", HtmlBody: "" })).not.toBe(
      await bodyHash({ TextBody: "!!!", HtmlBody: "" }),
    );
  });

  it("is the same by two routes", async () => {
    const direct = mailTo(`alerts+${TOKEN}@${DOMAIN}`, CHASE);
    const forwarded = withHeader(
      { ...mailTo(`alerts+${TOKEN}@${DOMAIN}`, CHASE), To: "jane@example.com", MailboxHash: TOKEN },
      "Received",
      "by relay.example.net",
    );
    expect(await identityOf(forwarded)).toEqual(await identityOf(direct));
  });

  it("holds the Message-ID however its header is written", async () => {
    const payload = (Name: string) => payloadOf({ Headers: [{ Name, Value: " <one@example.com>\r\n" }] });
    for (const name of ["Message-ID", "Message-Id", "MESSAGE-ID", "message-id"]) {
      expect((await readPayload(payload(name), reading())).messageIds).toEqual(["<one@example.com>"]);
    }
  });

  it("stands on sender, date and subject when there is no Message-ID, so that a second delivery is the same mail", async () => {
    const mail = { From: "bank@example.com", Date: "Sun, 5 Jun 2022 16:44:00 -0400", Subject: "Alert" };
    const idOf = async (parts: object) =>
      (await readPayload(payloadOf({ ...mail, ...parts }), reading())).messageIds[0];
    expect(await idOf({ MessageID: "delivery-2" })).toBe(await idOf({ MessageID: "delivery-1" }));
    for (const other of [{ From: "other@example.com" }, { Date: "Mon, 6 Jun 2022 16:44:00 -0400" }, { Subject: "B" }]) {
      expect(await idOf(other)).not.toBe(await idOf({}));
    }
  });

  async function bodyHash(parts: Partial<Pick<InboundPayload, "TextBody" | "HtmlBody">>): Promise<string> {
    return (await readPayload(payloadOf(parts), reading())).bodySha256;
  }

  async function identityOf(payload: unknown) {
    const read = await readKept(payload);
    return read.state === "read" ? [read.messageIds, read.bodySha256] : read;
  }
});

describe("what is stored of a mail", () => {
  it("holds no NUL, at which the database would stop reading", async () => {
    const payload = payloadOf({ Subject: "Your \0card", TextBody: "first\0 line" });
    expect(await readPayload(payload, reading())).toMatchObject({ subject: "Your card", lines: ["first line"] });
    const merchant = mailTo("", "chase/fixtures/card-2018");
    const body = JSON.stringify(merchant).replaceAll("<td", "\\u0000<td");
    expect(JSON.stringify(await readMail(zstdCompressSync(body), reading()))).not.toContain("\\u0000");
  });

  it("is cut where no page would show it whole", async () => {
    const payload = payloadOf({ Subject: "s".repeat(10_000), From: `${"f".repeat(10_000)}@example.com` });
    const read = await readPayload(payload, reading());
    expect([read.subject.length, read.sender.length]).toEqual([500, 320]);
  });

  it("puts a date without a time at noon in UTC of that day", async () => {
    const read = await readKept(mailTo("", "chase/fixtures/zelle-received"), Date.parse("2026-08-06T17:00:00Z"));
    const event = read.state === "read" ? read.events[0] : undefined;
    expect(event).toMatchObject({ occurredOn: "2026-08-06", occurredAt: Date.parse("2026-08-06T12:00:00Z") });
  });
});

describe("a letter of ours that came back", () => {
  const ours = { From: `info@${DOMAIN}`, TextBody: `Hello\nSample code: ${TOKEN}\n` };

  it("is known by its provider's word alone", async () => {
    const forged = await readPayload(payloadOf(ours), reading());
    expect(forged).toMatchObject({ isOurs: false, sampleCode: null });
    const fixture = mailTo(`alerts+${TOKEN}@${DOMAIN}`, CHASE, { ...ours, FromFull: { Email: ours.From, Name: "" } });
    expect(await readKept(fixture)).toMatchObject({
      check: { providerAligned: true },
      isOurs: true,
      sampleCode: TOKEN,
    });
    const other = { ...fixture, FromFull: { Email: `info@evil-${DOMAIN}`, Name: "" } };
    expect(await readKept(other)).toMatchObject({ check: { providerAligned: true }, isOurs: false, sampleCode: null });
  });
});

describe("the outside of a mail that reading was given up on", () => {
  it("is told when it is cheap to find out, and empty when it is not", () => {
    const payload = mailTo("alerts@wtmm.example.com", CHASE, { Subject: "Your\0 card" });
    const packed = (body: string | Uint8Array) => readOutside(zstdCompressSync(body));
    expect(packed(JSON.stringify(payload))).toEqual({ sender: "no.reply.alerts@chase.com", subject: "Your card" });
    const nothing = { sender: "", subject: "" };
    expect(packed("no JSON")).toEqual(nothing);
    expect(packed(JSON.stringify({ ...payload, RawEmail: "x".repeat(3_000_000) }))).toEqual(nothing);
    expect(readOutside(zstdCompressSync("cut short").subarray(0, -4))).toEqual(nothing);
    // Some bytes that would become gigabytes.
    const frame = zstdCompressSync(new Uint8Array(16 * 1024 * 1024));
    expect(readOutside(Buffer.concat(Array.from({ length: 200 }, () => frame)))).toEqual(nothing);
  });
});

function readKept(payload: unknown, receivedAt = AT) {
  return readMail(zstdCompressSync(JSON.stringify(payload)), reading(receivedAt));
}

function reading(receivedAt = AT): Reading {
  const resolveTxt = () => Promise.reject(new Error("There is no DNS here."));
  return { receivedAt, domain: DOMAIN, check: null, hasAccount: true, usualCurrency: null, resolveTxt };
}

function payloadOf(parts: Partial<InboundPayload>): InboundPayload {
  const payload = readInboundPayload(Buffer.from(JSON.stringify({ MessageID: "id", ...parts })));
  if (payload === null) throw new Error("This should be a payload.");
  return payload;
}

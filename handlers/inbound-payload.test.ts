import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { headerOf, readInboundPayload, senderOf, toMail, type InboundPayload } from "./inbound-payload.ts";

const NOW = Temporal.Instant.from("2026-11-20T17:00:00Z");
const EMPTY = {
  MessageID: "id",
  From: "",
  FromFull: { Email: "", Name: "" },
  To: "",
  OriginalRecipient: "",
  MailboxHash: "",
  Subject: "",
  Date: "",
  TextBody: "",
  HtmlBody: "",
  Headers: [],
  Attachments: [],
  RawEmail: "",
};

describe("a webhook body", () => {
  it("of any bytes is read or not, and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readInboundPayload(bytes)).toBeNull();
      }),
    );
  });

  it("of any JSON is no payload, unless it has an id", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(readInboundPayload(Buffer.from(json))).toBeNull();
      }),
    );
  });

  it("with anything at all in its fields is read, and every field has its type", () => {
    const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" }), fc.constantFrom("\ud800", "\0", null));
    const fields = fc.dictionary(fc.constantFrom(...Object.keys(EMPTY), "__proto__", "Tag"), anything);
    fc.assert(
      fc.property(fields, (given) => {
        const payload = read({ ...given, MessageID: "id" });
        expect(Object.keys(payload ?? {}).toSorted()).toEqual(Object.keys(EMPTY).toSorted());
        for (const [name, value] of Object.entries(payload ?? {})) {
          if (!["Headers", "FromFull", "Attachments"].includes(name)) expect(value).toBeTypeOf("string");
        }
        for (const part of payload?.Attachments ?? [])
          for (const value of Object.values(part)) expect(value).toBeTypeOf("string");
        for (const { Name, Value } of payload?.Headers ?? [])
          expect([typeof Name, typeof Value]).toEqual(["string", "string"]);
        expect(() => toMail(payload ?? EMPTY, NOW)).not.toThrow();
      }),
    );
  });

  it("needs no more than an id", () => {
    expect(read({ MessageID: "id" })).toEqual(EMPTY);
  });

  it.each(["", "a b", "a\0b", "ä", "\ud800", "a".repeat(201), 1, null, ["id"]])(
    "is no payload with an id that no database gives back as it was: %j",
    (MessageID) => {
      expect(read({ ...EMPTY, MessageID })).toBeNull();
    },
  );

  it("is read however deep things are nested in what we do not read", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(readInboundPayload(Buffer.from(`{"MessageID":"id","Tag":${deep}}`))).toEqual(EMPTY);
    const attached = readInboundPayload(Buffer.from(`{"MessageID":"id","Attachments":${deep}}`))?.Attachments;
    expect(attached).toEqual([{ Name: "", Content: "", ContentType: "" }]);
  });

  it("is read where it lies, also in the middle of other bytes", () => {
    const body = Buffer.from(`xx${JSON.stringify(EMPTY)}yy`);
    expect(readInboundPayload(body.subarray(2, -2))).toEqual(EMPTY);
    expect(readInboundPayload(new Uint8Array(body.buffer, body.byteOffset + 2, body.length - 4))).toEqual(EMPTY);
  });

  it.each(fixtures())("of our parsers' fixtures is read: %s", (path) => {
    const payload = readInboundPayload(readFileSync(path));
    expect(payload?.Headers.length).toBeGreaterThan(0);
    expect(senderOf(payload ?? EMPTY)).toMatch(/^[^@\s]+@[^@\s]+$/);
  });
});

describe("a header", () => {
  it("is found whatever the case of its name, and the first of several counts", () => {
    const cased = fc.constantFrom("Message-ID", "X-Spam-Tests", "Auto-Submitted");
    fc.assert(
      fc.property(cased, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (name, uppers) => {
        const Name = [...name].map((letter, at) => (uppers[at] ? letter.toUpperCase() : letter.toLowerCase())).join("");
        const Headers = [
          { Name: "Other", Value: "no" },
          { Name, Value: " first " },
          { Name: name, Value: "second" },
        ];
        expect(headerOf({ ...EMPTY, Headers }, name)).toBe("first");
      }),
    );
  });

  it("that is not there is empty", () => {
    expect(headerOf({ ...EMPTY, Headers: [{ Name: "Message-ID-2", Value: "x" }] }, "Message-ID")).toBe("");
  });
});

describe("the sender", () => {
  it.each([
    [{ FromFull: { Email: " Alerts@Chase.COM ", Name: "" }, From: "else@example.com" }, "alerts@chase.com"],
    [{ FromFull: { Email: "", Name: "" }, From: "Else@Example.com" }, "else@example.com"],
    [{}, ""],
  ])("is the bare address, in lower case: %j", (parts, sender) => {
    expect(senderOf({ ...EMPTY, ...parts })).toBe(sender);
  });
});

it("gives the parsers all that they may look at", () => {
  const payload = read(mailTo("alerts@wtmm.example.com", CHASE)) ?? EMPTY;
  expect(toMail(payload, NOW)).toEqual({
    from: "no.reply.alerts@chase.com",
    fromName: payload.FromFull.Name,
    subject: payload.Subject,
    date: payload.Date,
    receivedAt: NOW,
    text: payload.TextBody,
    html: payload.HtmlBody,
    headers: payload.Headers.map(({ Name, Value }) => ({ name: Name, value: Value })),
  });
  expect(payload.HtmlBody).not.toBe("");
});

function read(payload: unknown): InboundPayload | null {
  return readInboundPayload(Buffer.from(JSON.stringify(payload)));
}

function fixtures(): string[] {
  const parsers = join(import.meta.dirname, "..", "parsers");
  return readdirSync(parsers, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".mail.json"))
    .map((path) => join(parsers, path));
}

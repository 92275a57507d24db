import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readInboundPayload } from "../handlers/inbound-payload.ts";
import { emlToInbound } from "./eml-to-inbound.ts";

const envelope = {
  recipient: "alerts+u7k2m@wtmm.test",
  sender: "jane+caf_=alerts=wtmm.test@example.com",
  receivedAt: Temporal.Instant.from("2026-11-20T15:00:05Z"),
  aligned: true,
};
const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

const forwarded = [
  "X-Forwarded-To: alerts+u7k2m@wtmm.test",
  "Received: by 2002:a05 with SMTP id a;",
  "        Fri, 20 Nov 2026 07:00:04 -0800 (PST)",
  "Received: from mx.example.net",
  "DKIM-Signature: v=1; a=rsa-sha256; d=chase.com;",
  "\tb=abc",
  "From: Chase <no.reply.alerts@chase.com>",
  "Reply-To: help@example.net",
  'To: "Doe, Jane" <jane.doe@example.com>, other@example.com',
  "Cc: Team: a@example.com, b@example.com;",
  "Subject: =?utf-8?B?WW91ciAkMTIuMzQ=?=\r\n =?utf-8?B?IHRyYW5zYWN0aW9u?=",
  "Date: Fri, 1 Aug 2014 16:45:32 -04:00",
  "Message-Id: <abc@chase.com>",
  "MIME-Version: 1.0",
  'Content-Type: text/html; charset="utf-8"',
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "<td>Merchant</td><td>CAF=C3=89</td>",
  "",
].join("\r\n");

describe("a mail that Gmail forwarded", () => {
  it("becomes the fields of Postmark's JSON", async () => {
    expect(await emlToInbound(bytes(forwarded), envelope)).toMatchObject({
      From: "no.reply.alerts@chase.com",
      FromName: "Chase",
      FromFull: { Email: "no.reply.alerts@chase.com", Name: "Chase", MailboxHash: "" },
      To: '"Doe, Jane" <jane.doe@example.com>, other@example.com',
      CcFull: [
        { Email: "a@example.com", Name: "", MailboxHash: "" },
        { Email: "b@example.com", Name: "", MailboxHash: "" },
      ],
      Bcc: "",
      BccFull: [],
      ReplyTo: "help@example.net",
      OriginalRecipient: "alerts+u7k2m@wtmm.test",
      MailboxHash: "",
      MessageStream: "inbound",
      Subject: "Your $12.34 transaction",
      Date: "Fri, 1 Aug 2014 16:45:32 -04:00",
      TextBody: "",
      HtmlBody: "<td>Merchant</td><td>CAFÉ</td>\n",
      StrippedTextReply: "",
      Tag: "",
      Attachments: [],
    });
  });

  it("keeps its headers in order, duplicates and folds included, below Postmark's own", async () => {
    const headers = headersOf(await emlToInbound(bytes(forwarded), envelope));
    expect(headers.map(([name]) => name)).toEqual([
      ...["Return-Path", "Received", "X-Spam-Checker-Version", "X-Spam-Status", "X-Spam-Score", "X-Spam-Tests"],
      ...["Received-SPF", "Received"],
      ...["X-Forwarded-To", "Received", "Received", "DKIM-Signature", "Message-Id", "MIME-Version"],
    ]);
    expect(headers[0]?.[1]).toBe("<jane+caf_=alerts=wtmm.test@example.com>");
    expect(headers[7]?.[1]).toMatch(
      /^from example\.com .*\tby p-pm-inbound\S*\.postmarkapp\.com .*\tfor <alerts\+u7k2m@wtmm\.test>; Fri, 20 Nov 2026 15:00:05 \+0000 \(UTC\)$/s,
    );
    expect(headers[9]?.[1]).toBe("by 2002:a05 with SMTP id a;        Fri, 20 Nov 2026 07:00:04 -0800 (PST)");
    expect(headers[11]?.[1]).toBe("v=1; a=rsa-sha256; d=chase.com;\tb=abc");
  });

  it("keeps its raw text to the last byte below Postmark's headers", async () => {
    const { RawEmail } = await emlToInbound(bytes(forwarded), envelope);
    expect(RawEmail).toMatch(/^Return-Path: <jane\+caf_/);
    expect(String(RawEmail).endsWith(`\r\n${forwarded}`)).toBe(true);
    expect(String(RawEmail).replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("says that the author's domain signed it only when told so", async () => {
    const testsOf = async (aligned: boolean): Promise<string | undefined> =>
      headersOf(await emlToInbound(bytes(forwarded), { ...envelope, aligned })).find(
        ([name]) => name === "X-Spam-Tests",
      )?.[1];
    expect(await testsOf(true)).toContain("DKIM_VALID_AU");
    expect(await testsOf(false)).not.toContain("DKIM");
  });
});

it("fills the mailbox hash when the mail was addressed to us", async () => {
  const mail = bytes("From: a@example.com\r\nTo: Alerts+U7K2M@wtmm.test\r\n\r\nhello\r\n");
  expect(await emlToInbound(mail, envelope)).toMatchObject({
    MailboxHash: "u7k2m",
    ToFull: [{ Email: "Alerts+U7K2M@wtmm.test", MailboxHash: "U7K2M" }],
    TextBody: "hello\n",
  });
});

it("gives every mail a new UUID of its own, or the one it is told", async () => {
  const [one, two] = await Promise.all([
    emlToInbound(bytes("A: b\n\n"), envelope),
    emlToInbound(bytes("A: b\n\n"), envelope),
  ]);
  expect(one?.["MessageID"]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(one?.["MessageID"]).not.toBe(two?.["MessageID"]);
  expect(await emlToInbound(bytes(""), { ...envelope, messageId: "m-1" })).toMatchObject({ MessageID: "m-1" });
});

it("carries attachments and forwarded mails in base64", async () => {
  const mail = [
    "From: a@example.com\nContent-Type: multipart/mixed; boundary=x\n",
    "--x\nContent-Type: text/plain\n\nsee below\n",
    '--x\nContent-Type: image/png; name="a.png"\nContent-ID: <pic@example.com>\nContent-Transfer-Encoding: base64\n\nAAEC/w==\n',
    "--x\nContent-Type: message/rfc822\n\nSubject: inner\n\ninner text\n",
    "--x--\n",
  ].join("\n");
  const { Attachments, TextBody } = await emlToInbound(bytes(mail), envelope);
  expect(TextBody).toBe("see below\n\n");
  expect(Attachments).toEqual([
    { Name: "a.png", Content: "AAEC/w==", ContentType: "image/png", ContentLength: 4, ContentID: "pic@example.com" },
    expect.objectContaining({ ContentType: "message/rfc822", Content: expect.stringMatching(/^U3ViamVjdDogaW5uZX/) }),
  ]);
});

describe("an odd mail", () => {
  it("without headers is all body", async () => {
    expect(await emlToInbound(bytes("just words"), envelope)).toMatchObject({
      TextBody: "just words\n",
      From: "",
      To: "",
    });
  });

  it("without a body has empty bodies", async () => {
    expect(await emlToInbound(bytes("Subject: only this"), envelope)).toMatchObject({
      Subject: "only this",
      TextBody: "",
      HtmlBody: "",
    });
  });

  it("without anything is still a payload", async () => {
    const payload = await emlToInbound(new Uint8Array(), envelope);
    expect(payload).toMatchObject({ Subject: "", TextBody: "", HtmlBody: "", Date: "" });
    expect(payload["RawEmail"]).toMatch(/^Return-Path: /);
  });

  it("in Latin-1 keeps its letters in the body, though not in the raw text", async () => {
    const mail = Buffer.from("Content-Type: text/plain; charset=iso-8859-1\r\n\r\nCaf\xe9\r\n", "latin1");
    const payload = await emlToInbound(mail, envelope);
    expect(payload["TextBody"]).toBe("Café\n");
    expect(payload["RawEmail"]).toContain("Caf\uFFFD");
  });

  it("whose structure is refused keeps its raw text and has empty bodies", async () => {
    const level = (n: number): string => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`;
    const mail = `Subject: deep\n${Array.from({ length: 300 }, (_, n) => level(n)).join("")}\nthe end`;
    const payload = await emlToInbound(bytes(mail), envelope);
    expect(payload).toMatchObject({
      TextBody: "",
      HtmlBody: "",
      Attachments: [],
      OriginalRecipient: "alerts+u7k2m@wtmm.test",
    });
    expect(payload["RawEmail"]).toContain("the end");
  });

  it("from a mailbox file or with a byte order mark is read from its first header", async () => {
    const mail = bytes("\uFEFFFrom jane@example.com Fri Nov 20 10:00:00 2026\nSubject: kept\n\nbody\n");
    const payload = await emlToInbound(mail, envelope);
    expect(payload).toMatchObject({ Subject: "kept", TextBody: "body\n" });
    expect(payload["RawEmail"]).not.toContain("From jane");
  });

  it("of 30 MB survives", async () => {
    const mail = Buffer.concat([bytes("Subject: big\r\n\r\n"), Buffer.alloc(30_000_000, `${"x".repeat(990)}\r\n`)]);
    const payload = await emlToInbound(mail, envelope);
    expect(payload["Subject"]).toBe("big");
    expect(String(payload["RawEmail"]).length).toBeGreaterThan(30_000_000);
  });

  it("of any bytes becomes a payload that the webhook understands", async () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .constantFrom(
          "\r\n",
          "\n\n",
          "--x\n",
          "Content-Type: multipart/mixed; boundary=x\n",
          "Subject: =?utf-8?B?",
          "To: a@b, <",
        )
        .map(bytes),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const payload = await emlToInbound(Buffer.concat(parts), envelope);
        const read = readInboundPayload(bytes(JSON.stringify(payload)));
        expect(read?.OriginalRecipient).toBe(envelope.recipient);
        expect(read?.Headers.slice(0, 8).map(({ Name }) => Name)).toEqual(
          headersOf(payload)
            .slice(0, 8)
            .map(([name]) => name),
        );
      }),
    );
  });
});

function headersOf(payload: Record<string, unknown>): [string, string][] {
  const headers = payload["Headers"];
  if (!Array.isArray(headers)) throw new Error("The payload has no headers.");
  return headers.map(({ Name, Value }) => [String(Name), String(Value)]);
}

import { generateKeyPairSync } from "node:crypto";

import fc from "fast-check";
import { dkimSign } from "mailauth/lib/dkim/sign.js";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { beforeAll, describe, expect, it } from "vitest";

import { emlToInbound } from "../adapters/eml-to-inbound.ts";
import { understand } from "../parsers/understand.ts";
import { attachedMails, type AttachedMail } from "./attached-mails.ts";
import { asInboundPayload, toMail, type InboundPayload } from "./inbound-payload.ts";

const NOW = Temporal.Instant.from("2026-11-20T15:00:00Z");
const ENVELOPE = { recipient: "alerts+u7k2m@wtmm.test", sender: "jane@example.com", receivedAt: NOW, aligned: true };

/** An alert as a bank sends it, with its lines ended by CRLF and letters beyond ASCII. */
const ALERT = [
  "From: Chase <no.reply.alerts@chase.com>",
  "To: jane@example.com",
  "Subject: You made a $12.34 transaction with CAFÉ",
  "Date: Sat, 7 Mar 2026 14:14:09 +0000",
  "Message-ID: <alert-1@chase.com>",
  "MIME-Version: 1.0",
  "Content-Type: text/html; charset=utf-8",
  "Content-Transfer-Encoding: 8bit",
  "",
  "<p>You made a $12.34 transaction</p><table><tr><td>Account</td><td>Sample Card (...4321)</td></tr>",
  "<tr><td>Date</td><td>Mar 7, 2026 at 9:14 AM ET</td></tr><tr><td>Merchant</td><td>CAFÉ</td></tr>",
  "<tr><td>Amount</td><td>$12.34</td></tr></table>",
  "",
].join("\r\n");

describe("an alert that was forwarded as an attachment", () => {
  it("is there with its exact bytes, and reads as if it had come by itself", async () => {
    const { mails, leftOut } = await attachedMails(delivery([rfc822(ALERT)]));
    expect([mails.length, leftOut]).toEqual([1, 0]);
    expect(Buffer.from(mails[0]?.raw ?? []).toString("utf8")).toBe(ALERT);
    const [event] = understand(toMail(inboundOf(mails[0]), NOW)).events;
    expect(event).toMatchObject({ amountMinor: 1234, merchant: "CAFÉ", card: "4321" });
  });

  it("has the headers that its sender wrote and none of Postmark's, no raw copy, and the delivery's recipient", async () => {
    const { mails } = await attachedMails(delivery([rfc822(ALERT)]));
    expect(inboundOf(mails[0]).Headers.map(({ Name }) => Name)).toEqual(["Message-ID", "MIME-Version"]);
    expect(mails[0]?.payload).not.toHaveProperty("RawEmail");
    expect(mails[0]?.payload).toMatchObject({ OriginalRecipient: ENVELOPE.recipient, To: "jane@example.com" });
  });

  it("has the same id each time the delivery comes, and another one in another delivery", async () => {
    const ids = await Promise.all(
      ["one", "one", "two"].map(async (MessageID) => {
        const { mails } = await attachedMails({ ...delivery([rfc822(ALERT)]), MessageID });
        return inboundOf(mails[0]).MessageID;
      }),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it.each([
    ["application/octet-stream", "alert.EML ", 1],
    ["Message/RFC822; name=x", "", 1],
    ["application/octet-stream", "alert.pdf", 0],
    ["text/plain", "alert.eml", 0],
  ])("is looked for in what is %s and named %j", async (ContentType, Name, count) => {
    const { mails, leftOut } = await attachedMails(delivery([{ ...rfc822(ALERT), ContentType, Name }]));
    expect([mails.length, leftOut]).toEqual([count, 0]);
  });

  it("is one of several, in their order", async () => {
    const alerts = ["A", "B", "C"].map((merchant) => rfc822(ALERT.replaceAll("CAFÉ", merchant)));
    const { mails } = await attachedMails(delivery(alerts));
    expect(mails.map((mail) => inboundOf(mail).Subject.at(-1))).toEqual(["A", "B", "C"]);
  });
});

describe("the bank's signature", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  let signed: string;
  beforeAll(async () => {
    const key = privateKey.export({ type: "pkcs8", format: "pem" });
    const signature = { signingDomain: "chase.com", selector: "s", privateKey: key.toString() };
    const signing = { ...signature, canonicalization: "simple/simple", signatureData: [signature] };
    const { signatures } = await dkimSign(ALERT, signing);
    signed = `${signatures}${ALERT}`;
  });

  async function verdictsOn(raw: Uint8Array): Promise<string[]> {
    const record = `v=DKIM1; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
    const { results } = await dkimVerify(Buffer.from(raw), { resolver: async () => [[record]] });
    return results.map(({ status }) => status.result);
  }

  it("still fits an attached original, and no other bytes", async () => {
    const { mails } = await attachedMails(delivery([rfc822(signed)]));
    expect(await verdictsOn(mails[0]?.raw ?? Buffer.of())).toEqual(["pass"]);
    const forged = await attachedMails(delivery([rfc822(signed.replace("$12.34</td>", "$99.34</td>"))]));
    expect(await verdictsOn(forged.mails[0]?.raw ?? Buffer.of())).not.toContain("pass");
  });

  it("still fits when the forward came by SMTP, and when it was forwarded as an attachment itself", async () => {
    const wrapped = wrap(wrap(signed));
    const payload = asInboundPayload(await emlToInbound(Buffer.from(wrapped), ENVELOPE));
    const { mails } = await attachedMails(payload ?? delivery([]));
    const results = await Promise.all(mails.map(({ raw }) => verdictsOn(raw)));
    expect(results).toEqual([[expect.stringMatching("none")], ["pass"]]);
  });
});

describe("what is left out", () => {
  it("is counted beyond twenty mails", async () => {
    const { mails, leftOut } = await attachedMails(delivery(Array.from({ length: 50 }, () => rfc822(ALERT))));
    expect([mails.length, leftOut]).toEqual([20, 30]);
  });

  it("is counted beyond three levels", async () => {
    const { mails, leftOut } = await attachedMails(delivery([rfc822(wrap(wrap(ALERT)))]));
    expect([mails.length, leftOut]).toEqual([3, 0]);
    expect(inboundOf(mails[2]).From).toBe("no.reply.alerts@chase.com");
    const deeper = await attachedMails(delivery([rfc822(wrap(wrap(wrap(ALERT))))]));
    expect([deeper.mails.length, deeper.leftOut]).toEqual([3, 1]);
  });

  it.each([
    ["no base64", "%%% no base64 at all %%%"],
    ["nothing", ""],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]).toString("base64")],
    ["words", Buffer.from("just words").toString("base64")],
    ["headers without a sender", Buffer.from("Subject: hello\r\n\r\nbody").toString("base64")],
  ])("is an attachment that says it is a mail and holds %s", async (_, Content) => {
    const { mails, leftOut } = await attachedMails(delivery([{ ...rfc822(""), Content }, rfc822(ALERT)]));
    expect([mails.length, leftOut]).toEqual([1, 1]);
  });

  it("is the inside of a mail nested two hundred times, at the cost of a few passes", async () => {
    let bomb = ALERT;
    for (let level = 0; level < 200; level++) bomb = wrap(bomb, `b${level}`);
    const { mails, leftOut } = await attachedMails(delivery([rfc822(bomb)]));
    expect([mails.length, leftOut]).toEqual([3, 1]);
    const held = mails.reduce((sum, { raw, payload }) => sum + raw.length + JSON.stringify(payload).length, 0);
    expect(held).toBeLessThan(10 * bomb.length);
  });

  it("and what is taken add up to the attachments, whatever they hold; nothing throws", async () => {
    const content = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.constantFrom(ALERT, wrap(ALERT), wrap("")).map((eml) => Buffer.from(eml).toString("base64")),
    );
    const attachment = fc.record({
      Name: fc.constantFrom("", "a.eml", "b.png"),
      Content: content,
      ContentType: fc.constantFrom("message/rfc822", "application/octet-stream", "image/png", ""),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(attachment, { maxLength: 25 }), async (attachments) => {
        const { mails, leftOut } = await attachedMails(delivery(attachments));
        const named = attachments.filter(
          ({ Name, ContentType }) =>
            ContentType === "message/rfc822" || (ContentType === "application/octet-stream" && Name === "a.eml"),
        );
        expect(mails.length).toBeLessThanOrEqual(20);
        expect(mails.length + leftOut).toBeGreaterThanOrEqual(named.length);
        for (const mail of mails) expect(inboundOf(mail).OriginalRecipient).toBe(ENVELOPE.recipient);
      }),
    );
  });
});

type Attachments = InboundPayload["Attachments"];

function delivery(attachments: Attachments): InboundPayload {
  const payload = asInboundPayload({
    MessageID: "delivery-1",
    From: "jane@example.com",
    OriginalRecipient: ENVELOPE.recipient,
    Attachments: attachments,
  });
  if (payload === null) throw new Error("It is no payload.");
  return payload;
}

function rfc822(eml: string): Attachments[number] {
  return { Name: "", Content: Buffer.from(eml).toString("base64"), ContentType: "message/rfc822" };
}

/** A mail by Jane that carries the other one as an attachment. */
function wrap(eml: string, boundary = `b${eml.length}.`): string {
  return [
    "From: Jane <jane@example.com>\r\nSubject: Fwd: see attached",
    `Content-Type: multipart/mixed; boundary=${boundary}\r\n`,
    `--${boundary}\r\nContent-Type: text/plain\r\n\r\nsee below`,
    `--${boundary}\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n`,
    eml,
    `--${boundary}--\r\n`,
  ].join("\r\n");
}

function inboundOf(mail: AttachedMail | undefined): InboundPayload {
  const payload = asInboundPayload(JSON.parse(JSON.stringify(mail?.payload ?? null)));
  if (payload === null) throw new Error("It is no payload.");
  return payload;
}

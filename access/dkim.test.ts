import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { composeMail } from "../adapters/compose-mail.ts";
import { anyText } from "../test/any-text.ts";
import { bankKey, newKey, publishing, signMail, zone, type Signing, type SigningKey } from "../test/sign-mail.ts";
import { checkSignatures, type ResolveTxt } from "./dkim.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");
const SENDER = "alerts@bank.example";
const PARTS = {
  from: `Bank <${SENDER}>`,
  to: "Jane <Jane@example.com>",
  subject: "You spent $12.34",
  text: "You spent $12.34 at CORNER STORE.",
  html: "<p>You spent $12.34 at CORNER STORE.</p>",
  messageId: "1@bank.example",
  date: AT.subtract({ minutes: 5 }),
};
const MAIL = Buffer.from(composeMail(PARTS)).toString();
const KEY = bankKey("bank.example");
const ZONE = publishing(KEY);
const VALID = {
  state: "valid",
  signatures: [
    {
      domain: "bank.example",
      signedTo: ["jane@example.com"],
      signedAt: PARTS.date.epochMilliseconds,
      messageId: "<1@bank.example>",
    },
  ],
};

function check(raw: string | Uint8Array, resolveTxt = ZONE, sender = SENDER, at = AT) {
  return checkSignatures(Buffer.from(raw), { resolveTxt, at, sender });
}

async function signed(key: SigningKey = KEY, signing: Signing = {}, raw = MAIL): Promise<string> {
  return (await signMail(raw, key, signing)).toString();
}

function broken(defect: string) {
  return { state: "broken", defect };
}

/** DNS that counts what it is asked. */
function counting(resolveTxt: ResolveTxt): { resolveTxt: ResolveTxt; asked: string[] } {
  const asked: string[] = [];
  return { asked, resolveTxt: (name) => (asked.push(name), resolveTxt(name)) };
}

function trouble(code: string): Error {
  return Object.assign(new Error("trouble"), { code });
}

describe("checkSignatures, on genuine mails", () => {
  it("finds a signature of the author's domain valid, and says when and to whom", async () => {
    expect(await check(await signed())).toEqual(VALID);
  });

  it.each(["relaxed/relaxed", "simple/simple", "relaxed/simple", "simple/relaxed"])("verifies %s", async (how) => {
    expect(await check(await signed(KEY, { canonicalization: how }))).toEqual(VALID);
  });

  it("takes the time of signing from the signature rather than from the Date", async () => {
    const at = AT.subtract({ hours: 1 });
    const found = await check(await signed(KEY, { at }));
    expect(found).toMatchObject({ signatures: [{ signedAt: at.epochMilliseconds }] });
  });

  it("tells the Message-ID only when the signature covers it", async () => {
    const headers = ["From", "To", "Subject", "Date"];
    expect(await check(await signed(KEY, { headers }))).toMatchObject({ signatures: [{ messageId: null }] });
  });

  it("knows no time when neither can be read", async () => {
    const raw = MAIL.replace(/^Date: .*$/m, "Date: yesterday");
    expect(await check(await signed(KEY, {}, raw))).toMatchObject({ signatures: [{ signedAt: null }] });
  });

  it("verifies Ed25519, and keys of 1024 bits", async () => {
    for (const key of [newKey("bank.example", { type: "ed25519" }), newKey("bank.example", { bits: 1024 })]) {
      expect(await check(await signed(key), publishing(key))).toEqual(VALID);
    }
  });

  it("verifies a mail with line feeds alone", async () => {
    expect(await check((await signed()).replaceAll("\r\n", "\n"))).toEqual(VALID);
  });

  it("verifies below what forwarders and our provider put on top, without asking for their keys", async () => {
    const forwarder = newKey("forwarder.example");
    const arc =
      "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=forwarder.example; s=s1; h=from; bh=a; b=b\r\n" +
      "ARC-Seal: i=1; a=rsa-sha256; d=forwarder.example; s=s1; cv=none; b=b\r\nARC-Authentication-Results: i=1; none\r\n";
    const raw = `Received: by a\r\n\twith b\r\n${arc}${await signed(forwarder, {}, await signed())}`;
    const { resolveTxt, asked } = counting(ZONE);
    expect(await check(raw, resolveTxt)).toEqual(VALID);
    expect(asked).toEqual(["s1._domainkey.bank.example"]);
  });

  it("keeps what a signature covers, though it be a seal or another's signature", async () => {
    const sealed = `ARC-Seal: i=1; cv=none\r\nDKIM-Signature: v=1; d=other.example; b=\r\n${MAIL}`;
    const headers = ["From", "To", "Subject", "Date", "DKIM-Signature", "ARC-Seal"];
    expect(await check(await signed(KEY, { headers }, sealed))).toMatchObject({ state: "valid" });
  });

  it("names every signature that holds, of a domain above and below the author's too", async () => {
    const keys = [newKey("bank.example"), newKey("alerts.bank.example"), newKey("mail.alerts.bank.example")];
    let raw = MAIL.replaceAll(SENDER, "a@alerts.bank.example");
    for (const key of keys) raw = await signed(key, {}, raw);
    const found = await check(raw, publishing(...keys), "a@alerts.bank.example");
    const domains = found.state === "valid" ? found.signatures.map(({ domain }) => domain) : [];
    expect(domains.sort()).toEqual(["alerts.bank.example", "bank.example", "mail.alerts.bank.example"]);
  });

  it("lets one valid signature outweigh others that fail or can't be asked for", async () => {
    const other = newKey("bank.example", { selector: "s2", type: "ed25519" });
    const raw = await signed(other, {}, await signed());
    expect(await check(raw)).toEqual(VALID);
    expect(await check(raw, zone({ [KEY.name]: KEY.record, [other.name]: trouble("ESERVFAIL") }))).toEqual(VALID);
  });

  it("reads the addresses of To alone, never a name that looks like one", async () => {
    const raw = MAIL.replace(
      /^To: .*$/m,
      'To: "victim@example.com" <a@example.net>, =?utf-8?q?b=40example.com?= <C@x.example>',
    );
    expect(await check(await signed(KEY, {}, raw))).toMatchObject({
      signatures: [{ signedTo: ["a@example.net", "c@x.example"] }],
    });
  });

  it("says that a mail was signed to nobody", async () => {
    const raw = MAIL.replace(/^To: .*$/m, "To: undisclosed-recipients:;");
    expect(await check(await signed(KEY, {}, raw))).toMatchObject({ state: "valid", signatures: [{ signedTo: [] }] });
  });
});

describe("checkSignatures, on what was made to deceive", () => {
  it.each([
    ["Subject", "You spent $9,999.00"],
    ["From", "Somebody <alerts@bank.example>"],
    ["To", "victim@example.com"],
    ["Date", "Fri, 20 Nov 2026 17:00:00 +0000"],
    ["Message-ID", "<another@bank.example>"],
    ["Content-Type", "text/plain"],
    ["Content-Transfer-Encoding", "base64"],
    ["MIME-Version", "1.0"],
    ["SUBJECT ", "You spent $9,999.00"],
  ])("refuses a second %s on top, which people would see", async (name, value) => {
    const raw = await signed(KEY, {}, MAIL.replace("MIME-Version", "Content-Transfer-Encoding: 7bit\r\nMIME-Version"));
    expect(await check(raw)).toEqual(VALID);
    expect(await check(`${name}: ${value}\r\n${raw}`)).toEqual(broken("doubled"));
  });

  it("refuses doubled headers of a mail that nobody signed", async () => {
    expect(await check(`Subject: another\r\n${MAIL}`)).toEqual(broken("doubled"));
  });

  it.each([
    ["another From than our provider read", SENDER, "other@bank.example"],
    ["two authors", `${SENDER}, other@bank.example`, SENDER],
    ["an author in a name alone", `"${SENDER}" <mallory@evil.example>`, SENDER],
    ["nobody as its author", "Bank:;", SENDER],
  ])("refuses %s", async (_what, from, sender) => {
    const raw = MAIL.replace(/^From: .*$/m, `From: ${from}`);
    expect(await check(await signed(KEY, {}, raw), ZONE, sender)).toEqual(broken("author"));
  });

  it("refuses a signature that leaves room for appended text", async () => {
    const raw = await signed(KEY, { bodyLength: MAIL.length - MAIL.indexOf("\r\n\r\n") - 4 });
    const { resolveTxt, asked } = counting(ZONE);
    expect(await check(raw, resolveTxt)).toEqual(broken("partial"));
    expect(asked).toEqual([]);
    expect(await check(`${raw}You spent $9,999.00.\r\n`)).toEqual(broken("partial"));
    expect(await check(raw.replace(/ l=/, " L="))).toEqual(broken("partial"));
  });

  it("refuses such a signature though another one covers it", async () => {
    const partial = await signed(KEY, { bodyLength: 10 });
    const headers = ["From", "To", "Subject", "Date", "DKIM-Signature"];
    const raw = await signed(newKey("bank.example", { selector: "s2" }), { headers }, partial);
    expect(await check(`${raw}You spent $9,999.00.\r\n`)).toMatchObject({ state: "broken" });
  });

  it.each(["From", "To", "Subject", "Date"])("refuses a signature that does not cover %s", async (name) => {
    const headers = ["From", "To", "Subject", "Date", "MIME-Version"];
    const rest = headers.filter((one) => one !== name || one === "From");
    // Nobody signs without From, so that its name is taken out afterwards.
    const raw = (await signed(KEY, { headers: rest })).replace(name === "From" ? /: From;/ : /$^/, ";");
    expect(await check(await signed(KEY, { headers }))).toMatchObject({ state: "valid" });
    expect(await check(raw)).toEqual(broken("uncovered"));
  });

  it("refuses a signature over a To that is not there", async () => {
    expect(await check(await signed(KEY, {}, MAIL.replace(/^To: .*\r\n/m, "")))).toEqual(broken("uncovered"));
  });

  it("counts a foreign domain's valid signature as none, and asks nothing", async () => {
    const { resolveTxt, asked } = counting(ZONE);
    for (const domain of ["evil.example", "bank.example.evil.example", "evilbank.example", "ank.example", "example"]) {
      expect(await check(await signed(newKey(domain, { type: "ed25519" })), resolveTxt)).toEqual({ state: "absent" });
    }
    expect(asked).toEqual([]);
  });

  it("counts a sibling's valid signature as none, though one in the bank's name covers it", async () => {
    const sibling = newKey("shop.bank.example");
    const raw = await signed(sibling, {}, MAIL.replaceAll(SENDER, "a@alerts.bank.example"));
    expect(await check(raw, publishing(sibling), "a@alerts.bank.example")).toEqual({ state: "absent" });
    const forged = newKey("alerts.bank.example", { bits: 1024 });
    const covered = await signed(forged, { headers: ["From", "To", "Subject", "Date", "DKIM-Signature"] }, raw);
    expect(await check(covered, publishing(sibling), "a@alerts.bank.example")).toEqual(broken("no_key"));
  });

  it("refuses a signature of a domain under which strangers have theirs", async () => {
    const stranger = newKey("mallory.github.io");
    const raw = await signed(stranger, {}, MAIL.replaceAll(SENDER, "a@github.io"));
    expect(await check(raw, publishing(stranger), "a@github.io")).toEqual(broken("unusable"));
  });

  it("refuses weak keys and algorithms", async () => {
    const weak = newKey("bank.example", { bits: 512 });
    expect(await check(await signed(weak), publishing(weak))).toEqual(broken("weak"));
    expect(await check(await signed(KEY, { algorithm: "rsa-sha1" }))).toEqual(broken("weak"));
  });

  it("refuses what had expired when it came, and not what expires later", async () => {
    const raw = await signed(KEY, { at: AT.subtract({ hours: 2 }), expires: AT.subtract({ hours: 1 }) });
    expect(await check(raw)).toEqual(broken("expired"));
    expect(await check(raw, ZONE, SENDER, AT.subtract({ minutes: 90 }))).toMatchObject({ state: "valid" });
  });

  it("refuses a signature that expires before it was made", async () => {
    const raw = await signed(KEY, { at: AT.add({ hours: 2 }), expires: AT.add({ hours: 1 }) });
    expect(await check(raw)).toEqual(broken("expired"));
  });

  it("refuses keys that were revoked or never published", async () => {
    expect(await check(await signed(), zone({ [KEY.name]: "v=DKIM1; k=rsa; p=" }))).toEqual(broken("no_key"));
    expect(await check(await signed(), zone({}))).toEqual(broken("no_key"));
    expect(await check(await signed(), zone({ [KEY.name]: trouble("ENODATA") }))).toEqual(broken("no_key"));
  });

  it.each([
    ["the body", (raw: string) => raw.replace("CiAu", "").replace(/\r\n--mk3/, "\r\nQUJD\r\n--mk3")],
    ["the subject", (raw: string) => raw.replace("$12.34", "$99.99")],
    ["To", (raw: string) => raw.replace("Jane@example.com", "victim@example.com")],
    ["the date", (raw: string) => raw.replace(/^Date: .*$/m, "Date: Fri, 20 Nov 2026 16:59:00 +0000")],
    ["the time of signing", (raw: string) => raw.replace("DKIM-Signature: ", "DKIM-Signature: t=1795193999; ")],
    ["the content type", (raw: string) => raw.replace("multipart/alternative", "multipart/mixed")],
  ])("refuses a mail after %s was changed", async (_what, change) => {
    const raw = await signed();
    expect(change(raw)).not.toBe(raw);
    expect(await check(change(raw))).toEqual(broken("changed"));
  });

  it("refuses a signature by another's key in the bank's name", async () => {
    expect(await check(await signed(newKey("bank.example")))).toEqual(broken("changed"));
  });

  it.each([
    ["an unknown algorithm", (raw: string) => raw.replace("a=rsa-sha256", "a=rsa-md5")],
    ["no selector", (raw: string) => raw.replace("s=s1;", "")],
    ["a selector that is no name", (raw: string) => raw.replace("s=s1;", "s=..;")],
    ["no text but its domain", () => `DKIM-Signature: d=bank.example\r\n${MAIL}`],
  ])("refuses a signature with %s, and asks nothing", async (_what, change) => {
    const { resolveTxt, asked } = counting(ZONE);
    expect(await check(change(await signed()), resolveTxt)).toMatchObject({ state: "broken" });
    expect(asked).toEqual([]);
  });

  it.each(["v=DKIM1; k=rsa; p=AAAA", "v=DKIM2; p=AAAA", "not a key", "v=DKIM1; k=rsa; p=!!!"])(
    "refuses a signature whose key is published as %s",
    async (record) => {
      expect(await check(await signed(), zone({ [KEY.name]: record }))).toMatchObject({ state: "broken" });
    },
  );

  it("refuses eleven signatures without asking anything", async () => {
    let raw = MAIL;
    for (let count = 0; count < 11; count++) raw = await signed(KEY, {}, raw);
    const { resolveTxt, asked } = counting(ZONE);
    expect(await check(raw, resolveTxt)).toEqual(broken("too_many"));
    expect(asked).toEqual([]);
    expect(await check(raw.slice(raw.indexOf("DKIM-Signature", 1)), resolveTxt)).toMatchObject({ state: "valid" });
  });

  it.each([
    ["a line that is no header", "You spent $9,999.00 at EVIL\r\n"],
    ["a line of blanks", "X-A: a\r\n \r\n"],
    ["a lone carriage return", "X-A: a\rSubject: You spent $9,999.00\r\n"],
    ["a NUL", "X-A: a\0\r\n"],
    ["a vertical tab", "X-A: a\vSubject: You spent $9,999.00\r\n"],
    ["a line break of Unicode", "X-A: a\u2028Subject: You spent $9,999.00\r\n"],
    ["a next-line character", "X-A: a\u0085Subject: You spent $9,999.00\r\n"],
  ])(
    "refuses %s among the headers, which some would read as the end of a line or of all headers",
    async (_what, line) => {
      expect(await check(line + (await signed()))).toEqual(broken("malformed"));
    },
  );
});

describe("checkSignatures, when something is missing", () => {
  it("finds no signature in an unsigned mail", async () => {
    expect(await check(MAIL)).toEqual({ state: "absent" });
  });

  it.each(["ETIMEOUT", "ESERVFAIL", "EREFUSED", "ECONNREFUSED"])("waits when DNS says %s", async (code) => {
    expect(await check(await signed(), zone({ [KEY.name]: trouble(code) }))).toEqual({
      state: "unchecked",
      cause: "dns",
    });
  });

  it("waits whatever the resolver throws", async () => {
    for (const thrown of [null, undefined, "text", {}, new Error("bug")]) {
      const found = await check(await signed(), () => Promise.reject(thrown));
      expect(found).toEqual({ state: "unchecked", cause: "dns" });
    }
  });

  it("asks no more after two failures", async () => {
    let raw = MAIL;
    for (const selector of ["a", "b", "c", "d"])
      raw = await signed(newKey("bank.example", { selector, bits: 1024 }), {}, raw);
    const { resolveTxt, asked } = counting(() => Promise.reject(trouble("ETIMEOUT")));
    expect(await check(raw, resolveTxt)).toEqual({ state: "unchecked", cause: "dns" });
    expect(asked).toHaveLength(2);
  });

  it("does not wait for DNS when a mail is known to be changed", async () => {
    const raw = (await signed()).replace(/\r\n--mk3/, "\r\nQUJD\r\n--mk3");
    expect(await check(raw, zone({ [KEY.name]: trouble("ETIMEOUT") }))).toEqual(broken("changed"));
  });

  it("waits when bytes were lost on the way through JSON, in the body or in the headers", async () => {
    const inBody = MAIL.replace(/\r\n\r\n/, "\r\nContent-Transfer-Encoding: 8bit\r\n\r\nCaf\xe9\r\n");
    const inSubject = MAIL.replace("You spent", "D\xe9pense");
    for (const mail of [inBody, inSubject]) {
      const raw = await signMail(Buffer.from(mail, "latin1"), KEY);
      expect(await check(raw)).toEqual(VALID);
      const carried: unknown = JSON.parse(JSON.stringify(raw.toString()));
      expect(await check(String(carried))).toEqual({ state: "unchecked", cause: "damaged" });
    }
  });

  it("does not mind the sign for lost bytes in a mail that came whole", async () => {
    const mail = MAIL.replace("Bank <", "B\uFFFDnk <");
    expect(await check(await signed(KEY, {}, mail))).toEqual(VALID);
    expect(await check(await signed(KEY, {}, mail), zone({}))).toEqual(broken("no_key"));
  });
});

describe("checkSignatures, whatever it is given", () => {
  it("answers with plain values and never throws", async () => {
    const [raw, own] = [await signed(), bankKey("bank.example")];
    const junk = fc.oneof(
      anyText,
      fc.constantFrom("\r\n", "\n", ":", ";", "=", " ", "\0", "DKIM-Signature:", "d=bank.example;"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { maxLength: 8 }), fc.nat(raw.length), fc.nat(40), async (texts, from, cut) => {
        const found = await check(raw.slice(0, from) + texts.join("") + raw.slice(from + cut), publishing(own));
        expect(structuredClone(found)).toEqual(found);
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["nothing", ""],
    ["an empty line", "\r\n"],
    ["a body alone", `\r\n${MAIL}`],
    ["zeros", "\0".repeat(1_000_000)],
    ["one endless header", `From: ${"a".repeat(4_000_000)}`],
    ["countless headers", "A: b\r\n".repeat(500_000)],
    ["countless folds", `A: b\r\n${" b\r\n".repeat(500_000)}`],
    ["wide folds", `A: b${" ".repeat(200_000)}b\r\n${MAIL}`],
    ["35 MB", "A: b\r\n\r\n".padEnd(35_000_000, "x\n")],
  ])("refuses %s before anything is verified", async (_what, raw) => {
    expect(await check(raw)).toMatchObject({ state: "broken" });
  });

  it("refuses a mail that is larger than any alert, however it is signed", async () => {
    const long = MAIL.padEnd(5 * 1024 * 1024, "all's well\r\n");
    expect(await check(await signed(KEY, {}, long.slice(0, -1_000)))).toEqual(VALID);
    expect(await check(await signed(KEY, {}, long))).toEqual(broken("too_large"));
  });

  it.each([
    ["tabs", "\t\r\n"],
    ["line feeds", "\n"],
    ["one line", "a"],
    ["carriage returns", "\r"],
  ])("comes to an end with the largest body of %s", async (_what, text) => {
    const raw = await signMail(MAIL.replace(/\r\n\r\n[^]*/, "\r\n\r\n").padEnd(5_000_000, text), KEY);
    expect(await check(raw)).toEqual(VALID);
  });
});

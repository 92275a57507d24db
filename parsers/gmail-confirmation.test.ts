import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readInboundPayload, toMail } from "../handlers/inbound-payload.ts";
import { CANCEL_LINK, CONFIRM_LINK, gmailLocales, gmailPayload } from "../test/gmail-confirmations.ts";
import { personalData } from "../test/personal-data.ts";
import { isConfirmationLink } from "./confirmation-link.ts";
import { readGmailConfirmation } from "./gmail-confirmation.ts";
import type { Mail } from "./parser.ts";

const JANE = "jane.doe@example.com";
const ALERTS = "alerts+mfxg2idcn5xgs5dt@example.net";

const mail = mailIn("English with a code");

describe("readGmailConfirmation", () => {
  it.each(Object.entries(gmailLocales))("reads the mail in %s: code, link and who asks", (locale, { code }) => {
    const expected = { code, link: CONFIRM_LINK, requester: JANE };
    expect(readGmailConfirmation(mailIn(locale))).toEqual(expected);
    expect(readGmailConfirmation({ ...mailIn(locale), headers: [] })).toEqual(expected);
  });

  it("is tested on mails that hold nobody's data", () => {
    for (const locale of Object.keys(gmailLocales)) {
      expect(personalData(JSON.stringify(gmailPayload(locale, { to: ALERTS })), [])).toEqual([]);
    }
  });

  it.each([
    "noreply@google.com",
    "calendar-notification@google.com",
    "forms-receipts-noreply@google.com",
    "forwarding-noreply@googlemail.com",
    "forwarding-noreply@google.com.evil.example",
    "forwarding-noreply@evil.example",
    "xforwarding-noreply@google.com",
  ])("does not recognise the same mail from %s", (from) => {
    expect(readGmailConfirmation({ ...mail, from })).toBeNull();
  });

  it("does not recognise another mail of that sender", () => {
    expect(readGmailConfirmation({ ...mail, text: `News\n${CANCEL_LINK}`, headers: [] })).toBeNull();
  });
});

describe("the code of Gmail's confirmation", () => {
  it.each(Object.entries(gmailLocales))("in %s is found where only the body has it", (locale, { code }) => {
    expect(readGmailConfirmation({ ...mailIn(locale), subject: "Gmail" })?.code).toBe(code);
  });

  it("is shown even when the link is missing", () => {
    const expected = { code: "83581330", link: null, requester: JANE };
    expect(readGmailConfirmation({ ...mail, text: "" })).toEqual(expected);
  });
});

describe("the mailbox that asks", () => {
  it.each(Object.keys(gmailLocales))("is read in %s where only the body has it, and never is ours", (locale) => {
    expect(readGmailConfirmation({ ...mailIn(locale), subject: "(#83581330) Gmail" })?.requester).toBe(JANE);
  });

  it("is the subject's, whatever the body names", () => {
    const text = mail.text.replaceAll(JANE, "joe@example.com");
    expect(readGmailConfirmation({ ...mail, text })?.requester).toBe(JANE);
  });

  it("is nobody when several are named", () => {
    const { subject, text } = mail;
    expect(readGmailConfirmation({ ...mail, subject: `${subject} joe@example.com` })?.requester).toBeNull();
    const crowd = { subject: "Gmail", text: `${text}\njoe@example.com` };
    expect(readGmailConfirmation({ ...mail, ...crowd })?.requester).toBeNull();
  });

  it("is not ours when nobody else is named", () => {
    const text = mail.text.replaceAll(JANE, "A mailbox").replace(`${ALERTS}.`, ALERTS);
    expect(text).toContain(ALERTS);
    expect(readGmailConfirmation({ ...mail, subject: "Gmail", text })?.requester).toBeNull();
  });

  it("is written in small letters", () => {
    const subject = mail.subject.replace(JANE, "Jane.Doe@Example.COM");
    expect(readGmailConfirmation({ ...mail, subject })?.requester).toBe(JANE);
  });

  // An address of a stranger that holds another's must not be taken for it.
  it.each([
    `mallory'${JANE}`,
    `"${JANE}"@evil.example`,
    `mallory@evil.example,${JANE}`,
    `mallory@${JANE}`,
    `<${JANE}>@evil.example`,
    `m\u00fc${JANE}`,
    `${JANE}@evil.example`,
    `${JANE}/x`,
    `\u212a${JANE}`,
    `${JANE}.`,
  ])("is not cut out of %j", (odd) => {
    const text = mail.text.replaceAll(JANE, odd);
    const subject = mail.subject.replace(JANE, odd);
    expect(readGmailConfirmation({ ...mail, subject, text })?.requester).toBeNull();
  });

  it("is told apart from one that only continues it", () => {
    const subject = mail.subject.replace(JANE, `${JANE}.evil.example`);
    expect(readGmailConfirmation({ ...mail, subject })?.requester).toBe(`${JANE}.evil.example`);
  });
});

describe("the link of Gmail's confirmation", () => {
  it("may lead to Google's older host", () => {
    const link = "https://mail.google.com/mail/vf-%5Babc%5D-def";
    expect(linkIn(link)).toBe(link);
  });

  it("is taken out of html too, once for all its repetitions", () => {
    const html = `<a href="${CONFIRM_LINK}">${CONFIRM_LINK}</a>`;
    expect(readGmailConfirmation({ ...mail, html })?.link).toBe(CONFIRM_LINK);
  });

  it.each([
    ["cancels", CANCEL_LINK],
    ["leads back to the one that cancels", "https://mail.google.com/mail/vf-x/../uf-x"],
    ["is not encrypted", CONFIRM_LINK.replace("https:", "http:")],
    ["has another port", CONFIRM_LINK.replace(".com/", ".com:8443/")],
    ["has a user", CONFIRM_LINK.replace("https://", "https://mail.google.com@")],
    ["has another host", "https://evil.example/mail/vf-abc"],
    ["has a host that only begins like Google's", CONFIRM_LINK.replace(".com/", ".com.evil.example/")],
    ["hides its host behind a backslash", "https://evil.example\\mail-settings.google.com/mail/vf-abc"],
    ["has another path", CONFIRM_LINK.replace("/mail/", "/url?q=/mail/")],
    ["has a query", `${CONFIRM_LINK}?x=1`],
    ["follows a word without a space", `x${CONFIRM_LINK}`],
  ])("is none that %s", (_, link) => {
    expect(linkIn(link)).toBeNull();
  });

  it("is none when a second one leads elsewhere", () => {
    expect(linkIn(CONFIRM_LINK, "https://evil.example/mail/vf-abc")).toBeNull();
    expect(linkIn(CONFIRM_LINK, `${CONFIRM_LINK}x`)).toBeNull();
    expect(linkIn(CONFIRM_LINK, CONFIRM_LINK.replace("mail-settings", "mail"))).toBeNull();
  });

  it("is none when somebody's words were put in with a link of theirs", () => {
    const invitation = "Notes: https://mail.google.com/mail/vf-%5BOTHER%5D-OTHER";
    expect(readGmailConfirmation({ ...mail, text: `${invitation}\n${mail.text}` })?.link).toBeNull();
    expect(readGmailConfirmation({ ...mail, html: `<p>${invitation}</p>` })?.link).toBeNull();
  });

  it("leads nowhere but to a confirmation, whatever the mail says", () => {
    const words = fc.constantFrom(
      ...[CONFIRM_LINK, CANCEL_LINK, "https://", "/mail/vf-", "@", ":", "\\", "mail.google.com", "evil.example", " "],
    );
    fc.assert(
      fc.property(fc.array(words), fc.string(), (parts, subject) => {
        const read = readGmailConfirmation({ ...mail, subject, text: parts.join("") });
        expect(read?.link == null || isConfirmationLink(read.link)).toBe(true);
      }),
    );
  });
});

function mailIn(locale: string): Mail {
  const payload = readInboundPayload(Buffer.from(JSON.stringify(gmailPayload(locale, { to: ALERTS }))));
  if (payload === null) throw new Error("It should be a payload.");
  return toMail(payload, Temporal.Instant.from("2022-06-13T02:58:05Z"));
}

function linkIn(...words: string[]): string | null | undefined {
  return readGmailConfirmation({ ...mail, text: words.join("\n") })?.link;
}

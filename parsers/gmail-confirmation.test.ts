import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readGmailConfirmation } from "./gmail-confirmation.ts";
import type { Mail } from "./parser.ts";

const LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8TOKENTOKENTOKEN_TOKEN%5D-TOKENTOKENTOKEN";
const CANCEL = LINK.replace("/vf-", "/uf-");

/** The shape of the English mail; Gmail wraps it wherever the addresses in it make it too wide. */
const BODY = `jane.doe@example.com has requested to automatically forward
mail to your email
address alerts+mfxg2idcn5xgs5dt@example.net.
Confirmation code: 83581330

To allow jane.doe@example.com to automatically forward mail
to your address,
please click the link below to confirm the request:

${LINK}

If you aren't able to access the link, you
can send the confirmation code
83581330 to jane.doe@example.com.

To cancel this verification, click this link:
${CANCEL}

To learn more, please visit: http://support.google.com/mail/bin/answer.py?answer=184973.
`;

const mail: Mail = {
  from: "forwarding-noreply@google.com",
  fromName: "Gmail Team",
  subject: "(#83581330) Gmail Forwarding Confirmation - Receive Mail from jane.doe@example.com",
  date: "Sun, 12 Jun 2022 22:58:00 -0400",
  receivedAt: Temporal.Instant.from("2022-06-13T02:58:05Z"),
  text: BODY,
  html: "",
  headers: [{ name: "X-Google-Address-Confirmation", value: "AAAAAAAAAAAAAAAAAAAAAAAAAAA" }],
};

function linkIn(...words: string[]): string | null | undefined {
  return readGmailConfirmation({ ...mail, text: words.join("\n") })?.link;
}

describe("readGmailConfirmation", () => {
  it("reads the English mail: code, link and who asks", () => {
    expect(readGmailConfirmation(mail)).toEqual({ code: "83581330", link: LINK, requester: "jane.doe@example.com" });
  });

  it.each([
    ["Spanish", "(#123456789) Confirmación de reenvío de Gmail - Recibir correo de Jane.Doe@example.com", "123456789"],
    ["Chinese", "(#416704879) Gmail 转发确认 - 从 jane.doe@example.com 接收邮件", "416704879"],
    [
      "Slovak",
      "(#987654321) Potvrdenie preposielania Gmailu – prijímanie pošty z adresy jane.doe@example.com",
      "987654321",
    ],
    ["Japanese", "(#123456789) Gmail の転送の確認 - jane.doe@example.com", "123456789"],
    ["German", "(#123456789) Gmail-Weiterleitungsbestätigung - E-Mails von jane.doe@example.com", "123456789"],
  ])("reads the %s mail", (_, subject, code) => {
    const text = `…\n\n${LINK}\n\n…\n${CANCEL}\n`;
    expect(readGmailConfirmation({ ...mail, subject, text })).toEqual({
      code,
      link: LINK,
      requester: "jane.doe@example.com",
    });
  });

  it("finds a code that only the body has, whatever the words before it", () => {
    const subject = "Potwierdzenie przekazywania Gmaila - jane.doe@example.com";
    const text = `Kod potwierdzenia: 987654321\n${LINK}`;
    expect(readGmailConfirmation({ ...mail, subject, text })?.code).toBe("987654321");
  });

  it("reads the variant without a code, which has a link alone", () => {
    const subject = "(Gmail Forwarding Confirmation - Receive Mail from jane.doe@example.com";
    const text = BODY.replace("Confirmation code: 83581330\n", "").replaceAll("83581330", "");
    const expected = { code: null, link: LINK, requester: "jane.doe@example.com" };
    expect(readGmailConfirmation({ ...mail, subject, text, headers: [] })).toEqual(expected);
  });

  it("shows the code even when the link is missing", () => {
    const expected = { code: "83581330", link: null, requester: "jane.doe@example.com" };
    expect(readGmailConfirmation({ ...mail, text: "" })).toEqual(expected);
  });

  it("names nobody when the subject names no address, or several", () => {
    for (const subject of ["(#83581330) Gmail", "(#83581330) a@example.com b@example.com"]) {
      expect(readGmailConfirmation({ ...mail, subject })?.requester).toBeNull();
    }
  });

  it.each([
    "noreply@google.com",
    "forwarding-noreply@google.com.evil.example",
    "forwarding-noreply@evil.example",
    "xforwarding-noreply@google.com",
  ])("does not recognise the same mail from %s", (from) => {
    expect(readGmailConfirmation({ ...mail, from })).toBeNull();
  });

  it("does not recognise another mail of that sender", () => {
    expect(readGmailConfirmation({ ...mail, text: `News\n${CANCEL}`, headers: [] })).toBeNull();
  });

  it("knows Google's older host", () => {
    const link = "https://mail.google.com/mail/vf-%5Babc%5D-def";
    expect(linkIn(link)).toBe(link);
  });

  it("takes the link out of html too, once for all its repetitions", () => {
    const html = `<a href="${LINK}">${LINK}</a>`;
    expect(readGmailConfirmation({ ...mail, html })?.link).toBe(LINK);
  });

  it.each([
    ["the link that cancels", CANCEL],
    ["a way back to the link that cancels", "https://mail.google.com/mail/vf-x/../uf-x"],
    ["no encryption", LINK.replace("https:", "http:")],
    ["another port", LINK.replace(".com/", ".com:8443/")],
    ["a user", LINK.replace("https://", "https://mail.google.com@")],
    ["another host", "https://evil.example/mail/vf-abc"],
    ["a host that only begins like Google's", LINK.replace(".com/", ".com.evil.example/")],
    ["a host that hides behind a backslash", "https://evil.example\\mail-settings.google.com/mail/vf-abc"],
    ["another path", LINK.replace("/mail/", "/url?q=/mail/")],
    ["a word before it", `x${LINK}`],
  ])("takes no link with %s", (_, link) => {
    expect(linkIn(link)).toBeNull();
  });

  it("takes no link when a second one leads elsewhere", () => {
    expect(linkIn(LINK, "https://evil.example/mail/vf-abc")).toBeNull();
    expect(linkIn(LINK, `${LINK}x`)).toBeNull();
  });

  it("never throws, and never yields a link to anywhere else", () => {
    const words = fc.constantFrom(
      LINK,
      CANCEL,
      "https://",
      "/mail/vf-",
      "@",
      ":",
      "\\",
      "mail.google.com",
      "evil.example",
      " ",
    );
    fc.assert(
      fc.property(fc.array(words), fc.string(), (parts, subject) => {
        const link = readGmailConfirmation({ ...mail, subject, text: parts.join("") })?.link ?? LINK;
        expect(link).toMatch(/^https:\/\/mail(?:-settings)?\.google\.com\/mail\/vf-/);
      }),
    );
  });
});

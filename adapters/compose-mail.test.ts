import fc from "fast-check";
import PostalMime from "postal-mime";
import { expect, it } from "vitest";

import { composeMail, type MailParts } from "./compose-mail.ts";

const parts: MailParts = {
  from: '"Who Took My Money" <info@wtmm.test>',
  to: "alerts+u7k2m@wtmm.test",
  subject: "Your sample",
  text: "Plain words\n",
  html: "<p>Rich words</p>",
  messageId: "id-1@mtasv.net",
  date: Temporal.Instant.from("2026-11-20T15:00:05Z"),
};

it("is read back as it was written, whatever the words", async () => {
  const words = fc.string({ unit: "grapheme", maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(words, words, words, async (subject, text, html) => {
      const email = await PostalMime.parse(composeMail({ ...parts, subject, text, html }));
      const folded = (value: string | undefined): string => (value ?? "").replace(/\s+/g, " ").trim();
      expect(folded(email.subject)).toBe(folded(subject));
      expect(folded(email.text)).toBe(folded(text));
      expect(folded(email.html)).toBe(folded(html));
    }),
  );
});

it("carries sender, recipient, date and further headers", async () => {
  const email = await PostalMime.parse(composeMail({ ...parts, headers: { "X-PM-Tag": "sample" } }));
  expect(email.from).toEqual({ name: "Who Took My Money", address: "info@wtmm.test" });
  expect(email.to).toEqual([{ name: "", address: "alerts+u7k2m@wtmm.test" }]);
  expect(email.messageId).toBe("<id-1@mtasv.net>");
  expect(email.headers).toContainEqual({ key: "x-pm-tag", originalKey: "X-PM-Tag", value: "sample" });
  expect(email.headers).toContainEqual({ key: "date", originalKey: "Date", value: "Fri, 20 Nov 2026 15:00:05 +0000" });
});

it("lets no value begin a header of its own", async () => {
  const email = await PostalMime.parse(
    composeMail({ ...parts, subject: "one\r\nBcc: two@example.com", to: "a@example.com\r\nBcc: b@example.com" }),
  );
  expect(email.headers.map(({ key }) => key)).not.toContain("bcc");
});

it("keeps to ASCII and to short lines", () => {
  const mail = Buffer.from(composeMail({ ...parts, subject: "🧾 é ".repeat(100), text: "ü".repeat(5000) })).toString(
    "latin1",
  );
  expect(mail).toMatch(/^[\t\r\n -~]*$/);
  expect(Math.max(...mail.split("\r\n").map((line) => line.length))).toBeLessThanOrEqual(78);
});

import { mailDate } from "./postmark-headers.ts";

/** What a mail is made of; the addresses as they stand in its headers. */
export type MailParts = {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Without its angle brackets. */
  readonly messageId: string;
  readonly date: Temporal.Instant;
  /** Further headers, in ASCII. */
  readonly headers?: Readonly<Record<string, string>>;
};

// An encoded word is 75 characters at most, its line 76 (RFC 2047, section 2); 42 bytes are 56 in base64.
const ENCODED_WORD_BYTES = 42;

/** A whole mail in ASCII with CRLF line ends, as a mail server would hand it on: two alternatives, both in base64. */
export function composeMail(parts: MailParts): Uint8Array {
  const boundary = `mk3-${parts.messageId.replace(/[^0-9A-Za-z]/g, "")}`;
  const lines = [
    `From: ${headerText(parts.from)}`,
    `To: ${headerText(parts.to)}`,
    `Subject: ${encodedWords(parts.subject)}`,
    `Date: ${mailDate(parts.date)}`,
    `Message-ID: <${parts.messageId}>`,
    ...Object.entries(parts.headers ?? {}).map(([name, value]) => `${name}: ${headerText(value)}`),
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...part(boundary, "text/plain", parts.text),
    ...part(boundary, "text/html", parts.html),
    `--${boundary}--`,
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "utf8");
}

function part(boundary: string, type: string, body: string): string[] {
  const base64 = Buffer.from(body, "utf8").toString("base64");
  return [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
    ...(base64.match(/.{1,76}/g) ?? []),
  ];
}

/** A line break in a value would begin a header of the sender's choice. */
function headerText(value: string): string {
  return value.replace(/[\r\n]+/g, " ");
}

function encodedWords(text: string): string {
  if (/^[ -~]{0,900}$/.test(text) && !text.includes("=?")) return text;
  const words: string[] = [];
  let word = "";
  // By character, so that none is torn apart: each word must be whole UTF-8.
  for (const character of headerText(text)) {
    if (Buffer.byteLength(word + character) > ENCODED_WORD_BYTES) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each, "utf8").toString("base64")}?=`).join("\r\n ");
}

import { readFileSync } from "node:fs";

/** One mail of a set, as Postmark would post it. */
export type SetMail = { readonly name: string; readonly payload: Buffer };

const START = /^=== (.+)$/m;
const WITH_NAME = /^(.*) <([^<>]+)>$/;

/**
 * Reads a file of many mails, each written as few lines as it needs:
 *
 *     === card-2026
 *     From: Some Bank <alerts@bank.example>
 *     Subject: You paid
 *     Date: Tue, 4 Aug 2026 10:00:00 -0400
 *
 *     the text, or html when it begins with `<`
 *
 * A header that a mail leaves out is that of the mail above it. Blank lines at the end do not count.
 *
 * @throws when a mail has no sender, no date or no body
 */
export function readMailSet(path: string): SetMail[] {
  const [, ...parts] = readFileSync(path, "utf8").split(START);
  let headers = new Map<string, string>();
  return Array.from({ length: parts.length / 2 }, (_, index) => {
    const name = parts[index * 2] ?? "";
    const [head = "", ...rest] = (parts[index * 2 + 1] ?? "").trim().split("\n\n");
    headers = new Map([...headers, ...head.split("\n").map(headerIn)]);
    const body = rest.join("\n\n");
    if (!headers.has("From") || !headers.has("Date") || body === "") throw new Error(`${path}: ${name} lacks a part.`);
    return { name, payload: Buffer.from(JSON.stringify(payloadOf(headers, body))) };
  });
}

function headerIn(line: string): [name: string, value: string] {
  const at = line.indexOf(": ");
  if (at === -1) return [line.replace(/:$/, ""), ""];
  return [line.slice(0, at), line.slice(at + 2)];
}

function payloadOf(headers: ReadonlyMap<string, string>, body: string): Record<string, unknown> {
  const from = headers.get("From") ?? "";
  const [, name = "", address = from] = WITH_NAME.exec(from) ?? [];
  const isHtml = body.startsWith("<");
  return {
    MessageID: "00000000-0000-4000-8000-000000000000",
    From: from,
    FromFull: { Email: address, Name: name, MailboxHash: "" },
    Subject: headers.get("Subject") ?? "",
    Date: headers.get("Date"),
    TextBody: isHtml ? "" : body,
    HtmlBody: isHtml ? body : "",
    Headers: [],
    Attachments: [],
  };
}

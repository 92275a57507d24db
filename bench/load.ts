import autocannon from "autocannon";
import { readFileSync } from "node:fs";

import { CREDENTIAL } from "../test/fake-app.ts";
import { unsignedMail } from "../test/sign-mail.ts";

const FIXTURE = new URL("../parsers/chase/fixtures/card-2025.mail.json", import.meta.url);

/** A real-shaped Chase mail as Postmark posts it, padded in its HTML to about `bytes`; `[<id>]` stands for the MessageID. */
export function mailBody(bytes: number, recipient: string): string {
  const mail = mailOf(bytes);
  const html = String(mail["HtmlBody"]).replaceAll("SAMPLE*COFFEE SHOP", "SHOP [<id>]");
  return JSON.stringify({ ...mail, HtmlBody: html, OriginalRecipient: recipient });
}

/** As `mailBody`, with the raw mail beside it, as Postmark posts it when it is set to. Nobody signed it. */
export function mailBodyWithRaw(bytes: number, recipient: string): string {
  const mail = { ...mailOf(bytes), OriginalRecipient: recipient };
  return JSON.stringify(unsignedMail(mail, { to: "jane@example.com", at: Temporal.Now.instant() }));
}

/** The payload itself; each `[<id>]` in it is to be replaced, so that no two mails are the same mail or purchase. */
export function mailOf(bytes: number): Record<string, unknown> {
  const { RawEmail: _raw, ...mail } = JSON.parse(readFileSync(FIXTURE, "utf8")) as Record<string, unknown>;
  const filler = "<tr><td>You can always check the status of your accounts.</td></tr>";
  const html = String(mail["HtmlBody"]);
  const padding = filler.repeat(Math.max(0, Math.ceil((bytes - JSON.stringify(mail).length) / filler.length)));
  const headers = (Array.isArray(mail["Headers"]) ? mail["Headers"] : []).map(
    (header: { Name: string; Value: string }) =>
      header.Name.toLowerCase() === "message-id" ? { Name: header.Name, Value: "<[<id>]@example.com>" } : header,
  );
  return {
    ...mail,
    MessageID: "[<id>]",
    HtmlBody: html.replace("</body>", `<table>${padding}</table></body>`),
    Headers: headers,
  };
}

/** How many requests a second a server answers, the bodies in turn, each with a MessageID of its own. Fails on any answer but 200. */
export async function postsPerSecond(
  url: string,
  bodies: readonly string[],
  connections: number,
  seconds: number,
): Promise<number> {
  const result = await autocannon({
    url: `${url}/webhook/inbound`,
    method: "POST",
    connections,
    duration: seconds,
    idReplacement: true,
    requests: bodies.map((body) => ({ body })),
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(CREDENTIAL).toString("base64")}`,
    },
  });
  return checked(result);
}

/** As postsPerSecond, for pages. */
export async function getsPerSecond(
  url: string,
  cookie: string,
  connections: number,
  seconds: number,
): Promise<number> {
  return checked(await autocannon({ url, connections, duration: seconds, headers: { cookie } }));
}

function checked(result: autocannon.Result): number {
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers were not 200, ${result.errors} failed`);
  return result.requests.average;
}

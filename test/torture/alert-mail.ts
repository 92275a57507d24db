import { hash } from "node:crypto";
import { readFileSync } from "node:fs";

const FIXTURE = new URL("../../parsers/chase/fixtures/card-2025.mail.json", import.meta.url);
const FIRST_DAY = Date.UTC(2025, 3, 1);
const DAYS = 300;
const DAY_MS = 24 * 60 * 60_000;
const DAY_NAME = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });

/**
 * Makes Chase alerts as Postmark posts them, one purchase in each. Every number has an amount, a day and a shop of its own,
 * so that no two look alike. They go to the recipients in turn.
 */
export function alertMails(recipients: readonly string[]): (id: string, number: number) => Buffer {
  const text = readFileSync(FIXTURE, "utf8");
  const written = JSON.parse(text) as { OriginalRecipient: string };
  const templates = recipients.map(
    (recipient) =>
      JSON.parse(text.replaceAll(written.OriginalRecipient, recipient)) as {
        HtmlBody: string;
        Headers: { Name: string; Value: string }[];
      },
  );
  return (id, number) => {
    const template = templates[number % templates.length];
    if (template === undefined) throw new Error("Nobody is to get mail.");
    const day = FIRST_DAY + (number % DAYS) * DAY_MS;
    const html = template.HtmlBody.replaceAll("$12.34", () => `$${(10 + number / 100).toFixed(2)}`)
      .replace("Mar 7, 2026", DAY_NAME.format(day))
      .replace("SAMPLE*COFFEE SHOP", shopName(number));
    const headers = template.Headers.map(({ Name, Value }) =>
      Name.toLowerCase() === "message-id" ? { Name, Value: `<${id}@example.com>` } : { Name, Value },
    );
    // A purchase is doubted that is not of about the mail's day.
    const date = new Date(day + DAY_MS).toUTCString().replace("GMT", "+0000");
    const mail = { ...template, MessageID: id, Date: date, HtmlBody: html, Headers: headers };
    return Buffer.from(JSON.stringify(mail));
  };
}

/** Letters alone: what only digits tell apart may be two branches of one shop. */
function shopName(number: number): string {
  return [...hash("sha256", String(number)).slice(0, 10)]
    .map((digit) => "ABCDEFGHIKLMNOPR".charAt(parseInt(digit, 16)))
    .join("");
}

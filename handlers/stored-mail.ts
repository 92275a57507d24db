import type { MailRow } from "../adapters/libsql-mails.ts";
import type { App } from "../app.ts";
import type { ReadMail } from "./read-mail.ts";

/** Reads a kept mail again. What could not be read once is not tried again for a page view. */
export async function readStored(mail: Pick<MailRow, "id" | "receivedAt" | "mailDate">, app: App): Promise<ReadMail> {
  const payload = mail.mailDate === null ? null : await app.store.payload(mail.id);
  if (payload === null) return { state: "gave_up", reason: "" };
  return app.readMail(payload, Temporal.Instant.fromEpochMilliseconds(mail.receivedAt));
}

/** The words of a kept mail, one paragraph or table cell each. */
export async function linesOf(
  mail: Pick<MailRow, "id" | "receivedAt" | "mailDate">,
  app: App,
): Promise<readonly string[]> {
  return shownLines(await readStored(mail, app));
}

/** The words of a mail that was read, or a sentence in their place. */
export function shownLines(read: ReadMail): readonly string[] {
  return read.state === "read" ? read.lines : ["The text of this mail can't be shown. The mail itself is kept."];
}

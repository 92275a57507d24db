import { newToken } from "../access/tokens.ts";
import type { MailRow } from "../adapters/libsql-mails.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { page, readForm, redirect } from "./answers.ts";
import { purchasesOf, spendingOf } from "./booking.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import type { Status } from "./pages/layout.ts";
import { reviewPage, type ReviewItem } from "./pages/review.ts";
import { zoned } from "./purchase-rows.ts";
import { readingFrom } from "./stored-reading.ts";

const SHOWN = 20;

/** `GET /review?before=`: every mail that waits for the person, newest first, with its text and why. */
export async function review(request: Request, app: App, person: Session): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const before = placeOf(searchParams.get("before"));
  const waiting = await app.store.mailsInReview(person.accountId, before, SHOWN + 1);
  const setAside = before === null ? await app.store.mailsSetAside(person.accountId, SHOWN) : [];
  const shown = waiting.slice(0, SHOWN);
  return page(
    reviewPage({
      frame: await frameOf(person, app, statusOf(searchParams)),
      items: shown.map((mail) => itemOf(mail, person)),
      older: waiting.length > SHOWN ? String(shown.at(-1)?.number ?? "") : null,
      setAside: setAside.map(({ id, subject, decidedAt }) => ({ id, subject, at: zoned(decidedAt, person.timeZone) })),
    }),
  );
}

/** What is no place in the list is its beginning. */
function placeOf(text: string | null): number | null {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : null;
}

/** `POST /review/ID` with `action` = `book`, `dismiss` or `undo` (of a dismissal). */
export async function decideMail(request: Routed, app: App, person: Session): Promise<Response> {
  const mail = await mailOf(request, app, person);
  const action = (await readForm(request, app)).get("action") ?? "";
  const decision = { id: newToken(app.random, 10), accountId: person.accountId, mailId: mail.id, at: app.now() };
  switch (action) {
    case "dismiss":
      await app.store.decide({ ...decision, decision: "dismissed", purchases: [] });
      return redirect(`/review?dismissed=${encodeURIComponent(mail.id)}`);
    case "undo":
      await app.store.decide({ ...decision, decision: "waiting", purchases: [] });
      return redirect("/review");
    case "book":
      return book(mail, decision, app, person);
    default:
      throw new AppError("invalid", "The form's action must be book, dismiss or undo.");
  }
}

type Decision = { id: string; accountId: string; mailId: string; at: Temporal.Instant };

async function book(mail: MailRow, decision: Decision, app: App, person: Session): Promise<Response> {
  const owner = { accountId: person.accountId, mailId: mail.id, origin: "person", signedBy: null } as const;
  const purchases =
    mail.institution === null
      ? []
      : purchasesOf(readingFrom(mail.reading).events, { ...owner, institution: mail.institution }, app);
  const [first] = purchases;
  if (first === undefined)
    throw new AppError("conflict", "This mail is not understood well enough to be booked as it stands.");
  const isBooked = await app.store.decide({ ...decision, decision: "booked", purchases });
  return redirect(isBooked && purchases.length === 1 ? `/purchases/${first.id}` : "/review");
}

async function mailOf(request: Routed, app: App, { accountId }: Session): Promise<MailRow> {
  const mail = await app.store.mail(accountId, decoded(request.params["id"] ?? ""));
  if (mail === null || mail.outcome !== "review") throw new AppError("not_found", "There is no such mail in review.");
  return mail;
}

/** The router leaves `%2E` and the like as they are. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AppError("not_found", "There is no such mail in review.");
  }
}

function itemOf(mail: MailRow, { timeZone }: Session): ReviewItem {
  const { lines, events } = readingFrom(mail.reading);
  // What an unknown sender's mail says is not offered as it stands.
  const complete = mail.institution === null ? [] : events;
  return {
    id: mail.id,
    reason: mail.reason,
    reading: spendingOf(complete).map(({ merchant, amountMinor, currency, occurredAt, occurredOn }) => ({
      merchant,
      amount: { amountMinor, currency },
      occurred: occurredOn === null ? zoned(occurredAt, timeZone) : Temporal.PlainDate.from(occurredOn),
    })),
    mail: {
      from: mail.sender,
      subject: mail.subject,
      date: zoned(mail.mailDate ?? mail.receivedAt, timeZone),
      lines,
      words: complete.flatMap(({ words }) => Object.values(words)),
    },
  };
}

function statusOf(params: URLSearchParams): Status | undefined {
  const dismissed = params.get("dismissed");
  if (dismissed === null) return undefined;
  const action = `/review/${encodeURIComponent(dismissed)}`;
  return { message: "Set aside.", undo: { action, fields: { action: "undo" } } };
}

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
import { readStored, shownLines } from "./stored-mail.ts";

const SHOWN = 20;

/** `GET /review`: every mail that waits for the person, with its text and why. */
export async function review(request: Request, app: App, person: Session): Promise<Response> {
  const waiting = await app.store.mailsInReview(person.accountId, SHOWN);
  const setAside = await app.store.mailsSetAside(person.accountId, SHOWN);
  const items: ReviewItem[] = [];
  for (const mail of waiting) items.push(await itemOf(mail, app, person));
  return page(
    reviewPage({
      frame: await frameOf(person, app, statusOf(new URL(request.url).searchParams)),
      items,
      setAside: setAside.map(({ id, subject, decidedAt }) => ({ id, subject, at: zoned(decidedAt, person.timeZone) })),
    }),
  );
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
  const read = await readStored(mail, app);
  const owner = { accountId: person.accountId, mailId: mail.id, origin: "person" } as const;
  const purchases =
    read.state === "read" && read.institution !== null && isComplete(mail)
      ? purchasesOf(read.events, { ...owner, institution: read.institution }, app)
      : [];
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

async function itemOf(mail: MailRow, app: App, { timeZone }: Session): Promise<ReviewItem> {
  const read = await readStored(mail, app);
  const isRead = read.state === "read";
  return {
    id: mail.id,
    reason: mail.reason,
    reading:
      isRead && isComplete(mail)
        ? spendingOf(read.events).map(({ merchant, amountMinor, currency, occurredAt, occurredOn }) => ({
            merchant,
            amount: { amountMinor, currency },
            occurred: occurredOn === null ? zoned(occurredAt, timeZone) : Temporal.PlainDate.from(occurredOn),
          }))
        : [],
    mail: {
      from: mail.sender,
      subject: mail.subject,
      date: zoned(mail.mailDate ?? mail.receivedAt, timeZone),
      lines: shownLines(read),
      words: isRead && isComplete(mail) ? read.events.flatMap(({ words }) => Object.values(words)) : [],
    },
  };
}

/** Whether it waits only because its origin is doubtful, so that what was read can be booked as it stands. */
function isComplete({ institution }: MailRow): boolean {
  return institution !== null;
}

function statusOf(params: URLSearchParams): Status | undefined {
  const dismissed = params.get("dismissed");
  if (dismissed === null) return undefined;
  const action = `/review/${encodeURIComponent(dismissed)}`;
  return { message: "Set aside.", undo: { action, fields: { action: "undo" } } };
}

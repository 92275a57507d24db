import { newToken } from "../access/tokens.ts";
import type { NewPurchase } from "../adapters/libsql-book.ts";
import type { MailRow } from "../adapters/libsql-mails.ts";
import type { NewReadingRule } from "../adapters/libsql-reading-rules.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { page, readForm, redirect } from "./answers.ts";
import { bookedByHand } from "./book-by-hand.ts";
import { purchasesOf, senderDomain } from "./booking.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import { mailIdOf } from "./mail-id.ts";
import { lookAlikeStatus } from "./look-alikes.ts";
import { lookAlikeViews } from "./look-alike-views.ts";
import type { RejectedBooking } from "./pages/booking-form.ts";
import type { Status } from "./pages/layout.ts";
import { reviewPage } from "./pages/review.ts";
import { zoned } from "./purchase-rows.ts";
import { agreeableGuess, itemOf } from "./review-items.ts";
import { asksForSignature, storeRule } from "./reading-rules.ts";
import { readingFrom } from "./stored-reading.ts";

const SHOWN = 20;
const PAIRS_SHOWN = 10;
const NO_SUCH_MAIL = "There is no such mail in review.";

/** `GET /review?before=`: every mail that waits for the person, newest first, with its text and why. */
export async function review(request: Request, app: App, person: Session): Promise<Response> {
  const { searchParams } = new URL(request.url);
  return page(await pageOf(app, person, { before: placeOf(searchParams.get("before")), searchParams }));
}

/** What is no place in the list is its beginning. */
function placeOf(text: string | null): number | null {
  return /^\d{1,15}$/.test(text ?? "") ? Number(text) : null;
}

/**
 * `POST /review/ID` with `action` = `book` (as it was read), `agree` (book a guess, and the sender's mails of that form from
 * now on), `enter` (with `merchant`, `amount`, `currency` and `date`), `dismiss`, `undo` (of a dismissal) or `trust` (the
 * way it came).
 */
export async function decideMail(request: Routed, app: App, person: Session): Promise<Response> {
  const mail = await mailOf(request, app, person);
  const form = await readForm(request, app);
  switch (form.get("action") ?? "") {
    case "dismiss":
      await app.store.decide({ ...decisionOn(mail, app, person), decision: "dismissed", purchases: [] });
      return redirect(`/review?dismissed=${encodeURIComponent(mail.id)}`);
    case "undo":
      await app.store.decide({ ...decisionOn(mail, app, person), decision: "waiting", purchases: [] });
      return redirect("/review");
    case "trust":
      return trust(mail, app, person);
    case "book":
      return book(mail, asRead(mail, app, person), app, person);
    case "agree":
      return agree(mail, app, person);
    case "enter": {
      const typed = bookedByHand(form, mail, person, app);
      // The page that begins with this mail.
      if ("errors" in typed) {
        return page(await pageOf(app, person, { before: mail.number + 1, rejected: { id: mail.id, typed } }), 400);
      }
      return book(mail, [typed], app, person);
    }
    default:
      throw new AppError("invalid", "The form's action must be book, agree, enter, dismiss, undo or trust.");
  }
}

async function mailOf(request: Routed, app: App, { accountId }: Session): Promise<MailRow> {
  const mail = await app.store.mail(accountId, mailIdOf(request, NO_SUCH_MAIL));
  if (mail === null || mail.outcome !== "review") throw new AppError("not_found", NO_SUCH_MAIL);
  return mail;
}

/** What else waits only because it came the same way is looked at again as well. */
async function trust({ id: mailId, routeInDoubt }: MailRow, app: App, { accountId }: Session): Promise<Response> {
  if (routeInDoubt === null) throw new AppError("conflict", "The way this mail came can't be trusted by itself.");
  const id = newToken(app.random, 10);
  // A second press finds it trusted.
  if (!(await app.store.trustRoute({ id, accountId, mailId, at: app.now() }))) return redirect("/review");
  app.wake("interpret");
  return redirect(`/review?trusted=${id}`);
}

function decisionOn({ id }: MailRow, app: App, { accountId }: Session) {
  return { id: newToken(app.random, 10), accountId, mailId: id, at: app.now() };
}

function asRead(mail: MailRow, app: App, { accountId }: Session): NewPurchase[] {
  const guess = agreeableGuess(mail);
  if (mail.institution === null && guess === null) return [];
  const institution = mail.institution ?? senderDomain(mail.sender);
  const owner = { accountId, mailId: mail.id, institution, origin: "person", signedBy: null } as const;
  return purchasesOf(guess === null ? readingFrom(mail.reading).events : [guess.event], owner, app);
}

/** The mail is booked as it was guessed, and what that sender sends in the same form from now on. */
async function agree(mail: MailRow, app: App, person: Session): Promise<Response> {
  const guess = agreeableGuess(mail);
  if (guess === null) throw new AppError("conflict", "Nothing was guessed of this mail that could be agreed to.");
  const rule: NewReadingRule = {
    ...{
      id: newToken(app.random, 10),
      accountId: person.accountId,
      sender: mail.sender,
      mailId: mail.id,
      at: app.now(),
    },
    form: guess.shape,
    rule: storeRule({ by: "form", shape: guess.shape }),
    isSigned: asksForSignature(mail),
  };
  app.wake("interpret");
  return book(mail, asRead(mail, app, person), app, person, rule);
}

async function book(
  mail: MailRow,
  purchases: readonly NewPurchase[],
  app: App,
  person: Session,
  rule?: NewReadingRule,
): Promise<Response> {
  if (purchases.length === 0)
    throw new AppError("conflict", "This mail is not understood well enough to be booked as it stands.");
  const isBooked = await app.store.decide({
    ...decisionOn(mail, app, person),
    decision: "booked",
    purchases,
    ...(rule && { rule }),
  });
  if (!isBooked) return redirect("/review");
  app.wake("compare");
  // What was booked from the mail before, and withdrawn since, keeps its id.
  const [first, second] = await app.store.purchasesOfMails(person.accountId, [mail.id]);
  return redirect(first !== undefined && second === undefined ? `/purchases/${first.id}` : "/review");
}

async function pageOf(
  app: App,
  person: Session,
  {
    before,
    searchParams,
    rejected,
  }: {
    readonly before: number | null;
    readonly searchParams?: URLSearchParams;
    readonly rejected?: { readonly id: string; readonly typed: RejectedBooking };
  },
): Promise<string> {
  const waiting = await app.store.mailsInReview(person.accountId, before, SHOWN + 1);
  const setAside = before === null ? await app.store.mailsSetAside(person.accountId, SHOWN) : [];
  const pairs = before === null ? await app.store.openLookAlikes(person.accountId, PAIRS_SHOWN) : [];
  const shown = waiting.slice(0, SHOWN);
  const params = searchParams ?? new URLSearchParams();
  const status = statusOf(params, shown) ?? (await lookAlikeStatus(params, null, app, person));
  const frame = await frameOf(person, app, status);
  return reviewPage({
    frame,
    pairs: await lookAlikeViews(pairs, app, person),
    morePairs: before === null ? Math.max(0, (frame.pairs ?? 0) - pairs.length) : 0,
    items: shown.map((mail) => itemOf(mail, person, rejected?.id === mail.id ? rejected.typed : null)),
    older: waiting.length > SHOWN ? String(shown.at(-1)?.number ?? "") : null,
    setAside: setAside.map(({ id, subject, decidedAt }) => ({ id, subject, at: zoned(decidedAt, person.timeZone) })),
  });
}

function statusOf(params: URLSearchParams, shown: readonly MailRow[]): Status | undefined {
  const dismissed = params.get("dismissed");
  if (dismissed !== null) return { message: "Set aside.", undo: undoOn(dismissed, "undo") };
  const taught = params.get("taught");
  if (taught !== null) {
    const undo = { action: "/settings", fields: { action: "stop-rule", rule: taught } };
    return { message: "Learnt. Mails like that are booked in a moment.", undo };
  }
  const trusted = params.get("trusted");
  if (trusted !== null) {
    const undo = { action: "/settings", fields: { action: "distrust", route: trusted } };
    return { message: "You trust this route. Its mails are booked in a moment.", undo };
  }
  const returned = shown.find(({ id }) => id === params.get("returned"));
  return returned && { message: "It waits here now.", undo: undoOn(returned.id, "dismiss") };
}

function undoOn(mailId: string, action: string): Status["undo"] {
  return { action: `/review/${encodeURIComponent(mailId)}`, fields: { action } };
}

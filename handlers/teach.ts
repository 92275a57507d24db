import { newToken } from "../access/tokens.ts";
import type { MailRow } from "../adapters/libsql-mails.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { DEFAULT_ZONE } from "../ledger/days.ts";
import { choicesIn } from "../parsers/choices.ts";
import { EVENT_KINDS, type EventKind } from "../parsers/parser.ts";
import { teach, type Pointed, type Points, type Taught } from "../parsers/taught.ts";
import { page, readForm, redirect } from "./answers.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import { mailIdOf } from "./mail-id.ts";
import { TEACHABLE_KINDS, teachPage, type TeachForm, type Trial } from "./pages/teach.ts";
import { zoned } from "./purchase-rows.ts";
import { asksForSignature, readByRule, storeRule } from "./reading-rules.ts";
import { readingFrom } from "./stored-reading.ts";

const NO_SUCH_MAIL = "There is no such mail to teach with.";
const OTHERS_SHOWN = 20;

type Fields = { get(name: string): string | null | undefined };

/** `GET /review/ID/teach`: what in the mail may be which value; with all chosen, what would be made of the sender's mails. */
export async function teachForm(request: Routed, app: App, person: Session): Promise<Response> {
  const mail = await mailOf(request, app, person);
  const { searchParams } = new URL(request.url);
  return page(await pageOf(mail, searchParams, app, person));
}

/** `POST /review/ID/teach` with what the page chose: from now on the sender's mails of that form are booked. */
export async function teachMail(request: Routed, app: App, person: Session): Promise<Response> {
  const mail = await mailOf(request, app, person);
  const form = await readForm(request, app);
  const taught = taughtFrom(mail, formFrom(form, mail, person));
  if (typeof taught === "string") return page(await pageOf(mail, form, app, person), 400);
  const id = newToken(app.random, 10);
  const rule = {
    ...{ id, accountId: person.accountId, sender: mail.sender, form: taught.subject, mailId: mail.id, at: app.now() },
    rule: storeRule({ by: "example", taught }),
    isSigned: asksForSignature(mail),
  };
  if (!(await app.store.addReadingRule(rule))) throw new AppError("not_found", NO_SUCH_MAIL);
  app.wake("interpret");
  return redirect(`/review?taught=${id}`);
}

/** A mail in review whose sender no parser knows; known banks are read by their parser or not at all. */
async function mailOf(request: Routed, app: App, { accountId }: Session): Promise<MailRow> {
  const mail = await app.store.mail(accountId, mailIdOf(request, NO_SUCH_MAIL));
  const isTeachable = mail !== null && mail.outcome === "review" && mail.institution === null && mail.reading !== null;
  if (!isTeachable) throw new AppError("not_found", NO_SUCH_MAIL);
  return mail;
}

async function pageOf(mail: MailRow, fields: Fields, app: App, person: Session): Promise<string> {
  const reading = readingFrom(mail.reading);
  const form = formFrom(fields, mail, person);
  const isChosen = form.amount !== "" || form.merchant !== "" || form.merchantWords !== "";
  const taught = isChosen ? taughtFrom(mail, form) : null;
  return teachPage({
    frame: await frameOf(person, app),
    id: mail.id,
    subject: mail.subject,
    form,
    choices: choicesIn(reading.lines, dateOf(mail)),
    lines: reading.lines,
    error: typeof taught === "string" ? taught : null,
    trials: taught === null || typeof taught === "string" ? [] : await trialsOf(taught, mail, app, person),
  });
}

/** What the form would make of this mail and of the sender's others. */
async function trialsOf(taught: Taught, mail: MailRow, app: App, { accountId, timeZone }: Session): Promise<Trial[]> {
  const others = await app.store.mailsOfSender(accountId, mail.sender, OTHERS_SHOWN);
  return [mail, ...others.filter(({ id }) => id !== mail.id)].map((one) => {
    const { lines, guess } = readingFrom(one.reading);
    const date = one.mailDate ?? one.receivedAt;
    const event = readByRule({ by: "example", taught }, { subject: one.subject, date, lines, guess });
    return {
      subject: one.subject,
      at: zoned(date, timeZone),
      result:
        event === null
          ? { fits: false, why: "Other words, so it waits in review." }
          : "failed" in event
            ? { fits: false, why: event.failed }
            : { fits: true, merchant: event.merchant, amount: event },
    };
  });
}

/** The form of the mail as it was chosen, or a sentence that says what is wrong. */
function taughtFrom(mail: MailRow, form: TeachForm): Taught | string {
  const { lines } = readingFrom(mail.reading);
  const points = pointsFrom(form, lines);
  if (typeof points === "string") return points;
  const { kind, currency, dates } = form;
  if (!Intl.supportedValuesOf("currency").includes(currency)) return "A currency has three letters, like USD or EUR.";
  const writing = { currency, decimal: null, dates, zone: null };
  return teach({ subject: mail.subject, lines, date: dateOf(mail) }, points, { kind, writing });
}

function pointsFrom(
  { amount, merchant, merchantWords, when, card }: TeachForm,
  lines: readonly string[],
): Points | string {
  const at = { amount: pointedFrom(amount), when: pointedFrom(when), card: pointedFrom(card) };
  const name = merchantWords === "" ? pointedFrom(merchant) : wordsIn(lines, merchantWords);
  if (at.amount === null) return "Please choose the amount.";
  if (name === null) {
    return merchantWords === "" ? "Please choose the merchant." : "These words do not stand in the mail like that.";
  }
  return {
    ...{ amount: at.amount, merchant: name },
    ...(at.when === null ? {} : { when: at.when }),
    ...(at.card === null ? {} : { card: at.card }),
  };
}

function formFrom(fields: Fields, mail: MailRow, { timeZone }: Session): TeachForm {
  const field = (name: string) => (fields.get(name) ?? "").trim();
  const { guess } = readingFrom(mail.reading);
  const isAmerican = timeZone === DEFAULT_ZONE;
  return {
    amount: field("amount"),
    merchant: field("merchant"),
    merchantWords: field("merchant-words"),
    when: field("when"),
    card: field("card"),
    currency: field("currency").toUpperCase() || (guess?.event.currency ?? "USD"),
    dates: field("dates") === "" ? (isAmerican ? "month-first" : "day-first") : datesFrom(field("dates")),
    kind: kindFrom(field("kind")),
  };
}

function datesFrom(text: string): TeachForm["dates"] {
  return text === "day-first" ? text : "month-first";
}

function kindFrom(text: string): EventKind {
  return EVENT_KINDS.find((kind) => kind === text && TEACHABLE_KINDS.has(kind)) ?? "purchase";
}

/** `LINE.START.LENGTH`, as the page writes it. */
function pointedFrom(text: string): Pointed | null {
  const [, line, start, length] = /^(\d{1,4})\.(\d{1,4})\.(\d{1,3})$/.exec(text) ?? [];
  return line === undefined ? null : { line: Number(line), start: Number(start), length: Number(length) };
}

function wordsIn(lines: readonly string[], words: string): Pointed | null {
  const line = lines.findIndex((one) => one.includes(words));
  return line === -1 ? null : { line, start: lines[line]?.indexOf(words) ?? 0, length: words.length };
}

function dateOf(mail: MailRow): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(mail.mailDate ?? mail.receivedAt);
}

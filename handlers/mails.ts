import { newToken } from "../access/tokens.ts";
import type { AccountedAs } from "../adapters/libsql-accounting.ts";
import type { ListedMail, MailPlace } from "../adapters/libsql-mail-list.ts";
import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import type { EventKind } from "../parsers/parser.ts";
import { page, readForm, redirect } from "./answers.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import { mailIdOf } from "./mail-id.ts";
import { merchantNamesOf, type MerchantNames } from "./merchant-names.ts";
import { mailsPage, type MailEntry } from "./pages/mails.ts";
import { pageRow, zoned } from "./purchase-rows.ts";
import { readingFrom, type StoredReading } from "./stored-reading.ts";

const SHOWN = 20;
const NO_SUCH_MAIL = "There is no such mail that was taken for no purchase.";

/** `GET /mails?outcome=&before=`: every mail that came, newest first, with what became of it and why. */
export async function mails(request: Request, app: App, person: Session): Promise<Response> {
  const { accountId } = person;
  const { searchParams } = new URL(request.url);
  const shown = accountedAsOf(searchParams.get("outcome"));
  const before = placeOf(searchParams.get("before"));
  const found = await app.store.listMails(accountId, shown, before, SHOWN + 1);
  const listed = found.slice(0, SHOWN);
  const last = listed.at(-1);
  const names = await merchantNamesOf(app, accountId);
  const booked = await app.store.purchasesOfMails(
    accountId,
    listed.map(({ id }) => id),
  );
  return page(
    mailsPage({
      frame: await frameOf(person, app),
      shown,
      mails: listed.map((mail) =>
        entryOf(
          mail,
          booked.filter(({ mailId }) => mailId === mail.id),
          person,
          names,
        ),
      ),
      older: found.length > SHOWN && last !== undefined ? `${last.receivedAt}.${last.number}` : null,
      isLaterPage: before !== null,
    }),
  );
}

/** `POST /mails/ID` with `action` = `was-a-purchase`: a mail that was taken for none goes to review. */
export async function sayAboutMail(request: Routed, app: App, person: Session): Promise<Response> {
  const mailId = mailIdOf(request, NO_SUCH_MAIL);
  const mail = await app.store.mail(person.accountId, mailId);
  if (mail === null) throw new AppError("not_found", NO_SUCH_MAIL);
  const action = (await readForm(request, app)).get("action") ?? "";
  if (action !== "was-a-purchase") throw new AppError("invalid", "The form's action must be was-a-purchase.");
  const said = { id: newToken(app.random, 10), accountId: person.accountId, mailId, at: app.now() };
  const isMoved = await app.store.wasAPurchase(said);
  if (!isMoved && mail.outcome !== "review") throw new AppError("not_found", NO_SUCH_MAIL);
  // The page of review that begins with it.
  return redirect(`/review?before=${mail.number + 1}&returned=${encodeURIComponent(mailId)}`);
}

/** What is no way of accounting asks for all. */
function accountedAsOf(text: string | null): AccountedAs | null {
  return (["booked", "not_a_purchase", "review", "waiting"] as const).find((as) => as === text) ?? null;
}

/** What is no place in the list is its beginning. */
function placeOf(text: string | null): MailPlace | null {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(text ?? "");
  return match === null ? null : { receivedAt: Number(match[1]), number: Number(match[2]) };
}

function entryOf(
  mail: ListedMail,
  booked: readonly StoredPurchase[],
  { timeZone }: Session,
  names: MerchantNames,
): MailEntry {
  const reading = readingFrom(mail.reading);
  return {
    id: mail.id,
    number: mail.number,
    isRead: mail.outcome !== null,
    mail: {
      from: mail.sender,
      subject: mail.subject,
      date: zoned(mail.receivedAt, timeZone),
      lines: reading.lines,
      words: reading.events.flatMap(({ words }) => Object.values(words)),
    },
    accountedAs: mail.accountedAs,
    outcome: outcomeOf(mail),
    reason: reasonOf(mail, reading),
    origin: originOf(mail),
    purchases: booked.map((stored) => pageRow(stored, timeZone, names)),
    mayBePurchase: mail.accountedAs === "not_a_purchase" && ["not_a_purchase", "review"].includes(mail.outcome ?? ""),
  };
}

function outcomeOf({ outcome, accountedAs }: ListedMail): string {
  const byPerson = outcome === "review" ? ", you said" : "";
  switch (accountedAs) {
    case "booked":
      return byPerson === "" ? "Booked" : "Booked by you";
    case "not_a_purchase":
      return `Not a purchase${byPerson}`;
    case "review":
      return "Waits in review";
    case "waiting":
      return outcome === null ? "Not read yet" : "Still being checked";
    case null:
      return outcome === "carrier" ? "Counted by what hung on it" : "Counted before";
  }
}

const KINDS: Readonly<Partial<Record<EventKind, string>>> = {
  declined: "a purchase that was declined",
  transfer: "a transfer between accounts",
  card_payment: "a payment to the card",
  deposit: "money that came in",
};

/** What a person decided needs no more words. */
function reasonOf({ outcome, accountedAs, reason }: ListedMail, { events }: StoredReading): string {
  if (outcome === "review" && accountedAs !== "review") return "";
  if (outcome !== "not_a_purchase" || events.length === 0) return reason;
  const kinds = [...new Set(events.map(({ kind }) => KINDS[kind] ?? "something else"))];
  return `It tells of ${kinds.join(" and ")}, which is no spending.`;
}

function originOf({ verdict, signedBy }: ListedMail): string | null {
  switch (verdict) {
    case "bank-signed":
      return `signed by ${signedBy ?? "the bank"}`;
    case "addressed":
      return "not signed by the bank";
    case "unverified":
      return "signature not checked yet";
    case "suspect":
      return "origin in doubt";
    case null:
      return null;
  }
}

import { newToken } from "../access/tokens.ts";
import type { MailRow } from "../adapters/libsql-mails.ts";
import type { PurchaseRow as StoredPurchase } from "../adapters/libsql-purchases.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import type { PurchaseState } from "../ledger/amendments.ts";
import { page, readForm, redirect } from "./answers.ts";
import { mayBeNamed, nameMerchant, undoName } from "./change-merchant-name.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import { merchantNamesOf } from "./merchant-names.ts";
import type { Status } from "./pages/layout.ts";
import type { MailView } from "./pages/mail-text.ts";
import { lookAlikeStatus } from "./look-alikes.ts";
import { purchasePage, type RejectedChange } from "./pages/purchase.ts";
import { lookAlikesOf } from "./purchase-look-alikes.ts";
import { refundLinksOf } from "./refund-links.ts";
import { historyOf, undoableOf } from "./purchase-steps.ts";
import { pageRow, zoned } from "./purchase-rows.ts";
import { isRecoveredMail, readingFrom, wordsFrom } from "./stored-reading.ts";
import { errorOf, typedAmount, typedMerchant } from "./typed-purchase.ts";

// A map, because an object also has names that it was not given, and the address may ask for any.
const DONE: ReadonlyMap<string, string> = new Map([
  ["saved", "Saved."],
  ["undone", "The last change is taken back."],
  ["removed", "Removed. It is in no total any more."],
  ["always", "Saved. It is called so every time."],
  ["name-undone", "The last change of that name is taken back."],
]);

/** `GET /purchases/ID`: everything known about one purchase, and the mail it came from. */
export async function purchase(request: Routed, app: App, person: Session): Promise<Response> {
  const stored = await purchaseOf(request, app, person);
  const { searchParams } = new URL(request.url);
  return page(await pageOf(stored, app, person, { searchParams }));
}

/**
 * `POST /purchases/ID` with `action` = `save` (with `merchant` and `amount`, and `always` = `yes` to call the merchant so
 * every time), `remove`, or `undo`: of the newest change, or of the one that `change` names as long as it is the newest. So
 * a button pressed twice takes one change back. `undo-name` does the same for what a merchant is called every time.
 */
export async function changePurchase(request: Routed, app: App, person: Session): Promise<Response> {
  const stored = await purchaseOf(request, app, person);
  const form = await readForm(request, app);
  const change = { id: newToken(app.random, 10), accountId: person.accountId, purchaseId: stored.id, at: app.now() };
  const path = `/purchases/${stored.id}`;
  switch (form.get("action") ?? "") {
    case "undo": {
      const isUndone = await app.store.undoAmendment({ ...change, change: form.get("change") ?? null });
      return redirect(isUndone ? `${path}?done=undone` : path);
    }
    case "remove":
      requireOwnPlace(stored);
      if (stored.removed === 1) return redirect(path);
      await app.store.amend({ ...change, ...stateOf(stored), removed: true });
      return redirect(`${path}?done=removed`);
    case "save": {
      requireOwnPlace(stored);
      const shown = (await merchantNamesOf(app, person.accountId)).nameOf(stored);
      const typed = checked(form, stored, shown);
      if ("errors" in typed) return page(await pageOf(stored, app, person, { rejected: typed }), 400);
      const state = changedState(stored, typed, shown);
      const isChanged = !isSame(state, stateOf(stored));
      if (isChanged) await app.store.amend({ ...change, ...state });
      if (typed.always && (await nameMerchant(stored, typed.merchant, app, person))) {
        return redirect(`${path}?done=always`);
      }
      return redirect(isChanged ? `${path}?done=saved` : path);
    }
    case "undo-name": {
      const isUndone = await undoName(form.get("change") ?? "", app, person);
      return redirect(isUndone ? `${path}?done=name-undone` : path);
    }
    default:
      throw new AppError("invalid", "The form's action must be save, undo, undo-name or remove.");
  }
}

async function purchaseOf(request: Routed, app: App, { accountId }: Session): Promise<StoredPurchase> {
  const stored = await app.store.purchase(accountId, request.params["id"] ?? "");
  if (stored === null) throw new AppError("not_found", "There is no such purchase.");
  return stored;
}

/** What counts nowhere by itself has no state of its own that a change could begin with. */
function requireOwnPlace({ joinedInto, withdrawnAt }: StoredPurchase): void {
  if (joinedInto !== null)
    throw new AppError(
      "conflict",
      "This purchase is counted together with another one. Change that one, or part them.",
    );
  if (withdrawnAt !== null) throw new AppError("conflict", "This is no purchase after all, so it can't be changed.");
}

type TypedChange = { readonly merchant: string; readonly amountMinor: number; readonly always: boolean };

/** A field that is left out keeps its value: the merchant's is the name that the form showed. */
function checked(
  form: ReadonlyMap<string, string>,
  stored: StoredPurchase,
  shown: string,
): TypedChange | RejectedChange {
  const merchant = form.get("merchant") ?? shown;
  const always = form.get("always") === "yes" && mayBeNamed(stored);
  const amount = form.get("amount");
  const name = typedMerchant(merchant);
  const sum = amount === undefined ? { value: stored.amountMinor } : typedAmount(amount, stored.currency);
  if ("value" in name && "value" in sum) return { merchant: name.value, amountMinor: sum.value, always };
  return { merchant, amount: amount ?? "", always, errors: { merchant: errorOf(name), amount: errorOf(sum) } };
}

function stateOf({ merchant, named, amountMinor, removed }: StoredPurchase): PurchaseState {
  return { merchant, isNamed: named === 1, amountMinor, removed: removed === 1 };
}

/** A name for every time needs none on the purchase itself, unless that has one which would hide it. */
function changedState(stored: StoredPurchase, typed: TypedChange, shown: string): PurchaseState {
  const state = { ...stateOf(stored), amountMinor: typed.amountMinor };
  const isOwnName = typed.merchant !== shown && (!typed.always || state.isNamed);
  return isOwnName ? { ...state, merchant: typed.merchant, isNamed: true } : state;
}

function isSame(one: PurchaseState, other: PurchaseState): boolean {
  return one.merchant === other.merchant && one.isNamed === other.isNamed && one.amountMinor === other.amountMinor;
}

async function pageOf(
  stored: StoredPurchase,
  app: App,
  person: Session,
  shown: { readonly searchParams?: URLSearchParams; readonly rejected?: RejectedChange },
): Promise<string> {
  const amendments = await app.store.amendments(person.accountId, stored.id);
  const undoable = undoableOf(stored, amendments);
  const mail = await app.store.mail(person.accountId, stored.mailId);
  const params = shown.searchParams ?? new URLSearchParams();
  const names = await merchantNamesOf(app, person.accountId);
  const always = stored.named === 1 ? null : names.alwaysOf(stored.bookedMerchant);
  const { refundOf, refunds } = await refundLinksOf(stored, app, person);
  const rowOf = (row: StoredPurchase) => pageRow(row, person.timeZone, names);
  const status =
    statusOf(params, stored.id, undoable, always?.id ?? null) ??
    (await lookAlikeStatus(params, stored.id, app, person));
  return purchasePage({
    frame: await frameOf(person, app, status),
    purchase: rowOf(stored),
    written: stored.bookedMerchant,
    isAlwaysNamed: always?.name != null,
    mayBeNamed: mayBeNamed(stored),
    refundOf: refundOf && rowOf(refundOf),
    refunds: refunds.map(rowOf),
    origin: originOf(stored, mail),
    undoable,
    rejected: shown.rejected,
    history: historyOf(stored, amendments, person.timeZone),
    mail: mail && mailOf(mail, stored, person),
    isMailNoPurchase: mail?.outcome === "not_a_purchase",
    alike: await lookAlikesOf(stored, app, person, names),
  });
}

function statusOf(
  params: URLSearchParams,
  id: string,
  undoable: string | null,
  name: string | null,
): Status | undefined {
  const done = params.get("done") ?? "";
  const message = DONE.get(done);
  if (message === undefined) return undefined;
  const action = `/purchases/${id}`;
  if (done === "always" || done === "name-undone") {
    return name === null ? { message } : { message, undo: { action, fields: { action: "undo-name", change: name } } };
  }
  if (undoable === null) return { message };
  return { message, undo: { action, fields: { action: "undo", change: undoable } } };
}

function originOf({ origin, signedBy }: StoredPurchase, mail: MailRow | null): string {
  if (origin === "sample") return "sent by us as a sample";
  if (origin === "person") return "booked by you";
  if (mail?.readBy === "example") return "read as you taught us";
  if (mail?.readBy === "form") return "read without knowing this bank";
  if (mail !== null && isRecoveredMail(mail)) return "recovered, signature not checkable";
  return signedBy === null ? "not signed by the bank" : `signed by ${signedBy}`;
}

function mailOf(mail: MailRow, stored: StoredPurchase, person: Session): MailView {
  return {
    from: mail.sender,
    subject: mail.subject,
    date: zoned(mail.mailDate ?? mail.receivedAt, person.timeZone),
    lines: readingFrom(mail.reading).lines,
    words: wordsFrom(stored.words),
  };
}

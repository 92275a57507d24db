import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { isTimeZone } from "../ledger/days.ts";
import { page, readForm, redirect } from "./answers.ts";
import { endMerchantName, undoMerchantName } from "./change-merchant-name.ts";
import { frameOf } from "./frame.ts";
import { askMailAddress, mailAddressesOf, removeMailAddress } from "./mail-addresses.ts";
import type { Status } from "./pages/layout.ts";
import { settingsPage, type SettingsView } from "./pages/settings.ts";
import { zoned } from "./purchase-rows.ts";
import { ruleFrom } from "./reading-rules.ts";

const undoSignatures = (required: "yes" | "no") => ({
  action: "/settings",
  fields: { action: "require-signatures", required },
});

const undoWeekly = (weekly: "yes" | "no") => ({ action: "/settings", fields: { action: "weekly", weekly } });

// A map, because an object also has names that it was not given, and the address may ask for any.
const DONE: ReadonlyMap<string, Status> = new Map<string, Status>([
  ["zone", { message: "Saved." }],
  ["asked", { message: "Look into that mailbox: a letter with a link is on its way, unless the address is taken." }],
  ["cancelled", { message: "No letter to that address counts any more." }],
  ["proven", { message: "That address is yours now." }],
  ["removed", { message: "That address is removed. No link that was sent so far works any more." }],
  ["signed", { message: "Only what the bank signed is booked by itself.", undo: undoSignatures("no") }],
  ["unsigned", { message: "Alerts that no bank signed are booked as well.", undo: undoSignatures("yes") }],
  ["distrusted", { message: "Such mails wait in review from now on. What was booked stays." }],
  ["rule-stopped", { message: "Such mails wait in review from now on. What was booked stays." }],
  ["rule-used", { message: "Such mails are booked again." }],
  ["name-ended", { message: "It has no name of yours any more, except where you named one purchase alone." }],
  ["name-undone", { message: "The last change of that name is taken back." }],
  ["weekly", { message: "A letter comes each Monday.", undo: undoWeekly("no") }],
  ["no-weekly", { message: "No more weekly letters.", undo: undoWeekly("yes") }],
  ["session", { message: "That browser is signed out." }],
  ["others", { message: "All other browsers are signed out." }],
  ["links", { message: "No link that was sent so far works any more." }],
]);

/** What was typed and not taken. */
type Rejected = { readonly zoneError?: string; readonly address?: { readonly value: string; readonly error: string } };

type Form = ReadonlyMap<string, string>;
type Change = (form: Form, person: Session, app: App) => Promise<string | Rejected>;

/** By the form's `action`: does it, and says what was done, or what could not be taken. */
const CHANGES: ReadonlyMap<string, Change> = new Map<string, Change>([
  ["zone", setZone],
  ["add-address", addAddress],
  ["cancel-address", cancelAddress],
  ["remove-address", removeAddress],
  ["require-signatures", requireSignatures],
  ["distrust", distrust],
  ["stop-rule", stopRule],
  ["use-rule", useRule],
  ["end-name", endMerchantName],
  ["undo-name", undoMerchantName],
  ["weekly", setWeekly],
  ["revoke", signOutBrowser],
  ["revoke-others", signOutOthers],
  ["revoke-links", revokeLinks],
]);

/** `GET /settings`: time zone, addresses, what is trusted, signed-in browsers, sent links. */
export async function settings(request: Request, app: App, person: Session): Promise<Response> {
  const status = DONE.get(new URL(request.url).searchParams.get("done") ?? "");
  return page(settingsPage(await viewOf(app, person, status)));
}

/** `POST /settings` with one of the actions above, and the fields that it reads. */
export async function changeSettings(request: Request, app: App, person: Session): Promise<Response> {
  const form = await readForm(request, app);
  const change = CHANGES.get(form.get("action") ?? "");
  if (change === undefined) {
    throw new AppError("invalid", `The form's action must be one of these: ${[...CHANGES.keys()].join(", ")}.`);
  }
  const done = await change(form, person, app);
  if (typeof done === "string") return redirect(`/settings?done=${done}`);
  return page(settingsPage(await viewOf(app, person, undefined, done)), 400);
}

async function setZone(form: Form, { accountId }: Session, app: App): Promise<string | Rejected> {
  const zone = form.get("zone") ?? "";
  if (!isTimeZone(zone)) return { zoneError: "This time zone is not known." };
  await app.store.setTimeZone(accountId, zone);
  return "zone";
}

async function addAddress(form: Form, person: Session, app: App): Promise<string | Rejected> {
  const value = form.get("address") ?? "";
  const error = await askMailAddress(value, person, app);
  return error === null ? "asked" : { address: { value, error } };
}

async function cancelAddress(form: Form, { accountId }: Session, app: App): Promise<string> {
  await app.store.cancelClaim({ accountId, address: form.get("address") ?? "", at: app.now() });
  return "cancelled";
}

async function removeAddress(form: Form, person: Session, app: App): Promise<string> {
  await removeMailAddress(form.get("address") ?? "", person, app);
  return "removed";
}

async function requireSignatures(form: Form, { accountId }: Session, app: App): Promise<string> {
  const isRequired = form.get("required") === "yes";
  await app.store.setRequiresSignature(accountId, isRequired);
  return isRequired ? "signed" : "unsigned";
}

async function distrust(form: Form, { accountId }: Session, app: App): Promise<string> {
  const isFound = await app.store.revokeRoute(accountId, form.get("route") ?? "", app.now());
  if (!isFound) throw new AppError("not_found", "You do not trust that route any more.");
  return "distrusted";
}

async function stopRule(form: Form, { accountId }: Session, app: App): Promise<string> {
  await setRule(form, accountId, app.now(), app);
  return "rule-stopped";
}

async function useRule(form: Form, { accountId }: Session, app: App): Promise<string> {
  await setRule(form, accountId, null, app);
  app.wake("interpret");
  return "rule-used";
}

async function setRule(form: Form, accountId: string, stoppedAt: Temporal.Instant | null, app: App): Promise<void> {
  const isFound = await app.store.stopReadingRule(accountId, form.get("rule") ?? "", stoppedAt);
  if (!isFound) throw new AppError("not_found", "You taught us nothing of that name.");
}

async function setWeekly(form: Form, { accountId }: Session, app: App): Promise<string> {
  const isOn = form.get("weekly") === "yes";
  await app.store.setWeeklyLetter(accountId, isOn);
  return isOn ? "weekly" : "no-weekly";
}

async function signOutBrowser(form: Form, { accountId }: Session, app: App): Promise<string> {
  const isFound = await app.store.revokeSession(accountId, form.get("session") ?? "");
  if (!isFound) throw new AppError("not_found", "That browser is signed out already.");
  return "session";
}

async function signOutOthers(_form: Form, person: Session, app: App): Promise<string> {
  await app.store.revokeOtherSessions(person.accountId, person.id);
  return "others";
}

async function revokeLinks(_form: Form, { accountId }: Session, app: App): Promise<string> {
  await app.store.revokeLinks(accountId);
  return "links";
}

async function viewOf(app: App, person: Session, status?: Status, rejected: Rejected = {}): Promise<SettingsView> {
  const { accountId, timeZone } = person;
  const account = await app.store.account(accountId);
  const facts = await app.store.recipientFacts(accountId, app.now());
  const routes = await app.store.trustedRoutes(accountId);
  const sessions = await app.store.sessions(accountId, app.now());
  const rules = await app.store.allReadingRules(accountId);
  return {
    frame: await frameOf(person, app, status),
    now: app.now().toZonedDateTimeISO(timeZone),
    email: account?.address ?? "",
    zone: timeZone,
    zoneError: rejected.zoneError,
    addresses: { ...(await mailAddressesOf(person, app)), rejected: rejected.address },
    trust: {
      requiresSignature: facts?.requiresSignature ?? false,
      routes: routes.map(({ id, reason, createdAt }) => ({ id, route: reason, at: zoned(createdAt, timeZone) })),
    },
    rules: rules.map(({ createdAt, stoppedAt, ...rule }) => ({
      ...rule,
      isTaught: ruleFrom(rule.rule)?.by === "example",
      isStopped: stoppedAt !== null,
      at: zoned(createdAt, timeZone),
    })),
    names: await app.store.merchantNames(accountId),
    weekly: await app.store.wantsWeeklyLetter(accountId),
    sessions: sessions.map(({ id, userAgent, createdAt, lastSeenAt }) => ({
      id,
      userAgent,
      createdAt: zoned(createdAt, timeZone),
      lastSeenAt: zoned(lastSeenAt, timeZone),
      isCurrent: id === person.id,
    })),
  };
}

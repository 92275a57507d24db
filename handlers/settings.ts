import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { isTimeZone } from "../ledger/days.ts";
import { page, readForm, redirect } from "./answers.ts";
import { frameOf } from "./frame.ts";
import type { Status } from "./pages/layout.ts";
import { settingsPage } from "./pages/settings.ts";
import { zoned } from "./purchase-rows.ts";

// A map, because an object also has names that it was not given, and the address may ask for any.
const DONE: ReadonlyMap<string, Status> = new Map([
  ["zone", { message: "Saved." }],
  ["session", { message: "That browser is signed out." }],
  ["others", { message: "All other browsers are signed out." }],
  ["links", { message: "No link that was sent so far works any more." }],
]);

/** `GET /settings`: time zone, signed-in browsers, sent links. */
export async function settings(request: Request, app: App, person: Session): Promise<Response> {
  return page(await pageOf(app, person, DONE.get(new URL(request.url).searchParams.get("done") ?? "")));
}

/** `POST /settings` with `action` = `zone` (with `zone`), `revoke` (with `session`), `revoke-others` or `revoke-links`. */
export async function changeSettings(request: Request, app: App, person: Session): Promise<Response> {
  const form = await readForm(request, app);
  switch (form.get("action") ?? "") {
    case "zone": {
      const zone = form.get("zone") ?? "";
      if (!isTimeZone(zone)) return page(await pageOf(app, person, undefined, "This time zone is not known."), 400);
      await app.store.setTimeZone(person.accountId, zone);
      return redirect("/settings?done=zone");
    }
    case "revoke":
      if (!(await app.store.revokeSession(person.accountId, form.get("session") ?? ""))) {
        throw new AppError("not_found", "That browser is signed out already.");
      }
      return redirect("/settings?done=session");
    case "revoke-others":
      await app.store.revokeOtherSessions(person.accountId, person.id);
      return redirect("/settings?done=others");
    case "revoke-links":
      await app.store.revokeLinks(person.accountId);
      return redirect("/settings?done=links");
    default:
      throw new AppError("invalid", "The form's action must be zone, revoke, revoke-others or revoke-links.");
  }
}

async function pageOf(app: App, person: Session, status?: Status, zoneError?: string): Promise<string> {
  const { accountId, timeZone } = person;
  const account = await app.store.account(accountId);
  const sessions = await app.store.sessions(accountId, app.now());
  return settingsPage({
    frame: await frameOf(person, app, status),
    now: app.now().toZonedDateTimeISO(timeZone),
    email: account?.address ?? "",
    zone: timeZone,
    zoneError,
    sessions: sessions.map(({ id, userAgent, createdAt, lastSeenAt }) => ({
      id,
      userAgent,
      createdAt: zoned(createdAt, timeZone),
      lastSeenAt: zoned(lastSeenAt, timeZone),
      isCurrent: id === person.id,
    })),
  });
}

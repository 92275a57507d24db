import { alertAddress, newAlertToken, OVERLAP_DAYS } from "../access/tokens.ts";
import type { AlertAddressRow } from "../adapters/libsql-alert-addresses.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { readForm, redirect } from "./answers.ts";
import type { AlertAddressesView } from "./pages/alert-addresses.ts";
import type { Status } from "./pages/layout.ts";
import { zoned } from "./purchase-rows.ts";

/** Of one person: the address for banks, those before it that still work, and what was done last. */
export type AlertAddresses = AlertAddressesView & { readonly status: Status | undefined };

/**
 * `POST /connect` with `token` and `action` = `replace` (the present address by a new one), `keep` (a former one that still
 * works, in the present one's place), `stop` or `resume` (a former one).
 *
 * @throws AppError `conflict` when the account has enough of them
 */
export async function changeAlertAddress(request: Request, app: App, person: Session): Promise<Response> {
  const form = await readForm(request, app);
  const one = { accountId: person.accountId, token: form.get("token") ?? "", at: app.now() };
  switch (form.get("action") ?? "") {
    case "replace":
      await replace(one, app);
      return redirect("/connect?done=replaced");
    case "keep":
      requireDone(await app.store.keepAlertAddress(one));
      return redirect("/connect?done=kept");
    case "stop":
      requireDone(await app.store.stopAlertAddress(one));
      return redirect("/connect?done=stopped");
    case "resume":
      requireDone(await app.store.resumeAlertAddress(one));
      return redirect("/connect?done=resumed");
    default:
      throw new AppError("invalid", "The form's action must be replace, keep, stop or resume.");
  }
}

type OneOfThem = { readonly accountId: string; readonly token: string; readonly at: Temporal.Instant };

/** A second press of the button finds another address in its place, and replaces nothing. */
async function replace(one: OneOfThem, app: App): Promise<void> {
  if (await app.store.replaceAlertAddress({ ...one, newToken: newAlertToken(app.random) })) return;
  const [own] = await app.store.alertAddresses(one.accountId);
  if (own?.token !== one.token) return;
  throw new AppError(
    "conflict",
    "Ten addresses that work or are new today are enough. Stop one, or wait until tomorrow.",
  );
}

function requireDone(isDone: boolean): void {
  if (!isDone) throw new AppError("conflict", "That address has changed meanwhile. Look at your list again.");
}

/** What the page about them shows; `done` is what was done last. */
export async function alertAddressesOf(person: Session, done: string | null, app: App): Promise<AlertAddresses> {
  const all = await app.store.alertAddresses(person.accountId);
  const now = app.now().epochMilliseconds;
  const own = all.find(({ retiredAt }) => retiredAt === null);
  if (own === undefined) throw new AppError("not_found", "This account is gone.");
  const working = all.filter(({ retiredAt }) => retiredAt !== null && retiredAt > now);
  const stopped = all.find(({ retiredAt }) => retiredAt !== null && retiredAt <= now);
  return {
    address: alertAddress(own.token, app.config.domain),
    token: own.token,
    former: working.map(({ token, retiredAt }) => ({
      token,
      address: alertAddress(token, app.config.domain),
      until: zoned(retiredAt ?? now, person.timeZone),
    })),
    status: statusOf(done, working[0], stopped),
  };
}

/** The lists are by last day, so the first of each is the one that the last change was about. */
function statusOf(
  done: string | null,
  replaced: AlertAddressRow | undefined,
  stopped: AlertAddressRow | undefined,
): Status | undefined {
  const undo = (action: string, { token }: AlertAddressRow) => ({ action: "/connect", fields: { action, token } });
  if (done === "replaced" && replaced !== undefined) {
    const message = `You have a new private address. The one before works for ${OVERLAP_DAYS} more days.`;
    return { message, undo: undo("keep", replaced) };
  }
  if (done === "stopped" && stopped !== undefined) {
    return { message: "That address takes no mail any more.", undo: undo("resume", stopped) };
  }
  if (done === "kept") return { message: "Your former private address is the present one again." };
  return done === "resumed" ? { message: "That address takes mail again." } : undefined;
}

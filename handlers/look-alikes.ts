import { newToken } from "../access/tokens.ts";
import type { LookAlikeDecision } from "../adapters/libsql-look-alike-decisions.ts";
import type { LookAlikeRow } from "../adapters/libsql-look-alikes.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { page, readForm, redirect } from "./answers.ts";
import { frameOf } from "./frame.ts";
import type { Routed } from "./guards.ts";
import { lookAlikeViews } from "./look-alike-views.ts";
import type { Status } from "./pages/layout.ts";
import { lookAlikePage } from "./pages/look-alike.ts";

/** `GET /review/look-alikes/ID`: two purchases that may be one, side by side, whatever was said of them. */
export async function lookAlike(request: Routed, app: App, person: Session): Promise<Response> {
  const row = await lookAlikeOf(request, app, person);
  const [pair] = await lookAlikeViews([row], app, person);
  if (pair === undefined) throw notFound();
  return page(lookAlikePage({ frame: await frameOf(person, app), pair }));
}

/**
 * `POST /review/look-alikes/ID` with `action` = `join` (with `keep`, the purchase that counts from then on), `apart`, or
 * `undo` of the decision that `change` names as long as it is the newest. `from` names the purchase whose page to go back to.
 */
export async function decideLookAlike(request: Routed, app: App, person: Session): Promise<Response> {
  const row = await lookAlikeOf(request, app, person);
  const form = await readForm(request, app);
  const on = { id: newToken(app.random, 10), accountId: person.accountId, lookAlikeId: row.id, at: app.now() };
  const isDone = form.get("action") === "undo" ? await undo(row, form, on, app) : await decide(form, on, app);
  if (!isDone) throw new AppError("conflict", "These two can't be joined like that. Look at both of them again.");
  const from = form.get("from");
  const path = from === row.first || from === row.second ? `/purchases/${encodeURIComponent(from)}` : "/review";
  return redirect(`${path}?said=${encodeURIComponent(row.id)}`);
}

/** What the last decision did, on the page that it led to; undefined when the address asks for none of the person's. */
export async function lookAlikeStatus(
  params: URLSearchParams,
  from: string | null,
  app: App,
  { accountId }: Session,
): Promise<Status | undefined> {
  const said = params.get("said");
  const row = said === null ? null : await app.store.lookAlike(accountId, said);
  if (row === null) return undefined;
  const message = MESSAGES[row.decision];
  if (row.undoable === null) return { message };
  const fields = { action: "undo", change: row.undoable, ...(from === null ? {} : { from }) };
  return { message, undo: { action: `/review/look-alikes/${encodeURIComponent(row.id)}`, fields } };
}

const MESSAGES = {
  joined: "They count as one now.",
  apart: "They count as two.",
  waiting: "It is taken back, and waits in review.",
} as const;

type Change = Omit<Parameters<App["store"]["decideLookAlike"]>[0], "decision">;

/** Whether it stands now, be it by an earlier press. */
async function decide(form: ReadonlyMap<string, string>, on: Change, app: App): Promise<boolean> {
  const decision = decisionOf(form);
  if (await app.store.decideLookAlike({ ...on, decision })) return true;
  return (await app.store.lookAlike(on.accountId, on.lookAlikeId))?.decision === decision.is;
}

/** Whether it is taken back now, be it by an earlier press. */
async function undo(row: LookAlikeRow, form: ReadonlyMap<string, string>, on: Change, app: App): Promise<boolean> {
  const change = form.get("change") ?? row.undoable ?? "";
  if (await app.store.undoLookAlike({ ...on, change })) return true;
  return (await app.store.lookAlike(on.accountId, on.lookAlikeId))?.undoable !== change;
}

function decisionOf(form: ReadonlyMap<string, string>): LookAlikeDecision {
  switch (form.get("action") ?? "") {
    case "join":
      return { is: "joined", kept: form.get("keep") ?? "" };
    case "apart":
      return { is: "apart" };
    default:
      throw new AppError("invalid", "The form's action must be join, apart or undo.");
  }
}

async function lookAlikeOf(request: Routed, app: App, { accountId }: Session): Promise<LookAlikeRow> {
  const row = await app.store.lookAlike(accountId, request.params["id"] ?? "");
  if (row === null) throw notFound();
  return row;
}

function notFound(): AppError {
  return new AppError("not_found", "There are no such two purchases that may be one.");
}

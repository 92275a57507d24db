import type { IRequest } from "itty-router";

import { readCookie, sessionCookie, sessionCookieName } from "../access/cookies.ts";
import { isSameOrigin } from "../access/same-origin.ts";
import { hashToken } from "../access/tokens.ts";
import type { Session } from "../adapters/libsql-sessions.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { redirect } from "./answers.ts";

/** A request with the parts of its path that the route names. */
export type Routed = Request & Pick<IRequest, "params">;

/** Answers a request; throws AppError to refuse it. */
export type Handler = (request: Routed, app: App) => Promise<Response>;

/** As Handler, for a signed-in person. All that it shows or changes must be that person's own. */
export type PersonHandler = (request: Routed, app: App, person: Session) => Promise<Response>;

/** Lets a POST through only when it comes from a page of ours. */
export function browserPost(handler: Handler): Handler {
  return async (request, app) => {
    requireSameOrigin(request, app);
    return handler(request, app);
  };
}

/** Lets only a signed-in person through. Signed out, a GET leads to the front page and a POST is refused. */
export function ofPerson(handler: PersonHandler): Handler {
  return async (request, app) => {
    const isPost = request.method === "POST";
    if (isPost) requireSameOrigin(request, app);
    const person = await personOf(request, app);
    if (person !== null) return keepSignedIn(await handler(request, app, person), request, app, person);
    if (isPost) throw new AppError("unauthorized", "You are signed out. Sign in and try again; nothing was changed.");
    return redirect("/");
  };
}

/** The person whose session cookie the request carries, or null. */
export async function personOf(request: Request, app: App): Promise<Session | null> {
  const token = readCookie(request, sessionCookieName(isSecure(app)));
  return token === null ? null : app.store.session(hashToken(token), app.now());
}

/** The response with the session's cookie for another 30 days, when the session itself has just been given them. */
export function keepSignedIn(response: Response, request: Request, app: App, person: Session): Response {
  const token = readCookie(request, sessionCookieName(isSecure(app)));
  if (person.isRenewed && token !== null) response.headers.append("set-cookie", sessionCookie(token, isSecure(app)));
  return response;
}

/** Whether browsers reach us by https only, so that cookies may say so. */
export function isSecure(app: App): boolean {
  return !(app.config.local && app.config.publicUrl.startsWith("http:"));
}

function requireSameOrigin(request: Request, app: App): void {
  const { publicUrl, otherUrls } = app.config;
  if (!isSameOrigin(request, [publicUrl, ...otherUrls])) {
    throw new AppError("forbidden", "This form was sent from another site, so nothing was changed.");
  }
}

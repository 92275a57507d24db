import { Router, type IRequest } from "itty-router";

import type { App } from "./app.ts";
import { AppError, STATUS_OF } from "./errors.ts";
import { changeAlertAddress } from "./handlers/alert-addresses.ts";
import { icon, style } from "./handlers/assets.ts";
import { connect, sendSample } from "./handlers/connect.ts";
import { dashboard, day } from "./handlers/dashboard.ts";
import { devMail, devMailJson } from "./handlers/dev-mail.ts";
import { events } from "./handlers/events.ts";
import { frameOf } from "./handlers/frame.ts";
import { browserPost, ofPerson, personOf, type Handler } from "./handlers/guards.ts";
import { health, up } from "./handlers/health.ts";
import { home } from "./handlers/home.ts";
import { decideLookAlike, lookAlike } from "./handlers/look-alikes.ts";
import { duringMaintenance } from "./handlers/maintenance.ts";
import { mails, sayAboutMail } from "./handlers/mails.ts";
import { metrics } from "./handlers/metrics.ts";
import { errorPage } from "./handlers/pages/error.ts";
import type { Frame } from "./handlers/pages/layout.ts";
import { proveAddress, proveAddressForm } from "./handlers/prove-address.ts";
import { changePurchase, purchase } from "./handlers/purchase.ts";
import { purchases } from "./handlers/purchases.ts";
import { decideMail, review } from "./handlers/review.ts";
import { changeSettings, settings } from "./handlers/settings.ts";
import { signIn, signInForm } from "./handlers/sign-in.ts";
import { signOut } from "./handlers/sign-out.ts";
import { signup } from "./handlers/signup.ts";
import { teachForm, teachMail } from "./handlers/teach.ts";
import { webhook } from "./handlers/webhook.ts";

// Who may call a route stands in its line: `ofPerson` needs a signed-in person, `browserPost` refuses other sites' forms.
/** Every route: method, pattern of its path, what answers, and whether it answers during maintenance too. */
export const routes: readonly (readonly ["GET" | "POST", string, Handler, "always"?])[] = [
  ["POST", "/webhook/inbound", webhook],
  ["POST", "/webhook/events", events],
  ["GET", "/up", up, "always"],
  ["GET", "/health", health, "always"],
  ["GET", "/metrics", metrics, "always"],
  ["GET", "/style.css", style, "always"],
  ["GET", "/icon.svg", icon, "always"],
  ["GET", "/", home],
  ["POST", "/signup", browserPost(signup)],
  ["GET", "/sign-in", signInForm],
  ["POST", "/sign-in", browserPost(signIn)],
  ["POST", "/sign-out", browserPost(signOut)],
  ["GET", "/prove-address", proveAddressForm],
  ["POST", "/prove-address", ofPerson(proveAddress)],
  ["GET", "/connect", ofPerson(connect)],
  ["POST", "/connect", ofPerson(changeAlertAddress)],
  ["POST", "/connect/sample", ofPerson(sendSample)],
  ["GET", "/dashboard", ofPerson(dashboard)],
  ["GET", "/day/:date", ofPerson(day)],
  ["GET", "/purchases", ofPerson(purchases)],
  ["GET", "/purchases/:id", ofPerson(purchase)],
  ["POST", "/purchases/:id", ofPerson(changePurchase)],
  ["GET", "/review", ofPerson(review)],
  ["POST", "/review/:id", ofPerson(decideMail)],
  ["GET", "/review/:id/teach", ofPerson(teachForm)],
  ["POST", "/review/:id/teach", ofPerson(teachMail)],
  ["GET", "/review/look-alikes/:id", ofPerson(lookAlike)],
  ["POST", "/review/look-alikes/:id", ofPerson(decideLookAlike)],
  ["GET", "/mails", ofPerson(mails)],
  ["POST", "/mails/:id", ofPerson(sayAboutMail)],
  ["GET", "/settings", ofPerson(settings)],
  ["POST", "/settings", ofPerson(changeSettings)],
  ["GET", "/dev/mail", devMail],
  ["GET", "/dev/mail.json", devMailJson],
];

const ALWAYS: ReadonlySet<string> = new Set(routes.flatMap(([, path, , when]) => (when === "always" ? [path] : [])));

const router = Router<IRequest, [App]>();
for (const [method, path, handler] of routes) {
  const answer = (request: IRequest, app: App): Promise<Response> => handler(request, app);
  if (method === "POST") router.post(path, answer);
  // HEAD is GET without its body; the body is left out at the very end.
  else router.get(path, answer).head(path, answer);
}

/**
 * Answers a request. The one fence: whatever is thrown below becomes an answer here, a refusal in its own words and a bug
 * as a plain 500 that is logged. Never rejects.
 */
export async function handle(request: Request, app: App): Promise<Response> {
  let response: Response;
  try {
    requireOurHost(request, app);
    response = mustWait(request, app) ? duringMaintenance(isForPeople(request)) : await route(request, app);
  } catch (error) {
    response = await answerTo(error, request, app);
  }
  return withSecurityHeaders(response, request);
}

/**
 * On a laptop, a name that somebody else owns may be made to mean this machine while a person visits that somebody's page;
 * the page could then read ours. So we answer by our own names only. Elsewhere the proxy in front sees to it.
 */
function requireOurHost(request: Request, { config }: App): void {
  if (!config.local) return;
  const host = request.headers.get("host") ?? new URL(request.url).host;
  if ([config.publicUrl, ...config.otherUrls].some((url) => new URL(url).host === host.toLowerCase())) return;
  throw new AppError(
    "misdirected",
    `This program answers at ${config.publicUrl} only. PUBLIC_URL can name another address.`,
  );
}

/** During maintenance even an address that there is nothing at waits, since whoever asks may be looked for in the store. */
function mustWait(request: Request, app: App): boolean {
  return app.maintenance() !== null && !ALWAYS.has(routeOf(request));
}

async function route(request: Request, app: App): Promise<Response> {
  const response: unknown = await router.fetch(request, app);
  if (response instanceof Response) return response;
  const allowed = methodsOf(request);
  if (allowed.length === 0) throw new AppError("not_found", "There is nothing at this address.");
  const refusal = await answerTo(
    new AppError("method_not_allowed", `This address takes ${allowed.join(" and ")} only.`),
    request,
    app,
  );
  refusal.headers.set("allow", allowed.join(", "));
  return refusal;
}

/** The pattern of the path that a request asks for, fit for the log; `none` when nothing of ours has it. */
export function routeOf(request: Request): string {
  const { pathname } = new URL(request.url);
  const found = router.routes.find(([, pattern]) => pattern.test(pathname));
  // The library keeps the front page's as nothing at all.
  return found === undefined ? "none" : found[3] || "/";
}

function methodsOf(request: Request): string[] {
  const { pathname } = new URL(request.url);
  return router.routes.filter(([, pattern]) => pattern.test(pathname)).map(([method]) => method);
}

async function answerTo(error: unknown, request: Request, app: App): Promise<Response> {
  const refusal = error instanceof AppError ? error : null;
  if (refusal === null) app.log.error({ err: error, route: routeOf(request) }, "unexpected error");
  if (refusal?.code === "unavailable") app.log.warn({ err: refusal, route: routeOf(request) }, "unavailable");
  const status = refusal === null ? 500 : STATUS_OF[refusal.code];
  const headers = new Headers({ "cache-control": "no-store" });
  if (status === 401 && isWebhook(request)) headers.set("www-authenticate", 'Basic realm="webhook", charset="UTF-8"');
  if (status === 503) headers.set("retry-after", "60");
  if (isForPeople(request)) {
    headers.set("content-type", "text/html; charset=utf-8");
    return new Response(errorPage({ refusal, frame: await frameFor(refusal, request, app) }), { status, headers });
  }
  headers.set("content-type", "text/plain; charset=utf-8");
  return new Response(`${refusal?.message ?? "Internal error"}\n`, { status, headers });
}

/**
 * A signed-in person's navigation, so that a refusal is no dead end. There is an answer to give already, so whatever fails
 * here is left out of it, and a store that has just failed is not asked again. By a name that is not ours nobody is known.
 */
async function frameFor(refusal: AppError | null, request: Request, app: App): Promise<Frame | null> {
  if (refusal === null || refusal.code === "unavailable" || refusal.code === "misdirected") return null;
  try {
    const person = await personOf(request, app);
    return person && (await frameOf(person, app));
  } catch {
    return null;
  }
}

function isWebhook(request: Request): boolean {
  return new URL(request.url).pathname.startsWith("/webhook/");
}

function isForPeople(request: Request): boolean {
  return !isWebhook(request) && (request.headers.get("accept") ?? "").includes("text/html");
}

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "interest-cohort=()",
};

function withSecurityHeaders(response: Response, request: Request): Response {
  const { headers, status } = response;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
  // Money stays out of every cache, and of the pages that a browser keeps for its back button after sign-out.
  if (!headers.has("cache-control")) headers.set("cache-control", "private, no-store");
  return request.method === "HEAD" ? new Response(null, { status, headers }) : response;
}

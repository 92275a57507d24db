import { sessionCookie } from "../access/cookies.ts";
import { verifyLink, type Link } from "../access/links.ts";
import { hashToken, newSessionToken, newToken } from "../access/tokens.ts";
import type { App } from "../app.ts";
import { page, readForm, redirect } from "./answers.ts";
import { isSecure, keepSignedIn, personOf } from "./guards.ts";
import { oldLinkPage, signInPage, unknownLinkPage } from "./pages/sign-in.ts";

const AFTER_SIGN_IN = "/dashboard";

/** `GET /sign-in?t=…`: one button. Changes nothing, because mail scanners open every link they see. */
export async function signInForm(request: Request, app: App): Promise<Response> {
  const token = new URL(request.url).searchParams.get("t") ?? "";
  const checked = verifyLink(token, "sign-in", app.config.linkKeys, app.now());
  if (checked.state === "invalid") return page(unknownLinkPage(), 400);
  const person = await personOf(request, app);
  if (person !== null && person.accountId === checked.link.accountId) {
    return keepSignedIn(redirect(checked.link.next ?? AFTER_SIGN_IN), request, app, person);
  }
  const isFresh = checked.state === "valid" && (await app.store.isLinkFresh(checked.link));
  return isFresh ? page(signInPage({ token })) : page(oldLinkPage({ token }), 410);
}

/** `POST /sign-in` with `t`: uses the link up and makes a session, both or neither. */
export async function signIn(request: Request, app: App): Promise<Response> {
  const token = (await readForm(request, app)).get("t") ?? "";
  const checked = verifyLink(token, "sign-in", app.config.linkKeys, app.now());
  if (checked.state === "invalid") return page(unknownLinkPage(), 400);
  const session = checked.state === "valid" ? await makeSession(checked.link, request, app) : null;
  if (session === null) return page(oldLinkPage({ token }), 410);
  // It proves an address, and mail may have been held for that.
  app.wake("interpret");
  return redirect(checked.link.next ?? AFTER_SIGN_IN, { "set-cookie": sessionCookie(session, isSecure(app)) });
}

/** The new session's token, or null when the link was used before or revoked. */
async function makeSession(link: Link, request: Request, app: App): Promise<string | null> {
  const token = newSessionToken(app.random);
  const isMade = await app.store.signIn({
    linkId: link.linkId,
    linkExpiresAt: link.expiresAt,
    accountId: link.accountId,
    epoch: link.epoch,
    sessionId: newToken(app.random, 10),
    tokenHash: hashToken(token),
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 300),
    at: app.now(),
  });
  return isMade ? token : null;
}

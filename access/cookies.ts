const SECURE_NAME = "__Host-session";
const PLAIN_NAME = "session";
const SESSION_DAYS = 30;
const DAY_SECONDS = 24 * 60 * 60;
const TOKEN = /^[\w-]+$/;
/** White space that HTTP allows around a cookie. Not `trim()`: that also takes a no-break space, with which a neighbouring site can write a cookie that a browser holds for another one (` __Host-session`). */
const EDGES = /^[ \t]+|[ \t]+$/g;

/**
 * The value of the request's first cookie of exactly that name, as sent; null when there is none. It is a claim of the
 * sender's, not a session: whoever uses it looks its hash up.
 */
export function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const cut = pair.indexOf("=");
    if (cut > 0 && pair.slice(0, cut).replace(EDGES, "") === name) return pair.slice(cut + 1).replace(EDGES, "");
  }
  return null;
}

/**
 * The session cookie's name. The prefix makes browsers refuse the cookie from any other host and without TLS, so
 * `secure` is false only in local mode, on plain http.
 * https://www.rfc-editor.org/rfc/rfc6265#section-5 and its successor's "__Host-" prefix
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? SECURE_NAME : PLAIN_NAME;
}

/**
 * A `Set-Cookie` value that keeps the session for 30 days from now, or with null deletes it. Scripts can't read it and
 * other sites' forms don't send it. Throws a RangeError for a token that could break out of the cookie.
 */
export function sessionCookie(token: string | null, secure: boolean): string {
  if (token !== null && !TOKEN.test(token)) throw new RangeError("A session token holds letters and digits only.");
  const lifetime = token === null ? 0 : SESSION_DAYS * DAY_SECONDS;
  const cookie = `${sessionCookieName(secure)}=${token ?? ""}; Path=/; Max-Age=${lifetime}; HttpOnly; SameSite=Lax`;
  return secure ? `${cookie}; Secure` : cookie;
}

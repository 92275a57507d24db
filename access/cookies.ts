/** How long a browser that is not used stays signed in: its cookie, and the session that the cookie stands for. */
export const SESSION_DAYS = 30;

const SECURE_NAME = "__Host-session";
const PLAIN_NAME = "session";
const DAY_SECONDS = 24 * 60 * 60;
const TOKEN = /^[\w-]+$/;

/**
 * The value of the request's first cookie of exactly that name, as sent; null when there is none. It is a claim of the
 * sender's, not a session: whoever uses it looks its hash up.
 */
export function readCookie(request: Request, name: string): string | null {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const cut = pair.indexOf("=");
    if (cut > 0 && trimBlanks(pair.slice(0, cut)) === name) return trimBlanks(pair.slice(cut + 1));
  }
  return null;
}

/**
 * The session cookie's name. The prefix makes browsers refuse the cookie from any other host and without TLS, so
 * `secure` is false only in local mode, on plain http. The prefix is a rule of RFC 6265's successor:
 * https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
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

/**
 * Takes away the blanks and tabs that HTTP allows around a cookie. Not `trim()`: that also takes a no-break space, with
 * which a neighbouring site can plant a cookie that a browser takes for another one. Not a regular expression: one that
 * looks for blanks at the end takes quadratic time on blanks that are not at the end.
 */
function trimBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

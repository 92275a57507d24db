const MAX_LENGTH = 200;

/** Unreserved characters, percent escapes and the delimiters our own addresses use: plain ASCII, so any header takes it. */
const OWN_PATH = /^\/[A-Za-z0-9\-._~!$&*+,;=:@%/?#]*$/;

/**
 * The path when it stays on this site, else null. For what a link or a form asks us to go to afterwards.
 *
 * An open redirect lets a stranger borrow our name for a page of theirs, so this is a list of what is allowed: one
 * leading slash, never two in a row (`//host` and `/.//host` leave the site), no backslash (browsers read it as a
 * slash), no white space or control characters (browsers drop them, headers break on them), no scheme, at most 200
 * characters.
 */
export function safeNext(path: string | null): string | null {
  if (path === null || path.length > MAX_LENGTH) return null;
  return OWN_PATH.test(path) && !path.includes("//") ? path : null;
}

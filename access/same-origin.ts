/**
 * Whether a POST comes from a page of ours, so that no other site can act in a signed-in person's name. A browser that
 * sends `Sec-Fetch-Site` is believed: `same-origin` passes, anything else does not. Without that header, `Origin` must
 * equal the origin of one of the base addresses. With neither it passes: text browsers send none, and what they do send
 * is protected by the cookie's SameSite=Lax. Never asked for webhooks.
 *
 * `Sec-Fetch-*` can't be set by scripts: https://www.w3.org/TR/fetch-metadata/
 */
export function isSameOrigin(request: Request, baseUrls: readonly string[]): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = request.headers.get("origin");
  // A sandboxed frame and a redirect from another site say "null".
  if (origin === "null") return false;
  return origin === null || baseUrls.some((baseUrl) => URL.parse(baseUrl)?.origin === origin);
}

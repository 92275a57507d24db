const RECEIVED_BY = ".inbound.postmarkapp.com";
/** Far longer than what Postmark writes; stops a huge header from being searched. */
const MAX_LENGTH = 4_000;

/**
 * Whether Postmark's own spam check found a DKIM signature of the author's domain that verifies (`DKIM_VALID_AU` in
 * `X-Spam-Tests`). Every server on the way puts its headers on top, so only what stands above the line with which
 * Postmark took the mail in (`Received: from … by ….inbound.postmarkapp.com`) is Postmark's; the sender can write all
 * the rest, including such a line of their own. Hence that line must be the first `Received: from` of all, and only the
 * first `X-Spam-Tests` counts. False when anything is missing.
 *
 * `headers` are Postmark's, top first. https://svn.apache.org/repos/asf/spamassassin/trunk/rules/25_dkim.cf
 */
export function isAuthorAligned(headers: readonly { readonly Name: string; readonly Value: string }[]): boolean {
  let tests: readonly string[] | null = null;
  for (const { Name, Value } of headers) {
    const name = Name.toLowerCase();
    const words = Value.slice(0, MAX_LENGTH)
      .trim()
      .split(/[\s,]+/);
    if (name === "x-spam-tests") tests ??= words;
    if (name !== "received" || words[0]?.toLowerCase() !== "from") continue;
    return isPostmarks(words) && tests !== null && tests.includes("DKIM_VALID_AU");
  }
  return false;
}

/** Whether a `Received` header's words name a machine of Postmark's as the one that took the mail in. */
function isPostmarks(words: readonly string[]): boolean {
  const by = words.findIndex((word) => word.toLowerCase() === "by");
  return words[by + 1]?.toLowerCase().endsWith(RECEIVED_BY) === true;
}

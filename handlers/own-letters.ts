/** A sign-in link's token, which is all that makes the link work. */
const TOKEN = /[\w-]{8}\.[\w-]{40,}\.[\w-]{43}/g;
const LEFT_OUT: ReadonlySet<string> = new Set(["RawEmail", "Attachments"]);

/**
 * A letter of ours that came back, as it is kept: without what its links work by, so that nobody who reads the database
 * can use one. The raw mail goes with them: it holds them once more, folded in ways that can't be searched.
 *
 * @param body a webhook body that is JSON
 */
export function withoutLinks(body: Uint8Array): Uint8Array {
  const payload: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
  const kept = JSON.stringify(payload, (name, value: unknown) => (LEFT_OUT.has(name) ? undefined : value));
  return Buffer.from(kept.replaceAll(TOKEN, "(link removed)"));
}

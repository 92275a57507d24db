import { AppError } from "../errors.ts";
import { readBody } from "./read-body.ts";
import type { App } from "../app.ts";

// No form of ours comes near it.
const FORM_MAX_BYTES = 64 * 1024;

/** An HTML page. */
export function page(html: string, status = 200): Response {
  return new Response(html, { status, headers: { "content-type": "text/html; charset=utf-8" } });
}

/** Sends the browser to another page of ours with GET. */
export function redirect(path: string, headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 303, headers: { ...headers, location: path } });
}

/**
 * The fields of a posted form; of a field that is there twice the first counts.
 *
 * @throws AppError `invalid` when the body is not a URL-encoded form, `too_large` when no form of ours is that long
 */
export async function readForm(request: Request, app: App): Promise<Map<string, string>> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const body = await readBody(request, FORM_MAX_BYTES, app);
  if (body.byteLength > 0 && type !== "application/x-www-form-urlencoded") {
    throw new AppError("invalid", "This address takes a form (application/x-www-form-urlencoded).");
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString("utf8"))) {
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

import { outbox } from "../handlers/outbox.ts";
import { handle } from "../router.ts";
import type { FakeApp } from "./fake-app.ts";
import { post } from "./requests.ts";

/** Asks for a link by the form on the front page, sends the letter, and returns the link's token. */
export async function mailedToken(app: FakeApp, email: string): Promise<string> {
  const response = await handle(post("/signup", { email }), app);
  if (response.status !== 200) throw new Error(`The form answered ${response.status}.`);
  await outbox(app);
  return lastToken(app);
}

/** The token of the link in the letter that was sent last. */
export function lastToken(app: FakeApp): string {
  const token = /\/sign-in\?t=([\w.-]+)/.exec(app.sent.at(-1)?.text ?? "")?.[1];
  if (token === undefined) throw new Error("The last letter has no link.");
  return token;
}

/** The cookie that a response sets, as a browser sends it back; empty when it sets none. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

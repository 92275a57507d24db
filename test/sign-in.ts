import { outbox } from "../handlers/outbox.ts";
import { handle } from "../router.ts";
import type { FakeApp, TestPerson } from "./fake-app.ts";
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

/** Says in the settings that an address is the person's, sends the letter, and returns its link's token. */
export async function proofToken(app: FakeApp, person: TestPerson, address: string): Promise<string> {
  const response = await handle(post("/settings", { action: "add-address", address }, person.cookie), app);
  if (response.status !== 303) throw new Error(`The form answered ${response.status}.`);
  await outbox(app);
  const letter = app.sent.findLast(({ to, kind }) => to === address && kind === "prove-address");
  const token = /\/prove-address\?t=([\w.-]+)/.exec(letter?.text ?? "")?.[1];
  if (token === undefined) throw new Error("The letter has no link.");
  return token;
}

/** Makes an address the person's own, by the letter that goes there. */
export async function prove(app: FakeApp, person: TestPerson, address: string): Promise<void> {
  const t = await proofToken(app, person, address);
  const response = await handle(post("/prove-address", { t }, person.cookie), app);
  if (response.status !== 303) throw new Error(`The link answered ${response.status}.`);
}

import { interpret } from "../handlers/interpret.ts";
import { unpacked } from "../handlers/packing.ts";
import { handle } from "../router.ts";
import type { FakeApp, TestPerson } from "./fake-app.ts";
import { delivery } from "./requests.ts";

/** Posts a payload to the webhook, which must take it, and interprets what waits; what became of the mail. */
export async function deliverMail(app: FakeApp, payload: Record<string, unknown>): Promise<string> {
  const response = await handle(delivery(payload), app);
  if (response.status !== 200) throw new Error(`The webhook answered ${response.status}.`);
  await interpret(app);
  const found = await app.store.outcomeOf(String(payload["MessageID"]));
  return found?.outcome ?? "waiting";
}

/** All purchases of a person as they stand, newest first. */
export function purchasesOf(app: FakeApp, person: TestPerson) {
  return app.store.searchPurchases(person.id, { text: null, from: null, to: null }, null, 100);
}

/** The one purchase that the person has. */
export async function onlyPurchase(app: FakeApp, person: TestPerson) {
  const [first, second] = await purchasesOf(app, person);
  if (first === undefined || second !== undefined) throw new Error("There should be exactly one purchase.");
  return first;
}

/** The payload with one of its headers replaced, or without it. */
export function withHeader(
  payload: Record<string, unknown>,
  name: string,
  value: string | null,
): Record<string, unknown> {
  const headers = payload["Headers"];
  if (!Array.isArray(headers)) throw new Error("The payload has no headers.");
  const others = headers.filter((header: { Name: string }) => header.Name.toLowerCase() !== name.toLowerCase());
  return { ...payload, Headers: value === null ? others : [{ Name: name, Value: value }, ...others] };
}

/** The payload as if the sender's own signature had not been there. */
export function unsigned(payload: Record<string, unknown>): Record<string, unknown> {
  return withHeader(payload, "X-Spam-Tests", "DKIM_SIGNED,HTML_MESSAGE,SPF_PASS");
}

/** The webhook body that a kept payload stands for. */
export function bodyOf(payload: Uint8Array): Buffer {
  return Buffer.from(unpacked(payload, 512 * 1024 * 1024));
}

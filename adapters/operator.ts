import * as v from "valibot";

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { deliverHere, feedId, feedRecipient, loginLink } from "../handlers/commands.ts";
import { interpret } from "../handlers/interpret.ts";
import { emlToInbound } from "./eml-to-inbound.ts";
import { addressesOf } from "./mail-addresses.ts";

/** A mail from a file, its bytes in base64. */
export type FedMail = { readonly name: string; readonly raw: string };

const loginLinkBody = v.object({ email: v.string() });
const feedBody = v.object({
  to: v.nullable(v.string()),
  mails: v.array(v.object({ name: v.string(), raw: v.string() })),
});

/**
 * Carries out a command that an operator gave, in the one process that writes.
 *
 * @returns lines for the operator
 * @throws AppError with a sentence for the operator
 */
export async function runOperatorCommand(command: string, body: unknown, app: App): Promise<string[]> {
  if (command === "login-link" && v.is(loginLinkBody, body)) return [await loginLink(body.email, app)];
  if (command === "feed" && v.is(feedBody, body)) return feed(body.mails, body.to, app);
  throw new AppError("invalid", `The running service does not know the command ${command}. Is it another release?`);
}

async function feed(mails: readonly FedMail[], to: string | null, app: App): Promise<string[]> {
  const lines: string[] = [];
  for (const mail of mails) lines.push(`${mail.name}: ${await feedOne(Buffer.from(mail.raw, "base64"), to, app)}`);
  return lines;
}

async function feedOne(raw: Buffer, to: string | null, app: App): Promise<string> {
  const recipient = await feedRecipient(to, await addressesOf(raw), app);
  const messageId = feedId(app);
  const envelope = { recipient, sender: "", messageId, receivedAt: app.now(), aligned: true };
  await deliverHere(await emlToInbound(raw, envelope), app);
  // The service's own clock may be at it already; then this finds nothing left to do.
  await interpret(app);
  const outcome = await app.store.outcomeOf(messageId);
  return outcome === null
    ? "kept, and being understood now"
    : [outcome.outcome, outcome.reason].filter(Boolean).join(": ");
}

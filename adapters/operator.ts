import { setTimeout as pause } from "node:timers/promises";

import * as v from "valibot";

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { deliverHere, feedId, feedRecipient, loginLink } from "../handlers/commands.ts";
import { emlToInbound } from "./eml-to-inbound.ts";
import { addressesOf } from "./mail-addresses.ts";

/** A mail from a file, its bytes in base64. */
export type FedMail = { readonly name: string; readonly raw: string };

// How long somebody at a terminal waits for the next mail to be understood.
const PATIENCE = { seconds: 10 };
const LOOK_EVERY_MS = 20;

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

/** The service's clock interprets; all are handed over first, so that it can take them in batches. */
async function feed(mails: readonly FedMail[], to: string | null, app: App): Promise<string[]> {
  const fed: { name: string; messageId: string }[] = [];
  for (const { name, raw } of mails) fed.push({ name, messageId: await keep(Buffer.from(raw, "base64"), to, app) });
  let deadline = app.now().add(PATIENCE);
  const lines: string[] = [];
  for (const { name, messageId } of fed) {
    const outcome = await outcomeBy(deadline, messageId, app);
    // As long as it gets on, there is something to wait for.
    if (outcome !== null) deadline = app.now().add(PATIENCE);
    lines.push(`${name}: ${outcome ?? "kept, but not understood yet"}`);
  }
  return lines;
}

async function keep(raw: Buffer, to: string | null, app: App): Promise<string> {
  const recipient = await feedRecipient(to, await addressesOf(raw), app);
  const messageId = feedId(app);
  // A file proves nothing about who signed it; on a laptop that is not asked.
  const envelope = { recipient, sender: "", messageId, receivedAt: app.now(), aligned: app.config.local };
  await deliverHere(await emlToInbound(raw, envelope), app);
  return messageId;
}

async function outcomeBy(deadline: Temporal.Instant, messageId: string, app: App): Promise<string | null> {
  for (;;) {
    const found = await app.store.outcomeOf(messageId);
    if (found !== null) return [found.outcome, found.reason].filter(Boolean).join(": ");
    if (app.stopping.aborted || Temporal.Instant.compare(app.now(), deadline) > 0) return null;
    await pause(LOOK_EVERY_MS);
  }
}

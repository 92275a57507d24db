import { setTimeout as pause } from "node:timers/promises";

import * as v from "valibot";

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { normaliseEmail } from "../access/email-address.ts";
import { deliverHere, feedId, feedRecipient, loginLink } from "../handlers/commands.ts";
import { exportSample } from "../handlers/export-sample.ts";
import { journal } from "../handlers/journal.ts";
import { listRules, shareRule } from "../handlers/rules-command.ts";
import { lookForMissing, type Recovered } from "../handlers/recover.ts";
import { recoverSince, usualSince } from "../handlers/recover-marked.ts";
import { replayStep, type ReplayStep } from "../handlers/replay.ts";
import { emlToInbound } from "./eml-to-inbound.ts";
import { addressesOf } from "./mail-addresses.ts";
import { changeMaintenance } from "./maintenance-command.ts";

/** A mail from a file, its bytes in base64. */
export type FedMail = { readonly name: string; readonly raw: string };

// How long somebody at a terminal waits for the next mail to be understood.
const PATIENCE = { seconds: 10 };
const LOOK_EVERY_MS = 20;
// Maintenance is on within a second, whether or not there is a bucket that answers.
const FLUSH_MS = 500;

const loginLinkBody = v.object({ email: v.string() });
const replayBody = v.object({ since: v.nullable(v.string()), account: v.nullable(v.string()), after: v.number() });
const replayApplyBody = v.object({ mailIds: v.array(v.string()) });
const recoverBody = v.object({ since: v.nullable(v.string()), isCheck: v.boolean() });
const exportSampleBody = v.object({ mailId: v.string() });
const shareRuleBody = v.object({ ruleId: v.string(), isShared: v.boolean() });
const maintenanceBody = v.object({ isOn: v.boolean() });
const feedBody = v.object({
  to: v.nullable(v.string()),
  mails: v.array(v.object({ name: v.string(), raw: v.string() })),
});

/**
 * Carries out a command that an operator gave, in the one process that writes.
 *
 * @returns lines for the operator; of `maintenance` its sentence, of `replay` one step, of `replay-apply` how many of its
 * mails still wait, of `recover` what it came to, of `recover-progress` how far that is
 * @throws AppError with a sentence for the operator
 */
export async function runOperatorCommand(command: string, body: unknown, app: App): Promise<unknown> {
  if (command === "hello") return [];
  if (command === "login-link" && v.is(loginLinkBody, body)) return [await loginLink(body.email, app)];
  if (command === "feed" && v.is(feedBody, body)) return feed(body.mails, body.to, app);
  if (command === "replay" && v.is(replayBody, body)) return replay(body, app);
  if (command === "replay-apply" && v.is(replayApplyBody, body)) return applyReplay(body.mailIds, app);
  if (command === "recover" && v.is(recoverBody, body)) return recovered(body, app);
  if (command === "recover-progress") return app.recovery.state.state === "running" ? app.recovery.state.says : "";
  if (command === "export-sample" && v.is(exportSampleBody, body)) return [await exportSample(body.mailId, app)];
  if (command === "rules") return listRules(app);
  if (command === "rules-share" && v.is(shareRuleBody, body)) return [await shareRule(body.ruleId, body.isShared, app)];
  if (command === "maintenance" && v.is(maintenanceBody, body)) {
    // Nothing starts by itself then: what people did in the last seconds would stay on this machine alone.
    const flushed = body.isOn
      ? journal(app).catch((error: unknown) => app.log.error({ err: error }, "task failed"))
      : null;
    await Promise.race([flushed, pause(FLUSH_MS)]);
    return changeMaintenance(body.isOn, app.config.dataDir, app.now());
  }
  throw new AppError("invalid", `The running service does not know the command ${command}. Is it another release?`);
}

async function replay({ since, account, after }: v.InferOutput<typeof replayBody>, app: App): Promise<ReplayStep> {
  const accountId = account === null ? null : await accountIdOf(account, app);
  const from = since === null ? null : Temporal.PlainDate.from(since).toZonedDateTime("UTC").toInstant();
  return replayStep({ accountId, since: from, after }, app);
}

async function recovered({ since, isCheck }: v.InferOutput<typeof recoverBody>, app: App): Promise<Recovered> {
  const from = since === null ? await usualSince(app) : Temporal.Instant.from(since);
  return isCheck ? lookForMissing(from, app, () => {}) : recoverSince(from, app);
}

async function accountIdOf(email: string, app: App): Promise<string> {
  const found = await app.store.accountOfAddress(normaliseEmail(email) ?? "");
  if (found === null) throw new AppError("not_found", `Nobody has signed up with ${email}.`);
  return found.id;
}

/** The service's clock interprets them, after what is new. */
async function applyReplay(mailIds: readonly string[], app: App): Promise<number> {
  await app.store.replayMails(mailIds);
  app.wake("interpret");
  let left = mailIds.length;
  for (let deadline = app.now().add(PATIENCE); left > 0; await pause(LOOK_EVERY_MS)) {
    const waiting = await app.store.waitingAmong(mailIds);
    if (waiting < left) deadline = app.now().add(PATIENCE);
    left = waiting;
    if (app.stopping.aborted || Temporal.Instant.compare(app.now(), deadline) > 0) break;
  }
  return left;
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

import { hash } from "node:crypto";

import { checkBasicAuth } from "../access/basic-auth.ts";
import { receiptTime } from "../access/receipt-time.ts";
import { routeOf } from "../access/recipient.ts";
import type { Delivery } from "../adapters/libsql-keep.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { readInboundPayload } from "./inbound-payload.ts";
import { packed } from "./packing.ts";
import { withBody } from "./read-body.ts";

/** What was acknowledged before is not refused for having come too often. */
const NO_LIMITS = { mailsPerDay: Number.MAX_SAFE_INTEGER, bytesPerDay: Number.MAX_SAFE_INTEGER };

/** Share of the disk below which what is left is for those who have an account. */
export const LOW_DISK = 0.1;

/**
 * `POST /webhook/inbound`: takes a mail from Postmark. Answers 200 only once the whole body is on disk; understanding it
 * comes later and never decides whether it is kept. Only when the disk is nearly full, mail for nobody is merely counted.
 *
 * @throws AppError `unauthorized`, `too_large`, `unavailable`, or `invalid` for an empty body
 */
export async function webhook(request: Request, app: App): Promise<Response> {
  await withProviderBody(request, app, (body) => keepInbound(body, app));
  return new Response("Kept.", { status: 200 });
}

/**
 * Keeps a delivery, as `webhook` says, and has it interpreted soon. A mail that a recovery waits for counts for the time
 * at which Postmark took it, and not for the limits of a day when it was acknowledged before; at an alert address that
 * nobody has, it is not kept.
 *
 * @param body Postmark's JSON, or whatever came in its place
 * @throws AppError `unavailable` with a sentence when there is no room for it
 */
export async function keepInbound(body: Uint8Array, app: App): Promise<void> {
  const delivery = await deliveryOf(body, app);
  const awaited = app.recovery.awaited.get(delivery.id);
  if (awaited === undefined || !(await isAtGoneAddress(delivery, app))) await keep(delivery, app);
  if (awaited !== undefined) awaited.hasCome = true;
  app.wake("interpret");
}

async function keep(delivery: Delivery, app: App): Promise<void> {
  if ((await app.freeDisk()) < LOW_DISK && (await isForNobody(delivery, app))) {
    await app.store.count("unknown_on_low_disk", app.now());
    // A bank may have signed it for somebody here. That can't be told yet, so it has to come again.
    if (delivery.route === "shared") throw new AppError("unavailable", "There is no room right now. Please try again.");
    return;
  }
  if ((await app.store.keepMail(delivery)) === "kept") return;
  await app.store.count("account_over_limit", app.now());
  app.log.error({ mail: delivery.id }, "an account has had its mail of the day");
  throw new AppError("unavailable", "This account has had its mail of today. Please try again later.");
}

/** Whoever had their account erased would else have their mails here again, as nobody's. */
async function isAtGoneAddress({ token, at }: Delivery, { store }: App): Promise<boolean> {
  return token !== null && (await store.accountIdOfToken(token, at)) === null;
}

/** What is not in the agreed form may be anybody's, so it is kept. */
async function isForNobody({ route, token }: Delivery, { store, now }: App): Promise<boolean> {
  if (route === "unreadable") return false;
  return token === null || (await store.accountIdOfToken(token, now())) === null;
}

/**
 * Hands the body of a request of our mail provider to `keep`.
 *
 * @throws AppError as `webhook`
 */
export async function withProviderBody(
  request: Request,
  app: App,
  keep: (body: Uint8Array) => Promise<void>,
): Promise<void> {
  // 401 is tried again; a 403 would make Postmark give the mail up for good.
  if (!checkBasicAuth(request.headers.get("authorization"), app.config.webhookCredentials)) {
    throw new AppError("unauthorized", "The user name or password of the webhook is wrong.");
  }
  try {
    await withBody(request, app.config.webhookMaxBytes, app, async (body) => {
      if (body.byteLength === 0) throw new AppError("invalid", "The request has no body.");
      await keep(body);
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "too_large") await app.store.count("webhook_too_large", app.now());
    throw error;
  }
}

async function deliveryOf(body: Uint8Array, app: App): Promise<Delivery> {
  const sha256 = hash("sha256", body, "buffer");
  const inbound = readInboundPayload(body);
  const kept = { sha256, payload: await packed(body), at: app.now(), limits: app.config.accountLimits };
  if (inbound === null) {
    return { ...kept, id: `sha256:${sha256.toString("hex")}`, route: "unreadable", token: null, recipient: "" };
  }
  const route = routeOf(inbound, app.config.domain);
  const awaited = app.recovery.awaited.get(inbound.MessageID);
  const isFromArchive = (inbound.RecoveredWithoutRawMail ?? false) !== false;
  return {
    ...kept,
    ...(awaited !== undefined && { at: receiptTime(inbound.Headers, kept.at) }),
    ...(awaited?.wasAcknowledged === true && { limits: NO_LIMITS }),
    ...(isFromArchive && { isFromArchive }),
    id: inbound.MessageID,
    route: route.kind,
    token: route.kind === "alert" ? route.token : null,
    recipient: inbound.OriginalRecipient.slice(0, 320),
  };
}

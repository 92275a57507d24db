import { hash } from "node:crypto";

import { checkBasicAuth } from "../access/basic-auth.ts";
import { routeOf } from "../access/recipient.ts";
import type { Delivery } from "../adapters/libsql-keep.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { readInboundPayload } from "./inbound-payload.ts";
import { packed } from "./packing.ts";
import { withBody } from "./read-body.ts";

/**
 * `POST /webhook/inbound`: takes a mail from Postmark. Answers 200 only once the whole body is on disk; understanding it
 * comes later and never decides whether it is kept.
 *
 * @throws AppError `unauthorized`, `too_large`, `unavailable`, or `invalid` for an empty body
 */
export async function webhook(request: Request, app: App): Promise<Response> {
  await withProviderBody(request, app, async (body) => app.store.keepMail(await deliveryOf(body, app)));
  app.wake("interpret");
  return new Response("Kept.", { status: 200 });
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
  const kept = { sha256, payload: await packed(body), at: app.now() };
  if (inbound === null) {
    return { ...kept, id: `sha256:${sha256.toString("hex")}`, route: "unreadable", token: null, recipient: "" };
  }
  const route = routeOf(inbound, app.config.domain);
  return {
    ...kept,
    id: inbound.MessageID,
    route: route.kind,
    token: route.kind === "alert" ? route.token : null,
    recipient: inbound.OriginalRecipient.slice(0, 320),
  };
}

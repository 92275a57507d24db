import { hash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync } from "node:zlib";

import { checkBasicAuth } from "../access/basic-auth.ts";
import { routeOf } from "../access/recipient.ts";
import type { Delivery } from "../adapters/libsql-keep.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { readInboundPayload } from "./inbound-payload.ts";
import { withBody } from "./read-body.ts";

const compressApart = promisify(zstdCompress);
// Level 1 already takes a mail to a fifth; higher levels cost more time than they save bytes to sync.
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
// Handing a body to the thread pool costs more than compressing a small one here.
const COMPRESS_HERE_BYTES = 256 * 1024;

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

async function packed(body: Uint8Array): Promise<Uint8Array> {
  return body.byteLength > COMPRESS_HERE_BYTES ? compressApart(body, ZSTD) : zstdCompressSync(body, ZSTD);
}

import { createHash } from "node:crypto";

import type { App } from "../app.ts";
import { withProviderBody } from "./webhook.ts";

/**
 * `POST /webhook/events`: keeps what Postmark says about our letters (bounces, complaints, subscription changes), whole
 * and on disk before the 200.
 *
 * @throws AppError as the inbound webhook
 */
export async function events(request: Request, app: App): Promise<Response> {
  await withProviderBody(request, app, (body) => {
    const id = createHash("sha256").update(body).digest("hex");
    return app.store.keepProviderEvent(id, body, app.now());
  });
  return new Response("Kept.", { status: 200 });
}

import { hash } from "node:crypto";

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
    const id = hash("sha256", body);
    return app.store.keepProviderEvent(id, body, app.now());
  });
  return new Response("Kept.", { status: 200 });
}

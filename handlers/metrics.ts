import { isLocal } from "../access/is-local.ts";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";

/**
 * `GET /metrics`: what is measured, for Prometheus on this machine. To everybody else there is no such address.
 *
 * @throws AppError `not_found`
 */
export async function metrics(_request: Request, app: App): Promise<Response> {
  if (!isLocal(app.client)) throw new AppError("not_found", "There is nothing at this address.");
  // https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
  const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
  return new Response(await app.metrics(), { headers });
}

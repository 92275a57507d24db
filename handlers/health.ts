import { isLocal } from "../access/is-local.ts";
import type { App } from "../app.ts";
import { healthWarnings, type HealthWarnings } from "./health-warnings.ts";
import { servingState } from "./serving-state.ts";

/** `GET /up`: the process answers. */
export async function up(): Promise<Response> {
  return new Response("up\n", { headers: { "content-type": "text/plain; charset=utf-8" } });
}

/**
 * `GET /health`: whether we can serve (503 if not), and what an operator should look at. Who does not ask on this machine
 * learns only yes or no. Ages are in milliseconds.
 */
export async function health(_request: Request, app: App): Promise<Response> {
  const serving = await servingState(app);
  const status = serving.ok ? 200 : 503;
  if (!isLocal(app.client)) return Response.json({ ok: serving.ok }, { status });
  const warnings = serving.ok ? await warningsOf(app) : null;
  return Response.json({ ok: serving.ok, serving, warnings }, { status });
}

/** What only deserves a look must not take a release that serves out of service. */
async function warningsOf(app: App): Promise<HealthWarnings | { readonly unknown: { readonly reason: string } }> {
  try {
    return await healthWarnings(app);
  } catch (error) {
    app.log.error({ err: error }, "unexpected error");
    return { unknown: { reason: "What else there is to look at can't be found out: the journal says why." } };
  }
}

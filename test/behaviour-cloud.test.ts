import { describe } from "vitest";

import { addBehaviourTests } from "./behaviour.ts";
import { cloudFunction, type HttpEvent, type HttpResult } from "./cloud-function.ts";

describe("the handlers as a cloud function", () => {
  addBehaviourTests(async (app) => {
    const answer = cloudFunction(app);
    return {
      // Event and result cross a process border as JSON.
      fetch: async (request) => responseOf(overTheWire(await answer(overTheWire(await eventOf(request))))),
      close: async () => {},
    };
  });
});

/** What the cloud's gateway makes of a request. */
async function eventOf(request: Request): Promise<HttpEvent> {
  const { pathname, search, hostname } = new URL(request.url);
  const { cookie, "x-real-ip": sourceIp = "192.0.2.1", ...headers } = Object.fromEntries(request.headers);
  const body = Buffer.from(await request.arrayBuffer());
  return {
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.split("; ") }),
    requestContext: { domainName: hostname, http: { method: request.method, sourceIp } },
    ...(body.length === 0 ? {} : { body: body.toString("base64") }),
    isBase64Encoded: true,
  };
}

function responseOf({ statusCode, headers, cookies, body }: HttpResult): Response {
  const set = new Headers(headers);
  for (const cookie of cookies) set.append("set-cookie", cookie);
  return new Response(body === "" ? null : Buffer.from(body, "base64"), { status: statusCode, headers: set });
}

function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

import { CREDENTIAL } from "./fake-app.ts";

/** The base address that requests in tests are made to. */
export const BASE = "https://wtmm.example.com";

/** A GET as a browser sends it, signed in when a cookie is given. */
export function get(path: string, cookie?: string): Request {
  return new Request(`${BASE}${path}`, {
    headers: { accept: "text/html", ...(cookie === undefined ? {} : { cookie }) },
  });
}

/** A form as a browser posts it from a page of ours, signed in when a cookie is given. */
export function post(path: string, fields: Record<string, string>, cookie?: string): Request {
  return new Request(`${BASE}${path}`, {
    method: "POST",
    headers: {
      accept: "text/html",
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
      ...(cookie === undefined ? {} : { cookie }),
    },
    body: new URLSearchParams(fields).toString(),
  });
}

/** A delivery as Postmark posts it; without a credential nobody vouches for it. */
export function delivery(payload: unknown, credential: string | null = CREDENTIAL, path = "/webhook/inbound"): Request {
  return new Request(`${BASE}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "Postmark",
      ...(credential === null ? {} : { authorization: `Basic ${Buffer.from(credential).toString("base64")}` }),
    },
    body: typeof payload === "string" ? payload : JSON.stringify(payload),
  });
}

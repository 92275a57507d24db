import type { App } from "../app.ts";
import { handle } from "../router.ts";

/** A request as clouds hand it to a function: AWS's HTTP API event, payload format 2.0. */
export type HttpEvent = {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names in lower case; several values of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** One `name=value` each; the Cookie header is not among the headers. */
  readonly cookies?: readonly string[];
  readonly requestContext: {
    readonly domainName: string;
    readonly http: { readonly method: string; readonly sourceIp: string };
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
};

/** The function's answer to it. */
export type HttpResult = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Set-Cookie values. */
  readonly cookies: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
};

/**
 * Mounts the handlers on a cloud function: the whole of what another host needs. Whatever comes this way comes through
 * the cloud's gateway, so everybody is a stranger.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function cloudFunction(app: App): (event: HttpEvent) => Promise<HttpResult> {
  return async (event) => {
    const { sourceIp } = event.requestContext.http;
    const response = await handle(requestOf(event), { ...app, client: { address: sourceIp, viaProxy: true } });
    const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== "set-cookie"));
    const body = Buffer.from(await response.arrayBuffer()).toString("base64");
    const cookies = response.headers.getSetCookie();
    return { statusCode: response.status, headers, cookies, body, isBase64Encoded: true };
  };
}

function requestOf({
  rawPath,
  rawQueryString,
  headers,
  cookies,
  requestContext,
  body,
  isBase64Encoded,
}: HttpEvent): Request {
  const { domainName, http } = requestContext;
  const query = rawQueryString === "" ? "" : `?${rawQueryString}`;
  return new Request(`https://${domainName}${rawPath}${query}`, {
    method: http.method,
    headers: { ...headers, ...(cookies === undefined ? {} : { cookie: cookies.join("; ") }) },
    body: body === undefined ? null : Buffer.from(body, isBase64Encoded ? "base64" : "utf8"),
  });
}

import { once } from "node:events";
import { request, type Agent, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

import { canary } from "./canaries.ts";
import { CREDENTIAL } from "./fake-app.ts";

/** A request in parts, so that nothing corrects what is wrong with it. */
export type Ask = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

const WORD = canary("anything");
const ADDRESS = `${WORD}@example.com`;
const QUERY = ["t", "q", "from", "to", "before", "next", "done", "outcome", "returned", "trusted", "dismissed", "said"]
  .map((name) => `${name}=${encodeURIComponent(ADDRESS)}`)
  .join("&");
const FIELDS = [
  "t",
  "email",
  "zone",
  "token",
  "merchant",
  "amount",
  "currency",
  "date",
  "address",
  "route",
  "change",
  "keep",
  "from",
]
  .map((name) => `${name}=${encodeURIComponent(ADDRESS)}`)
  .join("&");
const FORM = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
const STRANGE_HEADERS = {
  "user-agent": canary("agent"),
  referer: `https://${canary("referer")}.example/`,
  "x-real-ip": canary("client"),
  "x-forwarded-for": canary("forwarded"),
  authorization: `Basic ${Buffer.from(`${canary("user")}:${canary("wrongpassword")}`).toString("base64")}`,
};

/** What the webhook wants to see. */
export const AUTHORIZED = { authorization: `Basic ${Buffer.from(CREDENTIAL).toString("base64")}` };

/** A form as a browser of ours posts it. */
export function form(fields: Readonly<Record<string, string>>): Pick<Ask, "headers" | "body"> {
  return { headers: FORM, body: new URLSearchParams(fields).toString() };
}

/** What nobody should send to a route, each with canaries wherever there is room for one. */
export function hostileAsks(method: string, pattern: string): Ask[] {
  const asks = strangePaths(pattern).map((path): Ask => ({ method, path, headers: STRANGE_HEADERS }));
  const path = pattern.replace(/:\w+/, WORD);
  const others = ["HEAD", "PUT", "OPTIONS"].map((other): Ask => ({ method: other, path, headers: STRANGE_HEADERS }));
  return method === "GET" ? [...asks, ...others] : [...asks, ...others, ...strangeBodies(path)];
}

function strangePaths(pattern: string): string[] {
  const ids = [WORD, encodeURIComponent(ADDRESS), `%${WORD}`, `%00%0a${WORD}`, WORD.repeat(300), `${WORD}/${WORD}`];
  const paths = pattern.includes(":") ? ids.map((id) => pattern.replace(/:\w+/, id)) : [pattern, `${pattern}/${WORD}`];
  return [...paths, `${paths[0]}?${QUERY}`, `${paths[0]}?%${WORD}`];
}

function strangeBodies(path: string): Ask[] {
  const post = (headers: Record<string, string>, body: string | Uint8Array): Ask => ({
    method: "POST",
    path,
    headers,
    body,
  });
  const multipart = `--${WORD}\r\nContent-Disposition: form-data; name="email"\r\n\r\n${ADDRESS}\r\n--${WORD}--`;
  const actions = ["save", "enter", "add-address", "remove-address", "replace", "zone", ADDRESS];
  return [
    ...actions.map((action) => post(FORM, `action=${encodeURIComponent(action)}&${FIELDS}`)),
    post({ ...FORM, "sec-fetch-site": "cross-site", origin: `https://${WORD}.example` }, FIELDS),
    post({ ...FORM, "content-type": "application/json" }, `{"email":"${ADDRESS}"`),
    post({ ...FORM, "content-type": `multipart/form-data; boundary=${WORD}` }, multipart),
    post(FORM, Buffer.from(`email=${WORD}\xff\xfe%${WORD}`, "latin1")),
    post(FORM, `email=${WORD.repeat(10_000)}`),
  ];
}

/** Sends it and resolves to the status of the answer, or to 0 when the server hung up. */
export async function ask({ method, path, headers = {}, body }: Ask, to: { port: number; host: string; agent: Agent }) {
  const { port, host, agent } = to;
  const asked = request({ host: "127.0.0.1", port, agent, method, path, headers: { host, ...headers } }).end(body);
  try {
    const answered: [IncomingMessage] = (await once(asked, "response")) as [IncomingMessage];
    const [answer] = answered;
    return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
  } catch {
    return { status: 0, headers: {}, text: "" };
  }
}

/** Requests that no client makes: sent as they stand, each on a connection of its own, until the server hangs up. */
export async function sendRaw(port: number): Promise<void> {
  const head = `Host: x\r\nX-Real-IP: ${WORD}\r\n`;
  const post = `POST /webhook/inbound HTTP/1.1\r\n${head}Authorization: ${STRANGE_HEADERS.authorization}\r\n`;
  const lines = [
    `${WORD}\r\n\r\n`,
    `GET /${WORD} ${ADDRESS} HTTP/1.1\r\n${head}\r\n`,
    `GET /\\${WORD} HTTP/1.1\r\n${head}\r\n`,
    `GET http://${ADDRESS}:1/${WORD} HTTP/1.1\r\n${head}\r\n`,
    `GET /up HTTP/1.1\r\nHost: ${ADDRESS}\r\n\r\n`,
    `GET /up HTTP/1.1\r\n${head}Cookie: ${WORD.repeat(5_000)}\r\n\r\n`,
    `TRACE /${WORD} HTTP/1.1\r\n${head}\r\n`,
    `CONNECT ${WORD}.example:443 HTTP/1.1\r\n${head}\r\n`,
    `GET /up HTTP/1.1\r\n${head}Upgrade: ${WORD}\r\nConnection: Upgrade\r\n\r\n`,
    `${post}Content-Length: ${WORD}\r\n\r\n${WORD}`,
    `${post}Content-Length: 100000\r\n\r\n{"${WORD}":`,
    `${post}Transfer-Encoding: chunked\r\n\r\n${WORD}\r\n`,
  ];
  await Promise.all(lines.map((line) => sendAndHangUp(port, line)));
}

async function sendAndHangUp(port: number, line: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const gone = once(socket, "close");
  socket.on("error", () => {});
  // Where an answer comes, it is not waited for twice; where none can come, the client goes away in the middle.
  socket.once("data", () => socket.destroy());
  socket.setTimeout(300, () => socket.destroy());
  socket.write(line);
  await gone;
}

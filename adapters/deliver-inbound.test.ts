import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

import { afterEach, expect, it } from "vitest";

import { deliverInbound } from "./deliver-inbound.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

it("posts the payload as Postmark does, with the credential", async () => {
  const seen: unknown[] = [];
  const url = await listen(async (request, response) => {
    const { "user-agent": agent, authorization, "content-type": type } = request.headers;
    const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString("utf8"));
    seen.push([request.method, request.url, agent, authorization, type, body]);
    response.end("kept");
  });
  expect(await deliverInbound(`${url}/webhook/inbound`, "postmark:gehéim:1")({ Subject: "é" })).toBe(200);
  const basic = `Basic ${Buffer.from("postmark:gehéim:1").toString("base64")}`;
  expect(seen).toEqual([["POST", "/webhook/inbound", "Postmark", basic, "application/json", { Subject: "é" }]]);
});

it.each([401, 413, 503, 307])("passes the status %i on", async (status) => {
  const url = await listen((_request, response) => response.writeHead(status, { Location: "/" }).end("words"));
  expect(await deliverInbound(url, "a:b")({})).toBe(status);
});

it("says that nobody answered in time", async () => {
  const url = await listen(() => undefined);
  await expect(deliverInbound(url, "a:b", 50)({})).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^The webhook did not answer: .*timeout/),
  });
});

it("says that nobody listens", async () => {
  const url = await listen(() => undefined);
  for (const close of closers.splice(0)) close();
  await expect(deliverInbound(url, "a:b")({})).rejects.toThrow("The webhook did not answer");
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { afterEach, describe, expect, it } from "vitest";

import { openPostmarkMailer, type OutgoingLetter, type SendResult } from "./postmark.ts";

const letter: OutgoingLetter = {
  to: "jane@example.com",
  subject: "Your dashboard",
  text: "Open this",
  html: "<p>Open this</p>",
  kind: "sign-in",
  id: "letter-17",
};
const sent = JSON.stringify({ ErrorCode: 0, Message: "OK", MessageID: "m-1", To: letter.to, SubmittedAt: "now" });

// Long enough to connect on a busy machine; nothing is lost when it is not.
const SHORT = 100;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

it("hands a letter to Postmark without tracking, with our id and its kind", async () => {
  let seen: Record<string, unknown> = {};
  const result = await sendTo(async (request, response) => {
    seen = {
      url: request.url,
      token: request.headers["x-postmark-server-token"],
      ...JSON.parse(await textOf(request)),
    };
    response.end(sent);
  }, "/some/prefix/");
  expect(result).toEqual({ state: "sent", providerId: "m-1" });
  expect(seen).toEqual({
    url: "/some/prefix/email",
    token: "token-1",
    From: "info@wtmm.test",
    To: "jane@example.com",
    Subject: "Your dashboard",
    TextBody: "Open this",
    HtmlBody: "<p>Open this</p>",
    Tag: "sign-in",
    Metadata: { letter_id: "letter-17" },
    MessageStream: "outbound",
    TrackOpens: false,
    TrackLinks: "None",
    Headers: [{ Name: "Auto-Submitted", Value: "auto-generated" }],
  });
});

it("tells mail programs where a letter can be stopped, when it can", async () => {
  let headers: unknown;
  const stoppable = { ...letter, stopUrl: "https://example.com/settings" };
  await sendTo(
    async (request, response) => {
      headers = JSON.parse(await textOf(request)).Headers;
      response.end(sent);
    },
    "",
    10_000,
    stoppable,
  );
  expect(headers).toContainEqual({ Name: "List-Unsubscribe", Value: "<https://example.com/settings>" });
});

describe("an answer", () => {
  it.each<[number, number | string, Partial<SendResult>]>([
    [401, 10, { state: "stop" }],
    [401, "<html>proxy</html>", { state: "stop" }],
    [422, 405, { state: "stop" }],
    [422, 400, { state: "stop" }],
    [422, 401, { state: "stop" }],
    [422, 412, { state: "stop" }],
    [422, 413, { state: "stop" }],
    [422, 406, { state: "refused", undeliverable: true }],
    [422, 300, { state: "refused", undeliverable: false }],
    [422, 11, { state: "refused", undeliverable: false }],
    [422, 402, { state: "refused", undeliverable: false }],
    [422, 403, { state: "refused", undeliverable: false }],
    [422, 409, { state: "refused", undeliverable: false }],
    [422, "<html>not Postmark</html>", { state: "retry" }],
    [413, "", { state: "refused", undeliverable: false }],
    [415, "", { state: "refused", undeliverable: false }],
    [429, 429, { state: "retry" }],
    [500, "", { state: "retry" }],
    [502, "<html>bad gateway</html>", { state: "retry" }],
    [503, 100, { state: "retry" }],
    [504, "", { state: "retry" }],
    [403, "<html>firewall</html>", { state: "retry" }],
    [404, "", { state: "retry" }],
    [200, "<html>sign in to this network</html>", { state: "retry" }],
    [200, "", { state: "retry" }],
    [200, "null", { state: "retry" }],
    [200, '{"ok":true}', { state: "retry" }],
    [200, 406, { state: "refused", undeliverable: true }],
    [200, 405, { state: "stop" }],
    [200, 10, { state: "stop" }],
    [200, 100, { state: "retry" }],
    [200, 300, { state: "refused", undeliverable: false }],
  ])("of %i with %s is told apart", async (status, content, expected) => {
    const body = typeof content === "string" ? content : JSON.stringify({ ErrorCode: content, Message: "because" });
    const result = await sendTo((_request, response) => {
      response.writeHead(status).end(body);
    });
    expect(result).toMatchObject(expected);
    if (result.state !== "sent" && typeof content === "number") expect(result.reason).toContain("because");
  });

  it("that redirects is not followed: the token must not travel on", async () => {
    const paths: (string | undefined)[] = [];
    const result = await sendTo((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { Location: "/elsewhere" }).end();
    });
    expect(result).toMatchObject({ state: "retry" });
    expect(paths).toEqual(["/email"]);
  });

  it("that never comes is waited for until the deadline", async () => {
    expect(await sendTo(() => undefined, "", SHORT)).toMatchObject({ state: "retry" });
  });

  it("that stops in its middle is waited for until the deadline", async () => {
    const result = await sendTo(
      (_request, response) => {
        response.writeHead(200, { "Content-Length": 1000 }).write('{"ErrorCode":');
      },
      "",
      SHORT,
    );
    expect(result).toMatchObject({ state: "retry" });
  });

  it("that is cut off by a lost connection means another try", async () => {
    const result = await sendTo((_request, response) => {
      response.writeHead(200, { "Content-Length": 1000 });
      response.write("{", () => response.destroy());
    });
    expect(result).toMatchObject({ state: "retry" });
  });

  it("of any length gives a reason of one short line", async () => {
    const result = await sendTo((_request, response) => {
      response.writeHead(422).end(JSON.stringify({ ErrorCode: 300, Message: "so\nlong ".repeat(1000) }));
    });
    expect(result.state === "refused" && result.reason).toMatch(
      /^Postmark answered 422, error 300: so long .{100,270}$/,
    );
  });
});

it("says why Postmark can't be reached", async () => {
  const server = createServer();
  const url = await listen(server);
  server.close();
  const result = await openPostmarkMailer({ token: "t", apiUrl: url, from: "info@wtmm.test" }).send(letter);
  expect(result).toMatchObject({
    state: "retry",
    reason: expect.stringMatching(/^Postmark can't be reached: .*ECONNREFUSED/),
  });
});

async function sendTo(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  path = "",
  timeoutMs = 10_000,
  sending = letter,
): Promise<SendResult> {
  const server = createServer(handler);
  const apiUrl = (await listen(server)) + path;
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return openPostmarkMailer({ token: "token-1", apiUrl, from: "info@wtmm.test", timeoutMs }).send(sending);
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString("utf8");
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { App, Client } from "../app.ts";
import { handle, routeOf } from "../router.ts";
import { addBehaviourTests } from "../test/behaviour.ts";
import { allRows } from "../test/database.ts";
import { CREDENTIAL, fakeApp, signedIn, type FakeApp } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import type { AnsweredRequest } from "./metrics.ts";
import { listen, type Fetch, type Listening } from "./node.ts";

const HOST = "127.0.0.1";
const AUTHORIZATION = `Authorization: Basic ${Buffer.from(CREDENTIAL).toString("base64")}`;

/** What servers took note of. */
const observed: AnsweredRequest[] = [];

describe("the handlers on a port", () => {
  addBehaviourTests(async (app) => {
    const server = await start(app, (request, client) => handle(request, { ...app, client }), [HOST]);
    return { fetch: (request) => send(request, server), close: () => server.stop(0) };
  });
});

describe("the server", () => {
  let app: FakeApp;
  const servers: Listening[] = [];
  const sockets: Socket[] = [];

  beforeEach(async () => {
    app = await fakeApp({}, { webhookMaxBytes: 1024 * 1024 });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) await server.stop(0);
    await app.close();
  });

  async function serve(fetch?: Fetch, trustedProxies: string[] = []): Promise<Listening> {
    const server = await start(
      app,
      fetch ?? ((request, client) => handle(request, { ...app, client })),
      trustedProxies,
    );
    servers.push(server);
    return server;
  }

  /** An open connection on which that was sent, and everything that comes back. */
  function wire(server: Listening, text: string) {
    const socket = connect(server.port, HOST);
    sockets.push(socket);
    const wired = { socket, received: "", closed: once(socket, "close") };
    socket.on("data", (bytes: Buffer) => (wired.received += bytes.toString("latin1")));
    socket.on("error", () => {});
    socket.write(text);
    return wired;
  }

  describe("when it stops", () => {
    it("answers whoever it has accepted, also when nothing of the request was read yet", async () => {
      const server = await serve();
      const open = wire(server, "");
      await once(open.socket, "connect");
      // By now it is accepted.
      await turns(5);
      open.socket.write("GET /up HTTP/1.1\r\nHost: x\r\n\r\n");
      await server.stop(5_000);
      await open.closed;
      expect(open.received).toContain("HTTP/1.1 200 OK");
    });

    it("finishes the request that is in flight, and takes no new one", async () => {
      const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const server = await serve(async () => {
        arrived.resolve();
        await go.promise;
        return new Response("finished");
      });
      const answer = fetch(`http://${HOST}:${server.port}/`);
      await arrived.promise;
      let isStopped = false;
      const stopped = server.stop(5_000).then(() => (isStopped = true));
      await expect(fetch(`http://${HOST}:${server.port}/`)).rejects.toThrow(TypeError);
      expect(isStopped).toBe(false);
      go.resolve();
      expect(await (await answer).text()).toBe("finished");
      await stopped;
    });

    it("is not held up by a connection that waits for its next request", async () => {
      const server = await serve();
      const idle = wire(server, "GET /up HTTP/1.1\r\nHost: x\r\n\r\n");
      await once(idle.socket, "data");
      const startedAt = performance.now();
      await server.stop(60_000);
      expect(performance.now() - startedAt).toBeLessThan(1_000);
      await idle.closed;
    });

    it("closes a connection as soon as its request is answered", async () => {
      const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const server = await serve(async () => {
        arrived.resolve();
        await go.promise;
        return new Response("finished");
      });
      const open = wire(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await arrived.promise;
      const stopped = server.stop(60_000);
      go.resolve();
      await Promise.all([stopped, open.closed]);
      expect(open.received).toMatch(/finished$/);
    });

    it("gives a request up at the deadline", async () => {
      const arrived = Promise.withResolvers<void>();
      const server = await serve(() => {
        arrived.resolve();
        return new Promise(() => {});
      });
      const stuck = wire(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await arrived.promise;
      const startedAt = performance.now();
      await server.stop(100);
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(95);
      await stuck.closed;
      expect(stuck.received).toBe("");
    });
  });

  it("is quiet when no request is being answered, and says so at the latest after the limit", async () => {
    const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const server = await serve(async () => {
      arrived.resolve();
      await go.promise;
      return new Response("finished");
    });
    await server.quiet(60_000);
    const answer = fetch(`http://${HOST}:${server.port}/`);
    await arrived.promise;
    await server.quiet(1);
    let isQuiet = false;
    const quiet = server.quiet(60_000).then(() => (isQuiet = true));
    expect(isQuiet).toBe(false);
    go.resolve();
    await Promise.all([quiet, answer]);
  });

  it("gives way to requests until they are answered, at the latest until the limit", async () => {
    const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const server = await serve(async () => {
      arrived.resolve();
      await go.promise;
      return new Response("finished");
    });
    const order: string[] = [];
    await server.giveWay(60_000);
    const answer = fetch(`http://${HOST}:${server.port}/`);
    await arrived.promise;
    await server.giveWay(1);
    order.push("limit");
    const step = server.giveWay(60_000).then(() => order.push("step"));
    await nextTurn();
    await nextTurn();
    order.push("answer");
    go.resolve();
    await Promise.all([step, answer]);
    expect(order).toEqual(["limit", "answer", "step"]);
  });

  it("is not quiet in the short pauses of a rush", async () => {
    const server = await serve(async () => new Response("finished"));
    const seen = new Set<string>();
    // A machine that stalls makes some of the pauses long.
    for (let time = 0; time < 50 && !seen.has("not yet"); time += 1) {
      await fetch(`http://${HOST}:${server.port}/`).then((response) => response.text());
      const isQuiet = server.quiet(60_000).then(() => "quiet");
      seen.add(await Promise.race([isQuiet, new Promise<string>((resolve) => setImmediate(resolve, "not yet"))]));
      await isQuiet;
    }
    expect(seen).toContain("not yet");
  });

  /** Has a request that is never answered. */
  async function serveInRush(): Promise<Listening> {
    const arrived = Promise.withResolvers<void>();
    const server = await serve(() => {
      arrived.resolve();
      return new Promise(() => {});
    });
    wire(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await arrived.promise;
    return server;
  }

  /** Lets nobody else have a turn; since when. */
  function workFor(ms: number): number {
    const began = performance.now();
    while (performance.now() - began < ms);
    return began;
  }

  it("leaves at most a quarter of the time, and what came in a moment, to who waits for the end of a rush that lasts", async () => {
    const [LIMIT_MS, GATHER_MS] = [400, 120];
    const server = await serveInRush();
    await server.quiet(LIMIT_MS);
    for (const workMs of [0, 5, 60, 200]) {
      const began = workFor(workMs);
      const asked = performance.now();
      await server.quiet(LIMIT_MS);
      const waited = performance.now() - asked;
      const share = Math.min(LIMIT_MS, Math.max(GATHER_MS, 3 * (asked - began)));
      expect(waited).toBeGreaterThanOrEqual(share - 5);
      // A machine that stalls may wake us late.
      expect(waited).toBeLessThan(share + 150);
    }
  });

  it("counts no rest as work of who waits for the end of a rush", async () => {
    const [LIMIT_MS, REST_MS, WORK_MS] = [600, 150, 10];
    const server = await serveInRush();
    await server.quiet(LIMIT_MS);
    const began = workFor(WORK_MS);
    await server.giveWay(REST_MS);
    const asked = performance.now();
    await server.quiet(LIMIT_MS);
    expect(asked - began).toBeGreaterThanOrEqual(REST_MS);
    expect(performance.now() - asked).toBeLessThan(3 * REST_MS);
  });

  it("counts the rests of two at once as one", async () => {
    const [LIMIT_MS, REST_MS, WORK_MS] = [600, 100, 150];
    const server = await serveInRush();
    await server.quiet(LIMIT_MS);
    workFor(WORK_MS);
    await Promise.all([server.giveWay(REST_MS), server.giveWay(REST_MS)]);
    const asked = performance.now();
    await server.quiet(LIMIT_MS);
    // Three times the work; were both counted, it would be three times what is left of it.
    expect(performance.now() - asked).toBeGreaterThanOrEqual(3 * WORK_MS - 10);
  });

  it("refuses an address that is taken", async () => {
    const server = await serve();
    const again = listen({
      fetch: neverAsked,
      address: { port: server.port, host: HOST },
      trustedProxies: [],
      routeOf,
      log: app.log,
      observe: () => {},
    });
    await expect(again).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("logs each request in one line without its path, its query string, its body or its headers", async () => {
    const server = await serve();
    await fetch(`http://${HOST}:${server.port}/sign-in?t=a-secret-link`, {
      headers: { cookie: "__Host-session=secret" },
    });
    await fetch(`http://${HOST}:${server.port}/signup`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "email=secret@example.com",
    });
    await fetch(`http://${HOST}:${server.port}/secret@example.com`);
    const lines = app.logged.map(({ fields, message }) => JSON.stringify({ fields, message }));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/"method":"GET","route":"\/sign-in","status":400,"ms":[\d.]+.*"request"/);
    expect(lines[1]).toMatch(/"method":"POST","route":"\/signup","status":200/);
    expect(lines[2]).toMatch(/"method":"GET","route":"none","status":404/);
    expect(lines.join()).not.toMatch(/secret/);
  });

  it("takes note of each request by its route and status, and of nothing that was asked for", async () => {
    const server = await serve();
    observed.length = 0;
    await fetch(`http://${HOST}:${server.port}/sign-in?t=a-secret-link`);
    await fetch(`http://${HOST}:${server.port}/secret@example.com`, { method: "DELETE" });
    const ms = expect.any(Number);
    expect(observed).toEqual([
      { method: "GET", route: "/sign-in", status: 400, ms },
      { method: "DELETE", route: "none", status: 404, ms },
    ]);
  });

  describe("knows who calls", () => {
    async function clientFor(trustedProxies: string[], headers: Record<string, string>): Promise<Client | undefined> {
      const seen: Client[] = [];
      const server = await serve(async (_request, client) => {
        seen.push(client);
        return new Response("");
      }, trustedProxies);
      await fetch(`http://${HOST}:${server.port}/`, { headers });
      return seen[0];
    }

    it("by the connection, whatever a stranger's X-Real-IP says", async () => {
      const claimed = { "x-real-ip": "198.51.100.7", "x-forwarded-for": "198.51.100.7" };
      expect(await clientFor([], claimed)).toEqual({ address: HOST, viaProxy: false });
      expect(await clientFor(["10.0.0.1"], claimed)).toEqual({ address: HOST, viaProxy: false });
    });

    it("by X-Real-IP from a trusted proxy, and by no other header", async () => {
      const address = "198.51.100.7";
      expect(await clientFor([HOST], { "x-real-ip": address })).toEqual({ address, viaProxy: true });
      expect(await clientFor([HOST], { "x-forwarded-for": address })).toEqual({ address: HOST, viaProxy: true });
      expect(await clientFor([HOST], { forwarded: `for=${address}` })).toEqual({ address: HOST, viaProxy: true });
    });

    it("by the connection, when a trusted proxy's machine passes nothing on", async () => {
      expect(await clientFor([HOST], {})).toEqual({ address: HOST, viaProxy: false });
    });

    it.each([{ "x-real-ip": HOST }, { "x-real-ip": "" }, { "x-forwarded-for": "::1" }, { forwarded: "for=127.0.0.1" }])(
      "and tells health's details to its own machine alone, not to the proxy that sends %j",
      async (headers) => {
        const proxied = await serve(undefined, [HOST]);
        const url = `http://${HOST}:${proxied.port}/health`;
        expect(await (await fetch(url)).json()).toMatchObject({ ok: true, serving: { release: "test" } });
        expect(await (await fetch(url, { headers })).json()).toEqual({ ok: true });
      },
    );
  });

  describe("given a body", () => {
    it("without a length, takes it up to the cap", async () => {
      const jane = await signedIn(app, "jane@example.com");
      const server = await serve();
      const body = JSON.stringify(mailTo(jane.alertAddress, CHASE));
      const sent = wire(server, `${chunkedHead()}${chunk(body.slice(0, 1_000))}${chunk(body.slice(1_000))}0\r\n\r\n`);
      await once(sent.socket, "data");
      expect(sent.received).toMatch(/^HTTP\/1.1 200 /);
      expect((await allRows(app))["mails"]).toHaveLength(1);
    });

    it("without a length and over the cap, answers 413 before its end and keeps nothing", async () => {
      const server = await serve();
      const sent = wire(server, chunkedHead() + chunk("x".repeat(65_536)).repeat(17));
      await once(sent.socket, "data");
      expect(sent.received).toMatch(/^HTTP\/1.1 413 /);
      expect((await allRows(app))["mails"]).toEqual([]);
    });

    it("whose declared length is over the cap, answers 413 without waiting for it", async () => {
      const server = await serve();
      const head = `POST /webhook/inbound HTTP/1.1\r\nHost: x\r\n${AUTHORIZATION}\r\nContent-Length: 1048577\r\n\r\n`;
      const sent = wire(server, head);
      await once(sent.socket, "data");
      expect(sent.received).toMatch(/^HTTP\/1.1 413 /);
    });

    it.each([
      ["with a length", `Content-Length: 5000\r\n\r\n${"x".repeat(100)}`],
      ["in chunks", `Transfer-Encoding: chunked\r\n\r\n${chunk('{"MessageID":"half"')}`],
    ])("%s that breaks off, keeps nothing and goes on", async (_how, rest) => {
      const answered = Promise.withResolvers<Response>();
      const server = await serve(async (request, client) => {
        const response = await handle(request, { ...app, client });
        if (request.method === "POST") answered.resolve(response);
        return response;
      });
      const sent = wire(server, `POST /webhook/inbound HTTP/1.1\r\nHost: x\r\n${AUTHORIZATION}\r\n${rest}`);
      await once(sent.socket, "connect");
      // The upload is on its way when this other request has been answered.
      await fetch(`http://${HOST}:${server.port}/up`);
      sent.socket.destroy();
      expect((await answered.promise).status).toBe(400);
      expect((await allRows(app))["mails"]).toEqual([]);
      expect((await fetch(`http://${HOST}:${server.port}/up`)).status).toBe(200);
      expect(app.logged.filter(({ level }) => level === "error")).toEqual([]);
    });

    it("with bad credentials, does not wait for it", async () => {
      const server = await serve();
      const sent = wire(server, "POST /webhook/inbound HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx");
      await once(sent.socket, "data");
      expect(sent.received).toMatch(/^HTTP\/1.1 401 /);
    });

    it("gives the room of a large one back when it breaks off", async () => {
      const roomy = { ...app, config: { ...app.config, webhookMaxBytes: 100 * 1024 * 1024 } } satisfies App;
      const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const gate = {
        enter: () => {
          begun.resolve();
          return app.largeBodies.enter();
        },
        leave: () => {
          app.largeBodies.leave();
          ended.resolve();
        },
      };
      const server = await serve((request, client) => handle(request, { ...roomy, largeBodies: gate, client }));
      expect(app.largeBodies.enter()).toBe(true);
      const head = `POST /webhook/inbound HTTP/1.1\r\nHost: x\r\n${AUTHORIZATION}\r\nContent-Length: 50000000\r\n\r\n`;
      const sent = wire(server, `${head}${"x".repeat(1_000)}`);
      await begun.promise;
      expect(app.largeBodies.enter()).toBe(false);
      sent.socket.destroy();
      await ended.promise;
      expect(app.largeBodies.enter()).toBe(true);
    });
  });

  it.each([
    ["a broken request line", "NONSENSE\r\n\r\n"],
    ["a host that is none", "GET /up HTTP/1.1\r\nHost: a b\r\n\r\n"],
    ["no host", "GET /up HTTP/1.0\r\n\r\n"],
    ["a backslash in the path", "GET /up\\x HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["two lengths", "POST /signup HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"],
    [
      "a length and chunks",
      "POST /signup HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a negative length", "POST /signup HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
  ])("answers 400 to %s and goes on", async (_what, text) => {
    const server = await serve();
    const sent = wire(server, text);
    await once(sent.socket, "data");
    expect(sent.received).toMatch(/^HTTP\/1.1 400 /);
    expect((await fetch(`http://${HOST}:${server.port}/up`)).status).toBe(200);
  });

  it("answers 405 to TRACE, which would repeat a cookie", async () => {
    const server = await serve();
    const sent = wire(server, "TRACE /up HTTP/1.1\r\nHost: x\r\nCookie: __Host-session=secret\r\n\r\n");
    await once(sent.socket, "data");
    expect(sent.received).toMatch(/^HTTP\/1.1 405 /);
    expect(sent.received).not.toContain("secret");
  });
});

function start(app: FakeApp, fetch: Fetch, trustedProxies: readonly string[]): Promise<Listening> {
  const mounted = { fetch, routeOf, log: app.log, observe: (request: AnsweredRequest) => void observed.push(request) };
  return listen({ ...mounted, address: { port: 0, host: HOST }, trustedProxies });
}

/** Sends a request that was made for the base address to the port. */
function send(request: Request, server: Listening): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return fetch(new Request(`http://${HOST}:${server.port}${pathname}${search}`, request), { redirect: "manual" });
}

async function neverAsked(): Promise<Response> {
  throw new Error("Nobody asks a server that does not listen.");
}

function chunkedHead(): string {
  return `POST /webhook/inbound HTTP/1.1\r\nHost: x\r\n${AUTHORIZATION}\r\nTransfer-Encoding: chunked\r\n\r\n`;
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** Lets the event loop turn, for whatever has come from outside. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

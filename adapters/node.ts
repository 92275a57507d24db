import type { Server } from "node:http";
import { Server as NetServer } from "node:net";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

import { createAdaptorServer, type HttpBindings, type Http2Bindings } from "@hono/node-server";

import type { Client, Log } from "../app.ts";
import type { AnsweredRequest } from "./metrics.ts";

/** Answers a request; never rejects. */
export type Fetch = (request: Request, client: Client) => Promise<Response>;

/** What is mounted, and where its requests are logged. */
export type Mounting = {
  readonly fetch: Fetch;
  /** The name that a request has in the log: an address is typed by anybody and may hold anything. */
  readonly routeOf: (request: Request) => string;
  readonly log: Log;
  /** Takes note of what was answered. */
  readonly observe: (request: AnsweredRequest) => void;
};

/** Where to listen: a port (0 for any), or the socket that systemd passes (file descriptor 3). */
export type Address = { readonly port: number; readonly host: string } | { readonly fd: number };

/** A listening server. */
export type Listening = {
  readonly port: number;
  /**
   * Resolves when no request has been answered for a moment, at the latest after `limitMs`. In a rush that lasts, who asks
   * again and again gets a quarter of the time at most: the wait is three times what was done since the one before, and at least
   * so long that what came meanwhile can be done together.
   */
  quiet(limitMs: number): Promise<void>;
  /** Resolves when the requests that have come by now are answered, at the latest after `limitMs`. */
  giveWay(limitMs: number): Promise<void>;
  /** Takes no new connections, finishes what is in flight, at the latest after `limitMs`. */
  stop(limitMs: number): Promise<void>;
};

// Postmark gives a webhook two minutes for the answer; nobody needs longer to send 110 MB.
const REQUEST_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 20_000;
// While one release takes over from another, requests wait here. Beside the address, because Node overlooks it among the
// options of a socket that it is given, and cuts what systemd gave that to 511.
const BACKLOG = 4096;

/**
 * Mounts the handlers on Node's HTTP server: the only file that knows it.
 *
 * @throws the system's error when the address can't be listened on (`code` is EADDRINUSE when it is taken)
 */
export async function listen(
  options: Mounting & {
    readonly address: Address;
    readonly trustedProxies: readonly string[];
  },
): Promise<Listening> {
  const { address, trustedProxies } = options;
  const flight = new Flight();
  const server = createAdaptorServer({
    // The library swaps the global Response for its own otherwise, and `instanceof Response` breaks.
    overrideGlobalObjects: false,
    serverOptions: { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS },
    fetch: (request: Request, env: HttpBindings | Http2Bindings) =>
      flight.during(() => answer(request, clientOf(env, trustedProxies), options)),
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ ...address }, BACKLOG, () => resolve());
  });
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : 0,
    quiet: (limitMs) => flight.landed(limitMs),
    giveWay: (limitMs) => flight.giveWay(limitMs),
    stop: (limitMs) => stopServer(server, limitMs),
  };
}

async function answer(request: Request, client: Client, { fetch, routeOf, log, observe }: Mounting): Promise<Response> {
  const startedAt = performance.now();
  const response = await fetch(request, client);
  const ms = Math.round((performance.now() - startedAt) * 10) / 10;
  const answered = { method: request.method, route: routeOf(request), status: response.status, ms };
  log.info(answered, "request");
  observe(answered);
  return response;
}

// Any of them says that the request was passed on. Our nginx overwrites the first; the others are what proxies add by habit.
const FORWARDING_HEADERS = ["x-real-ip", "x-forwarded-for", "forwarded"];

/** Only a trusted proxy may say on whose behalf it calls; what calls from its machine without saying so calls for itself. */
function clientOf(env: HttpBindings | Http2Bindings, trustedProxies: readonly string[]): Client {
  const peer = env.incoming.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "";
  const { headers } = env.incoming;
  const named = headers["x-real-ip"];
  const viaProxy = trustedProxies.includes(peer) && FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  return { address: viaProxy && typeof named === "string" ? named : peer, viaProxy };
}

/**
 * Idle keep-alive connections are closed: they would run out only in a while. One that was just accepted looks idle, too, until
 * its request was read, and Node's own close for HTTP would reset it at once: what has come by now is read first.
 */
async function stopServer(server: Server, limitMs: number): Promise<void> {
  const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
  const sweep = setInterval(() => setImmediate(() => server.closeIdleConnections()), 50);
  const deadline = setTimeout(() => server.closeAllConnections(), limitMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(deadline);
}

// Between two requests of a rush there is often a moment without any; only a pause this long is the end of it.
const CALM_MS = 20;
// A rush may last for hours: requests get this much more of the time than what waits for their end.
const REQUESTS_SHARE = 3;
// What comes in this time is understood together, for less than one by one.
const GATHER_MS = 120;

/**
 * How many requests are being answered, when the last one was, when somebody last waited for the end of them, and for how long
 * they gave way since.
 */
class Flight {
  #inside = 0;
  #lastEnd = -Infinity;
  #lastWait = -Infinity;
  #rested = 0;
  #restBegan = -Infinity;
  readonly #waiting = new Set<() => void>();

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#lastEnd = performance.now();
      if (this.#inside === 0) for (const resolve of this.#waiting) resolve();
    }
  }

  /** As Listening's. */
  async giveWay(limitMs: number): Promise<void> {
    // What has come by now is read first.
    await nextTurn();
    if (this.#inside === 0) return;
    if (this.#waiting.size === 0) this.#restBegan = performance.now();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = setTimeout(resolve, limitMs);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
    // Of those that rest at once the time counts once.
    if (this.#waiting.size === 0) this.#rested += performance.now() - this.#restBegan;
    // The handler is done; its answer is on its way after this turn.
    await nextTurn();
  }

  /** As Listening's `quiet`. */
  async landed(limitMs: number): Promise<void> {
    const asked = performance.now();
    const workedMs = asked - this.#lastWait - this.#rested;
    const deadline = asked + Math.min(limitMs, Math.max(GATHER_MS, REQUESTS_SHARE * workedMs));
    for (let now = asked; !this.#isCalm(now) && now < deadline; now = performance.now()) {
      await pause(Math.min(CALM_MS, deadline - now));
    }
    this.#lastWait = performance.now();
    this.#rested = 0;
  }

  #isCalm(now: number): boolean {
    return this.#inside === 0 && now - this.#lastEnd >= CALM_MS;
  }
}

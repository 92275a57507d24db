import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { certificateFor } from "../test/certificate.ts";
import { openForwardingConfirmer } from "./confirm-forwarding.ts";

const HOST = "mail-settings.google.com";
const PATH = "/mail/vf-%5BANGjdJ8TOKEN_TOKEN%5D-TOKEN";
const LINK = `https://${HOST}${PATH}`;
const PUBLIC = "142.250.80.5";
const certificate = certificateFor([HOST]);

const DONE = "<html><body><p>jane@example.com may now forward mail to <b>alerts@example.net</b>.</p></body></html>";
const ASKS = `<html><body><p>Bitte bestätigen</p>
  <form action="" method="post"><input type="submit" value="Bestätigen"></form></body></html>`;

// Long enough to connect on a busy machine.
const SHORT = 300;

type Seen = { readonly method: unknown; readonly url: unknown; readonly headers: unknown; readonly body: string };

let server: Server;
let answer: (response: ServerResponse, request: IncomingMessage) => void;
/** Requests that arrived. */
let seen: Seen[];
/** Hosts that were looked up, and addresses that were to be connected to. */
let asked: string[];
let reached: string[];
let port: number;

beforeEach(async () => {
  [seen, asked, reached] = [[], [], []];
  answer = (response) => response.end(DONE);
  server = createServer({ ...certificate, keepAlive: true }, (request, response) => {
    void request.toArray().then((chunks) => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(response, request);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  port = address.port;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

describe("a confirmation", () => {
  it("is an empty post to the link, at the address that was looked up and found public", async () => {
    expect(await confirm()).toBe("confirmed");
    expect(asked).toEqual([HOST]);
    expect(reached).toEqual([PUBLIC]);
    expect(seen).toMatchObject([
      { method: "POST", url: PATH, body: "", headers: { host: HOST, "content-length": "0" } },
    ]);
  });

  it.each([
    "http://mail-settings.google.com/mail/vf-abc",
    "https://mail-settings.google.com/mail/uf-abc",
    "https://mail-settings.google.com:8443/mail/vf-abc",
    "https://mail-settings.google.com/mail/vf-abc?x=1",
    "https://jane@mail-settings.google.com/mail/vf-abc",
    "https://evil.example/mail/vf-abc",
    "mail/vf-abc",
    "",
  ])("is refused to %j, which is not even looked up", async (link) => {
    expect(await confirm({ link })).toBe("refused");
    expect([asked, seen]).toEqual([[], []]);
  });

  it("knows Google's success by its words in no language, but by the button that is gone", async () => {
    answer = (response) => response.end("<p>jane@example.com は alerts@example.net にメールを転送できます。</p>");
    expect(await confirm()).toBe("confirmed");
    answer = (response) => response.end(ASKS);
    expect(await confirm()).toBe("refused");
  });

  it.each([
    [200, "confirmed"],
    [204, "confirmed"],
    [301, "refused"],
    [302, "refused"],
    [307, "refused"],
    [308, "refused"],
    [400, "refused"],
    [403, "refused"],
    [404, "refused"],
    [410, "refused"],
    [408, "unreachable"],
    [429, "unreachable"],
    [500, "unreachable"],
    [503, "unreachable"],
  ])("answered with %i is %s, and goes nowhere else", async (status, expected) => {
    answer = (response) => response.writeHead(status, { Location: `https://${HOST}/mail/vf-other` }).end();
    expect(await confirm()).toBe(expected);
    expect(seen).toHaveLength(1);
  });
});

describe("a host", () => {
  it.each([
    "127.0.0.1",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "169.254.169.254",
    "::1",
    "::",
    "::ffff:10.0.0.1",
    "::ffff:142.250.80.5",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "no address",
  ])("at %s is not connected to, whether or not it has a public address beside it", async (address) => {
    for (const addresses of [[address], [PUBLIC, address], [address, PUBLIC]]) {
      expect(await confirm({ addresses })).toBe("unreachable");
    }
    expect([reached, seen]).toEqual([[], []]);
  });

  it("without an address, or without a name server, is not connected to", async () => {
    expect(await confirm({ addresses: [] })).toBe("unreachable");
    expect(await confirm({ resolve: () => Promise.reject(new Error("SERVFAIL")) })).toBe("unreachable");
    expect(reached).toEqual([]);
  });

  it("is looked up once, so that a second answer cannot lead elsewhere", async () => {
    const answers = [[PUBLIC], ["10.0.0.1"]];
    expect(await confirm({ resolve: async () => answers.shift() ?? [] })).toBe("confirmed");
    expect(answers).toHaveLength(1);
    expect(reached).toEqual([PUBLIC]);
  });

  it("with a certificate for another name never sees the link", async () => {
    expect(await confirm({ link: LINK.replace(HOST, "mail.google.com") })).toBe("unreachable");
    expect(reached).toEqual([PUBLIC]);
    expect(seen).toEqual([]);
  });

  it("that nobody vouches for never sees the link", async () => {
    expect(await confirm({ ca: certificateFor([HOST]).cert })).toBe("unreachable");
    expect(reached).toEqual([PUBLIC]);
    expect(seen).toEqual([]);
  });

  it("has to prove its name also where the environment lets everybody off", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    expect(await confirm({ ca: certificateFor([HOST]).cert })).toBe("unreachable");
    vi.unstubAllEnvs();
    expect(seen).toEqual([]);
  });

  it("where nobody listens is unreachable", async () => {
    server.close();
    expect(await confirm()).toBe("unreachable");
  });
});

describe("the time limit", () => {
  it("is for a name server too, and what it answers later is not followed", async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    expect(await confirm({ resolve: () => promise, timeoutMs: SHORT })).toBe("unreachable");
    resolve([PUBLIC]);
    await new Promise((done) => setImmediate(done));
    expect(reached).toEqual([]);
  });

  it("is for an answer that never comes", async () => {
    answer = () => undefined;
    expect(await confirm({ timeoutMs: SHORT })).toBe("unreachable");
  });

  it("is for everything together: an answer that drips does not prolong it", async () => {
    const dripping = Promise.withResolvers<void>();
    answer = (response) => {
      const drip = setInterval(() => response.write(" "), SHORT / 20);
      response.on("close", () => {
        clearInterval(drip);
        dripping.resolve();
      });
    };
    const began = performance.now();
    expect(await confirm({ timeoutMs: SHORT })).toBe("unreachable");
    expect(performance.now() - began).toBeLessThan(10 * SHORT);
    // The connection ends with it.
    await dripping.promise;
  });
});

describe("an answer", () => {
  it("without an end is read to a limit and no further", async () => {
    let written = 0;
    const closed = Promise.withResolvers<void>();
    answer = (response) => {
      const piece = " ".repeat(16_384);
      const pour = () => {
        while (!response.destroyed && response.write(piece)) written += piece.length;
      };
      response.on("drain", pour).on("close", () => closed.resolve());
      pour();
    };
    expect(await confirm()).toBe("confirmed");
    await closed.promise;
    expect(written).toBeLessThan(16 * 1024 * 1024);
  });

  it.each([
    [
      "is cut off",
      (response: ServerResponse) =>
        void response.writeHead(200, { "Content-Length": 9 }).write("x", () => response.destroy()),
    ],
    ["is none", (response: ServerResponse) => response.destroy()],
    ["is no HTTP", (response: ServerResponse) => response.socket?.end("220 mail.example.com\r\n")],
    [
      "wants another protocol",
      (response: ServerResponse) =>
        response.socket?.end("HTTP/1.1 101 Go on\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    ],
    [
      "has headers without end",
      (response: ServerResponse) => response.socket?.write(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(1_000_000)}`),
    ],
  ])("that %s says nothing, and is not waited for any longer", { timeout: 8_000 }, async (_what, misbehave) => {
    answer = misbehave;
    expect(await confirm()).toBe("unreachable");
  });
});

type Changes = {
  readonly link?: string;
  readonly addresses?: readonly string[];
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  readonly ca?: string;
  readonly timeoutMs?: number;
};

function confirm({
  link = LINK,
  addresses = [PUBLIC],
  resolve,
  ca = certificate.cert,
  timeoutMs = 10_000,
}: Changes = {}) {
  const net = {
    resolve: async (host: string) => {
      asked.push(host);
      return resolve === undefined ? addresses : resolve(host);
    },
    reach: (address: string) => {
      reached.push(address);
      return { host: "127.0.0.1", port };
    },
  };
  return openForwardingConfirmer({ ...net, ca, timeoutMs })(link);
}

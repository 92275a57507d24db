import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";

import { afterEach, describe, expect, it, vi } from "vitest";

import { readConfig, type Config } from "../config.ts";
import { addressToListenOn, isTaken } from "./listen-address.ts";
import { listen, type Address, type Listening } from "./node.ts";

const SECRETS = { webhookCredential: "local:correct-horse", linkKey: "a".repeat(32) };

const closers: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

describe("a port that is taken", () => {
  it("is passed over in local mode, up to the next free one", async () => {
    const listening = await addressToListenOn(config({}), portsTaken(8080, 8082));
    expect(listening.port).toBe(8083);
  });

  it("stops the start with a sentence when it was set", async () => {
    const sentence = "Port 8080 is taken by another program. Stop that program, or set PORT to a free one.";
    const starting = addressToListenOn(config({ PORT: "8080" }), portsTaken(8080, 8080));
    await expect(starting).rejects.toThrow(sentence);
    await expect(starting).rejects.toMatchObject({ name: "Error", cause: { code: "EADDRINUSE" } });
  });

  it("stops a service's start in the same way, though it was not set", async () => {
    const service = { ...config({}), local: false };
    await expect(addressToListenOn(service, portsTaken(8080, 8080))).rejects.toThrow("Port 8080 is taken");
  });

  it("ends the search when a hundred more are taken", async () => {
    await expect(addressToListenOn(config({}), portsTaken(1, 65_535))).rejects.toThrow(
      "All ports from 8080 to 8180 are taken.",
    );
  });

  it("is found out by really listening", async () => {
    const taken = await aServer();
    const settings = { ...config({}), port: portOf(taken) };
    const listening = await addressToListenOn(settings, listenFor("here"));
    closers.push(() => listening.stop(0));
    expect(listening.port).toBeGreaterThan(settings.port);
    expect(await said(listening.port)).toBe("here");
    const set = addressToListenOn({ ...settings, portIsSet: true }, listenFor("nowhere"));
    await expect(set).rejects.toThrow(`Port ${settings.port} is taken`);
  });
});

it("leaves every other fault as it is", async () => {
  const denied = Object.assign(new Error("listen EACCES"), { code: "EACCES" });
  const starting = addressToListenOn(config({}), () => Promise.reject(denied));
  await expect(starting).rejects.toBe(denied);
  expect([isTaken(denied), isTaken(new Error("EADDRINUSE")), isTaken("EADDRINUSE"), isTaken(null)]).not.toContain(true);
});

describe("a socket that systemd passes", () => {
  it("is listened on, before any port", async () => {
    vi.stubEnv("LISTEN_PID", String(process.pid));
    vi.stubEnv("LISTEN_FDS", "1");
    const asked: Address[] = [];
    await addressToListenOn(config({ PORT: "8080" }), async (address) => {
      asked.push(address);
      return nothingListening(0);
    });
    expect(asked).toEqual([{ fd: 3 }]);
  });

  it.each([
    ["another process", { LISTEN_PID: "1", LISTEN_FDS: "1" }],
    ["nobody", { LISTEN_FDS: "1" }],
    ["us, but is none", { LISTEN_PID: String(process.pid), LISTEN_FDS: "0" }],
  ])("is not taken when it is for %s", async (_whom, env) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const asked: Address[] = [];
    await addressToListenOn(config({}), async (address) => {
      asked.push(address);
      return nothingListening(8080);
    });
    expect(asked).toEqual([{ port: 8080, host: "127.0.0.1" }]);
  });

  it("answers who connected to it, also before we were there", async () => {
    const socket = await aServer();
    const port = portOf(socket);
    const portOfChild = startOn(socket);
    // From here on nobody but the child has the socket.
    socket.close();
    expect(await said(port)).toBe("through the passed socket");
    expect(await portOfChild).toBe(`${port}\n`);
  });

  /** Starts a process that has the socket as its file descriptor 3, as systemd would; the port that it says it has. */
  async function startOn(socket: Server): Promise<string> {
    const source = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      process.env.LISTEN_PID = String(process.pid);
      process.env.LISTEN_FDS = "1";
      const { addressToListenOn } = await import(${source("listen-address.ts")});
      const { listen } = await import(${source("node.ts")});
      const fetch = async () => new Response("through the passed socket");
      // What it says of requests must not stand before the port.
      const log = { info() {}, warn() {}, error() {} };
      const config = { local: false, port: 1, portIsSet: true, host: "127.0.0.1" };
      const listening = await addressToListenOn(config, (address) =>
        listen({ address, fetch, trustedProxies: [], routeOf: String, log, observe: () => {} }));
      console.log(listening.port);
    `;
    const child = spawn(process.execPath, ["--eval", script], {
      stdio: ["ignore", "pipe", "inherit", fdOf(socket)],
    });
    closers.push(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    if (child.stdout === null) throw new Error("The child has no output.");
    const [port] = await once(child.stdout, "data");
    return String(port);
  }
});

function config(env: Record<string, string>): Config {
  return readConfig({ env, readFile: () => null }, SECRETS);
}

function portsTaken(from: number, to: number) {
  return async (address: Address): Promise<Listening> => {
    if (!("port" in address)) throw new Error("There is no socket.");
    if (address.port < from || address.port > to) return nothingListening(address.port);
    throw Object.assign(new Error("listen EADDRINUSE"), { code: "EADDRINUSE" });
  };
}

function nothingListening(port: number): Listening {
  return { port, quiet: async () => {}, giveWay: async () => {}, stop: async () => {} };
}

function listenFor(words: string) {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const fetch = async () => new Response(words);
  return (address: Address) =>
    listen({ address, fetch, trustedProxies: [], routeOf: () => "none", log, observe: () => {} });
}

/** A server that listens on a free port. */
async function aServer(): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => server.close());
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** There is no public way to a server's file descriptor. */
function fdOf(server: Server): number {
  const { _handle: handle } = server as Server & { readonly _handle?: { readonly fd: number } };
  if (handle === undefined) throw new Error("The server has no handle.");
  return handle.fd;
}

async function said(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/`)).text();
}

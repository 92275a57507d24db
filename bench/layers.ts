// The program's own layers one by one.
// Usage: layers.ts KIND DATA_DIR; prints its port.
import { join } from "node:path";

import { openGate } from "../adapters/gate.ts";
import { openStore } from "../adapters/libsql-store.ts";
import { listen } from "../adapters/node.ts";
import { handle, routeOf } from "../router.ts";
import { readBody } from "../handlers/read-body.ts";
import { fakeApp } from "../test/fake-app.ts";

const [kind = "", dataDir = ""] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: console.error };

/** The adapter alone: Request and Response, and the body read, with nothing behind them. */
async function adapterAlone(): Promise<void> {
  const gates = { largeBodies: openGate(2) };
  const { port } = await listen({
    address: { port: 0, host: "127.0.0.1" },
    trustedProxies: [],
    routeOf,
    log: silent,
    observe: () => {},
    fetch: async (request) => {
      if (request.method === "POST") JSON.parse(Buffer.from(await readBody(request, 2 ** 27, gates)).toString("utf8"));
      return new Response("Kept.");
    },
  });
  console.log(`port ${port}`);
}

/** Router, checks, compression and synced storage, and nobody who interprets. */
async function storageAlone(): Promise<void> {
  const store = await openStore(`file:${join(dataDir, "wtmm.db")}`, null);
  const { port } = await listen({
    address: { port: 0, host: "127.0.0.1" },
    trustedProxies: [],
    routeOf,
    log: silent,
    observe: () => {},
    fetch: (request, client) => handle(request, { ...app, client }),
  });
  const made = await fakeApp({ store, log: silent, now: () => Temporal.Now.instant(), wake: () => {} });
  const accountLimits = { mailsPerDay: 1e8, bytesPerDay: 1e11 };
  const app = { ...made, config: { ...made.config, accountLimits } };
  console.log(`port ${port}`);
}

process.once("SIGINT", () => process.exit());
const kinds: Record<string, () => Promise<void>> = { adapterAlone, storageAlone };
await kinds[kind]?.();

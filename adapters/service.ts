import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { App, TaskName } from "../app.ts";
import type { Config } from "../config.ts";
import { housekeeping } from "../handlers/housekeeping.ts";
import { interpret } from "../handlers/interpret.ts";
import { outbox } from "../handlers/outbox.ts";
import { handle } from "../router.ts";
import { startClock } from "./clock.ts";
import { serveControl } from "./control-socket.ts";
import { openGate } from "./gate.ts";
import { takeLock } from "./instance-lock.ts";
import { openStore } from "./libsql-store.ts";
import { startLocalMode, type LocalMode } from "./local-mode.ts";
import { openLog, type ProgramLog } from "./log.ts";
import { openMailReader } from "./mail-reader.ts";
import { listen, type Listening } from "./node.ts";
import { runOperatorCommand } from "./operator.ts";
import { openPostmarkMailer, type Mailer } from "./postmark.ts";
import { RELEASE } from "./release.ts";
import { addressToListenOn } from "./listen-address.ts";

/** A running service. */
export type Service = {
  readonly app: App;
  /** The port it answers on. */
  readonly port: number;
  /** What local mode adds, or null. */
  readonly localMode: LocalMode | null;
  /** Finishes what is in flight, writes everything back, lets go of the data folder. */
  stop(): Promise<void>;
};

// Acknowledging mail comes first, but nothing waits longer than this to be understood.
const REST_MS = 2_000;
// systemd and people expect a stop to take no longer.
const STOP_MS = 10_000;
const LARGE_BODIES = 2;

const SECOND_MS = 1_000;

/**
 * Starts the service on its data folder.
 *
 * @throws Error with one sentence when the folder is in use, the port is taken or the store can't be opened
 */
export async function startService(config: Config): Promise<Service> {
  const log = openLog(config.logLevel);
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    makeDataDir(config.dataDir);
    const lock = takeLock(join(config.dataDir, "lock"));
    closers.push(() => lock.release());
    const core = await openCore(config, log);
    closers.push(core.close);
    return await openToTheWorld(config, core, log, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Makes the data folder, open to its owner alone.
 *
 * @throws Error with one sentence when there can be none
 */
export function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`The data folder ${dataDir} can't be made. Set DATA_DIR to one that can.`, { cause: error });
  }
}

/**
 * Does one thing with the store while no service runs, under the same lock.
 *
 * @throws Error with one sentence when the data folder is in use
 */
export async function withApp<T>(config: Config, work: (app: App) => Promise<T>): Promise<T> {
  makeDataDir(config.dataDir);
  const log = openLog(config.logLevel);
  const lock = takeLock(join(config.dataDir, "lock"));
  try {
    const core = await openCore(config, log);
    try {
      return await work(
        bareApp(config, core, { send: async () => ({ state: "retry", reason: "No service runs." }) }, log),
      );
    } finally {
      await core.close();
    }
  } finally {
    lock.release();
  }
}

/** The parts of an App that need no port, and what closes them. */
async function openCore(config: Config, log: ProgramLog) {
  const store = await openStore(config.databaseUrl, config.databaseAuthToken).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The database ${config.databaseUrl} can't be opened: ${reason}`, { cause: error });
  });
  const reader = openMailReader({ domain: config.domain, log });
  return {
    store,
    reader,
    async close(): Promise<void> {
      await reader.close();
      await store.close();
    },
  };
}

type Core = Awaited<ReturnType<typeof openCore>>;

async function openToTheWorld(
  config: Config,
  core: Core,
  log: ProgramLog,
  closers: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<Service> {
  // The server listens before the App exists, because local mode's addresses contain the port it got.
  const ready = Promise.withResolvers<App>();
  ready.promise.catch(() => {});
  const server = await addressToListenOn(config, (address) =>
    listen({
      address,
      trustedProxies: config.trustedProxies,
      log,
      fetch: async (request, client) => handle(request, { ...(await ready.promise), client }),
    }),
  );
  let stopping: Promise<void> | undefined;
  const stopServer = (): Promise<void> => (stopping ??= server.stop(STOP_MS));
  closers.push(stopServer);
  const settings = config.local ? atPort(config, server.port) : config;
  const localMode = config.local ? await startLocalMode(settings, log) : null;
  if (localMode !== null) closers.push(localMode.close);
  const mailer = openPostmarkMailer({
    token: settings.postmarkServerToken,
    apiUrl: localMode?.postmarkUrl ?? settings.postmarkApiUrl,
    from: settings.mailFrom,
  });
  const { app, close } = runApp(settings, core, mailer, server, localMode, log);
  closers.push(close);
  await app.store.requeueMails();
  const control = await serveControl(join(config.dataDir, "control.sock"), (command, body) =>
    runOperatorCommand(command, body, app),
  );
  closers.push(control.close);
  // Requests and long work end side by side; whatever else ended first would be missed by them.
  closers.push(async () => {
    await Promise.all([stopServer(), close()]);
  });
  ready.resolve(app);
  return { app, port: server.port, localMode, stop };
}

function runApp(
  config: Config,
  { store, reader }: Core,
  mailer: Mailer,
  server: Listening,
  localMode: LocalMode | null,
  log: ProgramLog,
): { app: App; close: () => Promise<void> } {
  const stopping = new AbortController();
  let wake = (_task: TaskName): void => {};
  const app: App = {
    ...bareApp(config, { store, reader }, mailer, log),
    wake: (task) => wake(task),
    quiet: () => server.quiet(REST_MS),
    stopping: stopping.signal,
    localLetters: localMode?.letters ?? null,
  };
  const clock = startClock(
    {
      interpret: { everyMs: 5 * SECOND_MS, run: () => interpret(app) },
      outbox: { everyMs: 5 * SECOND_MS, run: () => outbox(app) },
      housekeeping: { everyMs: 3_600 * SECOND_MS, run: () => housekeeping(app) },
    },
    log,
  );
  wake = clock.wake;
  const close = (): Promise<void> => {
    stopping.abort();
    return clock.stop();
  };
  return { app, close };
}

/** An App that answers no requests and starts nothing by itself: for operator commands when no service runs. */
function bareApp(
  config: Config,
  { store, reader }: Pick<Core, "store" | "reader">,
  mailer: Mailer,
  log: ProgramLog,
): App {
  return {
    config,
    store,
    mailer,
    log,
    release: RELEASE,
    client: { address: "127.0.0.1", viaProxy: false },
    now: () => Temporal.Now.instant(),
    random: (bytes) => randomBytes(bytes),
    readMail: (payload, receivedAt) => reader.read(payload, receivedAt),
    wake: () => {},
    quiet: async () => {},
    stopping: new AbortController().signal,
    largeBodies: openGate(LARGE_BODIES),
    localLetters: null,
  };
}

/** Local addresses name the port that was really taken. */
function atPort(config: Config, port: number): Config {
  const isDefault = config.publicUrl === `http://127.0.0.1:${config.port}`;
  return {
    ...config,
    port,
    publicUrl: isDefault ? `http://127.0.0.1:${port}` : config.publicUrl,
    otherUrls: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
  };
}

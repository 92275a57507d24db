import { join } from "node:path";

import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";
import { handle, routeOf } from "../router.ts";
import { serveControl } from "./control-socket.ts";
import { makeDataDir } from "./data-folder.ts";
import { takeLock } from "./instance-lock.ts";
import { addressToListenOn } from "./listen-address.ts";
import { startLocalMode, type LocalMode } from "./local-mode.ts";
import { openLog } from "./log.ts";
import { openMetrics, type Metrics } from "./metrics.ts";
import { listen, type Listening } from "./node.ts";
import { openApp } from "./open-app.ts";
import { runOperatorCommand } from "./operator.ts";
import { openPostmarkMailer } from "./postmark.ts";
import { tellSystemd } from "./systemd.ts";
import { startServiceTasks } from "./tasks.ts";

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

type Closers = (() => Promise<void> | void)[];

// Acknowledging mail comes first, but in a rush nothing waits much longer than this to be understood.
const REST_MS = 1_000;
// A request takes about three; in a rush there is always one, and each mail has several steps.
const STEP_REST_MS = 10;
// systemd and people expect a stop to take no longer.
const STOP_MS = 10_000;

/**
 * Starts the service on its data folder.
 *
 * @throws Error with one sentence when the folder is in use, the port is taken or the store can't be opened
 */
export async function startService(config: Config): Promise<Service> {
  const closers: Closers = [];
  const stop = async (): Promise<void> => {
    const faults: unknown[] = [];
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0];
  };
  try {
    makeDataDir(config.dataDir);
    const lock = takeLock(join(config.dataDir, "lock"));
    closers.push(() => lock.release());
    const idle = await openApp(config, openLog(config.logLevel));
    closers.push(idle.close);
    const opened = await openToTheWorld(idle.app, closers);
    const systemd = tellSystemd(opened.app, process.env);
    return {
      ...opened,
      async stop() {
        systemd.stopping();
        await stop().finally(() => systemd.close());
      },
    };
  } catch (error) {
    // A full disk that stops the start hinders the end as well: only the first reason helps.
    await stop().catch(() => {});
    throw error;
  }
}

async function openToTheWorld(idle: App, closers: Closers): Promise<Omit<Service, "stop">> {
  const { log } = idle;
  const metrics = openMetrics(idle);
  // The server listens before the App exists, because local mode's addresses contain the port it got.
  const ready = Promise.withResolvers<App>();
  ready.promise.catch(() => {});
  const server = await openServer(idle, ready.promise, metrics);
  let stopping: Promise<void> | undefined;
  const stopServer = (): Promise<void> => (stopping ??= server.stop(STOP_MS));
  closers.push(stopServer);
  const config = idle.config.local ? atPort(idle.config, server.port) : idle.config;
  const localMode = config.local ? await startLocalMode(config, log) : null;
  if (localMode !== null) closers.push(localMode.close);
  const { app, close } = startServiceTasks(
    {
      ...idle,
      config,
      mailer: mailerOf(config, localMode),
      metrics: metrics.text,
      quiet: () => server.quiet(REST_MS),
      giveWay: () => server.giveWay(STEP_REST_MS),
      localLetters: localMode?.letters ?? null,
    },
    metrics.taskDone,
  );
  closers.push(close);
  await app.store.requeueMails().catch((error: unknown) => {
    throw namingDatabase(error, config);
  });
  const control = await serveControl(join(config.dataDir, "control.sock"), (command, body) =>
    runOperatorCommand(command, body, app),
  );
  closers.push(control.close);
  // Requests and long work end side by side; whatever else ended first would be missed by them.
  closers.push(async () => {
    await Promise.all([stopServer(), close()]);
  });
  ready.resolve(app);
  return { app, port: server.port, localMode };
}

function openServer({ config, log }: App, app: Promise<App>, metrics: Metrics): Promise<Listening> {
  return addressToListenOn(config, (address) =>
    listen({
      address,
      trustedProxies: config.trustedProxies,
      log,
      routeOf,
      observe: metrics.requestAnswered,
      fetch: async (request, client) => handle(request, { ...(await app), client }),
    }),
  );
}

/** A store that can't be written, in words that its operator can act on. */
function namingDatabase(error: unknown, { databaseUrl }: Config): unknown {
  if (!(error instanceof AppError) || !(error.cause instanceof Error)) return error;
  return new Error(`The database ${databaseUrl} can't be written: ${error.cause.message}`, { cause: error });
}

function mailerOf(config: Config, localMode: LocalMode | null) {
  return openPostmarkMailer({
    token: config.postmarkServerToken,
    apiUrl: localMode?.postmarkUrl ?? config.postmarkApiUrl,
    from: config.mailFrom,
  });
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

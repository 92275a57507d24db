import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";

import { readCommand, type Command } from "./adapters/command-line.ts";
import { loggedError } from "./adapters/logged-error.ts";
import type { OperatorCall } from "./adapters/replay-command.ts";
import {
  ConfigError,
  databaseUrlOf,
  dataDirOf,
  domainOf,
  dumpIdentityFileOf,
  isForService,
  opsCopyOf,
  readConfig,
  s3Of,
  type Config,
  type SettingSource,
} from "./config.ts";
import { AppError } from "./errors.ts";

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

const SETTINGS: SettingSource = { env: process.env, readFile: textOf };

process.on("uncaughtException", (error) => {
  sayFault(error);
  process.exit(FAILED);
});
process.exitCode = await run(readCommand(process.argv.slice(2)));

/** Carries a command out; its exit code. What goes wrong is one clear sentence on standard error. */
async function run(command: Command): Promise<number> {
  try {
    return await carryOut(command);
  } catch (error) {
    if (isForPeople(error)) console.error(error.message);
    else sayFault(error);
    return FAILED;
  }
}

async function carryOut(command: Command): Promise<number> {
  switch (command.name) {
    case "serve":
      await serve(command.local);
      return DONE;
    case "login-link":
      return operate("login-link", { email: command.email }, command.local);
    case "feed": {
      const mails = command.files.map((name) => ({ name, raw: base64Of(name) }));
      return operate("feed", { to: command.to, mails }, command.local);
    }
    case "replay": {
      const { replayCommand } = await import("./adapters/replay-command.ts");
      await withOperator(command.local, (call) => replayCommand(command, call, { say: console.log, progress }));
      return DONE;
    }
    case "recover": {
      const { recoverCommand } = await import("./adapters/recover-command.ts");
      const terminal = { say: console.log, progress };
      const isWell = await withOperator(false, (call, isServed) => recoverCommand(command, call, isServed, terminal));
      return isWell ? DONE : FAILED;
    }
    case "export-sample":
      return operate("export-sample", { mailId: command.mailId }, command.local);
    case "rules":
      return operate("rules", {}, command.local);
    case "rules-share":
      return operate("rules-share", { ruleId: command.ruleId, isShared: command.isShared }, command.local);
    case "dumps": {
      const { dumpsCommand } = await import("./adapters/dumps/restore-command.ts");
      for (const line of await dumpsCommand(s3Of(SETTINGS), Temporal.Now.instant())) console.log(line);
      return DONE;
    }
    case "restore":
      return restore(command);
    case "bucket":
      return guardBucket(command.user, command.check);
    case "maintenance": {
      const { maintenanceCommand } = await import("./adapters/maintenance-command.ts");
      console.log(await maintenanceCommand(command.action, dataDirOf(SETTINGS)));
      return DONE;
    }
    case "migrate":
      console.log(await (command.rehearse ? rehearse() : migrateHere()));
      return DONE;
    case "dump":
      console.log(await dumpHere());
      return DONE;
    case "drill":
      console.log(await drillHere(command.dump));
      return DONE;
    case "doctor":
      return examine(command.local, command.offline);
    case "interpret": {
      const { interpretFile } = await import("./adapters/interpret-file.ts");
      console.log(await interpretFile(readMailFile(command.file), domainOf(SETTINGS), command.json));
      return DONE;
    }
    case "help":
      console.log(command.text);
      return DONE;
    case "wrong":
      console.error(command.text);
      return WRONG_USAGE;
  }
}

/** Sentences we wrote ourselves; anything else shows its stack. */
function isForPeople(error: unknown): error is Error {
  return (
    error instanceof AppError || error instanceof ConfigError || (error instanceof Error && error.name === "Error")
  );
}

/** What is said here ends in the journal, so it is said as in the log. */
function sayFault(error: unknown): void {
  console.error("This is a fault of the program.", inspect(loggedError(error), { depth: null }));
}

async function serve(isLocal: boolean): Promise<void> {
  const { startService } = await import("./adapters/service.ts");
  const config = isLocal ? await localConfig() : readConfig(SETTINGS, null);
  const service = await startService(config);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  if (service.localMode === null) console.log(`Listening on port ${service.port}.`);
  else
    await sayLocal(service.app.config, service.localMode.smtpPort, config, async () => {
      const { feedDemo } = await import("./adapters/local-mode.ts");
      await feedDemo(service.app);
      const { demoLink } = await import("./handlers/commands.ts");
      return demoLink(service.app);
    });
  await stopped;
  await service.stop();
}

async function sayLocal(
  config: Config,
  smtpPort: number,
  wanted: Config,
  makeDemo: () => Promise<string>,
): Promise<void> {
  if (wanted.port !== 0 && config.port !== wanted.port)
    console.log(`Port ${wanted.port} is taken, so this runs on port ${config.port}.`);
  if (wanted.smtpPort !== 0 && smtpPort !== wanted.smtpPort)
    console.log(`Port ${wanted.smtpPort} is taken, so mail comes in on port ${smtpPort}.`);
  console.log(`
Who Took My Money runs at   ${config.publicUrl}
Letters that it would send  ${config.publicUrl}/dev/mail
Mail comes in by SMTP on    127.0.0.1:${smtpPort}
Its data is in              ${config.dataDir}`);
  console.log(`
Look around in a demonstration account (this link works once, for 30 minutes):
${await makeDemo()}

Stop it with Ctrl-C.`);
}

/** Carries a command out and prints its lines. */
async function operate(command: string, body: unknown, isLocal: boolean): Promise<number> {
  const lines = await withOperator(isLocal, (call) => call(command, body));
  if (Array.isArray(lines)) for (const line of lines) console.log(String(line));
  return DONE;
}

/** Lets the running service carry commands out, or does it here when none runs. */
async function withOperator<T>(
  isLocal: boolean,
  work: (call: OperatorCall, isServed: boolean) => Promise<T>,
): Promise<T> {
  const { callControl } = await import("./adapters/control-socket.ts");
  const socket = join(dataDirOf(SETTINGS), "control.sock");
  if ((await callControl(socket, "hello", null)).running) {
    return work(async (command, body) => {
      const called = await callControl(socket, command, body);
      if (!called.running) throw new AppError("unavailable", "The service stopped meanwhile. Please try again.");
      return called.result;
    }, true);
  }
  const { withApp } = await import("./adapters/with-app.ts");
  const { runOperatorCommand } = await import("./adapters/operator.ts");
  const config = isLocal ? await localConfig() : await installedConfig();
  return withApp(config, (app) => work((command, body) => runOperatorCommand(command, body, app), false));
}

/** Opening the store is what migrates it. */
async function migrateHere(): Promise<string> {
  const { withApp } = await import("./adapters/with-app.ts");
  return withApp(
    await installedConfig(),
    async (app) => `The database has schema ${await app.store.schemaVersion()}, which this release uses.`,
  );
}

async function rehearse(): Promise<string> {
  const { rehearseMigration } = await import("./adapters/rehearse-migration.ts");
  const { databaseUrl, dataDir } = await installedConfig();
  const rehearsal = await rehearseMigration(databaseUrl, join(dataDir, "rehearsal"));
  if (rehearsal === null) return "There is nothing to migrate.";
  const { from, to, ms } = rehearsal;
  return `The migration from schema ${from} to ${to} took ${ms} ms on a copy of the database.`;
}

/** Without a service's settings: it may be the machine that replaces a lost one, or none at all. */
async function restore(command: Extract<Command, { name: "restore" }>): Promise<number> {
  const { restoreCommand } = await import("./adapters/dumps/restore-command.ts");
  const { askSecret } = await import("./adapters/ask-secret.ts");
  const isWell = await restoreCommand(command, {
    s3: s3Of(SETTINGS),
    identityFile: dumpIdentityFileOf(SETTINGS),
    ask: process.stdin.isTTY ? askSecret : null,
    say: console.log,
    progress,
    env: process.env,
  });
  return isWell ? DONE : FAILED;
}

async function guardBucket(user: string, isCheck: boolean): Promise<number> {
  const { bucketCommand } = await import("./adapters/bucket/bucket-command.ts");
  const owner = s3Of(SETTINGS);
  if (owner === null) throw new ConfigError("S3_ENDPOINT is not set. It must be the address of the bucket's service.");
  for (const line of await bucketCommand(owner, user, isCheck)) console.log(line);
  return DONE;
}

/** Puts a copy of the database into the bucket; a signal ends it cleanly. */
async function dumpHere(): Promise<string> {
  const { dumpCommand } = await import("./adapters/dumps/dump-command.ts");
  const stop = stopSignal();
  const show = process.stderr.isTTY ? progress : null;
  return dumpCommand(await installedConfig(), { say: console.log, show }, stop);
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

/** Without a service's settings: it may be another machine, which has nothing but the key. */
async function drillHere(dump: string | null): Promise<string> {
  const { drillCommand } = await import("./adapters/dumps/drill-command.ts");
  const place = {
    s3: s3Of(SETTINGS),
    identityFile: dumpIdentityFileOf(SETTINGS),
    dataDir: dataDirOf(SETTINGS),
    databaseUrl: databaseUrlOf(SETTINGS),
    opsCopy: opsCopyOf(SETTINGS),
  };
  const terminal = { say: console.log, show: process.stderr.isTTY ? progress : null };
  return drillCommand(dump, place, terminal, stopSignal());
}

/** Looks at what the service needs; a red finding is a failure. */
async function examine(isLocal: boolean, isOffline: boolean): Promise<number> {
  const { doctor } = await import("./adapters/doctor/doctor.ts");
  const { isWell, reportLines } = await import("./adapters/doctor/report.ts");
  const findings = await doctor({ source: SETTINGS, isLocal, isOffline });
  for (const line of reportLines(findings)) console.log(line);
  return isWell(findings) ? DONE : FAILED;
}

/** A line on a terminal that the next one replaces; nothing where nobody watches. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

/** The settings of what is installed: a command must not begin an installation by mistake. */
async function installedConfig(): Promise<Config> {
  if (isForService(SETTINGS)) return readConfig(SETTINGS, null);
  const { hasLocalSecrets } = await import("./adapters/local-secrets.ts");
  const dataDir = dataDirOf(SETTINGS);
  if (hasLocalSecrets(dataDir)) return localConfig();
  throw new ConfigError(
    `Nothing is installed in ${dataDir} yet: begin with serve --local, or set DATA_DIR (and for a service all its settings) to where it is.`,
  );
}

/** The settings of local mode, which makes its folder and its secrets when there are none. */
async function localConfig(): Promise<Config> {
  const { localSecrets } = await import("./adapters/local-secrets.ts");
  const { makeDataDir } = await import("./adapters/data-folder.ts");
  const dataDir = dataDirOf(SETTINGS);
  makeDataDir(dataDir);
  return readConfig(SETTINGS, localSecrets(dataDir));
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function readMailFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`${path} can't be read.`, { cause: error });
  }
}

function base64Of(path: string): string {
  return readMailFile(path).toString("base64");
}

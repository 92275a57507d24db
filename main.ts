import { readFileSync } from "node:fs";
import { join } from "node:path";

import { readCommand, type Command } from "./adapters/command-line.ts";
import { ConfigError, readConfig, type Config, type SettingSource } from "./config.ts";
import { AppError } from "./errors.ts";

const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

process.exitCode = await run(readCommand(process.argv.slice(2)));

/** Carries a command out; its exit code. What goes wrong is one clear sentence on standard error. */
async function run(command: Command): Promise<number> {
  try {
    return await carryOut(command);
  } catch (error) {
    if (isForPeople(error)) console.error(error.message);
    else console.error("This is a fault of the program.", error);
    return FAILED;
  }
}

async function carryOut(command: Command): Promise<number> {
  switch (command.name) {
    case "serve":
      await serve(command.local);
      return DONE;
    case "login-link":
      return operate("login-link", { email: command.email });
    case "feed":
      return operate("feed", { to: command.to, mails: command.files.map((name) => ({ name, raw: base64Of(name) })) });
    case "interpret": {
      const { interpretFile } = await import("./adapters/interpret-file.ts");
      console.log(await interpretFile(readMailFile(command.file), domain(), command.json));
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

async function serve(isLocal: boolean): Promise<void> {
  const { startService } = await import("./adapters/service.ts");
  const config = await settings(isLocal);
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

/** Lets the running service carry a command out, or does it here when none runs. */
async function operate(command: string, body: unknown): Promise<number> {
  const { callControl } = await import("./adapters/control-socket.ts");
  const dataDir = process.env["DATA_DIR"] ?? "./data";
  const called = await callControl(join(dataDir, "control.sock"), command, body);
  const lines = called.running ? called.result : await operateHere(dataDir, command, body);
  if (Array.isArray(lines)) for (const line of lines) console.log(String(line));
  return DONE;
}

async function operateHere(dataDir: string, command: string, body: unknown): Promise<string[]> {
  const { hasLocalSecrets } = await import("./adapters/local-secrets.ts");
  const { withApp } = await import("./adapters/with-app.ts");
  const config = await settings(hasLocalSecrets(dataDir) || process.env["DOMAIN"] === undefined);
  return withApp(config, async (app) => {
    const { runOperatorCommand } = await import("./adapters/operator.ts");
    return runOperatorCommand(command, body, app);
  });
}

async function settings(isLocal: boolean): Promise<Config> {
  const source: SettingSource = { env: process.env, readFile: textOf };
  if (!isLocal) return readConfig(source, null);
  const { localSecrets } = await import("./adapters/local-secrets.ts");
  const { makeDataDir } = await import("./adapters/data-folder.ts");
  const dataDir = process.env["DATA_DIR"] ?? "./data";
  makeDataDir(dataDir);
  return readConfig(source, localSecrets(dataDir));
}

function domain(): string {
  return process.env["DOMAIN"] ?? "wtmm.test";
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

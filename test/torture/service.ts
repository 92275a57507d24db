import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";

import { expect, onTestFinished } from "vitest";

import { bareEnvironment, PROGRAM } from "../program.ts";
import { DOMAIN } from "./home.ts";

const CREDENTIAL = "postmark:correct-horse-battery";

/** What the webhook wants to see. */
export const AUTHORIZATION = `Basic ${Buffer.from(CREDENTIAL).toString("base64")}`;
const START_LIMIT_MS = 30_000;

/** The built program while it serves as an operator runs it: not local, with nobody to send letters to. */
export type Service = {
  readonly url: string;
  readonly pid: number;
  /** Ends it as a crash or the kernel would. */
  kill(): Promise<void>;
  /** Ends it as systemd would; its exit code. */
  stop(): Promise<number | null>;
};

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  /** A bundle to run instead of the built one. */
  readonly program?: string;
};

/** The program ended before it served. `said` is all it printed. */
export class DidNotStart extends Error {
  override readonly name = "DidNotStart";
  readonly code: number | null;
  readonly said: string;

  constructor(code: number | null, said: string) {
    super(`It exited with ${code}: ${said}`);
    this.code = code;
    this.said = said;
  }
}

/**
 * Starts the service for the current test and waits until it listens.
 *
 * @throws DidNotStart
 */
export async function startService(dataDir: string, options: Options = {}): Promise<Service> {
  const child = spawnService(dataDir, options);
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    kill: async () => void (await end(child, "SIGKILL")),
    stop: () => end(child, "SIGTERM"),
  };
}

/** Starts the service and kills it, most likely before it listens. */
export async function killAtStart(dataDir: string, afterMs: number): Promise<void> {
  const child = spawnService(dataDir, {});
  await pause(afterMs);
  await end(child, "SIGKILL");
}

function spawnService(dataDir: string, { env, program = PROGRAM }: Options): ChildProcess {
  const child = spawn(process.execPath, [program, "serve"], {
    env: { ...bareEnvironment(), ...settings(dataDir), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The exit code; null when a signal killed it. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  }
  return child.exitCode;
}

/** Waits for a start that must fail: the program says in one line why, and ends. */
export async function expectOneLine(starting: Promise<Service>): Promise<void> {
  const refusal = await starting.then(
    () => "It serves.",
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({ name: "DidNotStart", code: 1, said: expect.stringMatching(/^[^\n]+\n$/) });
}

/** How long the slowest answer of a service took, asked over and over while something goes on. In milliseconds. */
export async function slowestAnswer({ url }: Service, meanwhile: Promise<unknown>): Promise<number> {
  let isOn = true;
  const over = meanwhile.finally(() => (isOn = false));
  let slowestMs = 0;
  while (isOn) {
    const asked = performance.now();
    const { status } = await fetch(`${url}/up`);
    if (status !== 200) throw new Error(`It answers ${status}.`);
    slowestMs = Math.max(slowestMs, performance.now() - asked);
    await pause(20);
  }
  await over;
  return slowestMs;
}

function settings(dataDir: string): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    DOMAIN,
    PORT: "0",
    LOG_LEVEL: "silent",
    WEBHOOK_CREDENTIALS: CREDENTIAL,
    LINK_KEYS: "torture-key-0123456789-0123456789-0123456789",
    POSTMARK_SERVER_TOKEN: "torture",
    // Nobody listens there.
    POSTMARK_API_URL: "http://127.0.0.1:9",
    ACCOUNT_MAILS_PER_DAY: "9999999999",
    ACCOUNT_BYTES_PER_DAY: "9999999999",
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  let said = "";
  const gone = once(child, "close");
  const listens = new Promise<number>((resolve) => {
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const port = /Listening on port (\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), START_LIMIT_MS);
  const port = await Promise.race([listens, gone.then(() => null)]);
  clearTimeout(timer);
  if (port === null) throw new DidNotStart(child.exitCode, said);
  return port;
}

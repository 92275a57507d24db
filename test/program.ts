import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("..", import.meta.url).pathname;
/** The built program. */
export const PROGRAM = join(ROOT, "dist/wtmm.mjs");
const START_LIMIT_MS = 20_000;

/** The built program while it runs in local mode. */
export type Program = {
  /** The address it printed. */
  readonly url: string;
  readonly smtpPort: number;
  /** The sign-in link of the demonstration account, as printed. */
  readonly demoLink: string;
  readonly child: ChildProcess;
  /** All it has printed. */
  output(): string;
};

/** A folder of its own for a test's data, and what removes it. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "wtmm-data-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Makes sure that what runs is what is in the sources. */
export function buildProgram(): void {
  const built = spawnSync(process.execPath, ["esbuild.config.mjs"], { cwd: ROOT, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`The build failed: ${built.stderr}`);
}

/** Starts the built program with everything embedded, on free ports, and waits until it has said where it is. */
export async function startProgram(dataDir: string, env: Record<string, string> = {}): Promise<Program> {
  const child = spawn(process.execPath, [PROGRAM, "serve", "--local"], {
    env: { ...bareEnvironment(), DATA_DIR: dataDir, PORT: "0", SMTP_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const hasPrinted = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It did not start:\n${printed}`)), START_LIMIT_MS);
    child.once("exit", (code) => reject(new Error(`It exited with ${code}:\n${printed}`)));
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (!printed.includes("Ctrl-C")) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
  });
  await hasPrinted;
  return {
    url: found(printed, /runs at\s+(http:\/\/\S+)/),
    smtpPort: Number(found(printed, /SMTP on\s+127\.0\.0\.1:(\d+)/)),
    demoLink: found(printed, /(http:\/\/\S+\/sign-in\?t=\S+)/),
    child,
    output: () => printed,
  };
}

/** Ends the program with a signal and waits until it is gone; its exit code, or null when the signal killed it. */
export async function endProgram({ child }: Program, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  return child.exitCode;
}

/** Runs one command of the built program to its end. */
export function runCommand(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    env: { ...bareEnvironment(), ...env },
    encoding: "utf8",
    timeout: START_LIMIT_MS,
  });
  return { code: status, stdout, stderr };
}

/** Settings of the person who runs the tests must not leak into them; the last is where run.mjs put what Node needs. */
export function bareEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "", LD_LIBRARY_PATH } = process.env;
  return { PATH, HOME, ...(LD_LIBRARY_PATH !== undefined && { LD_LIBRARY_PATH }) };
}

function found(text: string, pattern: RegExp): string {
  const match = pattern.exec(text)?.[1];
  if (match === undefined) throw new Error(`${String(pattern)} is not in:\n${text}`);
  return match;
}

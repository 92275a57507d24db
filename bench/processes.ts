import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { CREDENTIAL } from "../test/fake-app.ts";

const ROOT = new URL("..", import.meta.url).pathname;
/** The built program. */
export const PROGRAM = join(ROOT, "dist/wtmm.mjs");

/** What is measured: two strangers, and the program layer by layer. */
export const KINDS = ["bare", "bareSqlite", "adapterAlone", "storageAlone", "program"] as const;
export type Kind = (typeof KINDS)[number];

/** A server in a process of its own. */
export type Server = {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** What the program runs with, its commands as well. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};

/** A data folder with accounts in it; `alertAddress` and `loginLink` are the first one's. */
export type Prepared = {
  readonly dataDir: string;
  readonly alertAddress: string;
  readonly alertAddresses: readonly string[];
  readonly loginLink: string;
};

const DOMAIN = "wtmm.example.com";

/** No account gets more mail in its fortnight than a busy family's, however many tens of thousands come. */
const ACCOUNTS = 100;

/** Makes the accounts that mails are for. */
export function prepare(): Prepared {
  const dataDir = mkdtempSync(join(tmpdir(), "wtmm-bench-"));
  // Only a local installation makes accounts by itself; the link is good where its key is.
  printLink(["--local"], { DATA_DIR: dataDir });
  const link = printLink([], serviceSettings(dataDir));
  const db = new DatabaseSync(join(dataDir, "wtmm.db"));
  const row = db.prepare("SELECT token FROM alert_addresses").get();
  const tokens = Array.from({ length: ACCOUNTS - 1 }, (_, index) => aliasOf(index));
  for (const token of tokens) {
    db.prepare("INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'America/New_York', 0)").run(token);
    db.prepare("INSERT INTO alert_addresses (token, account_id, created_at) VALUES (?, ?, 0)").run(token, token);
  }
  db.close();
  const alertAddress = addressOf(String(row?.["token"]));
  return { dataDir, alertAddress, alertAddresses: [alertAddress, ...tokens.map(addressOf)], loginLink: link };
}

/** Of the letters that an alert address is made of, which are no digits but 2 to 7. */
function aliasOf(index: number): string {
  const letters = [...String(index)].map((digit) => "abcdefghij"[Number(digit)]).join("");
  return `bench${letters.padStart(11, "z")}`;
}

function addressOf(token: string): string {
  return `alerts+${token}@${DOMAIN}`;
}

function printLink(options: readonly string[], settings: Record<string, string>): string {
  const made = spawnSync(process.execPath, [PROGRAM, "login-link", ...options, "jane@example.com"], {
    env: { PATH: process.env["PATH"] ?? "", ...settings },
    encoding: "utf8",
  });
  if (made.status !== 0) throw new Error(made.stderr);
  return made.stdout.trim();
}

/**
 * Starts one kind of server on a copy of the prepared folder.
 *
 * @param settings what the program gets besides
 */
export async function start(
  kind: Kind,
  prepared: Prepared,
  settings: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), "wtmm-bench-"));
  cpSync(prepared.dataDir, dataDir, { recursive: true });
  const all = { PATH: process.env["PATH"] ?? "", ...serviceSettings(dataDir), ...settings };
  const child = kind === "program" ? startProgram(all) : startBench(kind, dataDir);
  const port = await portOf(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    dataDir,
    settings: all,
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts a service for buckets, and gives the program's settings for one. */
export async function startBucket(folder: string): Promise<{ settings: Record<string, string>; stop(): void }> {
  const args = ["--no-warnings", join(ROOT, "bench/bucket-server.ts"), folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const endpoint = `http://127.0.0.1:${await portOf(child)}`;
  const place = { S3_ENDPOINT: endpoint, S3_BUCKET: "dumps", S3_PREFIX: "bench/", S3_FORCE_PATH_STYLE: "true" };
  const key = { S3_ACCESS_KEY_ID: "bench", S3_SECRET_ACCESS_KEY: "bench" };
  return { settings: { ...place, ...key }, stop: () => void child.kill("SIGKILL") };
}

function startBench(kind: Kind, dataDir: string): ChildProcess {
  const file = kind.startsWith("bare") ? "bench/bare.ts" : "bench/layers.ts";
  const args = ["--experimental-import-text", "--no-warnings", join(ROOT, file), kind, dataDir];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

/** As an operator runs it: not local, logging to a file descriptor that is thrown away. */
function startProgram(env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [PROGRAM, "serve"], { env, stdio: ["ignore", "pipe", "ignore"] });
}

function serviceSettings(dataDir: string): Record<string, string> {
  return {
    DATA_DIR: dataDir,
    DOMAIN,
    PORT: "0",
    // All mails are for one account.
    ACCOUNT_MAILS_PER_DAY: "100000000",
    ACCOUNT_BYTES_PER_DAY: "100000000000",
    WEBHOOK_CREDENTIALS: CREDENTIAL,
    LINK_KEYS: "bench-key-0123456789-0123456789-0123456789",
    POSTMARK_SERVER_TOKEN: "bench",
    POSTMARK_API_URL: "http://127.0.0.1:9",
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  let printed = "";
  for await (const chunk of child.stdout ?? []) {
    printed += String(chunk);
    const port = /port (\d+)/.exec(printed)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`A server ended before it listened: ${printed}`);
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(stdout.trim()) / 1024;
}

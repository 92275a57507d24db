import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { onTestFinished } from "vitest";

import { dataFolder, runCommand } from "../program.ts";
import { read } from "./kept-mails.ts";

/** Where the service's mail arrives. */
export const DOMAIN = "wtmm.example.com";

/** An account in a data folder of its own, which is there for the current test. */
export type Home = { readonly dataDir: string; readonly alertAddress: string };

/**
 * Makes more accounts in a home, before its service starts; their alert addresses. Nobody gets tens of thousands of mails in
 * an hour, but hundreds of people do.
 */
export function moreAccounts(dataDir: string, count: number): string[] {
  const db = new DatabaseSync(join(dataDir, "wtmm.db"));
  const tokens = Array.from({ length: count }, (_, index) => `home${String(index).padStart(12, "a")}`);
  for (const token of tokens) {
    db.prepare("INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'America/New_York', 0)").run(token);
    db.prepare("INSERT INTO alert_addresses (token, account_id, created_at) VALUES (?, ?, 0)").run(token, token);
  }
  db.close();
  return tokens.map((token) => `alerts+${token}@${DOMAIN}`);
}

/**
 * Makes a home for the current test.
 *
 * @param prepare what is done to the folder before there is anything in it
 */
export function makeHome(prepare: (dataDir: string) => void = () => {}): Home {
  const { path: dataDir, remove } = dataFolder();
  onTestFinished(remove);
  prepare(dataDir);
  return { dataDir, alertAddress: makeAccount(dataDir) };
}

/** Makes an account; its alert address. */
function makeAccount(dataDir: string): string {
  const made = runCommand(["login-link", "--local", "jane@example.com"], { DATA_DIR: dataDir });
  if (made.code !== 0) throw new Error(made.stderr);
  const row = read(dataDir, (db) => db.prepare("SELECT token FROM alert_addresses").get());
  return `alerts+${String(row?.["token"])}@${DOMAIN}`;
}

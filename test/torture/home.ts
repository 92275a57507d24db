import { onTestFinished } from "vitest";

import { dataFolder, runCommand } from "../program.ts";
import { read } from "./kept-mails.ts";

/** Where the service's mail arrives. */
export const DOMAIN = "wtmm.example.com";

/** An account in a data folder of its own, which is there for the current test. */
export type Home = { readonly dataDir: string; readonly alertAddress: string };

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

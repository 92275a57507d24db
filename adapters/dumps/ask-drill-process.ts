import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import type { DashboardAnswer } from "./drill-process.ts";

/**
 * Has a dashboard opened on a restored database (`openDashboard`) by a process of its own. The store's driver migrated the
 * database here, and closes a file only when it is collected as garbage; until then it would look at it as it was.
 *
 * @throws Error as the end of a sentence
 */
export async function askDrillProcess(folder: string): Promise<"one account's" | "none"> {
  const { stdout } = await promisify(execFile)(process.execPath, [...script(), folder]);
  const answer = JSON.parse(stdout) as DashboardAnswer;
  if ("refusal" in answer) throw new Error(answer.refusal);
  return answer.opened;
}

/** In the bundle it lies beside the program. */
function script(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const file = fileURLToPath(new URL(isSource ? "./drill-process.ts" : "./drill-process.mjs", import.meta.url));
  return isSource ? ["--experimental-import-text", "--no-warnings", file] : [file];
}

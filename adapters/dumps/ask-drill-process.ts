import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import * as v from "valibot";

import { scriptBeside } from "../script-beside.ts";

// A page takes a second of the processor, and a drill gets little of one that others keep busy. The next dump waits for it.
const PATIENCE = { hours: 1 };

const ANSWER = v.union([
  v.object({ opened: v.picklist(["one account's", "none"]) }),
  v.object({ refusal: v.string() }),
]);

/** What the process says once: whose numbers were compared, or why they could not be. */
export type DashboardAnswer = v.InferOutput<typeof ANSWER>;

/**
 * Has a dashboard opened on a restored database (`openDashboard`) by a process of its own. Two SQLites in one process don't
 * see each other's locks: the store's driver has one, and everything else in a drill is done by Node's.
 *
 * @param signal ends it
 * @param command what the process runs, and how long that may take, for tests
 * @throws Error as the end of a sentence, which repeats nothing of what a process said that broke down
 */
export async function askDrillProcess(
  folder: string,
  signal: AbortSignal,
  { command = script(), timeoutMs = Temporal.Duration.from(PATIENCE).total("milliseconds") } = {},
): Promise<"one account's" | "none"> {
  const options = { signal, timeout: timeoutMs, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, [...command, folder], options).catch(
    (error: unknown) => {
      throw new Error(`the process that does so ${endOf(error)}`);
    },
  );
  const answer = answerIn(stdout);
  if ("refusal" in answer) throw new Error(answer.refusal);
  return answer.opened;
}

function endOf(error: unknown): string {
  if (!(error instanceof Error)) return "broke down";
  if ("killed" in error && error.killed === true) return "was ended, as it took too long";
  if ("signal" in error && typeof error.signal === "string") return `was ended by ${error.signal}`;
  return "code" in error ? `ended with ${String(error.code)}` : "broke down";
}

function answerIn(stdout: string): DashboardAnswer {
  try {
    return v.parse(ANSWER, JSON.parse(stdout));
  } catch {
    throw new Error("the process that does so gave no answer");
  }
}

function script(): string[] {
  const file = fileURLToPath(scriptBeside("drill-process", import.meta.url));
  return file.endsWith(".ts") ? ["--experimental-import-text", "--no-warnings", file] : [file];
}

import { execFile, spawnSync, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import * as v from "valibot";

import { scriptBeside } from "../script-beside.ts";

// Of util-linux, which every Debian has.
const DYING_WITH_US = ["setpriv", "--pdeathsig", "KILL"] as const;

/** How a process is asked. */
export type Asking = {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** How long it may take; as long as it likes when missing. */
  readonly timeoutMs?: number;
  /**
   * Stops it now and then, once it has begun, until it has ended. Not called where nothing ends a stopped process whose
   * starter was killed: it would stay as it is for ever, and keep the database's log from being written back.
   */
  readonly pace?: (child: ChildProcess) => Promise<void>;
};

/** What Node runs a module of this folder with. */
export function nodeCommand(name: string, ...words: readonly string[]): string[] {
  const file = fileURLToPath(scriptBeside(name, import.meta.url));
  return [...(file.endsWith(".ts") ? ["--experimental-import-text", "--no-warnings"] : []), file, ...words];
}

/**
 * Has something done by a process of its own, and waits for the one answer that it gives: JSON on its standard output. It
 * has ended when this settles.
 *
 * @param command what Node is started with
 * @throws Error as the end of a sentence, which repeats nothing of what a process said that broke down; what `pace` throws;
 * the signal's reason
 */
export async function askProcess<Answer>(
  command: readonly string[],
  answer: v.GenericSchema<unknown, Answer>,
  { signal, timeoutMs, pace }: Asking,
): Promise<Answer> {
  const late = timeoutMs === undefined ? new AbortController().signal : AbortSignal.timeout(timeoutMs);
  const isPaced = pace !== undefined && canDieWithUs();
  const [file, ...prefix]: readonly [string, ...string[]] = isPaced
    ? [...DYING_WITH_US, process.execPath]
    : [process.execPath];
  const asked = promisify(execFile)(file, [...prefix, ...command], { signal: AbortSignal.any([signal, late]) });
  const { child } = asked;
  const ended = child.pid !== undefined && new Promise((resolve) => child.once("close", resolve));
  const paced = isPaced ? pace(child) : undefined;
  try {
    const [stdout] = await Promise.all([outputOf(asked), paced]);
    return answerIn(stdout, answer);
  } catch (error) {
    signal.throwIfAborted();
    throw late.aborted ? new Error("the process that does so was ended, as it took too long") : error;
  } finally {
    child.kill("SIGKILL");
    await Promise.allSettled([ended, paced]);
  }
}

async function outputOf(asked: Promise<{ readonly stdout: string }>): Promise<string> {
  try {
    return (await asked).stdout;
  } catch (error) {
    throw new Error(`the process that does so ${endOf(error)}`);
  }
}

function canDieWithUs(): boolean {
  const [setpriv, ...how] = DYING_WITH_US;
  return spawnSync(setpriv, [...how, "true"]).status === 0;
}

function endOf(error: unknown): string {
  if (!(error instanceof Error)) return "broke down";
  if ("signal" in error && typeof error.signal === "string") return `was ended by ${error.signal}`;
  return "code" in error ? `ended with ${String(error.code)}` : "broke down";
}

function answerIn<Answer>(stdout: string, answer: v.GenericSchema<unknown, Answer>): Answer {
  try {
    return v.parse(answer, JSON.parse(stdout));
  } catch {
    throw new Error("the process that does so gave no answer");
  }
}

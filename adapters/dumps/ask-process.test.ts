import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

import * as v from "valibot";
import { expect, it, onTestFinished } from "vitest";

import { askProcess, type Asking } from "./ask-process.ts";

const ANSWER = v.object({ opened: v.string() });
const PATIENT_MS = 60_000;
const never = new AbortController().signal;
const asked = (code: string, asking: Partial<Asking> = {}) =>
  askProcess(["--eval", code], ANSWER, { signal: never, ...asking });

it("gives the answer", async () => {
  expect(await asked(`console.log('{"opened":"none"}')`)).toEqual({ opened: "none" });
});

const FAULTS: readonly [name: string, code: string, says: RegExp][] = [
  ["breaks down with a stack", "throw new Error('jane@example.com')", /^the process that does so ended with 1$/],
  ["is killed", "process.kill(process.pid, 'SIGKILL')", /^the process that does so was ended by SIGKILL$/],
  ["answers something else", `console.log('{"opened":2}')`, /^the process that does so gave no answer$/],
  ["says nothing", "", /^the process that does so gave no answer$/],
];

it.each(FAULTS)("says in one line, and without a word of it, that the process %s", async (_, code, says) => {
  await expect(asked(code)).rejects.toThrow(says);
});

it("waits for no process that never ends", async () => {
  await expect(asked("setInterval(() => {}, 1000)", { timeoutMs: 1 })).rejects.toThrow(
    /was ended, as it took too long$/,
  );
});

it("ends it when it is told to", async () => {
  const signal = AbortSignal.abort();
  await expect(asked("setInterval(() => {}, 1000)", { signal })).rejects.toMatchObject({ name: "AbortError" });
});

it("says how a process ended that was paced", async () => {
  const pace: Asking["pace"] = async (child) => {
    for (const signal of ["SIGSTOP", "SIGCONT", "SIGBUS"] as const) child.kill(signal);
  };
  const ended = asked("setInterval(() => {}, 1000)", { pace, timeoutMs: PATIENT_MS });
  await expect(ended).rejects.toThrow(/^the process that does so was ended by SIGBUS$/);
});

it("ends a process that stands still when it is told to", async () => {
  const stop = new AbortController();
  let pid = 0;
  const pace: Asking["pace"] = async (child) => {
    pid = child.pid ?? 0;
    child.kill("SIGSTOP");
    stop.abort();
  };
  const ended = asked("setInterval(() => {}, 1000)", { pace, signal: stop.signal });
  await expect(ended).rejects.toMatchObject({ name: "AbortError" });
  expect(isThere(pid)).toBe(false);
});

it("says why it could not be paced, and ends it", async () => {
  let pid = 0;
  const pace: Asking["pace"] = async (child) => {
    pid = child.pid ?? 0;
    child.kill("SIGSTOP");
    throw new Error("the disk is broken");
  };
  await expect(asked("setInterval(() => {}, 1000)", { pace })).rejects.toThrow("the disk is broken");
  expect(isThere(pid)).toBe(false);
});

it("leaves none behind that is stopped when it is killed itself", async () => {
  const script = `
    import { askProcess } from ${JSON.stringify(new URL("ask-process.ts", import.meta.url).href)};
    import * as v from "valibot";
    const pace = async (child) => {
      child.stdout.once("data", () => console.log(child.kill("SIGSTOP") && child.pid));
      await new Promise(() => {});
    };
    await askProcess(["--eval", "console.log('begun'); setInterval(() => {}, 1000)"], v.any(), { signal: new AbortController().signal, pace });`;
  const asking = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(asking.stdout, "data")) as [Buffer];
  const pid = Number(said.toString());
  onTestFinished(() => void (isThere(pid) && process.kill(pid, "SIGKILL")));
  await expect.poll(() => statusOf(pid)).toMatch(/^State:\s+T/m);
  asking.kill("SIGKILL");
  await expect.poll(() => isThere(pid), { timeout: 5_000 }).toBe(false);
});

/** Whether that process goes on: one that ended stays known until somebody asks how. */
function isThere(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(statusOf(pid));
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "";
  }
}

import { expect, it } from "vitest";

import { askDrillProcess } from "./ask-drill-process.ts";

const PATIENT_MS = 60_000;
const asked = (code: string, timeoutMs = PATIENT_MS, { signal } = new AbortController()) =>
  askDrillProcess("a folder", signal, { command: ["--eval", code], timeoutMs });

it("gives the answer", async () => {
  expect(await asked(`console.log('{"opened":"none"}')`)).toBe("none");
  await expect(asked(`console.log('{"refusal":"signing in answered 500"}')`)).rejects.toThrow(
    /^signing in answered 500$/,
  );
});

const FAULTS: readonly [name: string, code: string, says: RegExp][] = [
  ["breaks down with a stack", "throw new Error('jane@example.com')", /^the process that does so ended with 1$/],
  ["is killed", "process.kill(process.pid, 'SIGKILL')", /^the process that does so was ended by SIGKILL$/],
  ["answers something else", `console.log('{"opened":"two"}')`, /^the process that does so gave no answer$/],
  ["says nothing", "", /^the process that does so gave no answer$/],
];

it.each(FAULTS)("says in one line, and without a word of it, that the process %s", async (_, code, says) => {
  await expect(asked(code)).rejects.toThrow(says);
});

it("waits for no process that never ends", async () => {
  await expect(asked("setInterval(() => {}, 1000)", 1)).rejects.toThrow(/was ended, as it took too long$/);
});

it("ends it when the drill is ended", async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(asked("setInterval(() => {}, 1000)", PATIENT_MS, stop)).rejects.toThrow("the process that does so");
});

import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";

/**
 * What the worker answers to one message, or null when it takes too long: when its thread has worked on it for `workMs`, or
 * when `patienceMs` have passed. A busy machine is not the message's fault, so waiting for a turn is not work. Rejects when
 * the worker breaks down. The answer is not checked: the worker is ours.
 */
export async function askWorker<Answer>(
  worker: Worker,
  message: unknown,
  { workMs, patienceMs }: { readonly workMs: number; readonly patienceMs: number },
): Promise<Answer | null> {
  const over = new AbortController();
  const { signal } = over;
  try {
    // Ends with an error of the worker's as well.
    const answer = once(worker, "message", { signal });
    const lateness = [hasWorked(worker, workMs, signal), sleep(patienceMs, null, { signal, ref: false })];
    worker.postMessage(message);
    const first = (await Promise.race([answer, ...lateness])) as [Answer] | null;
    return first === null ? null : first[0];
  } finally {
    over.abort();
  }
}

/** Resolves when the thread has worked that long from now on, by its own clock. */
async function hasWorked(worker: Worker, workMs: number, signal: AbortSignal): Promise<null> {
  const before = await workOf(worker);
  // No thread works longer than the time that passes, so nothing is missed while asleep.
  for (let left = workMs; left > 0; left = before + workMs - (await workOf(worker))) {
    await sleep(Math.ceil(left), null, { signal, ref: false });
  }
  return null;
}

/** In milliseconds. A thread that has ended works no more; that it has is for its answer to say, which may be on its way. */
async function workOf(worker: Worker): Promise<number> {
  const { user, system } = await worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
  return (user + system) / 1_000;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";

type Patience = {
  readonly workMs: number;
  readonly patienceMs: number;
  /** Sees each message first; true for one that is a question of the worker's own and no answer. */
  readonly onQuestion?: (message: unknown) => boolean;
};

/**
 * What the worker answers to one message, or null when it takes too long: when its thread has worked on it for `workMs`, or
 * when `patienceMs` have passed. A busy machine is not the message's fault, so waiting for a turn is not work. Rejects when
 * the worker breaks down. The answer is not checked: the worker is ours.
 */
export async function askWorker<Answer>(
  worker: Worker,
  message: unknown,
  { workMs, patienceMs, onQuestion = () => false }: Patience,
): Promise<Answer | null> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const answer = answerOf<Answer>(worker, onQuestion, signal);
    const lateness = [hasWorked(worker, workMs, signal), sleep(patienceMs, null, { signal, ref: false })];
    worker.postMessage(message);
    return await Promise.race([answer, ...lateness]);
  } finally {
    over.abort();
  }
}

/**
 * The next message that is no question; rejects when the worker ends without one. An error is told by another port than a message, and may
 * overtake the answer that was given before it: only at the worker's exit all that it said is here.
 */
function answerOf<Answer>(
  worker: Worker,
  onQuestion: (message: unknown) => boolean,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let failure: unknown = null;
    const fail = (error: unknown): void => void (failure ??= error);
    const end = (): void => reject(failure ?? new Error("The worker ended."));
    const hear = (message: Answer): void => void (onQuestion(message) || resolve(message));
    worker.on("message", hear).on("error", fail).once("exit", end);
    signal.addEventListener("abort", () => worker.off("message", hear).off("error", fail).off("exit", end));
  });
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

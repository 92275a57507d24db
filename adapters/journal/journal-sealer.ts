import { addAbortListener } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";

import { askWorker } from "../ask-worker.ts";
import { scriptBeside } from "../script-beside.ts";
import type { PartAnswer, PartRequest, SealerData } from "./journal-worker.ts";
import type { SealedPart } from "./seal-changes.ts";
import type { Timeline } from "./segment.ts";

/** Reads and seals what changed in a thread of its own, with a connection of its own: no request waits for it. */
export type JournalSealer = {
  /**
   * The oldest changes that wait, sealed; null when none does, or when `stopping` came first. Rejects when the thread broke
   * down, in whose place the next question starts another, or says nothing for too long.
   */
  next(timeline: Timeline, at: Temporal.Instant, stopping: AbortSignal): Promise<SealedPart | null>;
  /** Ends the thread, but does not wait for one that hangs. */
  close(): Promise<void>;
};

// The most that goes at once takes half a second; a busy machine or a slow disk is no fault.
const PATIENCE_MS = 60_000;
const END_MS = 2_000;
// The largest mail as text twice.
const MEMORY_LIMIT_MB = 768;
// What is young is collected often then, and nobody waits for this thread: more room would cost 50 MB in a rush.
const YOUNG_MB = 4;
// A thread costs memory that an idle service need not hold.
const IDLE_MS = 30_000;

/** @param script the worker's module, for tests that need a broken one */
export function openJournalSealer(
  data: SealerData,
  {
    script = scriptBeside("journal-worker", import.meta.url),
    patienceMs = PATIENCE_MS,
    idleMs = IDLE_MS,
  }: { readonly script?: URL; readonly patienceMs?: number; readonly idleMs?: number } = {},
): JournalSealer {
  let worker: Worker | null = null;
  /** The thread says nothing. Another beside it would hang as well. */
  let isSilent = false;
  // Answers have no names: one question at a time.
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  function start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_LIMIT_MB, maxYoungGenerationSizeMb: YOUNG_MB };
    const started = new Worker(script, { workerData: data, resourceLimits });
    // Between two questions an error has no one waiting for it.
    started.on("error", () => {});
    started.once("exit", () => {
      if (worker === started) [worker, isSilent] = [null, false];
    });
    started.unref();
    return started;
  }

  async function ask(request: NonNullable<PartRequest>): Promise<SealedPart | null> {
    clearTimeout(idle);
    if (isSilent) throw new Error("The thread that seals changes still hangs.");
    worker ??= start();
    const answer = await askWorker<PartAnswer>(worker, request, { workMs: patienceMs, patienceMs });
    if (answer === null) {
      isSilent = true;
      throw new Error("The thread that seals changes hangs.");
    }
    idle = setTimeout(() => void close(), idleMs).unref();
    return answer.part;
  }

  /** By its own hand: the driver ends the whole process when its thread is ended in the middle of a query. */
  async function close(): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = null;
    if (ending === null) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    // Where nothing else keeps the program, it would end here.
    ending.ref();
    ending.postMessage(null satisfies PartRequest);
    await Promise.race([ended, sleep(END_MS, null, { ref: false })]);
    ending.unref();
  }

  return {
    async next(timeline, at, stopping) {
      const stopped = Promise.withResolvers<null>();
      const listening = addAbortListener(stopping, () => stopped.resolve(null));
      try {
        const asked = last.then(() => (stopping.aborted ? null : ask({ timeline, at: at.epochMilliseconds })));
        last = asked.catch(() => {});
        return await Promise.race([asked, stopped.promise]);
      } finally {
        listening[Symbol.dispose]();
      }
    },
    close,
  };
}

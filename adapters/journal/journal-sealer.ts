import { Worker } from "node:worker_threads";

import { askWorker } from "../ask-worker.ts";
import type { PartAnswer, PartRequest, SealerData } from "./journal-worker.ts";
import type { SealedPart } from "./seal-changes.ts";
import type { Timeline } from "./segment.ts";

/** Reads and seals what changed in a thread of its own, with a connection of its own: no request waits for it. */
export type JournalSealer = {
  /** The oldest changes that wait, sealed; null when none does. Rejects when the thread breaks down; the next has another. */
  next(timeline: Timeline, at: Temporal.Instant): Promise<SealedPart | null>;
  /** Ends the thread, whatever it is at. */
  close(): Promise<void>;
};

// The most that goes at once takes half a second; behind a thread that hangs, all of it would wait.
const WORK_MS = 20_000;
const PATIENCE_MS = 60_000;
// The largest body as text twice. Beyond that the thread dies, not the program.
const MEMORY_LIMIT_MB = 768;
// A thread costs memory that an idle service need not hold.
const IDLE_MS = 30_000;

/** @param script the worker's module, for tests that need a broken one */
export function openJournalSealer(data: SealerData, script = workerScript()): JournalSealer {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  // Answers have no names: one question at a time.
  let last: Promise<unknown> = Promise.resolve();

  function start(): Worker {
    const started = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MB },
    });
    // Between two questions an error has no one waiting for it.
    started.on("error", () => {});
    started.once("exit", () => {
      if (worker === started) worker = null;
    });
    started.unref();
    return started;
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }

  async function ask(request: PartRequest): Promise<SealedPart | null> {
    clearTimeout(idle);
    worker ??= start();
    const answer = await askWorker<PartAnswer>(worker, request, { workMs: WORK_MS, patienceMs: PATIENCE_MS });
    if (answer === null) {
      await close();
      throw new Error("The thread that seals changes took too long.");
    }
    idle = setTimeout(() => void close(), IDLE_MS).unref();
    return answer.part;
  }

  return {
    next(timeline, at) {
      const asked = last.then(() => ask({ timeline, at: at.epochMilliseconds }));
      last = asked.catch(() => {});
      return asked;
    },
    close,
  };
}

/** Beside the source in development, beside the program once bundled. */
function workerScript(): URL {
  return new URL(import.meta.url.endsWith(".ts") ? "./journal-worker.ts" : "./journal-worker.mjs", import.meta.url);
}

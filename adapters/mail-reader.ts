import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";

import type { ResolveTxt } from "../access/dkim.ts";
import type { KnownOfMail, Log } from "../app.ts";
import { AppError } from "../errors.ts";
import type { ReadMail } from "../handlers/read-mail.ts";
import { askWorker } from "./ask-worker.ts";
import type { ReaderData, ReadRequest, TxtAnswer, TxtQuestion } from "./parser-worker.ts";
import { scriptBeside } from "./script-beside.ts";

/** Reads kept mails off the event loop. */
export type MailReader = {
  /**
   * Reads one mail; what can't be read says so. Rejects with an AppError `unavailable`
   * only, when no reader can be started at all, or none is any more: no mail is to blame for that.
   *
   * @param payload the webhook body as it is kept
   */
  read(payload: Uint8Array, known: KnownOfMail): Promise<ReadMail>;
  /** Ends the worker. Mails that wait for it are rejected. */
  close(): Promise<void>;
};

type Job = {
  readonly request: ReadRequest;
  readonly resolve: (read: ReadMail) => void;
  readonly reject: (error: unknown) => void;
};

// A parser never needs it; a mail made to stop us does, and then it alone is given up.
const TIME_LIMIT_MS = 2_000;
// On a busy machine a thread may have to wait for its turn, and DNS takes its time, but the mails behind it need not wait
// for ever.
const PATIENCE_MS = 20_000;
const START_LIMIT_MS = 30_000;
// The largest body twice as text, and what reading makes of it. Beyond that the worker dies, not the program.
const MEMORY_LIMIT_MB = 768;
// Of what a mail was read with nearly nothing stays: more room for what is young costs memory and saves no time.
const YOUNG_MB = 24;
// V8 marks all memory again as soon as there is less room for what stays than for what is young: that was every sixty mails.
const FIRST_OLD_MB = 64;
// A thread that is handed one mail at a time waits for its turn twice for each.
const MOST_TOGETHER = 16;
// A worker costs memory that an idle service need not hold.
const IDLE_MS = 30_000;
const CLOSED = "The mail reader is closed.";

/**
 * Opens a reader that works in a thread, one mail at a time, each within the time limit. A thread that takes longer or
 * breaks down is replaced, and only the mail that it had is given up: one on which a new thread breaks down.
 *
 * @param timeLimitMs how long the thread itself may work on a mail; waiting for a busy machine is not the mail's fault
 * @param patienceMs how long a mail may take in all
 * @param script the worker's module, for tests that need a hostile one
 */
export function openMailReader(options: {
  readonly domain: string;
  /** Answers what DNS says; null when it is not to be asked. */
  readonly resolveTxt: ResolveTxt | null;
  readonly log: Log;
  readonly timeLimitMs?: number;
  readonly patienceMs?: number;
  readonly memoryLimitMb?: number;
  readonly script?: URL;
}): MailReader {
  const {
    domain,
    resolveTxt,
    log,
    timeLimitMs = TIME_LIMIT_MS,
    patienceMs = PATIENCE_MS,
    memoryLimitMb = MEMORY_LIMIT_MB,
    script = scriptBeside("parser-worker", import.meta.url),
  } = options;
  const waiting: Job[] = [];
  let worker: Worker | null = null;
  let isBusy = false;
  let isClosed = false;
  let idle: NodeJS.Timeout | undefined;

  async function drain(): Promise<void> {
    isBusy = true;
    clearTimeout(idle);
    // Mails that come in one turn are read together.
    await nextTurn();
    while (waiting.length > 0) {
      const jobs = waiting.splice(0, MOST_TOGETHER);
      const reads = jobs.length === 1 ? null : await readTogether(jobs);
      // Which of them is to blame shows when each is read alone, with all of its time.
      if (reads === null) for (const job of jobs) await run(job).then(job.resolve, job.reject);
      for (const [index, read] of (reads ?? []).entries()) jobs[index]?.resolve(read);
      if (reads !== null) waiting.unshift(...jobs.slice(reads.length));
    }
    isBusy = false;
    idle = setTimeout(() => void stop(), IDLE_MS).unref();
  }

  /** What the first of them say, at least the first; null when the thread broke down or took too long. */
  async function readTogether(jobs: readonly Job[]): Promise<readonly ReadMail[] | null> {
    try {
      const reading = (worker ??= await start());
      const requests = jobs.map(({ request }) => request);
      const reads = await ask(reading, requests);
      if (reads !== null) return reads;
      log.warn({ timeLimitMs, patienceMs }, "mails are read one by one for their time");
    } catch (error) {
      log.warn({ err: error }, "parser worker replaced, mails are read one by one");
    }
    await stop();
    return null;
  }

  async function run({ request }: Pick<Job, "request">): Promise<ReadMail> {
    const isNew = worker === null;
    const reading = (worker ??= await start());
    try {
      const [read] = (await ask(reading, [request])) ?? [];
      if (read !== undefined) return read;
      log.warn({ timeLimitMs, patienceMs }, "mail given up for its time");
      await stop();
      return gaveUp("This mail took too long to read.");
    } catch (error) {
      log.warn({ err: error }, "parser worker replaced");
      await stop();
      // Nothing was found out about the mail then; it is read after the next start.
      if (isClosed) throw new AppError("unavailable", CLOSED, { cause: error });
      // A mail before this one may have left the thread broken.
      return isNew ? gaveUp("Reading this mail broke down.") : run({ request });
    }
  }

  function ask(reading: Worker, requests: readonly ReadRequest[]): Promise<readonly ReadMail[] | null> {
    const onQuestion = (message: unknown): boolean =>
      resolveTxt !== null && isQuestion(message) && answerFor(message, resolveTxt, reading);
    return askWorker<readonly ReadMail[]>(reading, requests, { workMs: timeLimitMs, patienceMs, onQuestion });
  }

  async function start(): Promise<Worker> {
    const asksDns = resolveTxt !== null;
    const started = isClosed ? null : await startWorker(script, { domain, asksDns }, memoryLimitMb);
    if (started === null || isClosed) {
      await started?.terminate();
      throw new AppError("unavailable", CLOSED);
    }
    started.once("exit", () => {
      if (worker === started) worker = null;
    });
    return started;
  }

  async function stop(): Promise<void> {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }

  return {
    read: (payload, { receivedAt, ...known }) =>
      new Promise((resolve, reject) => {
        const request = { ...known, payload, receivedAt: receivedAt.epochMilliseconds };
        waiting.push({ request, resolve, reject });
        if (!isBusy) void drain();
      }),
    async close() {
      isClosed = true;
      clearTimeout(idle);
      await stop();
    },
  };
}

function isQuestion(message: unknown): message is TxtQuestion {
  return typeof message === "object" && message !== null && "txtQuestion" in message;
}

/** Always true: the question is taken. Its answer goes to the thread when there is one. */
function answerFor({ txtQuestion, name }: TxtQuestion, resolveTxt: ResolveTxt, worker: Worker): true {
  void resolveTxt(name)
    .then(
      (records): TxtAnswer => ({ txtQuestion, records, code: "" }),
      (error: unknown): TxtAnswer => ({ txtQuestion, records: null, code: codeOf(error) }),
    )
    .then((answer) => worker.postMessage(answer));
  return true;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}

function gaveUp(reason: string): ReadMail {
  return { state: "gave_up", reason };
}

/** The clock of a mail starts when the worker has loaded: a slow start is not the mail's fault. */
async function startWorker(script: URL, workerData: ReaderData, maxOldGenerationSizeMb: number): Promise<Worker> {
  setFlagsFromString(`--initial-old-space-size=${FIRST_OLD_MB}`);
  const resourceLimits = { maxOldGenerationSizeMb, maxYoungGenerationSizeMb: YOUNG_MB };
  const worker = new Worker(script, { workerData, resourceLimits });
  // Between mails an error has no one waiting for it.
  worker.on("error", () => {});
  // Who waits for a worker that just ends would wait until the time limit.
  worker.once("exit", () => worker.emit("error", new Error("The parser worker ended.")));
  try {
    await once(worker, "message", { signal: AbortSignal.timeout(START_LIMIT_MS) });
  } catch (error) {
    await worker.terminate();
    throw new AppError("unavailable", "The parser worker could not be started.", { cause: error });
  }
  worker.unref();
  return worker;
}

import { parentPort, workerData } from "node:worker_threads";

import type { ResolveTxt } from "../access/dkim.ts";
import type { OriginCheck } from "../handlers/origin-check.ts";
import { readMail, type ReadMail } from "../handlers/read-mail.ts";
import { openResolver } from "./dns.ts";

/** What the worker is asked: one webhook body as it is kept, when it came (milliseconds since 1970), and what is known. */
export type ReadRequest = {
  readonly payload: Uint8Array;
  readonly receivedAt: number;
  readonly check: OriginCheck | null;
  readonly hasAccount: boolean;
  readonly usualCurrency: string | null;
};

/** What the worker asks back while it reads: the TXT records of a name. Its answer is a `TxtAnswer` with the same number. */
export type TxtQuestion = { readonly txtQuestion: number; readonly name: string };

/** The records, or the code of the error that there was instead. */
export type TxtAnswer = { readonly txtQuestion: number; readonly records: string[][] | null; readonly code: string };

/** What the worker says once it has loaded; every message after it is a TxtQuestion or a list of ReadMail. */
export const READY = "ready";

/** What every mail is read with. */
export type ReaderData = {
  readonly domain: string;
  /** Whether somebody answers questions. */ readonly asksDns: boolean;
};

const { domain, asksDns } = workerData as ReaderData;
const asked = new Map<number, (answer: TxtAnswer) => void>();
let questions = 0;

/** Asked of the program: what it knows of DNS outlives this thread. */
const ask: ResolveTxt = (name) =>
  new Promise((resolve, reject) => {
    const txtQuestion = (questions += 1);
    asked.set(txtQuestion, ({ records, code }) => {
      asked.delete(txtQuestion);
      if (records === null) reject(Object.assign(new Error(`DNS: ${code}`), { code }));
      else resolve(records);
    });
    parentPort?.postMessage({ txtQuestion, name } satisfies TxtQuestion);
  });

// The mails behind this one wait meanwhile. The program goes on asking, and remembers for the next try.
const DNS_PATIENCE_MS = 1_500;
// Asking another thread costs a fifth of what reading a mail does, and most mails ask the same.
const resolveTxt = asksDns ? openResolver({ lookup: ask, timeoutMs: DNS_PATIENCE_MS }) : null;

// Who waits for the first of them need not wait for all when they are slow.
const TOGETHER_MS = 100;

parentPort?.on("message", (message: readonly ReadRequest[] | TxtAnswer) => {
  if ("txtQuestion" in message) asked.get(message.txtQuestion)?.(message);
  else void read(message);
});
parentPort?.postMessage(READY);

/** Answers what the first of them say, at least the first. */
async function read(requests: readonly ReadRequest[]): Promise<void> {
  const until = performance.now() + TOGETHER_MS;
  const reads: ReadMail[] = [];
  try {
    for (const { payload, ...reading } of requests) {
      reads.push(await readMail(payload, { ...reading, domain, resolveTxt }));
      if (performance.now() > until) break;
    }
    parentPort?.postMessage(reads);
  } catch (error) {
    // As it would be without a promise: the thread ends with it.
    queueMicrotask(() => {
      throw error;
    });
  }
}

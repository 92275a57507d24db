import { parentPort, workerData } from "node:worker_threads";

import { readMail } from "../handlers/read-mail.ts";

/** What the worker is asked: one webhook body as it is kept, and when it came (milliseconds since 1970). */
export type ReadRequest = { readonly payload: Uint8Array; readonly receivedAt: number };

/** What the worker says once it has loaded; every message after it is a ReadMail. */
export const READY = "ready";

const { domain } = workerData as { domain: string };

parentPort?.on("message", ({ payload, receivedAt }: ReadRequest) => {
  parentPort?.postMessage(readMail(payload, receivedAt, domain));
});
parentPort?.postMessage(READY);

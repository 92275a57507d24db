import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";

import { openReader } from "../libsql.ts";
import { sealChanges, type SealedPart } from "./seal-changes.ts";
import type { Timeline } from "./segment.ts";

/** What the worker reads, and for whom it seals. */
export type SealerData = {
  readonly databaseUrl: string;
  readonly databaseAuthToken: string | null;
  readonly release: string;
  readonly recipients: readonly string[];
};

/** What it is asked: the next part, at a time in milliseconds since 1970. Null ends it between two steps of its work. */
export type PartRequest = { readonly timeline: Timeline; readonly at: number } | null;

/** What it answers. */
export type PartAnswer = { readonly part: SealedPart | null };

const { databaseUrl, databaseAuthToken, ...sealing } = workerData as SealerData;
const db = await openReader(databaseUrl, databaseAuthToken ?? undefined);

parentPort?.on("message", (request: PartRequest) => {
  if (request === null) end();
  else void answer(request);
});

/** A fault ends the thread with it. */
async function answer({ timeline, at }: NonNullable<PartRequest>): Promise<void> {
  const instant = Temporal.Instant.fromEpochMilliseconds(at);
  const part = await sealChanges(db, { ...sealing, random: randomBytes }, timeline, instant);
  const bytes = part?.objects.map(({ sealed }) => sealed.buffer) ?? [];
  parentPort?.postMessage({ part } satisfies PartAnswer, bytes);
}

function end(): void {
  db.close();
  parentPort?.close();
}

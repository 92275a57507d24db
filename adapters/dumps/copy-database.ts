import { once } from "node:events";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";

import { bytesIn, removeInParts } from "../database-file.ts";
import { diskSpaceOf } from "../disk.ts";
import { sayMegabytes } from "../progress-bar.ts";
import { scriptBeside } from "../script-beside.ts";
import type { DatabaseContents } from "./database-contents.ts";
import type { CopyAnswer, CopyRequest } from "./dump-worker.ts";

// The service goes on writing meanwhile, and must not meet a full disk because of us.
const ROOM_LEFT_BYTES = 100_000_000;
const LOOK_EVERY_MS = 250;

/**
 * Copies a database beside the service that writes it, in a thread of its own, and checks the copy.
 *
 * @param copy where it will lie; what lies there of an earlier one is removed
 * @param progress told how many bytes are copied, of how many
 * @returns what the copy holds
 * @throws Error with one sentence when there is no room, no database, or no true copy
 */
export async function copyDatabase(
  { file, copy }: CopyRequest,
  progress: (bytes: number, total: number) => void,
  signal: AbortSignal,
): Promise<DatabaseContents> {
  await removeInParts(copy);
  const bytes = bytesIn(file) + bytesIn(`${file}-wal`);
  const { freeBytes } = await diskSpaceOf(dirname(copy));
  if (freeBytes < bytes + ROOM_LEFT_BYTES) {
    throw new Error(
      `There is no room for a copy of the database: it needs ${sayMegabytes(bytes + ROOM_LEFT_BYTES)}, and ${sayMegabytes(freeBytes)} are free. Make room where DATA_DIR lies, then try again.`,
    );
  }
  const worker = new Worker(scriptBeside("dump-worker", import.meta.url), {
    workerData: { file, copy } satisfies CopyRequest,
  });
  const look = setInterval(() => progress(bytesIn(copy), bytes), LOOK_EVERY_MS);
  try {
    const [answer] = (await once(worker, "message", { signal })) as [CopyAnswer];
    if ("refusal" in answer) throw new Error(answer.refusal);
    return answer.contents;
  } finally {
    clearInterval(look);
    await worker.terminate();
  }
}

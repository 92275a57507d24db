import type { ChildProcess } from "node:child_process";
import { open, type FileHandle } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

import { bytesIn } from "../database-file.ts";

// What the service brings to the disk meanwhile waits for what we do.
const SYNC_MS = 5;
const LONGEST_RUN_MS = 5;
const SHORTEST_RUN_MS = 1;
const SYNCED_AT_ONCE_BYTES = 2 * 1024 * 1024;

/**
 * Lets a process write a large file only as fast as the disk takes it, and leaves half of the disk's time to others: it is
 * stopped until what it wrote is on the disk, and for as long again. On a slower disk it writes less in between.
 *
 * @param child stopped and continued until it has ended
 * @param path what it writes, which need not be there yet
 * @throws Error of the disk
 */
export async function writingThrough(child: ChildProcess, path: string): Promise<void> {
  let file: FileHandle | undefined;
  let synced = 0;
  let runMs = LONGEST_RUN_MS;
  try {
    while (child.exitCode === null && child.signalCode === null) {
      await pause(runMs);
      const written = bytesIn(path);
      if (written === synced) continue;
      file ??= await open(path);
      child.kill("SIGSTOP");
      const tookMs = await syncedIn(file);
      await pause(tookMs);
      child.kill("SIGCONT");
      synced = written;
      runMs = Math.min(LONGEST_RUN_MS, Math.max(SHORTEST_RUN_MS, (runMs * SYNC_MS) / tookMs));
    }
  } finally {
    await file?.close();
  }
}

/**
 * Writes a large file, of which never more than a little is not on the disk yet. The end of it need not be.
 *
 * @param path must not exist
 * @param mode of the file
 * @throws Error of the disk, or what `bytes` throws
 */
export async function writeThrough(path: string, bytes: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
  await using file = await open(path, "wx", mode);
  let waiting = 0;
  for await (const part of bytes) {
    await file.writeFile(part);
    waiting += part.length;
    if (waiting < SYNCED_AT_ONCE_BYTES) continue;
    await file.datasync();
    waiting = 0;
  }
}

async function syncedIn(file: FileHandle): Promise<number> {
  const startedAt = performance.now();
  await file.datasync();
  return performance.now() - startedAt;
}

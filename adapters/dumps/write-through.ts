import type { ChildProcess } from "node:child_process";
import { open, type FileHandle } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

import { bytesIn } from "../database-file.ts";

// What the service brings to the disk meanwhile waits for what we do.
const SYNCED_AT_ONCE_BYTES = 2 * 1024 * 1024;
const LOOK_EVERY_MS = 1;

/**
 * Lets a process write a large file only as fast as the disk takes it, and leaves half of the disk's time to others: whenever
 * it has written a little, it is stopped until that is on the disk, and for as long again. The end of it need not be.
 *
 * @param child stopped and continued until it has ended
 * @param path what it writes, which need not be there yet
 * @throws Error of the disk
 */
export async function writingThrough(child: ChildProcess, path: string): Promise<void> {
  let file: FileHandle | undefined;
  let synced = 0;
  try {
    while (child.exitCode === null && child.signalCode === null) {
      await pause(LOOK_EVERY_MS);
      const written = bytesIn(path);
      if (written - synced < SYNCED_AT_ONCE_BYTES) continue;
      file ??= await open(path);
      child.kill("SIGSTOP");
      const startedAt = performance.now();
      await file.datasync();
      await pause(performance.now() - startedAt);
      child.kill("SIGCONT");
      synced = written;
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

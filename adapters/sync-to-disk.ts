import { closeSync, fsyncSync, openSync } from "node:fs";

/** Brings a file, or which names a folder has, to the disk: also a power cut takes none of it back then. */
export function syncToDisk(path: string): void {
  const opened = openSync(path, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

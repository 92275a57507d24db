import { lstatSync, rmSync, statSync, truncateSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const REMOVED_AT_ONCE_BYTES = 32 * 1024 * 1024;
const REST_MS = 10;

/** The path of the file that a database's address names; null when a server has it. */
export function databaseFileOf(databaseUrl: string): string | null {
  if (!databaseUrl.startsWith("file:")) return null;
  const path = databaseUrl.slice("file:".length);
  return path.startsWith("//") ? fileURLToPath(databaseUrl) : decodeURIComponent(path);
}

/**
 * Opens a database to read it beside the service; null when there is none. It never writes the log back: of two that did,
 * one could lose rows (https://github.com/tursodatabase/libsql/issues/2271). Where nobody else has it open, an empty log is
 * left beside it, which belongs to whom the database belongs to.
 *
 * @throws Error when it may not be read
 */
export function openToRead(file: string): DatabaseSync | null {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return null;
  return new DatabaseSync(file, { readOnly: true });
}

/** Removes a database, and what SQLite may have left beside it. */
export function removeDatabase(file: string): void {
  for (const ending of ["", "-wal", "-shm", "-journal"]) rmSync(`${file}${ending}`, { force: true });
}

/**
 * Removes a large one in small parts: the service's syncs would wait for all of its room to be given back at once. What
 * somebody has by another name as well stays whole there.
 */
export async function removeInParts(file: string): Promise<void> {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isFile() === true && found.nlink === 1) {
    for (let bytes = found.size - REMOVED_AT_ONCE_BYTES; bytes > 0; bytes -= REMOVED_AT_ONCE_BYTES) {
      truncateSync(file, bytes);
      await pause(REST_MS);
    }
  }
  removeDatabase(file);
}

/** None where no file is. */
export function bytesIn(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

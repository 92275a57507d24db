import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { AppError } from "../errors.ts";

/** The right to be the only process that writes a data directory. It also ends with the process, however that ends. */
export type Lock = { release(): void };

const SQLITE_BUSY = 5;
// A holder writes its pid right after it got the lock; someone who comes in between looks again.
const LOOKS = 10;
const LOOK_EVERY_MS = 20;

// A lock that nobody refers to would be closed by the garbage collector.
const held = new Set<DatabaseSync>();

/**
 * Takes the lock for this process, without waiting for a holder to let go.
 *
 * Node has no file locks of its own, but SQLite has: an exclusive transaction on an empty database is a lock of the
 * kernel, which ends with the process even by kill -9, so that no file left behind ever blocks. Nothing else may open
 * the file: on closing it, POSIX would drop the lock. The pid beside it (`PATH.pid`) only names the holder.
 *
 * @param path where the lock lies; made when missing, its directory must exist
 * @throws AppError `conflict` naming the holder's pid, `unavailable` when there can be no lock there
 */
export function takeLock(path: string): Lock {
  const database = openExclusively(path);
  if (database === null) throw new AppError("conflict", `Another wtmm${pidIn(path)} is using ${dirname(path)}.`);
  held.add(database);
  writeFileSync(`${path}.pid`, String(process.pid));
  return {
    release() {
      if (!held.delete(database)) return;
      rmSync(`${path}.pid`, { force: true });
      database.close();
    },
  };
}

/** The locked database, or null when another process has it and its pid can be read (or still can't after a while). */
function openExclusively(path: string): DatabaseSync | null {
  for (let look = 1; look <= LOOKS; look += 1) {
    const database = tryToLock(path);
    if (database !== null) return database;
    if (isRunning(readPid(path))) return null;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS);
  }
  return null;
}

function tryToLock(path: string): DatabaseSync | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    // Nothing is ever written to it, and an empty journal would only lie about.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) return null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("unavailable", `The lock ${path} can't be taken: ${reason}.`, { cause: error });
  }
}

/** The holder's pid for the message; a pid that runs no more was left by an earlier one. */
function pidIn(path: string): string {
  const pid = readPid(path);
  return isRunning(pid) ? ` (pid ${pid})` : "";
}

function readPid(path: string): number | null {
  try {
    const text = readFileSync(`${path}.pid`, "utf8");
    return /^\d+$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}

function isRunning(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

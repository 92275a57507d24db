import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { AppError } from "../../errors.ts";
import { makeDataDir } from "../data-folder.ts";
import { removeDatabase } from "../database-file.ts";
import { diskSpaceOf } from "../disk.ts";
import { takeLock } from "../instance-lock.ts";

/** Where a dump is put, and ours alone until it is released. */
export type RestorePlace = {
  /** Where it becomes a database; nothing is there. */
  readonly database: string;
  /** Where it is made, by a name that nothing takes for a database. */
  readonly restoring: string;
  /** Removes what is unfinished, and lets others in. */
  release(): void;
};

const ENDINGS = ["", "-wal", "-shm", "-journal"];
// What an older dump's migration and the log may take beside it.
const ROOM = 1.2;

/**
 * Makes sure that a folder can take a database of that size, and that nobody else puts one there meanwhile.
 *
 * @param dataDir the service's data folder, or another one; made when missing, open to its owner alone
 * @throws AppError with the sentence that says what to do when a service has it, a database is there, or there is no room
 */
export async function takePlace(dataDir: string, bytes: number): Promise<RestorePlace> {
  const folder = resolve(dataDir);
  makeDataDir(folder);
  const lock = lockOf(folder);
  const [database, restoring] = [join(folder, "wtmm.db"), join(folder, "wtmm.db.restoring")];
  const release = () => {
    removeDatabase(restoring);
    lock.release();
  };
  try {
    requireNone(database, folder);
    // One that was interrupted.
    removeDatabase(restoring);
    await requireRoom(folder, bytes * ROOM);
    return { database, restoring, release };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Looks once more whether nothing is there that would be overwritten, or taken for a part of it.
 *
 * @throws AppError with the sentence that says what to do when there is
 */
export function requireNone(database: string, folder: string): void {
  const there = ENDINGS.map((ending) => database + ending).filter((path) => existsSync(path));
  if (there.length === 0) return;
  throw new AppError(
    "conflict",
    `${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there, and a restore overwrites nothing. ` +
      `Move what is there away first: mkdir ${folder}/before && mv ${database}* ${folder}/before/`,
  );
}

function lockOf(folder: string) {
  try {
    return takeLock(join(folder, "lock"));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    const says = `${error.message} Stop it first (systemctl stop wtmm.socket wtmm.service), then move its database away.`;
    throw new AppError("conflict", says, { cause: error });
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { freeBytes } = await diskSpaceOf(folder);
  if (freeBytes >= bytes) return;
  throw new AppError(
    "unavailable",
    `The restored database needs ${megabytes(bytes)}, and ${megabytes(freeBytes)} are free on the disk of ${folder}. Make room, or name another folder.`,
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}

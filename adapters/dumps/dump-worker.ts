import { parentPort, workerData } from "node:worker_threads";

import { openToRead } from "../database-file.ts";
import { contentsOf, differenceOfCopy, requireIntegrity, type DatabaseContents } from "./database-contents.ts";
import { isDiskFull, sayDiskFull } from "./disk-full.ts";

/** What the worker is to do: copy a database file to where nothing is. */
export type CopyRequest = { readonly file: string; readonly copy: string };

/** What it says once: what the copy holds, or why there is none. */
export type CopyAnswer = { readonly contents: DatabaseContents } | { readonly refusal: string };

parentPort?.postMessage(copied(workerData as CopyRequest));

/** Reads only of the database, which others write meanwhile; none of them waits for it. */
function copied({ file, copy }: CopyRequest): CopyAnswer {
  try {
    const database = openToRead(file);
    if (database === null) return { refusal: "There is no database yet." };
    try {
      const before = contentsOf(database);
      // A power cut ends the dump anyway, and the service's own syncs would wait for the sync of a whole database.
      database.exec("PRAGMA synchronous = OFF");
      database.prepare("VACUUM INTO ?").run(copy);
      return { contents: verified(copy, before, contentsOf(database)) };
    } finally {
      database.close();
    }
  } catch (error) {
    return { refusal: refusalOf(error) };
  }
}

function refusalOf(error: unknown): string {
  if (isDiskFull(error)) return sayDiskFull("room for a copy of the database any more", "DATA_DIR");
  return `The database can't be copied: ${error instanceof Error ? error.message : String(error)}.`;
}

/** A copy is one only when it is whole and holds what the database held: an emptied file is whole, too. */
function verified(copy: string, before: DatabaseContents, after: DatabaseContents): DatabaseContents {
  const database = openToRead(copy);
  if (database === null) throw new Error("there is no copy");
  try {
    requireIntegrity(database);
    const contents = contentsOf(database);
    const difference = differenceOfCopy(before, contents, after);
    if (difference !== null) throw new Error(`the copy has ${difference}`);
    return contents;
  } finally {
    database.close();
  }
}

import { renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { SCHEMA_VERSION } from "../../schema/migrate.ts";
import { AppError } from "../../errors.ts";
import { schemaIn } from "../database-schema.ts";
import { reasonOf } from "../doctor/reason-of.ts";
import { markForRecovery } from "../recovery-mark.ts";
import { syncToDisk } from "../sync-to-disk.ts";
import { askContents, type ContentsAnswer } from "./ask-contents.ts";
import { differenceOf } from "./database-contents.ts";
import { isDiskFull, sayDiskFull } from "./disk-full.ts";
import { restoreFetch, type FetchProgress } from "./restore-fetch.ts";
import { requireNone, takePlace } from "./restore-place.ts";
import { makeReady, type Outside, type Ready } from "./restore-ready.ts";
import type { DumpSource } from "./restore-source.ts";

/** What a restore is told, and whom it tells how it goes. */
export type Restore = {
  readonly source: DumpSource;
  /** Gives `AGE-SECRET-KEY-1…`, one of which has to open it; asked when there is a place for it. */
  readonly identities: () => Promise<readonly string[]>;
  /** The folder that gets `wtmm.db`. */
  readonly dataDir: string;
  /** Where the journal and the list of erased accounts lie; null for the dump alone. */
  readonly outside?: Outside | null;
  readonly progress: FetchProgress;
  /** Hears a sentence at each step. */
  readonly say: (sentence: string) => void;
  /** Ends it while it looks through the database. */
  readonly signal?: AbortSignal;
  /** How long it waits before it takes a broken connection up, for tests. */
  readonly pauseMs?: number;
};

/** Where it is now, the schema that it had, and what became of it. */
export type Restored = Ready & { readonly database: string; readonly from: number };

// The service's last part of the journal may lie in a letter box of Postmark's, or have been sent by a clock that is wrong.
const BEFORE_THE_LAST = { minutes: 15 };

/**
 * Puts a dump in place as DIR/wtmm.db, with what was written after it. It gets that name when all of it was compared with
 * the manifest, is whole, has this release's schema, knows nobody who was erased, and is on disk; whatever happens before
 * that leaves nothing that looks like a database. The service that starts on it asks Postmark for the last mails.
 *
 * @throws AppError with one sentence; BucketError
 */
export async function restore({ dataDir, ...run }: Restore): Promise<Restored> {
  return sayingDiskFull(dataDir, () => restoreTo(dataDir, run));
}

async function restoreTo(dataDir: string, run: Omit<Restore, "dataDir">): Promise<Restored> {
  const { manifest } = run.source;
  const place = await takePlace(dataDir, manifest.database.bytes);
  try {
    const ready = await restoreInto(place.restoring, run);
    syncToDisk(place.restoring);
    const last = ready.replayed?.until ?? manifest.createdAt;
    markForRecovery(dirname(place.database), last.subtract(BEFORE_THE_LAST));
    // Nobody of ours can have put one there meanwhile, but somebody may have.
    requireNone(place.database, dirname(place.database));
    renameSync(place.restoring, place.database);
    syncToDisk(dirname(place.database));
    return { ...ready, database: place.database, from: manifest.contents.schemaVersion };
  } finally {
    place.release();
  }
}

/**
 * Makes a file of a dump with what was written after it, and looks through it as a restore does before it counts. Not all of
 * it is on the disk then; what is there when this throws is for the caller to remove.
 *
 * @param path nothing is there
 * @throws AppError with one sentence; BucketError
 */
export async function restoreInto(path: string, run: Omit<Restore, "dataDir">): Promise<Ready> {
  const { source, outside = null, progress, say, pauseMs, signal = new AbortController().signal } = run;
  const keys = await run.identities();
  return sayingDiskFull(dirname(path), async () => {
    await restoreFetch(source, keys, path, progress, pauseMs);
    say("Every byte is as it was when the dump was made. Looking through the database …");
    await requireContents(path, source, signal);
    return await makeReady(path, outside, keys, pauseMs);
  });
}

async function sayingDiskFull<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    const says = sayDiskFull("room for the restored database any more", folder);
    throw new AppError("unavailable", says, { cause: error });
  }
}

/** Not only the bytes: what a release wrote wrongly into a dump was wrong before it was sealed. */
async function requireContents(path: string, { name, manifest }: DumpSource, signal: AbortSignal): Promise<void> {
  const found = await lookedThrough(path, signal);
  const why = "refusal" in found ? found.refusal : differenceOf(manifest.contents, found.contents);
  if (why === null) return;
  const says = `${name} is not what its manifest says: ${"refusal" in found ? why : `it holds ${why}`}.`;
  throw new AppError("invalid", `${says} Take another dump: wtmm dumps lists them.`);
}

/** The dump is not to blame when nobody could look. */
async function lookedThrough(path: string, signal: AbortSignal): Promise<ContentsAnswer> {
  try {
    requireSchema(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { refusal: reasonOf(error) };
  }
  try {
    return await askContents(path, signal);
  } catch (error) {
    signal.throwIfAborted();
    const says = `The restored database could not be looked through: ${reasonOf(error)}. Try again.`;
    throw new AppError("unavailable", says, { cause: error });
  }
}

function requireSchema(path: string): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const { refusal } = schemaIn(database, SCHEMA_VERSION);
    if (refusal !== null) throw new AppError("invalid", refusal);
  } finally {
    database.close();
  }
}

import { closeSync, fsyncSync, openSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { fileUrlOf } from "../../config.ts";
import { migrate, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { AppError } from "../../errors.ts";
import { schemaIn } from "../database-schema.ts";
import { openDatabase } from "../libsql.ts";
import { contentsOf, differenceOf, requireIntegrity } from "./database-contents.ts";
import { restoreFetch, type FetchProgress } from "./restore-fetch.ts";
import { requireNone, takePlace } from "./restore-place.ts";
import type { DumpSource } from "./restore-source.ts";

/** What a restore is told, and whom it tells how it goes. */
export type Restore = {
  readonly source: DumpSource;
  /** Gives `AGE-SECRET-KEY-1…`, one of which has to open it; asked when there is a place for it. */
  readonly identities: () => Promise<readonly string[]>;
  /** The folder that gets `wtmm.db`. */
  readonly dataDir: string;
  readonly progress: FetchProgress;
  /** Hears a sentence at each step. */
  readonly say: (sentence: string) => void;
  /** How long it waits before it takes a broken connection up, for tests. */
  readonly pauseMs?: number;
};

/** Where it is now, and the schema that it had and has. */
export type Restored = { readonly database: string; readonly from: number; readonly to: number };

/**
 * Puts a dump in place as DIR/wtmm.db. It gets that name when all of it was compared with the manifest, is whole, has this
 * release's schema and is on disk; whatever happens before that leaves nothing that looks like a database.
 *
 * @throws AppError with one sentence; BucketError
 */
export async function restore({ source, identities, dataDir, progress, say, pauseMs }: Restore): Promise<Restored> {
  const { manifest } = source;
  const place = await takePlace(dataDir, manifest.database.bytes);
  try {
    await restoreFetch(source, await identities(), place.restoring, progress, pauseMs);
    say("Every byte is as it was when the dump was made. Looking through the database …");
    requireContents(place.restoring, source);
    const { from, to } = await makeReady(place.restoring);
    syncToDisk(place.restoring);
    // Nobody of ours can have put one there meanwhile, but somebody may have.
    requireNone(place.database, dirname(place.database));
    renameSync(place.restoring, place.database);
    syncToDisk(dirname(place.database));
    return { database: place.database, from, to };
  } finally {
    place.release();
  }
}

/** Not only the bytes: what a release wrote wrongly into a dump was wrong before it was sealed. */
function requireContents(path: string, { name, manifest }: DumpSource): void {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    requireSchema(database);
    requireIntegrity(database);
    const difference = differenceOf(manifest.contents, contentsOf(database));
    if (difference !== null) throw new Error(`it holds ${difference}`);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const says = `${name} is not what its manifest says: ${why}. Take another dump: wtmm dumps lists them.`;
    throw new AppError("invalid", says, { cause: error });
  } finally {
    database.close();
  }
}

function requireSchema(database: DatabaseSync): void {
  const { refusal } = schemaIn(database, SCHEMA_VERSION);
  if (refusal !== null) throw new AppError("invalid", refusal);
}

/** Everything that a copy needs before anybody sees what is in it: this release's schema. */
async function makeReady(path: string): Promise<{ readonly from: number; readonly to: number }> {
  const db = await openDatabase(fileUrlOf(path));
  try {
    return await migrate(db);
  } finally {
    // Writes its log back, which is empty afterwards and belongs to a name that the file will not have.
    await db.close();
  }
}

function syncToDisk(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

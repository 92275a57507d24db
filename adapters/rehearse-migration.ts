import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";

import { migrate, migrations, type Migration } from "../schema/migrate.ts";
import { databaseFileOf, openToRead, removeInParts } from "./database-file.ts";
import { schemaIn } from "./database-schema.ts";
import { diskSpaceOf } from "./disk.ts";
import { openDatabase } from "./libsql.ts";

/** What a migration of the database would be like. `ms` is how long requests would wait for it. */
export type Rehearsal = { readonly from: number; readonly to: number; readonly ms: number };

// Requests wait behind the socket while a new release migrates; a proxy and a person bear this much.
const LIMIT_MS = 1_000;

/**
 * Migrates a copy of the database, and throws the copy away. The database itself is only read, also while the service runs.
 *
 * @param databaseUrl `file:PATH`; another server keeps its own copies
 * @param folder where the copy may lie; made when missing
 * @param steps other migrations, for tests; `limitMs` likewise
 * @returns null when there is nothing to migrate: no database yet, or one that this release uses as it is
 * @throws Error with one sentence when the release can't use the database, or the migration fails, takes too long, or there
 * is no room for the copy
 */
export async function rehearseMigration(
  databaseUrl: string,
  folder: string,
  steps: readonly Migration[] = migrations,
  limitMs = LIMIT_MS,
): Promise<Rehearsal | null> {
  const file = fileOf(databaseUrl);
  const version = versionOf(file, steps.length);
  if (version === null || version >= steps.length) return null;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, "rehearsal.db");
  try {
    // An earlier one may have been killed, and a copy is only made where nothing is.
    await removeInParts(copy);
    await copyInto(folder, file, copy);
    return await migrateThe(copy, steps, limitMs);
  } finally {
    await removeInParts(copy);
  }
}

async function migrateThe(copy: string, steps: readonly Migration[], limitMs: number): Promise<Rehearsal> {
  const db = await openDatabase(`file:${copy}`);
  try {
    const startedAt = performance.now();
    const { from, to } = await migrate(db, steps).catch((cause: unknown) => {
      throw new Error(`The migration failed on a copy of the database: ${reasonOf(cause)}`, { cause });
    });
    const ms = Math.round(performance.now() - startedAt);
    if (ms > limitMs) throw new Error(tooSlow(from, to, ms, limitMs));
    return { from, to, ms };
  } finally {
    await db.close();
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function tooSlow(from: number, to: number, ms: number, limitMs: number): string {
  return `The migration from schema ${from} to ${to} took ${ms} ms on a copy of the database, and requests wait no longer than ${limitMs} ms. This release must change less at once.`;
}

/**
 * The schema of a database, or null when there is none yet.
 *
 * @throws Error when it is newer and programs of schema `known` can't use it
 */
function versionOf(file: string, known: number): number | null {
  const database = openToRead(file);
  if (database === null) return null;
  try {
    const { version, refusal } = schemaIn(database, known);
    if (refusal !== null) throw new Error(refusal);
    return version;
  } finally {
    database.close();
  }
}

async function copyInto(folder: string, file: string, copy: string): Promise<void> {
  const { size } = statSync(file);
  const { freeBytes } = await diskSpaceOf(folder);
  if (freeBytes < size * 2) {
    throw new Error(
      `There is no room to rehearse the migration: a copy of the database needs ${megabytes(size * 2)}, and ${megabytes(freeBytes)} are free. Make room, then try again.`,
    );
  }
  const database = openToRead(file);
  try {
    database?.prepare("VACUUM INTO ?").run(copy);
  } finally {
    database?.close();
  }
}

function fileOf(databaseUrl: string): string {
  const file = databaseFileOf(databaseUrl);
  if (file !== null) return file;
  throw new Error("Only a database in a file can be copied for a rehearsal: a libSQL server has tools of its own.");
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`;
}

import type { DatabaseSync } from "node:sqlite";

import { OLDEST_PROGRAM_SQL, refusalOfNewer } from "../schema/migrate.ts";

/** The schema of a database that is only read, and why a program of schema `known` can't use it; null when it can. */
export function schemaIn(
  database: DatabaseSync,
  known: number,
): { readonly version: number; readonly refusal: string | null } {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  // Older databases have no such table; they are brought up to date.
  if (version <= known) return { version, refusal: null };
  const oldest = database.prepare(OLDEST_PROGRAM_SQL).get()?.["oldestProgram"] ?? null;
  return { version, refusal: refusalOfNewer(version, oldest === null ? null : Number(oldest), known) };
}

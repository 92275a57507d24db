import initial from "./0001-initial.sql" with { type: "text" };
import origin from "./0002-origin.sql" with { type: "text" };
import undoneDecisions from "./0003-undone-decisions.sql" with { type: "text" };
import merchantNames from "./0004-merchant-names.sql" with { type: "text" };
import readingRules from "./0005-reading-rules.sql" with { type: "text" };
import schemaSteps from "./0006-schema-steps.sql" with { type: "text" };
import journal from "./0007-journal.sql" with { type: "text" };

import type { Database } from "../adapters/libsql.ts";
import { schemaVersionOf } from "./version.ts";

/** One step of the schema. */
export type Migration = {
  readonly sql: string;
  /**
   * The oldest schema whose programs run on the database after this step; null for the steps from before databases said so.
   * A step only adds to the schema, so that this stays what it was; one that older programs can't bear states its own number,
   * and no release from before it can be put back then.
   */
  readonly oldestProgram: number | null;
};

/** All migrations, oldest first; the number of one is its place, counted from 1. They are only ever added to. */
export const migrations: readonly Migration[] = [
  { sql: initial, oldestProgram: null },
  { sql: origin, oldestProgram: null },
  { sql: undoneDecisions, oldestProgram: null },
  { sql: merchantNames, oldestProgram: null },
  { sql: readingRules, oldestProgram: null },
  { sql: schemaSteps, oldestProgram: 6 },
  { sql: journal, oldestProgram: 6 },
];

/** The schema this program needs. */
export const SCHEMA_VERSION = migrations.length;

/** The oldest schema whose programs run on a database that this program has migrated. */
export const OLDEST_PROGRAM = migrations.at(-1)?.oldestProgram ?? SCHEMA_VERSION;

/**
 * Brings the database to the newest schema, each migration as one batch together with its number: after a crash it is
 * applied whole or not at all. A newer database that says that this program can use it is left as it is.
 *
 * @param steps other migrations, for tests
 * @returns the number that the database had, and the one that it has
 * @throws Error when the database is from a newer release that this one can't follow
 */
export async function migrate(
  db: Database,
  steps: readonly Migration[] = migrations,
): Promise<{ readonly from: number; readonly to: number }> {
  const from = await schemaVersionOf(db);
  if (from > steps.length) await requireThatItRunsHere(db, from, steps.length);
  for (const [index, { sql, oldestProgram }] of steps.entries()) {
    if (index < from) continue;
    await db.write([
      ...statementsOf(sql).map((statement) => ({ sql: statement })),
      ...(oldestProgram === null ? [] : [saying(index + 1, oldestProgram)]),
      { sql: `PRAGMA user_version = ${index + 1}` },
    ]);
  }
  return { from, to: Math.max(from, steps.length) };
}

async function requireThatItRunsHere(db: Database, version: number, known: number): Promise<void> {
  const row = await db.one<{ oldestProgram: number }>(OLDEST_PROGRAM_SQL);
  const refusal = refusalOfNewer(version, row?.oldestProgram ?? null, known);
  if (refusal !== null) throw new Error(refusal);
}

/** Asks a database newer than the program which programs can use it (`oldestProgram`; no row: it does not say). */
export const OLDEST_PROGRAM_SQL =
  "SELECT oldest_program AS oldestProgram FROM schema_steps ORDER BY version DESC LIMIT 1";

/** Why a program of schema `known` can't use a database of a newer `version`; null when it can. */
export function refusalOfNewer(version: number, oldestProgram: number | null, known: number): string | null {
  if (oldestProgram !== null && oldestProgram <= known) return null;
  return `The database has schema ${version}, which programs of schema ${oldestProgram ?? version} and later can use; this release is of schema ${known}. Start a newer release.`;
}

function saying(version: number, oldestProgram: number) {
  return { sql: "INSERT INTO schema_steps (version, oldest_program) VALUES (?, ?)", args: [version, oldestProgram] };
}

/** Statements of a migration file: each ends with a semicolon at the end of a line, so a trigger stands on one. Comments stand on lines of their own. */
export function statementsOf(sql: string): string[] {
  return sql
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("--"))
    .join("\n")
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

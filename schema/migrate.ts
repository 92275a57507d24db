import initial from "./0001-initial.sql" with { type: "text" };
import origin from "./0002-origin.sql" with { type: "text" };
import undoneDecisions from "./0003-undone-decisions.sql" with { type: "text" };
import merchantNames from "./0004-merchant-names.sql" with { type: "text" };
import readingRules from "./0005-reading-rules.sql" with { type: "text" };

import type { Database } from "../adapters/libsql.ts";

/** All migrations, oldest first; the number of one is its place, counted from 1. They are only ever added to. */
const migrations: readonly string[] = [initial, origin, undoneDecisions, merchantNames, readingRules];

/** The schema this program needs. */
export const SCHEMA_VERSION = migrations.length;

/**
 * Brings the database to the newest schema, each migration as one batch together with its number: after a crash it is
 * applied whole or not at all.
 *
 * @param steps other migrations, for tests
 * @throws Error when the database is from a newer release
 */
export async function migrate(db: Database, steps: readonly string[] = migrations): Promise<void> {
  const row = await db.one<{ user_version: number }>("PRAGMA user_version");
  const version = row?.user_version ?? 0;
  if (version > steps.length) {
    throw new Error(
      `The database has schema ${version}, but this release knows only up to ${steps.length}. Start a newer release.`,
    );
  }
  for (const [index, sql] of steps.entries()) {
    if (index < version) continue;
    await db.write([
      ...statementsOf(sql).map((statement) => ({ sql: statement })),
      { sql: `PRAGMA user_version = ${index + 1}` },
    ]);
  }
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

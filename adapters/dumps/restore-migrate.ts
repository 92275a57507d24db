import { DatabaseSync } from "node:sqlite";

import { migrate, migrations, type Migration } from "../../schema/migrate.ts";
import { inOneTransaction } from "../journal/open-quietly.ts";
import type { Database, Statement } from "../libsql.ts";

/**
 * Brings a copy that nobody uses yet to a schema. With Node's own SQLite, as everything that happens to it: two SQLites in one
 * process don't see each other's locks, and libSQL's keeps a file open after it was closed
 * (https://github.com/tursodatabase/libsql-js/issues/230).
 *
 * @param steps up to that schema
 */
export async function migrateCopy(
  path: string,
  steps: readonly Migration[] = migrations,
): Promise<{ readonly from: number; readonly to: number }> {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA synchronous = OFF; PRAGMA temp_store = FILE");
    return await migrate(portOf(database), steps);
  } finally {
    database.close();
  }
}

function portOf(database: DatabaseSync): Database {
  // The casts are those of adapters/libsql.ts: between the driver's rows and the types that stand beside the queries.
  return {
    write: async (statements) => inOneTransaction(database, () => statements.map((one) => runOf(database, one))),
    all: async <T>(sql: string, args: Statement["args"] = []) => database.prepare(sql).all(...args) as T[],
    one: async <T>(sql: string, args: Statement["args"] = []) =>
      (database.prepare(sql).get(...args) ?? null) as T | null,
    close: async () => database.close(),
  };
}

function runOf(database: DatabaseSync, { sql, args = [] }: Statement) {
  return { changed: Number(database.prepare(sql).run(...args).changes), rows: [] };
}

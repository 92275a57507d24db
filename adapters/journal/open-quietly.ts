import { DatabaseSync } from "node:sqlite";

/** A database whose triggers sleep. */
export type QuietDatabase = {
  readonly database: DatabaseSync;
  /** Puts the triggers back. */
  wake(): void;
};

/**
 * Opens a database that nobody uses yet, without its triggers: what is put into it was counted and noted when it happened.
 * Nothing is synced to disk, and a crash leaves it without triggers: whoever opens it so throws it away when they don't get
 * to the end.
 */
export function openQuietly(path: string): QuietDatabase {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = DELETE; PRAGMA temp_store = FILE");
  // Whoever was erased is not in what the file no longer uses either.
  database.exec("PRAGMA secure_delete = ON");
  const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${String(name)}"`);
  return {
    database,
    wake() {
      for (const { sql } of triggers.splice(0)) database.exec(String(sql));
    },
  };
}

/** Does something whole or not at all; what belongs together need only be there at its end. */
export function inOneTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN; PRAGMA defer_foreign_keys = ON");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

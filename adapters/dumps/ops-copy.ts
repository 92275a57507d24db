import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { removeDatabase } from "../database-file.ts";
import { syncToDisk } from "../sync-to-disk.ts";
import { OPS_TABLES, type OpsTable } from "./ops-columns.ts";

// The group is ops', whose folder gives it to what is made there.
const GROUP_READS = 0o640;

/**
 * Makes a copy of a restored database for people who look at numbers: with the same tables, views and indexes, but only with
 * the columns that `OPS_TABLES` keeps. What stays out is never written to it, so that nothing of it is left in free pages.
 * It is on disk when this returns.
 *
 * @param restored nobody writes it meanwhile
 * @param copy what lies there is replaced; other programs may not read it until all of it is there
 * @throws Error of SQLite or the system
 */
export function makeOpsCopy(restored: string, copy: string): void {
  removeDatabase(copy);
  closeSync(openSync(copy, "wx", 0o600));
  const database = new DatabaseSync(copy, { enableForeignKeyConstraints: false });
  try {
    // Nothing is lost when it breaks off: it is begun anew. What is there is copied, whether or not it would be taken today.
    database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE");
    database.exec("PRAGMA ignore_check_constraints = ON");
    database.prepare("ATTACH ? AS restored").run(restored);
    // What its log holds is written back at the end.
    database.exec("PRAGMA restored.synchronous = OFF");
    database.exec("BEGIN");
    for (const sql of schemaOf(database, "table")) database.exec(sql);
    for (const [table, columns] of Object.entries(OPS_TABLES)) if (columns !== null) fill(database, table, columns);
    for (const sql of [...schemaOf(database, "index"), ...schemaOf(database, "view")]) database.exec(sql);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
  chmodSync(copy, GROUP_READS);
  syncToDisk(copy);
}

/** How its tables are made, without those that stay out and without triggers. */
function schemaOf(database: DatabaseSync, type: "table" | "index" | "view"): string[] {
  const kept = Object.keys(OPS_TABLES).filter((table) => OPS_TABLES[table] !== null);
  return database
    .prepare("SELECT tbl_name, sql FROM restored.sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY rowid")
    .all(type)
    .filter((row) => type === "view" || kept.includes(String(row["tbl_name"])))
    .map((row) => String(row["sql"]));
}

/** Columns that nobody decided about stay what the schema makes of them. */
function fill(database: DatabaseSync, table: string, { kept, instead }: NonNullable<OpsTable>): void {
  const there = "SELECT 1 FROM restored.sqlite_schema WHERE type = 'table' AND name = ?";
  if (database.prepare(there).get(table) === undefined) return;
  const columns = [...kept, ...Object.keys(instead)].map((column) => `"${column}"`);
  const values = [...kept.map((column) => `"${column}"`), ...Object.values(instead)];
  database.exec(
    `INSERT INTO main."${table}" (${columns.join(", ")}) SELECT ${values.join(", ")} FROM restored."${table}"`,
  );
}

import { DatabaseSync } from "node:sqlite";

import { openDatabase } from "../adapters/libsql.ts";
import { migrate } from "../schema/migrate.ts";

/** A column of the schema. */
export type Column = { readonly table: string; readonly name: string; readonly type: string };

/** A database of this schema in which every table has one row and every column says its own name: 1 where it is a number. */
export async function everyColumn(file: string): Promise<Column[]> {
  const db = await openDatabase(`file:${file}`);
  await migrate(db);
  await db.close();
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec("PRAGMA journal_mode = DELETE; PRAGMA ignore_check_constraints = ON");
  for (const { name } of objectsOf(database, "trigger")) database.exec(`DROP TRIGGER "${name}"`);
  const columns = objectsOf(database, "table").flatMap(({ name: table }) =>
    database
      .prepare(`PRAGMA table_info("${table}")`)
      .all()
      .map((row) => ({ table, name: String(row["name"]), type: String(row["type"]) })),
  );
  for (const [table, own] of Object.entries(Object.groupBy(columns, (column) => column.table))) {
    const all = own ?? [];
    database.exec(`DELETE FROM "${table}"`);
    database
      .prepare(
        `INSERT INTO "${table}" (${all.map(({ name }) => `"${name}"`).join()}) VALUES (${all.map(() => "?").join()})`,
      )
      .run(...all.map(valueOf));
  }
  database.close();
  return columns;
}

/** What stands in a column of text or bytes; a longer name of another column does not hold it. */
export function markOf({ table, name }: Column): string {
  return `<${table}.${name}>`;
}

function valueOf(column: Column): string | number | Uint8Array {
  if (column.type === "INTEGER") return 1;
  return column.type === "BLOB" ? new TextEncoder().encode(markOf(column)) : markOf(column);
}

function objectsOf(database: DatabaseSync, type: "table" | "trigger"): { name: string }[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all(type)
    .map((row) => ({ name: String(row["name"]) }));
}

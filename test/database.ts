import { existsSync, readFileSync } from "node:fs";

import { createClient } from "@libsql/client";

import type { FakeApp } from "./fake-app.ts";

/**
 * Every row of every table, to compare a database with itself before and after; bytes are shown as hex. The journal is left
 * out: a row that was written as it was stands in it, too.
 */
export async function allRows(app: FakeApp): Promise<Record<string, readonly unknown[][]>> {
  const client = createClient({ url: `file:${app.file}`, concurrency: 1 });
  try {
    await client.execute("PRAGMA query_only = 1");
    const tables = await client.execute(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('journal', 'sqlite_sequence') ORDER BY name",
    );
    const found: Record<string, unknown[][]> = {};
    for (const table of tables.rows.map((row) => String(row["name"]))) {
      const { rows, columns } = await client.execute(`SELECT * FROM "${table}" ORDER BY 1, 2`);
      found[table] = rows.map((row) => columns.map((column) => plain(row[column])));
    }
    return found;
  } finally {
    client.close();
  }
}

/** The rows of one table. */
export async function rowsOf(app: FakeApp, table: string): Promise<readonly unknown[][]> {
  const rows = (await allRows(app))[table];
  if (rows === undefined) throw new Error(`There is no table ${table}.`);
  return rows;
}

/** All bytes of the database as they lie on disk, the log included. */
export function bytesOnDisk(app: FakeApp): Buffer {
  const files = [app.file, `${app.file}-wal`].filter((file) => existsSync(file));
  return Buffer.concat(files.map((file) => readFileSync(file)));
}

function plain(value: unknown): unknown {
  return value instanceof ArrayBuffer ? Buffer.from(value).toString("hex") : value;
}

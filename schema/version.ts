import type { Queries } from "../adapters/libsql.ts";

/** The number of the newest migration that was applied to a database; 0 of an empty one. */
export async function schemaVersionOf(db: Queries): Promise<number> {
  const row = await db.one<{ user_version: number }>("PRAGMA user_version");
  return row?.user_version ?? 0;
}

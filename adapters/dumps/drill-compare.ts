import { DatabaseSync } from "node:sqlite";

import { COMPARED, type ComparedTable } from "./drill-tables.ts";

// What is written with a moment is on disk some seconds after it at the latest, or is refused.
const IN_FLIGHT_MS = 60_000;

/**
 * Looks whether all that the live database held when a dump was begun is in its copy, row by row: a row that is missing, or
 * holds another value in a column that does not change, is a difference. It only reads, and holds nobody up.
 *
 * @param begunAt of the dump
 * @returns how many rows were compared
 * @throws Error naming the table, as the end of a sentence
 */
export function compareWithLive(live: string, copy: string, begunAt: Temporal.Instant): number {
  const database = new DatabaseSync(copy, { readOnly: true });
  try {
    database.prepare("ATTACH ? AS live").run(live);
    const before = begunAt.epochMilliseconds - IN_FLIGHT_MS;
    let rows = 0;
    for (const [table, compared] of Object.entries(COMPARED)) {
      if (!isIn(database, "live", table)) continue;
      rows += comparedRows(database, table, compared, before);
    }
    return rows;
  } finally {
    database.close();
  }
}

function comparedRows(database: DatabaseSync, table: string, { same, since }: ComparedTable, before: number): number {
  const isSame = same.map((column) => `c."${column}" IS l."${column}"`).join(" AND ");
  const sql = `SELECT count(*) AS count, coalesce(sum(NOT EXISTS (SELECT 1 FROM main."${table}" c WHERE ${isSame})), 0) AS lost
    FROM live."${table}" l WHERE ${since} <= ?`;
  const row = database.prepare(sql).get(before);
  const lost = Number(row?.["lost"]);
  if (lost > 0) throw new Error(`${lost} rows of ${table} that were there when it was made`);
  return Number(row?.["count"]);
}

/** The live database may have an older schema, until its service is restarted. */
function isIn(database: DatabaseSync, schema: "live", table: string): boolean {
  const sql = `SELECT 1 FROM ${schema}.sqlite_schema WHERE type = 'table' AND name = ?`;
  return database.prepare(sql).get(table) !== undefined;
}

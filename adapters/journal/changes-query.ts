import type { JournalledTable } from "./journalled-tables.ts";
import { quoted } from "../quoted.ts";

/** A row that changed, as `changesQuery` gives it. */
export type ChangedRow = {
  /** Of its last change within the piece. */
  readonly number: number;
  readonly table: string;
  /** JSON: the values of its primary key. */
  readonly key: string;
  /** JSON: its columns by name, without the one that holds bytes; null when it is gone. */
  readonly columns: string | null;
  readonly bytes: ArrayBuffer | null;
  /** Number of the piece's first change. */
  readonly first: number;
  /** Of the newest change that there is. */
  readonly newest: number;
};

/** The query for the tables that the next rows of the journal after number `?1` name, `?2` rows at most, and the last row of each. */
export const NEXT_TABLES = `SELECT table_name AS "table", max(number) AS last
  FROM (SELECT number, table_name FROM journal WHERE number > ?1 ORDER BY number LIMIT ?2) AS piece GROUP BY table_name`;

/**
 * The query for the piece of the journal after number `?1` and up to `?2`, and no more bytes in its rows than `?3`, but for a
 * single one. It is one statement, so that all rows are of one moment. They come in no order.
 *
 * @param tables those that the piece names: what preparing the query takes grows with them, and is more than running it
 */
export function changesQuery(tables: readonly JournalledTable[]): string {
  return `WITH waiting AS MATERIALIZED (
      SELECT number, table_name, key FROM journal WHERE number > ?1 AND number <= ?2 ORDER BY number),
    measured AS (
      SELECT *, sum(${bytesOf(tables)}) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM waiting),
    piece AS MATERIALIZED (
      SELECT max(number) AS number, table_name, key, (SELECT min(number) FROM waiting) AS first,
        (SELECT max(number) FROM journal) AS newest
      FROM measured WHERE coalesce(before, 0) < ?3 GROUP BY table_name, key)
    ${[...tables.map(rowsOf), othersThan(tables)].join(" UNION ALL ")}`;
}

/** How many bytes hang on a row of the journal. SQLite knows without reading them. */
function bytesOf(tables: readonly JournalledTable[]): string {
  const cases = tables.map(({ name, key, columns }) => {
    const sizes = columns.map((column) => `coalesce(octet_length(t.${quoted(column)}), 0)`);
    return `WHEN '${name}' THEN (SELECT ${sizes.join(" + ")} FROM ${quoted(name)} t WHERE ${isRow(key, "waiting")})`;
  });
  // Where no table is left, CASE needs a case all the same.
  return `CASE table_name WHEN '' THEN 0 ${cases.join(" ")} ELSE 0 END`;
}

function rowsOf({ name, key, columns, bytes }: JournalledTable): string {
  const [first = ""] = key;
  const pairs = columns.filter((column) => column !== bytes).map((column) => `'${column}', t.${quoted(column)}`);
  return `SELECT piece.number, piece.table_name AS "table", piece.key,
      iif(t.${quoted(first)} IS NULL, NULL, json_object(${pairs.join(", ")})) AS columns,
      ${bytes === null ? "NULL" : `t.${quoted(bytes)}`} AS bytes, piece.first, piece.newest
    FROM piece LEFT JOIN ${quoted(name)} t ON ${isRow(key, "piece")} WHERE piece.table_name = '${name}'`;
}

/** Of tables that are not journalled any more; as gone, so that what comes behind them is not held up. */
function othersThan(tables: readonly JournalledTable[]): string {
  const names = tables.map(({ name }) => `'${name}'`).join(", ");
  return `SELECT number, table_name, key, NULL, NULL, first, newest FROM piece WHERE table_name NOT IN (${names})`;
}

function isRow(key: readonly string[], source: string): string {
  return key.map((column, place) => `t.${quoted(column)} = ${source}.key ->> ${place}`).join(" AND ");
}

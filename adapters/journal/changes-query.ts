import type { JournalledTable } from "./journalled-tables.ts";
import { quoted } from "../quoted.ts";

/** A row that changed, as `changesQuery` gives it. */
export type ChangedRow = {
  /** Of its last change within the part. */
  readonly number: number;
  readonly table: string;
  /** JSON: the values of its primary key. */
  readonly key: string;
  /** JSON: its columns by name, without the one that holds bytes; null when it is gone. */
  readonly columns: string | null;
  readonly bytes: ArrayBuffer | null;
  /** Number of the part's first change. */
  readonly first: number;
  /** Of the newest change that there is. */
  readonly newest: number;
};

/**
 * The query for the oldest rows of the journal: `?1` at most, and no more bytes in the rows that they name than `?2`, but for
 * a single one. It is one statement, so that all rows are of one moment. They come in no order.
 */
export function changesQuery(tables: readonly JournalledTable[]): string {
  return `WITH waiting AS MATERIALIZED (SELECT number, table_name, key FROM journal ORDER BY number LIMIT ?1),
    measured AS (
      SELECT *, sum(${bytesOf(tables)}) OVER (ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM waiting),
    part AS MATERIALIZED (
      SELECT max(number) AS number, table_name, key, (SELECT min(number) FROM waiting) AS first,
        (SELECT max(number) FROM journal) AS newest
      FROM measured WHERE coalesce(before, 0) < ?2 GROUP BY table_name, key)
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
  return `SELECT part.number, part.table_name AS "table", part.key,
      iif(t.${quoted(first)} IS NULL, NULL, json_object(${pairs.join(", ")})) AS columns,
      ${bytes === null ? "NULL" : `t.${quoted(bytes)}`} AS bytes, part.first, part.newest
    FROM part LEFT JOIN ${quoted(name)} t ON ${isRow(key, "part")} WHERE part.table_name = '${name}'`;
}

/** Of tables that are not journalled any more; as gone, so that what comes behind them is not held up. */
function othersThan(tables: readonly JournalledTable[]): string {
  const names = tables.map(({ name }) => `'${name}'`).join(", ");
  return `SELECT number, table_name, key, NULL, NULL, first, newest FROM part WHERE table_name NOT IN (${names})`;
}

function isRow(key: readonly string[], source: string): string {
  return key.map((column, place) => `t.${quoted(column)} = ${source}.key ->> ${place}`).join(" AND ");
}

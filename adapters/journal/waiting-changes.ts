import { schemaVersionOf } from "../../schema/version.ts";
import type { Queries, Value } from "../libsql.ts";
import { changesQuery, type ChangedRow } from "./changes-query.ts";
import { journalledTables } from "./journalled-tables.ts";
import type { Change } from "./segment.ts";

/** What changed and is not uploaded yet, or as much of it as goes at once: rows as they are now. */
export type WaitingChanges = {
  readonly schema: number;
  /** Numbers of the first and the last change. */
  readonly from: number;
  readonly to: number;
  /** Each row once, in the order of its last change. */
  readonly changes: readonly Change[];
  /** Whether nothing else waited then. */
  readonly isAll: boolean;
};

/** How much goes at once, all of which is held in memory. */
export type JournalLimits = {
  readonly changes: number;
  /** In the rows, but for a single larger one. */
  readonly bytes: number;
};

// A libSQL server answers with 10 MB at most, where bytes take a third more.
const LIMITS: JournalLimits = { changes: 10_000, bytes: 4 * 1024 * 1024 };

/**
 * What waits, from the oldest change on, as it was at one moment; null when nothing does. Only where there is more than goes at
 * once are some rows younger than others that come with the next part.
 */
export async function waitingChanges(db: Queries, limits = LIMITS): Promise<WaitingChanges | null> {
  const schema = await schemaVersionOf(db);
  const tables = await journalledTables(db);
  const rows = await db.all<ChangedRow>(changesQuery(tables), [limits.changes, limits.bytes]);
  rows.sort((one, other) => one.number - other.number);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return null;
  const bytesColumns = new Map(tables.map(({ name, bytes }) => [name, bytes]));
  return {
    ...{ schema, from: first.first, to: last.number, isAll: last.number === last.newest },
    changes: rows.flatMap((row) => {
      const bytesColumn = bytesColumns.get(row.table);
      return bytesColumn === undefined ? [] : [changeFrom(row, bytesColumn)];
    }),
  };
}

function changeFrom({ table, key, columns, bytes }: ChangedRow, bytesColumn: string | null): Change {
  // Both were made by our own query.
  const values: (string | number)[] = JSON.parse(key);
  if (columns === null) return { table, key: values, row: null };
  const row: Record<string, Value> = JSON.parse(columns);
  if (bytesColumn !== null) row[bytesColumn] = bytes === null ? null : new Uint8Array(bytes);
  return { table, key: values, row };
}

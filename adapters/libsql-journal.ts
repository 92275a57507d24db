import { setImmediate as nextTurn } from "node:timers/promises";

import { schemaVersionOf } from "../schema/migrate.ts";
import { changesQuery, NEXT_TABLES, type ChangedRow } from "./journal/changes-query.ts";
import { journalledTables, type JournalledTable } from "./journal/journalled-tables.ts";
import { newTimelineId } from "./journal/segment-keys.ts";
import type { Change, Timeline } from "./journal/segment.ts";
import type { Database, Value } from "./libsql.ts";

/** What changed and is not uploaded yet, or as much of it as goes at once: rows as they were when the last was read. */
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

/** How much is read at once, and goes at once. */
export type JournalLimits = {
  /** Changes in one query, during which no request is answered. */
  readonly changesAtOnce: number;
  /** Bytes of mails in one query, but for a single larger one. */
  readonly bytesAtOnce: number;
  /** Together, all of which is held in memory. */
  readonly changes: number;
  readonly bytes: number;
};

const LIMITS: JournalLimits = {
  changesAtOnce: 200,
  bytesAtOnce: 4 * 1024 * 1024,
  changes: 10_000,
  bytes: 16 * 1024 * 1024,
};

/** What waits to be uploaded of the changes that the triggers of the schema noted. */
export function journalStore(db: Database) {
  let lastKnown: Known | null = null;

  /** Asked again when somebody else migrated the database. */
  async function knownOf(schema: number): Promise<Known> {
    if (lastKnown?.schema === schema) return lastKnown;
    const tables = await journalledTables(db);
    lastKnown = { schema, tables: new Map(tables.map((table) => [table.name, table])) };
    return lastKnown;
  }

  /** The next rows of the journal after a number, each with the row that it names; none where nothing waits. */
  async function pieceAfter(number: number, { tables }: Known, limits: JournalLimits): Promise<ChangedRow[]> {
    const next = await db.all<{ table: string; last: number }>(NEXT_TABLES, [number, limits.changesAtOnce]);
    if (next.length === 0) return [];
    // What is written from now on may name others.
    const last = Math.max(...next.map((named) => named.last));
    const sql = changesQuery(next.flatMap(({ table }) => tables.get(table) ?? []));
    const rows = await db.all<ChangedRow>(sql, [number, last, limits.bytesAtOnce]);
    return rows.sort((one, other) => one.number - other.number);
  }

  return {
    /** The life of this database between restores; begun now where there was none. */
    async timeline(now: Temporal.Instant, random: (bytes: number) => Uint8Array): Promise<Timeline> {
      const found = await db.one<TimelineRow>(TIMELINE);
      if (found !== null) return timelineFrom(found);
      const sql = "INSERT INTO journal_state (one, timeline) VALUES (1, ?) ON CONFLICT DO NOTHING";
      await db.write([{ sql, args: [newTimelineId(now, random)] }]);
      // Somebody else's, when two asked at once.
      const begun = await db.one<TimelineRow>(TIMELINE);
      if (begun === null) throw new Error("The database has no timeline after one was written");
      return timelineFrom(begun);
    },

    /**
     * What waits, from the oldest change on; null when nothing does. It is read in pieces, with room for requests between
     * them: a row that changes meanwhile is read again, so that in the end all are of the moment of the last piece. Only
     * where there is more than goes at once are some rows younger than others that come with the next part.
     *
     * @param rest awaited between the pieces
     */
    async waitingChanges(rest: () => Promise<unknown> = nextTurn, limits = LIMITS): Promise<WaitingChanges | null> {
      const known = await knownOf(await schemaVersionOf(db));
      const changes = new Map<string, Change>();
      let [from, to, newest, bytes] = [0, 0, 0, 0];
      do {
        if (to > 0) await rest();
        const rows = await pieceAfter(to, known, limits);
        for (const row of rows) {
          const place = `${row.table} ${row.key}`;
          // Taken out first: its place is that of its last change.
          changes.delete(place);
          const table = known.tables.get(row.table);
          if (table === undefined) continue;
          changes.set(place, changeFrom(row, table.bytes));
          bytes += row.key.length + (row.columns?.length ?? 0) + (row.bytes?.byteLength ?? 0);
        }
        const [first, last] = [rows[0], rows.at(-1)];
        if (first === undefined || last === undefined) break;
        if (to === 0) from = first.first;
        ({ number: to, newest } = last);
      } while (to < newest && 1 + to - from < limits.changes && bytes < limits.bytes);
      return to === 0 ? null : { schema: known.schema, from, to, changes: [...changes.values()], isAll: to === newest };
    },

    /** Forgets the changes up to a number: they are uploaded. */
    async forgetChanges(to: number): Promise<void> {
      await db.write([{ sql: "DELETE FROM journal WHERE number <= ?", args: [to] }]);
    },

    /** Forgets all changes, where they are uploaded nowhere. */
    async forgetAllChanges(): Promise<void> {
      await db.write([{ sql: "DELETE FROM journal" }]);
    },
  };
}

type Known = {
  readonly schema: number;
  /** By name. */
  readonly tables: ReadonlyMap<string, JournalledTable>;
};

type TimelineRow = { readonly timeline: string; readonly parent: string | null; readonly position: number | null };

const TIMELINE = "SELECT timeline, parent, parent_position AS position FROM journal_state WHERE one = 1";

function timelineFrom({ timeline, parent, position }: TimelineRow): Timeline {
  return { id: timeline, parent: parent === null || position === null ? null : { id: parent, position } };
}

function changeFrom({ table, key, columns, bytes }: ChangedRow, bytesColumn: string | null): Change {
  // Both were made by our own query.
  const values: (string | number)[] = JSON.parse(key);
  if (columns === null) return { table, key: values, row: null };
  const row: Record<string, Value> = JSON.parse(columns);
  if (bytesColumn !== null) row[bytesColumn] = bytes === null ? null : new Uint8Array(bytes);
  return { table, key: values, row };
}

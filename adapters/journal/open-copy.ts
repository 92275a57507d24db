import { DatabaseSync, type StatementSync } from "node:sqlite";

import { AppError } from "../../errors.ts";
import { eraseAccounts } from "../dumps/erase-accounts.ts";
import { inOneTransaction, openQuietly } from "./open-quietly.ts";
import type { Change } from "./segment.ts";
import type { Place } from "./timelines.ts";
import { quoted } from "../quoted.ts";

/** A database that nobody uses yet, for the journal to be replayed in. */
export type Copy = {
  readonly schema: number;
  /**
   * Brings rows to what they became, all of them or none. What is so already stays.
   *
   * @returns how many mails were not there before; null when the rows can't stand without others that are not among them
   * @throws AppError when the database has no such table or column
   */
  apply(changes: readonly Change[]): number | null;
  close(): void;
};

/** What a copy holds of the journal; null when there was none yet, or its schema knows none. */
export function placeIn(path: string): Place | null {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const known = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'journal_state'").get();
    const state = known === undefined ? undefined : database.prepare("SELECT timeline FROM journal_state").get();
    if (state === undefined) return null;
    const sequence = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'journal'").get();
    return { timeline: String(state["timeline"]), position: Number(sequence?.["seq"] ?? 0) };
  } finally {
    database.close();
  }
}

/** Opens a copy for replaying; it sleeps meanwhile. */
export function openCopy(path: string): Copy {
  const { database, wake } = openQuietly(path);
  const rows = rowsOf(database);
  return {
    schema: Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0),
    apply(changes) {
      // A part has a row once; parts that can only stand together may both have it.
      const newest = [...new Map(changes.map((change) => [keyOf(change), change])).values()];
      try {
        return inOneTransaction(database, () => {
          eraseAccounts(database, erasedIn(newest));
          // All go before one is put back: two rows may have exchanged what only one can have.
          const unknown = newest.filter((change) => !rows.remove(change));
          for (const change of newest) rows.put(change);
          return unknown.filter(({ table, row }) => table === "mails" && row !== null).length;
        });
      } catch (error) {
        if (isConstraint(error)) return null;
        throw error;
      }
    },
    close() {
      if (!database.isOpen) return;
      wake();
      database.close();
    },
  };
}

function keyOf({ table, key }: Change): string {
  return JSON.stringify([table, key]);
}

/** A restore erases whom an older dump brought back, and notes no more than who it was. */
function erasedIn(changes: readonly Change[]): string[] {
  return changes
    .filter(({ table, row }) => table === "erased_accounts" && row !== null)
    .map(({ key }) => String(key[0]));
}

type Table = { readonly columns: ReadonlySet<string>; readonly key: readonly string[] };

/** Takes single rows away and puts them back, by the names that the database knows. */
function rowsOf(database: DatabaseSync) {
  const tables = new Map<string, Table>();
  const statements = new Map<string, StatementSync>();
  const tableOf = (name: string) => tables.getOrInsertComputed(name, () => readTable(database, name));
  const prepared = (sql: string) => statements.getOrInsertComputed(sql, () => database.prepare(sql));
  return {
    /** @returns whether it was there */
    remove({ table, key }: Change): boolean {
      const columns = tableOf(table).key;
      if (columns.length !== key.length) throw newerNeeded(`another key of ${table}`);
      const where = columns.map((column) => `${quoted(column)} = ?`).join(" AND ");
      return Number(prepared(`DELETE FROM ${quoted(table)} WHERE ${where}`).run(...key).changes) > 0;
    },
    put({ table, row }: Change): void {
      if (row === null) return;
      const names = Object.keys(row);
      const unknown = names.find((name) => !tableOf(table).columns.has(name));
      if (unknown !== undefined) throw newerNeeded(`a column ${unknown} of ${table}`);
      const values = names.map(() => "?").join(", ");
      prepared(`INSERT INTO ${quoted(table)} (${names.map(quoted).join(", ")}) VALUES (${values})`).run(
        ...Object.values(row),
      );
    },
  };
}

function readTable(database: DatabaseSync, name: string): Table {
  const columns = database
    .prepare("SELECT name, pk FROM pragma_table_info(?)")
    .all(name)
    .map((column) => ({ name: String(column["name"]), place: Number(column["pk"]) }));
  if (columns.length === 0) throw newerNeeded(`a table ${name}`);
  const key = columns.filter(({ place }) => place > 0).toSorted((one, other) => one.place - other.place);
  return { columns: new Set(columns.map((column) => column.name)), key: key.map((column) => column.name) };
}

function newerNeeded(what: string): AppError {
  return new AppError(
    "invalid",
    `The journal tells of ${what}, which this release does not know. Use a newer release.`,
  );
}

/** The lowest byte of SQLite's code says what kind of error it is: https://sqlite.org/rescode.html#extrc */
function isConstraint(error: unknown): boolean {
  const CONSTRAINT = 19;
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === CONSTRAINT;
}

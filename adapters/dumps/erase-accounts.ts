import type { DatabaseSync } from "node:sqlite";

import { quoted } from "../quoted.ts";

type Column = { readonly name: string; readonly type: string; readonly isNullable: boolean };
type ForeignKey = { readonly parent: string; readonly columns: readonly { from: string; to: string }[] };
type Table = { readonly name: string; readonly columns: readonly Column[]; readonly keys: readonly ForeignKey[] };

/** The list of whom to erase, which has to outlive them, and changes that wait for their upload, whose numbers have no gap. */
const KEPT = ["erased_accounts", "journal"];

/**
 * Erases accounts with everything that is theirs, as the schema says: rows that name them, what hangs on those, and what
 * belongs to nobody but names an address of theirs. What other people have that points at it (a mail that a shared rule
 * read) stays, and points at nothing.
 *
 * @param database in a transaction with deferred foreign keys, and without triggers
 * @param ids of accounts, be they there or not
 * @returns how many were there
 */
export function eraseAccounts(database: DatabaseSync, ids: readonly string[]): number {
  if (ids.length === 0) return 0;
  const tables = tablesOf(database);
  const list = JSON.stringify(ids);
  const names = namesOf(database, list);
  const accounts = database.prepare(
    "SELECT count(*) AS count FROM accounts WHERE id IN (SELECT value FROM json_each(?))",
  );
  const count = Number(accounts.get(list)?.["count"]);
  const removed = tables
    .filter(({ name }) => !KEPT.includes(name))
    .map((table) => removeOwned(database, table, list) + removeUnowned(database, table, names));
  if (removed.some((rows) => rows > 0)) removeOrphans(database, tables);
  return count;
}

/**
 * Has changes that wait for their upload tell nothing of accounts that are erased next: each becomes one of a row that never
 * was. A row that they had got from somebody else is then, for whoever replays this from before that, still the other's.
 */
export function hideInJournal(database: DatabaseSync, ids: readonly string[]): void {
  const list = JSON.stringify(ids);
  const sql = `UPDATE journal SET table_name = 'accounts', key = '[""]'
    WHERE EXISTS (SELECT 1 FROM json_each(?) WHERE instr(journal.key, '"' || value || '"'))`;
  for (const known of [list, ...namesOf(database, list)]) database.prepare(sql).run(known);
}

/** What tells of an account where its id does not stand: addresses that were proven to be its own, and tokens. JSON lists. */
function namesOf(database: DatabaseSync, ids: string): [addresses: string, tokens: string] {
  const listed = (sql: string): string => String(database.prepare(sql).get(ids)?.["list"]);
  const theirs = "account_id IN (SELECT value FROM json_each(?))";
  return [
    listed(`SELECT json_group_array(address) AS list FROM addresses WHERE proven_at IS NOT NULL AND ${theirs}`),
    listed(`SELECT json_group_array(token) AS list FROM alert_addresses WHERE ${theirs}`),
  ];
}

function removeOwned(database: DatabaseSync, table: Table, ids: string): number {
  const owner = ownerOf(table);
  if (owner === undefined) return 0;
  const sql = `DELETE FROM ${quoted(table.name)} WHERE ${owner.name} IN (SELECT value FROM json_each(?))`;
  return Number(database.prepare(sql).run(ids).changes);
}

/**
 * Rows of nobody that name them: a mail to a retired alert address, an event about a letter. An address has to stand there
 * as a whole, since it may be the end of somebody else's; a token is nobody else's.
 */
function removeUnowned(database: DatabaseSync, table: Table, names: readonly [string, string]): number {
  const owner = ownerOf(table);
  const isUnowned = owner === undefined ? table.keys.length === 0 : owner.isNullable;
  const words = table.columns.filter(({ type }) => type === "TEXT").map(({ name }) => quoted(name));
  const bytes = table.columns.filter(({ type }) => type === "BLOB").map(({ name }) => quoted(name));
  if (!isUnowned || words.length + bytes.length === 0) return 0;
  const all = `concat_ws(' ', ${[...words, ...bytes].join(", ")})`;
  const inBytes = bytes.length === 0 ? "0" : `instr(concat_ws(' ', ${bytes.join(", ")}), '"' || value || '"')`;
  const sql = `DELETE FROM ${quoted(table.name)} WHERE ${owner === undefined ? "" : `${owner.name} IS NULL AND`} (
    EXISTS (SELECT 1 FROM json_each(?) WHERE value IN (${words.join(", ")}) OR ${inBytes})
    OR EXISTS (SELECT 1 FROM json_each(?) WHERE instr(${all}, value)))`;
  return Number(database.prepare(sql).run(...names).changes);
}

/** What points at a row that is gone: it goes, too, unless it can stand without. */
function removeOrphans(database: DatabaseSync, tables: readonly Table[]): void {
  const sweeps = tables.flatMap((table) => table.keys.map((key) => database.prepare(sweepOf(table, key))));
  while (sweeps.map((sweep) => Number(sweep.run().changes)).some((count) => count > 0));
}

function sweepOf({ name, columns }: Table, { parent, columns: pairs }: ForeignKey): string {
  const mayBeNull = pairs.some(({ from }) => columns.some((column) => column.name === from && column.isNullable));
  const points = pairs.map(({ from }) => `${quoted(from)} IS NOT NULL`).join(" AND ");
  const same = pairs.map(({ from, to }) => `p.${quoted(to)} = ${quoted(name)}.${quoted(from)}`).join(" AND ");
  const orphaned = `${points} AND NOT EXISTS (SELECT 1 FROM ${quoted(parent)} AS p WHERE ${same})`;
  const unlinked = pairs.map(({ from }) => `${quoted(from)} = NULL`).join(", ");
  return mayBeNull
    ? `UPDATE ${quoted(name)} SET ${unlinked} WHERE ${orphaned}`
    : `DELETE FROM ${quoted(name)} WHERE ${orphaned}`;
}

/** The column that says whose a row is. */
function ownerOf({ name: table, columns }: Table): Column | undefined {
  return columns.find(({ name }) => name === (table === "accounts" ? "id" : "account_id"));
}

function tablesOf(database: DatabaseSync): Table[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all()
    .map((row) => String(row["name"]))
    .map((name) => ({ name, columns: columnsOf(database, name), keys: keysOf(database, name) }));
}

function columnsOf(database: DatabaseSync, table: string): Column[] {
  return database
    .prepare('SELECT name, type, "notnull" = 0 AND pk = 0 AS nullable FROM pragma_table_info(?)')
    .all(table)
    .map(({ name, type, nullable }) => ({ name: String(name), type: String(type), isNullable: nullable === 1 }));
}

function keysOf(database: DatabaseSync, table: string): ForeignKey[] {
  const rows = database
    .prepare('SELECT id, "table" AS parent, "from", "to" FROM pragma_foreign_key_list(?)')
    .all(table);
  return [...Map.groupBy(rows, ({ id }) => id).values()].map((pairs) => ({
    parent: String(pairs[0]?.["parent"]),
    columns: pairs.map(({ from, to }) => ({ from: String(from), to: String(to) })),
  }));
}

import type { Queries } from "../libsql.ts";

/** A table whose rows are kept in the journal. */
export type JournalledTable = {
  readonly name: string;
  /** Its primary key, in the order of the key. */
  readonly key: readonly string[];
  /** All its columns, those of the key among them. */
  readonly columns: readonly string[];
  /** The column that holds bytes, or null. */
  readonly bytes: string | null;
};

/** A column as `TABLES_SQL` gives it; `keyPlace` is counted from 1, and 0 outside the key. */
export type ColumnRow = {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly keyPlace: number;
};

/** The tables that are in no journal, and why a restored database is none the worse for it. */
export const NOT_JOURNALLED: Readonly<Record<string, string>> = {
  signups: "They limit what one network may ask for in an hour.",
  counters: "What was refused and kept nowhere; nobody's data, and part of each dump.",
  account_days: "They limit what one account may send in a day.",
  schema_steps: "Migrations write it, and they run again in a restored database.",
  journal: "It is the journal.",
  journal_state: "A restored database begins a timeline of its own.",
};

/** Columns whose change by itself is no change worth keeping, and why. A row that changes otherwise is kept with them. */
export const UNWATCHED_COLUMNS: Readonly<
  Record<string, { readonly columns: readonly string[]; readonly why: string }>
> = {
  mails: { columns: ["lease_until", "attempts"], why: "Who works on it now ends with the process." },
  letters: { columns: ["attempts", "next_attempt_at"], why: "Who works on it now ends with the process." },
  forwarding_confirmations: {
    columns: ["attempts", "next_attempt_at"],
    why: "Who works on it now ends with the process.",
  },
  sessions: {
    columns: ["last_seen_at", "expires_at"],
    why: "It then ends as long after the last dump as it would have after the last visit.",
  },
  purchases: { columns: ["compared"], why: "Purchases are compared again, with the same result." },
};

/** Asks a database for the columns of all its tables; ColumnRows. */
export const TABLES_SQL = `SELECT t.name AS "table", c.name AS "column", c.type, c.pk AS keyPlace
  FROM pragma_table_list t JOIN pragma_table_info(t.name) c
  WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid`;

/** The tables of a database whose rows are in the journal: all but those that are left out for a reason. */
export async function journalledTables(db: Queries): Promise<JournalledTable[]> {
  return journalledAmong(await db.all<ColumnRow>(TABLES_SQL));
}

/** The same, of the columns that `TABLES_SQL` gave. */
export function journalledAmong(found: readonly ColumnRow[]): JournalledTable[] {
  return Object.entries(Object.groupBy(found, ({ table }) => table))
    .filter(([name]) => !Object.hasOwn(NOT_JOURNALLED, name))
    .map(([name, columns = []]) => ({
      name,
      key: columns
        .filter(({ keyPlace }) => keyPlace > 0)
        .toSorted((one, other) => one.keyPlace - other.keyPlace)
        .map(({ column }) => column),
      columns: columns.map(({ column }) => column),
      bytes: columns.find(({ type }) => type === "BLOB")?.column ?? null,
    }));
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { migrate } from "../../schema/migrate.ts";
import { inOneTransaction, openQuietly } from "../journal/open-quietly.ts";
import { openDatabase } from "../libsql.ts";
import { eraseAccounts, hideInJournal } from "./erase-accounts.ts";

/** What tells of somebody, and the number that their rows have. */
type Person = { readonly id: string; readonly address: string; readonly token: string; readonly number: number };

const ANN: Person = { id: "annsid", address: "ann@mail.example", token: "annstoken", number: 1 };
const BOB: Person = { id: "bobsid", address: "jo-ann@mail.example", token: "bobstoken", number: 2 };
/** Tables that say nothing of anybody. */
const OF_NOBODY = ["schema_steps", "journal_state"];

type Column = { table: string; name: string; type: string; parent: string | null; to: string | null };

let folder: string;
let columns: Column[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-erase-"));
  const db = await openDatabase(`file:${join(folder, "empty.db")}`);
  await migrate(db);
  await db.close();
  const database = new DatabaseSync(join(folder, "empty.db"));
  columns = database
    .prepare(
      `SELECT t.name AS "table", c.name, c.type, k."table" AS parent, k."to" FROM pragma_table_list t
       JOIN pragma_table_info(t.name) c LEFT JOIN pragma_foreign_key_list(t.name) k ON k."from" = c.name
       WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid`,
    )
    .all() as Column[];
  database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const tables = () => [...new Set(columns.map(({ table }) => table))].filter((table) => !OF_NOBODY.includes(table));

/** Rows point at other rows of the same person; every word names the person. */
function valueOf({ table, name, type, parent, to }: Column, person: Person): SQLInputValue {
  if (parent !== null) return valueOf(columnOf(parent, to ?? ""), person);
  if (name === "account_id" || (table === "accounts" && name === "id")) return person.id;
  if (table === "addresses" && name === "address") return person.address;
  if (table === "alert_addresses" && name === "token") return person.token;
  if (type === "INTEGER") return person.number;
  if (table === "journal" && name === "key") return JSON.stringify([person.id, person.token]);
  if (table === "journal" && name === "table_name") return "addresses";
  const words = `${table}.${name} of "${person.address}" ${person.token} ${person.id}`;
  return type === "BLOB" ? Buffer.from(words) : words;
}

function columnOf(table: string, name: string): Column {
  const found = columns.find((column) => column.table === table && column.name === name);
  if (found === undefined) throw new Error(`There is no ${table}.${name}.`);
  return found;
}

/** A database where every table has a row of each of them. */
function filled(people: readonly Person[]): DatabaseSync {
  const file = join(folder, `${people.length}-${Math.random()}.db`);
  const empty = new DatabaseSync(join(folder, "empty.db"));
  empty.prepare("VACUUM INTO ?").run(file);
  empty.close();
  const { database } = openQuietly(file);
  database.exec("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF");
  for (const person of people) {
    for (const table of tables()) {
      const own = columns.filter((column) => column.table === table);
      const names = own.map(({ name }) => `"${name}"`).join(", ");
      const sql = `INSERT INTO "${table}" (${names}) VALUES (${own.map(() => "?").join(", ")})`;
      database.prepare(sql).run(...own.map((column) => valueOf(column, person)));
    }
  }
  database.exec("PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON");
  expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
  return database;
}

/** All rows by table, as text. */
function allRows(database: DatabaseSync): Record<string, string[]> {
  const text = (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString() : value);
  return Object.fromEntries(
    tables().map((table) => [
      table,
      database
        .prepare(`SELECT * FROM "${table}"`)
        .all()
        .map((row) => JSON.stringify(Object.values(row).map(text))),
    ]),
  );
}

/** The tables that tell of somebody. */
function tellingOf({ id, token }: Person, address: string, rows: Record<string, string[]>): string[] {
  const names = new RegExp(`${id}|${token}|(?<![a-z-])${address}`);
  return Object.keys(rows).filter((table) => rows[table]?.some((row) => names.test(row)));
}

const erase = (database: DatabaseSync, ids: string[]) =>
  inOneTransaction(database, () => {
    hideInJournal(database, ids);
    return eraseAccounts(database, ids);
  });

describe("an account that is erased", () => {
  it("leaves nothing of it in any table, and everything of other people's", () => {
    const database = filled([ANN, BOB]);
    expect(tellingOf(ANN, ANN.address, allRows(database))).toEqual(tables());
    expect(erase(database, [ANN.id])).toBe(1);
    const rows = allRows(database);
    expect(tellingOf(ANN, ANN.address, rows)).toEqual(["erased_accounts"]);
    // Its numbers stay, so that no gap is seen; what they tell of never was.
    expect(rows["journal"]?.[0]).toBe(JSON.stringify([1, 1, "accounts", '[""]']));
    const others = { ...rows, erased_accounts: [], journal: rows["journal"]?.slice(1) };
    expect(others).toEqual({ ...allRows(filled([BOB])), erased_accounts: [] });
  });

  it("takes with it what came to its addresses and is nobody's, but nothing of an address that ends like its own", () => {
    const database = filled([ANN, BOB]);
    const add = database.prepare(
      `INSERT INTO mails (number, id, route, recipient, received_at, payload_sha256, sender, held_for)
       VALUES (?, 'mail ' || ?1, 'none', ?, 0, x'00', ?, ?)`,
    );
    add.run(11, `alerts+${ANN.token}@wtmm.example`, "bank@bank.example", null);
    add.run(12, "info@wtmm.example", ANN.address, null);
    add.run(13, "alerts@wtmm.example", "bank@bank.example", ANN.address);
    add.run(14, "alerts@wtmm.example", "bank@bank.example", BOB.address);
    add.run(15, `alerts+${BOB.token}@wtmm.example`, BOB.address, null);
    const payload = database.prepare("INSERT INTO mail_payloads (mail_number, payload) VALUES (?, x'00')");
    for (const number of [11, 12, 13, 14, 15]) payload.run(number);
    database
      .prepare("INSERT INTO provider_events (id, received_at, payload) VALUES ('e', 0, ?)")
      .run(Buffer.from(JSON.stringify({ Email: BOB.address })));
    erase(database, [ANN.id]);
    const numbers = (table: string, column: string) =>
      database
        .prepare(`SELECT ${column} AS n FROM ${table} ORDER BY 1`)
        .all()
        .map(({ n }) => n);
    expect(numbers("mails", "number")).toEqual([2, 14, 15]);
    expect(numbers("mail_payloads", "mail_number")).toEqual([2, 14, 15]);
    expect(numbers("provider_events", "id")).toContain("e");
  });

  it("lets go of what other people have and it was part of", () => {
    const database = filled([ANN, BOB]);
    const rule = valueOf(columnOf("reading_rules", "id"), ANN);
    database.prepare("UPDATE mails SET rule_id = ? WHERE number = 2").run(rule);
    erase(database, [ANN.id]);
    expect(database.prepare("SELECT number, rule_id FROM mails").all()).toEqual([{ number: 2, rule_id: null }]);
  });

  it("may be erased before, or never have been there", () => {
    const database = filled([BOB]);
    const before = allRows(database);
    expect(erase(database, [ANN.id, "nobody"])).toBe(0);
    expect(erase(database, [])).toBe(0);
    expect(allRows(database)).toEqual(before);
  });
});

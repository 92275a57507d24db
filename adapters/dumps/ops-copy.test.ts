import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, expect, it } from "vitest";

import { everyColumn, markOf, type Column } from "../../test/every-column.ts";
import { OPS_TABLES } from "./ops-columns.ts";
import { makeOpsCopy } from "./ops-copy.ts";

let folder: string;
let columns: Column[];
const restored = () => join(folder, "restored.db");
const copy = () => join(folder, "copy.db");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-ops-"));
  columns = await everyColumn(restored());
});
afterEach(() => rmSync(folder, { recursive: true }));

it("has a decision about every table and every column of the schema, and about no others", () => {
  const decided = Object.entries(OPS_TABLES).flatMap(([table, kept]) =>
    kept === null
      ? columns.filter((column) => column.table === table).map(({ name }) => `${table}.${name}`)
      : [...kept.kept, ...Object.keys(kept.instead)].map((name) => `${table}.${name}`),
  );
  expect(decided.toSorted()).toEqual(columns.map(({ table, name }) => `${table}.${name}`).toSorted());
});

it("holds what was decided to keep, and no byte of anything else", () => {
  makeOpsCopy(restored(), copy());
  const bytes = readFileSync(copy());
  const texts = columns.filter(({ type }) => type !== "INTEGER");
  expect(texts.filter((column) => bytes.includes(markOf(column)))).toEqual(
    texts.filter(({ table, name }) => OPS_TABLES[table]?.kept.includes(name)),
  );
});

it("keeps what lets somebody in and what mails say to itself", () => {
  makeOpsCopy(restored(), copy());
  const bytes = readFileSync(copy());
  const secret = [
    "sessions.token_hash",
    "used_links.link_id",
    "alert_addresses.token",
    "mails.recipient",
    "mails.subject",
    "mail_payloads.payload",
    "mail_readings.reading",
    "letters.details",
    "signups.network",
    "samples.code",
    "forwarding_confirmations.code",
    "forwarding_confirmations.link",
    "address_claims.id",
    "provider_events.payload",
    "purchases.words",
    "reading_rules.rule",
  ];
  const all = readFileSync(restored());
  expect(secret.filter((name) => !all.includes(`<${name}>`))).toEqual([]);
  expect(secret.filter((name) => bytes.includes(`<${name}>`))).toEqual([]);
});

it("is a database to ask, with its views and as many rows, where ops can read it", () => {
  writeFileSync(copy(), "half of an earlier one");
  makeOpsCopy(restored(), copy());
  expect((statSync(copy()).mode & 0o777).toString(8)).toBe("640");
  expect(["-wal", "-shm", "-journal"].filter((ending) => existsSync(copy() + ending))).toEqual([]);
  const database = new DatabaseSync(copy(), { readOnly: true });
  expect(database.prepare("SELECT merchant, amount_minor FROM current_purchases").all()).toMatchObject([
    { merchant: "<purchases.merchant>", amount_minor: 1 },
  ]);
  for (const [table, kept] of Object.entries(OPS_TABLES)) {
    if (kept === null) expect(() => database.prepare(`SELECT 1 FROM ${table}`)).toThrow(/no such table/);
    else expect(database.prepare(`SELECT count(*) AS count FROM ${table}`).get()).toMatchObject({ count: 1 });
  }
  expect(database.prepare("PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
  database.close();
});

it("leaves out a table and a column that nobody decided about", () => {
  const database = new DatabaseSync(restored());
  database.exec("CREATE TABLE news (secret TEXT); INSERT INTO news VALUES ('<news>')");
  database.exec("ALTER TABLE accounts ADD COLUMN news TEXT; UPDATE accounts SET news = '<accounts.news>'");
  database.close();
  makeOpsCopy(restored(), copy());
  const bytes = readFileSync(copy());
  expect(["<news>", "<accounts.news>"].filter((text) => bytes.includes(text))).toEqual([]);
});

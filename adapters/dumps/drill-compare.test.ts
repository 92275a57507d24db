import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { everyColumn, type Column } from "../../test/every-column.ts";
import { compareWithLive } from "./drill-compare.ts";
import { COMPARED, NOT_COMPARED } from "./drill-tables.ts";

const THEN = Temporal.Instant.from("2026-11-20T03:00:00Z");
let folder: string;
let columns: Column[];
const live = () => join(folder, "live.db");
const copy = () => join(folder, "copy.db");

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-compare-"));
  columns = await everyColumn(live());
  for (const table of ["purchases", "mail_identities"]) change(live(), `UPDATE ${table} SET mail_id = '<mails.id>'`);
  copyFileSync(live(), copy());
});
afterEach(() => rmSync(folder, { recursive: true }));

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec(`PRAGMA ignore_check_constraints = ON; ${sql}`);
  database.close();
}

const compared = (then = THEN) => compareWithLive(live(), copy(), then);

it("has a decision about every table of the schema, and about no others", () => {
  const tables = [...new Set(columns.map(({ table }) => table))];
  expect([...Object.keys(COMPARED), ...Object.keys(NOT_COMPARED)].toSorted()).toEqual(tables.toSorted());
});

it("finds no difference between a database and its copy, and compares every table", () => {
  expect(compared()).toBe(Object.keys(COMPARED).length);
});

describe.each(Object.keys(COMPARED))("in %s", (table) => {
  const lost = `1 rows of ${table} that were there when it was made`;

  it("misses a row that the copy lacks", () => {
    change(copy(), `DELETE FROM ${table}`);
    expect(compared).toThrow(lost);
  });

  it("finds another value in each column that does not change", () => {
    for (const column of COMPARED[table]?.same ?? []) {
      copyFileSync(live(), copy());
      const { type } = columns.find((one) => one.table === table && one.name === column) ?? { type: "none" };
      const other = type === "INTEGER" ? "2" : type === "BLOB" ? "x'00'" : "'other'";
      change(copy(), `UPDATE ${table} SET ${column} = ${other}`);
      expect(compared).toThrow(lost);
    }
  });

  it("asks for no row that is newer than the dump, or gone from the live database", () => {
    change(copy(), `DELETE FROM ${table}`);
    expect(() => compared(Temporal.Instant.fromEpochMilliseconds(60_000))).not.toThrow();
    change(live(), `DELETE FROM ${table}`);
    expect(compared).not.toThrow();
  });
});

import { DatabaseSync } from "node:sqlite";

import { expect, it } from "vitest";

import { contentsOf, differenceOf, requireIntegrity } from "./database-contents.ts";

const SCHEMA = `
  PRAGMA user_version = 6;
  CREATE TABLE mails (number INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;
  CREATE TABLE purchases (id TEXT PRIMARY KEY, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL,
    mail INTEGER REFERENCES mails (number)) STRICT;
  INSERT INTO mails VALUES (1, 'one'), (7, 'seven');
  INSERT INTO purchases VALUES ('a', 9007199254740991, 'IDR', 1), ('b', 9007199254740991, 'IDR', 1), ('c', -5, 'USD', 7);
`;

function databaseWith(sql = ""): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec(`PRAGMA foreign_keys = OFF; ${SCHEMA} ${sql}`);
  return database;
}

it("counts the rows of every table, sums purchases exactly, and knows the newest mail", () => {
  expect(contentsOf(databaseWith("CREATE TABLE notes (t TEXT) STRICT"))).toEqual({
    schemaVersion: 6,
    rows: { mails: 2, notes: 0, purchases: 3 },
    sums: { IDR: "18014398509481982", USD: "-5" },
    newestMail: { number: 7, id: "seven" },
  });
});

it("counts a database that has no tables yet", () => {
  const contents = contentsOf(new DatabaseSync(":memory:"));
  expect(contents).toEqual({ schemaVersion: 0, rows: {}, sums: {}, newestMail: null });
});

it.each([
  ["PRAGMA user_version = 7", "schema 7 instead of 6"],
  ["DELETE FROM purchases WHERE id = 'c'", "2 rows in purchases instead of 3"],
  ["DROP TABLE purchases", "no rows in purchases instead of 3"],
  ["CREATE TABLE more (t TEXT)", "0 rows in more instead of none"],
  ["UPDATE purchases SET amount_minor = amount_minor - 1 WHERE id = 'a'", "another sum of purchases in IDR"],
  ["UPDATE mails SET id = 'eight' WHERE number = 7", "another newest mail"],
])("tells that %s was done", (sql, difference) => {
  expect(differenceOf(contentsOf(databaseWith()), contentsOf(databaseWith(sql)))).toBe(difference);
  expect(differenceOf(contentsOf(databaseWith(sql)), contentsOf(databaseWith(sql)))).toBe(null);
});

it("finds a row whose parent is gone", () => {
  expect(() => requireIntegrity(databaseWith())).not.toThrow();
  expect(() => requireIntegrity(databaseWith("DELETE FROM mails WHERE number = 7"))).toThrow(
    "a row of purchases belongs to none of mails",
  );
});

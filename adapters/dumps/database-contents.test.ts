import { DatabaseSync } from "node:sqlite";

import { describe, expect, it } from "vitest";

import {
  contentsOf,
  differenceOf,
  differenceOfCopy,
  requireIntegrity,
  type DatabaseContents,
} from "./database-contents.ts";

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

it("does not count what waits to be uploaded, which others take away meanwhile", () => {
  const { rows } = contentsOf(databaseWith("CREATE TABLE journal (number INTEGER PRIMARY KEY AUTOINCREMENT) STRICT"));
  expect(rows).toEqual({ mails: 2, purchases: 3 });
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

describe("a copy made while others write", () => {
  const held = (mails: number, notes: number, usd = "5"): DatabaseContents => ({
    schemaVersion: 6,
    rows: { mails, notes },
    sums: { USD: usd },
    newestMail: mails === 0 ? null : { number: mails, id: `mail-${mails}` },
  });

  it.each([
    ["nothing changed", held(2, 2), held(2, 2), held(2, 2), null],
    ["mails came", held(2, 2), held(3, 2, "6"), held(4, 2, "7"), null],
    ["notes went", held(2, 5), held(2, 3), held(2, 1), null],
    ["the first mail came", held(0, 0), held(1, 0), held(2, 0), null],
    ["a row is lost", held(2, 2), held(2, 1), held(2, 2), "1 rows in notes instead of 2"],
    ["all is lost", held(2, 2), held(0, 0), held(3, 2), "mail 0 as its newest, not one from 2 to 3"],
    ["a row is lost of a table at rest", held(2, 2), held(3, 1), held(4, 2), "1 rows in notes instead of 2"],
    ["a sum at rest differs", held(2, 2), held(3, 2, "4"), held(4, 2), "another sum of purchases in USD"],
  ])("is judged by what was there before and after: %s", (_, before, copy, after, difference) => {
    expect(differenceOfCopy(before, copy, after)).toBe(difference);
  });
});

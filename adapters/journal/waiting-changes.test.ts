import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { migrate, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { journalStore } from "../libsql-journal.ts";
import { openDatabase, type Database, type Statement } from "../libsql.ts";
import { changesQuery } from "./changes-query.ts";
import { journalledTables } from "./journalled-tables.ts";
import { waitingChanges, type JournalLimits, type WaitingChanges } from "./waiting-changes.ts";

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

let directory = "";
let db: Database;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-journal-"));
  db = await openDatabase(`file:${directory}/test.db`);
  await migrate(db);
});

afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true });
});

describe("what waits", () => {
  it("is nothing where nothing changed", async () => {
    expect(await waitingChanges(db)).toBe(null);
  });

  it("is each row that changed as it is now, and no other", async () => {
    await db.write([account("a"), account("b"), { sql: "DELETE FROM journal" }]);
    await db.write([
      renamed("b", "Asia/Tokyo"),
      event("e", ALL_BYTES),
      { sql: "INSERT INTO used_links (link_id, session_id, expires_at) VALUES ('l', 's', 9007199254740991)" },
      renamed("b", "Europe/Berlin"),
      { sql: "DELETE FROM used_links" },
    ]);
    const b = { id: "b", time_zone: "Europe/Berlin", link_epoch: 0, created_at: 1 };
    expect(await waitingChanges(db)).toEqual({
      ...{ schema: SCHEMA_VERSION, from: 3, to: 7, isAll: true },
      changes: [
        { table: "provider_events", key: ["e"], row: { id: "e", received_at: 1, payload: ALL_BYTES } },
        { table: "accounts", key: ["b"], row: { ...b, requires_signature: 0, weekly_letter: 1 } },
        { table: "used_links", key: ["l"], row: null },
      ],
    });
  });

  it("is a whole number, a missing value and a text of any kind as it was written", async () => {
    // The store keeps no half characters: the driver would end the process on reading one.
    const text = fc.string({ unit: "binary", maxLength: 20 }).map((words) => words.toWellFormed());
    const claims = fc.uniqueArray(fc.tuple(text, fc.maxSafeInteger()), { maxLength: 20, selector: ([id]) => id });
    await fc.assert(
      fc.asyncProperty(claims, async (rows) => {
        await db.write(["address_claims", "accounts", "journal"].map((table) => ({ sql: `DELETE FROM ${table}` })));
        await db.write(rows.flatMap(([id, number]) => [account(id), claim(id, number)]));
        const found = (await waitingChanges(db))?.changes.filter(({ table }) => table === "address_claims");
        expect(found ?? []).toEqual(
          rows.map(([id, number]) => ({
            ...{ table: "address_claims", key: [id] },
            row: { id, account_id: id, address: id, created_at: number, settled_at: null },
          })),
        );
      }),
      {
        numRuns: 10,
        examples: [
          [
            [
              ["a\0b", 1],
              ["a", -1],
            ],
          ],
        ],
      },
    );
  });

  it("has the columns that somebody else's migration added", async () => {
    await db.write([account("a")]);
    await waitingChanges(db);
    await db.write([
      { sql: "ALTER TABLE accounts ADD COLUMN colour TEXT" },
      { sql: "UPDATE accounts SET colour = 'red', time_zone = 'UTC'" },
      { sql: `PRAGMA user_version = ${SCHEMA_VERSION + 1}` },
    ]);
    const found = await waitingChanges(db);
    expect(found?.schema).toBe(SCHEMA_VERSION + 1);
    expect(found?.changes[0]?.row).toMatchObject({ id: "a", colour: "red" });
  });
});

it("is looked up, row by row, by the keys of the tables", async () => {
  const tables = await journalledTables(db);
  const plan = await db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${changesQuery(tables)}`, [1, 1]);
  const steps = plan.map(({ detail }) => detail);
  const scanned = steps.flatMap((step) => /^SCAN (\w+)/.exec(step)?.[1] ?? []);
  expect([...new Set(scanned)].toSorted()).toEqual(["journal", "measured", "part", "waiting"]);
  // Once for its size, once for what it holds.
  const lookedUp = steps.filter((step) => /^SEARCH t USING (?!AUTOMATIC)/.test(step));
  expect(lookedUp).toHaveLength(2 * tables.length);
});

describe("more than goes at once", () => {
  it("comes in parts, one after another, without a gap", async () => {
    await db.write(["a", "b", "c", "d", "e"].map((id) => account(id)));
    const parts = await drained({ changes: 2, bytes: 1_000_000 });
    expect(parts.map(({ from, to, isAll }) => [from, to, isAll])).toEqual([
      [1, 2, false],
      [3, 4, false],
      [5, 5, true],
    ]);
    expect(parts.flatMap(({ changes }) => changes.map(({ key }) => key[0]))).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("is parted where rows are large, be it text or bytes, and a single one goes whatever its size", async () => {
    await db.write([account("a"), account("b"), { sql: "DELETE FROM journal" }]);
    await db.write([
      ...[400, 400, 400, 5_000, 10].map((size, index) => event(`e${index}`, new Uint8Array(size))),
      ...["a", "b"].map((id) => renamed(id, "x".repeat(2_000))),
    ]);
    const parts = await drained({ changes: 100, bytes: 1_000 });
    expect(parts.map(({ changes }) => changes.map(({ key }) => key[0]))).toEqual([
      ["e0", "e1", "e2"],
      ["e3"],
      ["e4", "a"],
      ["b"],
    ]);
    expect(await waitingChanges(db)).toBe(null);
  });

  it("gives the same database in the end, however it is parted", async () => {
    const act = fc.tuple(fc.constantFrom("add", "change", "remove"), fc.integer({ min: 0, max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), async (acts, at) => {
        await db.write([{ sql: "DELETE FROM accounts" }, { sql: "DELETE FROM journal" }]);
        await db.write(acts.map(([name, which], index) => statementFor(name, `account-${which}`, `Zone/${index}`)));
        const parts = await drained({ changes: at, bytes: 1_000_000 });
        const copy = new Map<string, unknown>();
        for (const { key, row } of parts.flatMap(({ changes }) => changes))
          if (row === null) copy.delete(String(key[0]));
          else copy.set(String(key[0]), row["time_zone"]);
        const rows = await db.all<{ id: string; zone: string }>("SELECT id, time_zone AS zone FROM accounts");
        expect(Object.fromEntries(copy)).toEqual(Object.fromEntries(rows.map(({ id, zone }) => [id, zone])));
      }),
      { numRuns: 30 },
    );
  });
});

it("is not held up by what was noted of a table that is in no journal any more", async () => {
  await db.write([
    account("a"),
    { sql: "INSERT INTO journal (table_name, key) VALUES ('former', '[1]'), ('former', '[2]')" },
  ]);
  const parts = await drained({ changes: 2, bytes: 1_000_000 });
  expect(parts.map(({ from, to, changes }) => [from, to, changes.length])).toEqual([
    [1, 2, 1],
    [3, 3, 0],
  ]);
});

async function drained(limits: JournalLimits): Promise<WaitingChanges[]> {
  const parts: WaitingChanges[] = [];
  for (let part = await waitingChanges(db, limits); part !== null; part = await waitingChanges(db, limits)) {
    parts.push(part);
    await journalStore(db).forgetChanges(part.to);
  }
  return parts;
}

function statementFor(act: string, id: string, zone: string): Statement {
  if (act === "remove") return { sql: "DELETE FROM accounts WHERE id = ?", args: [id] };
  return act === "add" ? account(id) : renamed(id, zone);
}

function account(id: string): Statement {
  return {
    sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'UTC', 1) ON CONFLICT DO NOTHING",
    args: [id],
  };
}

function renamed(id: string, zone: string): Statement {
  return { sql: "UPDATE accounts SET time_zone = ? WHERE id = ?", args: [zone, id] };
}

function claim(id: string, number: number): Statement {
  const sql = "INSERT INTO address_claims (id, account_id, address, created_at) VALUES (?1, ?1, ?1, ?2)";
  return { sql, args: [id, number] };
}

function event(id: string, payload: Uint8Array): Statement {
  return { sql: "INSERT INTO provider_events (id, received_at, payload) VALUES (?, 1, ?)", args: [id, payload] };
}

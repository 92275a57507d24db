import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { migrate, SCHEMA_VERSION } from "../schema/migrate.ts";
import { NEXT_TABLES } from "./journal/changes-query.ts";
import { journalStore, type JournalLimits, type WaitingChanges } from "./libsql-journal.ts";
import { openDatabase, type Database, type Statement, type Value } from "./libsql.ts";

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const ONE_BY_ONE: JournalLimits = { changesAtOnce: 1, bytesAtOnce: 1_000, changes: 1_000, bytes: 1_000_000 };

let directory = "";
let db: Database;
let store: ReturnType<typeof journalStore>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-journal-"));
  db = await openDatabase(`file:${directory}/test.db`);
  await migrate(db);
  store = journalStore(db);
});

afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true });
});

describe("what waits", () => {
  it("is nothing where nothing changed", async () => {
    expect(await store.waitingChanges()).toBe(null);
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
    expect(await store.waitingChanges()).toEqual({
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
        const found = (await store.waitingChanges())?.changes.filter(({ table }) => table === "address_claims");
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
    await store.waitingChanges();
    await db.write([
      { sql: "ALTER TABLE accounts ADD COLUMN colour TEXT" },
      { sql: "UPDATE accounts SET colour = 'red', time_zone = 'UTC'" },
      { sql: `PRAGMA user_version = ${SCHEMA_VERSION + 1}` },
    ]);
    const found = await store.waitingChanges();
    expect(found?.schema).toBe(SCHEMA_VERSION + 1);
    expect(found?.changes[0]?.row).toMatchObject({ id: "a", colour: "red" });
  });

  it("is of one moment, also when much changes while it is read", async () => {
    await db.write(["a", "b", "c", "d"].map((id) => account(id)));
    const reading = store.waitingChanges(nextTurn, ONE_BY_ONE);
    await db.write(["a", "d"].map((id) => renamed(id, "Asia/Tokyo")));
    const found = await reading;
    expect(zonesIn(found)).toEqual({ a: "Asia/Tokyo", b: "UTC", c: "UTC", d: "Asia/Tokyo" });
    expect(found).toMatchObject({ from: 1, to: 6, isAll: true });
    expect(found?.changes).toHaveLength(4);
  });

  it("takes nothing for gone that changes between looking for its table and reading it", async () => {
    await db.write([account("a"), event("e", ALL_BYTES), { sql: "DELETE FROM journal" }]);
    await db.write([renamed("a", "Asia/Tokyo")]);
    let isFirst = true;
    const watched = watchedDatabase(async (sql) => {
      if (sql !== NEXT_TABLES || !isFirst) return;
      isFirst = false;
      await db.write([{ sql: "UPDATE provider_events SET received_at = 2" }]);
    });
    const found = await journalStore(watched).waitingChanges();
    expect(found?.changes.map(({ table, row }) => [table, row !== null])).toEqual([
      ["accounts", true],
      ["provider_events", true],
    ]);
  });

  it("asks for no table that did not change, because to prepare that takes longer than to read", async () => {
    await db.write([account("a")]);
    const asked: string[] = [];
    await journalStore(watchedDatabase((sql) => void asked.push(sql))).waitingChanges();
    expect(asked.join(" ")).toContain('"accounts"');
    expect(asked.join(" ")).not.toContain('"purchases"');
  });

  it("is read a few rows at once where they are large, be it text or bytes", async () => {
    await db.write([
      ...["a", "b", "c"].map((id) => account(id)),
      ...["d", "e"].map((id) => event(id, new Uint8Array(2_000))),
      ...["A", "B", "C"].map((zone, index) => renamed(["a", "b", "c"][index] ?? "", zone.repeat(2_000))),
    ]);
    const sizes: number[] = [];
    const watched = watchedDatabase((sql, rows) => {
      if (sql.startsWith("WITH waiting")) sizes.push(rows);
    });
    await journalStore(watched).waitingChanges(nextTurn, { ...ONE_BY_ONE, changesAtOnce: 100 });
    expect(sizes).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it("lets others have their turn while it is read", async () => {
    await db.write(["a", "b", "c", "d"].map((id) => account(id)));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      setImmediate(count);
    };
    setImmediate(count);
    await store.waitingChanges(nextTurn, ONE_BY_ONE);
    expect(turns).toBeGreaterThanOrEqual(3);
  });
});

describe("more than goes at once", () => {
  it("comes in parts, one after another, without a gap", async () => {
    await db.write(["a", "b", "c", "d", "e"].map((id) => account(id)));
    const parts = await drained({ ...ONE_BY_ONE, changesAtOnce: 2, changes: 2 });
    expect(parts.map(({ from, to, isAll }) => [from, to, isAll])).toEqual([
      [1, 2, false],
      [3, 4, false],
      [5, 5, true],
    ]);
    expect(parts.flatMap(({ changes }) => changes.map(({ key }) => key[0]))).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("is parted where the mails are large, and a single one goes whatever its size", async () => {
    await db.write([400, 400, 400, 5_000, 10].map((size, index) => event(`e${index}`, new Uint8Array(size))));
    const limits = { ...ONE_BY_ONE, changesAtOnce: 100, bytesAtOnce: 1_000, bytes: 1 };
    const parts = await drained(limits);
    expect(parts.map(({ from, to }) => [from, to])).toEqual([
      [1, 3],
      [4, 4],
      [5, 5],
    ]);
    expect(await store.waitingChanges()).toBe(null);
  });

  it("gives the same database in the end, however it is parted", async () => {
    const act = fc.tuple(fc.constantFrom("add", "change", "remove"), fc.integer({ min: 0, max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), async (acts, at) => {
        await db.write([{ sql: "DELETE FROM accounts" }, { sql: "DELETE FROM journal" }]);
        await db.write(acts.map(([name, which], index) => statementFor(name, `account-${which}`, `Zone/${index}`)));
        const parts = await drained({ ...ONE_BY_ONE, changesAtOnce: at, changes: at });
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
  const parts = await drained({ ...ONE_BY_ONE, changes: 2 });
  expect(parts.map(({ from, to, changes }) => [from, to, changes.length])).toEqual([
    [1, 2, 1],
    [3, 3, 0],
  ]);
});

describe("what was forgotten", () => {
  it("leaves what came after it, and its numbers are not given again", async () => {
    await db.write([account("a"), account("b")]);
    await store.forgetChanges(1);
    expect(await store.waitingChanges()).toMatchObject({ from: 2, to: 2 });
    await store.forgetAllChanges();
    await db.write([account("c")]);
    expect(await store.waitingChanges()).toMatchObject({ from: 3, to: 3 });
  });
});

describe("the timeline", () => {
  const now = Temporal.Instant.from("2026-11-20T17:00:00Z");
  let given = 0;
  const random = (bytes: number) => new Uint8Array(bytes).fill((given += 1));

  it("is begun once, also when two ask at once, and has no parent", async () => {
    const other = journalStore(db);
    const [one, two] = await Promise.all([store.timeline(now, random), other.timeline(now, random)]);
    expect(one).toEqual({ id: expect.stringMatching(/^2026-11-20T17-00-00Z-[0-9a-f]{16}$/), parent: null });
    expect(two).toEqual(one);
    expect(await store.timeline(now.add({ hours: 1 }), random)).toEqual(one);
  });

  it("names the one that a restored database left", async () => {
    await db.write([
      { sql: "INSERT INTO journal_state (one, timeline, parent, parent_position) VALUES (1, 'new', 'old', 12)" },
    ]);
    expect(await store.timeline(now, random)).toEqual({ id: "new", parent: { id: "old", position: 12 } });
  });
});

/** The database, with somebody who is told of each query and how many rows it gave, before the answer. */
function watchedDatabase(tell: (sql: string, rows: number) => void | Promise<void>): Database {
  return {
    ...db,
    async all<T>(sql: string, args?: readonly Value[]) {
      const rows = await db.all<T>(sql, args);
      await tell(sql, rows.length);
      return rows;
    },
  };
}

async function drained(limits: JournalLimits): Promise<WaitingChanges[]> {
  const parts: WaitingChanges[] = [];
  for (
    let part = await store.waitingChanges(nextTurn, limits);
    part !== null;
    part = await store.waitingChanges(nextTurn, limits)
  ) {
    parts.push(part);
    await store.forgetChanges(part.to);
  }
  return parts;
}

function zonesIn(found: WaitingChanges | null): Record<string, unknown> {
  return Object.fromEntries((found?.changes ?? []).map(({ key, row }) => [key[0], row?.["time_zone"]]));
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

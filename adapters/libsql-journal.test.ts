import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { migrate } from "../schema/migrate.ts";
import { journalStore } from "./libsql-journal.ts";
import { openDatabase, type Database, type Statement } from "./libsql.ts";

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

describe("what was forgotten", () => {
  it("leaves what came after it, and its numbers are not given again", async () => {
    expect(await store.hasChanges()).toBe(false);
    await db.write([account("a"), account("b")]);
    await store.forgetChanges(1);
    expect(await store.hasChanges()).toBe(true);
    expect(await numbersWaiting()).toEqual([2]);
    await store.forgetAllChanges();
    expect(await store.hasChanges()).toBe(false);
    await db.write([account("c")]);
    expect(await numbersWaiting()).toEqual([3]);
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

async function numbersWaiting(): Promise<number[]> {
  return (await db.all<{ number: number }>("SELECT number FROM journal ORDER BY number")).map(({ number }) => number);
}

function account(id: string): Statement {
  return {
    sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'UTC', 1) ON CONFLICT DO NOTHING",
    args: [id],
  };
}

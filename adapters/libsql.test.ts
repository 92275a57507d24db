import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as turn } from "node:timers/promises";

import { createClient, type Client } from "@libsql/client";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { AppError } from "../errors.ts";
import { openDatabase, openReader, type Database, type Statement } from "./libsql.ts";

let directory = "";
let file = "";
let db: Database;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-libsql-"));
  file = join(directory, "test.db");
  db = await openDatabase(`file:${file}`);
});

afterEach(async () => {
  vi.useRealTimers();
  await db.close();
  for (const child of children.splice(0)) await kill(child);
  rmSync(directory, { recursive: true, force: true });
});

/** What facts about the engine and the machine demand of every connection. */
const settings = {
  journal_mode: "wal",
  // FULL: a commit is synced to disk before it is acknowledged.
  synchronous: 2,
  // FILE.
  temp_store: 1,
  foreign_keys: 1,
  trusted_schema: 0,
  // Any waiting inside the driver would stop the event loop.
  busy_timeout: 0,
  cache_size: -16_000,
  journal_size_limit: 64 * 1024 * 1024,
  wal_autocheckpoint: 250,
};

describe("an opened database", () => {
  it("syncs every commit, spares memory and enforces foreign keys", async () => {
    expect(await readSettings()).toEqual(settings);
  });

  it("keeps its settings after writes and reads that failed", async () => {
    await makeTable();
    await expect(db.write([insert(1), insert(1)])).rejects.toThrow("UNIQUE");
    await expect(db.write([{ sql: "no SQL" }])).rejects.toThrow("syntax error");
    await expect(db.all("SELECT * FROM missing")).rejects.toThrow("no such table");
    expect(await readSettings()).toEqual(settings);
  });

  it("refuses a value that a STRICT column can't hold, and a reference to nothing", async () => {
    await db.write([
      { sql: "CREATE TABLE parents (id INTEGER PRIMARY KEY, amount INTEGER) STRICT" },
      { sql: "CREATE TABLE children (parent INTEGER REFERENCES parents (id)) STRICT" },
    ]);
    for (const amount of [1.5, "much", new Uint8Array([1])]) {
      const wrong = db.write([{ sql: "INSERT INTO parents VALUES (1, ?)", args: [amount] }]);
      await expect(wrong).rejects.toThrow("cannot store");
    }
    await expect(db.write([{ sql: "INSERT INTO children VALUES (7)" }])).rejects.toThrow("FOREIGN KEY");
  });

  it("is refused where there can be none", async () => {
    const text = join(directory, "letter.txt");
    writeFileSync(text, "Dear reader, this is not a database. ".repeat(100));
    await expect(openDatabase(`file:${text}`)).rejects.toThrow("not a database");
    await expect(openDatabase(`file:${directory}/missing/test.db`)).rejects.toThrow(/unable to open/i);
    // Has no log that could be synced.
    await expect(openDatabase("file::memory:")).rejects.toThrow("refused WAL mode: memory");
  });
});

describe("write", () => {
  beforeEach(makeTable);

  it("carries concurrent writes out in one commit and gives each its own results, in order", async () => {
    const before = commitsInLog();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, id) =>
        db.write([insert(id), { sql: "UPDATE t SET note = 'seen' WHERE id = ? RETURNING id, note", args: [id] }]),
      ),
    );
    expect(commitsInLog() - before).toBe(1);
    for (const [id, result] of results.entries()) {
      expect(result).toEqual([
        { changed: 1, rows: [] },
        { changed: expect.any(Number), rows: [{ id, note: "seen" }] },
      ]);
    }
  });

  it("lets the event loop turn between the batches of a long queue", async () => {
    const before = commitsInLog();
    let turns = 0;
    const counting = countTurns(() => (turns += 1));
    await Promise.all(Array.from({ length: 300 }, (_, id) => db.write([insert(id)])));
    counting.stop();
    expect(commitsInLog() - before).toBe(5);
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(await ids()).toHaveLength(300);
  });

  it("lets the event loop turn between writes that follow each other without a pause", async () => {
    let turns = 0;
    const counting = countTurns(() => (turns += 1));
    for (let id = 0; id < 50; id += 1) await db.write([insert(id)]);
    counting.stop();
    expect(turns).toBeGreaterThanOrEqual(49);
  });

  it("fails only the writes that break a constraint, each as a whole", async () => {
    let turns = 0;
    const counting = countTurns(() => (turns += 1));
    const outcomes = await Promise.allSettled([
      db.write([insert(1)]),
      db.write([insert(2), insert(1)]),
      db.write([insert(3)]),
      db.write([{ sql: "INSERT INTO t (id) VALUES (?)", args: ["three"] }]),
      db.write([insert(2)]),
    ]);
    counting.stop();
    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await ids()).toEqual([1, 2, 3]);
    // Each of them now costs a sync to disk of its own.
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it("is carried out whole or not at all", async () => {
    await expect(db.write([insert(1), insert(2), { sql: "INSERT INTO missing VALUES (1)" }])).rejects.toThrow(
      "missing",
    );
    expect(await ids()).toEqual([]);
  });

  it("stays a bug, and no refusal, when the statements themselves are wrong", async () => {
    for (const wrong of [[{ sql: "no SQL" }], [insert(1), insert(1)]]) {
      const error = await db.write(wrong).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(AppError);
    }
  });

  it("is refused as unavailable when the disk is full, and works again when there is room", async () => {
    await db.write([insert(1)]);
    const pages = await db.one<{ page_count: number }>("PRAGMA page_count");
    await db.all(`PRAGMA max_page_count = ${pages?.page_count}`);
    const large: Statement = { sql: "INSERT INTO t (id, body) VALUES (3, ?)", args: [new Uint8Array(100_000)] };
    const outcomes = await Promise.allSettled([db.write([insert(2)]), db.write([large])]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { code: "unavailable", cause: { code: "SQLITE_FULL" } },
      });
    }
    expect(await ids()).toEqual([1]);
    await db.all("PRAGMA max_page_count = 1000000");
    await db.write([large]);
    expect(await ids()).toEqual([1, 3]);
  });

  it("gives bytes back as they came, and stores whole numbers as integers", async () => {
    const row = fc.record({ body: fc.uint8Array({ maxLength: 300 }), amount: fc.maxSafeInteger(), note: text() });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        await db.write([{ sql: "DELETE FROM t" }]);
        const sql = "INSERT INTO t (id, body, amount, note) VALUES (?, ?, ?, ?)";
        await Promise.all(
          rows.map(({ body, amount, note }, id) => db.write([{ sql, args: [id, body, amount, note] }])),
        );
        const stored = await db.all<{ body: ArrayBuffer; amount: number; type: string; note: string }>(
          "SELECT body, amount, typeof(amount) AS type, note FROM t ORDER BY id",
        );
        expect(stored.map((kept) => ({ ...kept, body: [...new Uint8Array(kept.body)] }))).toEqual(
          rows.map((given) => ({ ...given, type: "integer", body: [...given.body] })),
        );
      }),
      { numRuns: 25 },
    );
    const bytes = new Uint8Array([0, 0xff, 0xc3, 0x28, 0, 0x0d, 0x0a]);
    await db.write([{ sql: "INSERT OR REPLACE INTO t (id, body) VALUES (0, ?)", args: [bytes] }]);
    expect(await db.one("SELECT hex(body) AS hex FROM t WHERE id = 0")).toEqual({ hex: "00FFC328000D0A" });
  });

  it("survives text that is no valid Unicode", async () => {
    await db.write([{ sql: "INSERT INTO t (id, note) VALUES (1, ?)", args: ["half a pair: \ud83d"] }]);
    expect(await db.one("SELECT note FROM t")).toEqual({ note: "half a pair: \ufffd" });
  });

  /** Text as it may be stored: whole characters, and no NUL, at which SQLite stops reading. */
  function text() {
    return fc.string({ unit: "binary" }).map((value) => value.replaceAll("\0", ""));
  }
});

describe("a lock that another process holds", () => {
  beforeEach(makeTable);

  it("stops neither the event loop nor reads, and the write is carried out once it is gone", async () => {
    const holder = await holdLock("BEGIN IMMEDIATE");
    let isWritten = false;
    const writing = Promise.all([db.write([insert(1)]), db.write([insert(2)])]).then(() => (isWritten = true));
    // A turn for the first attempt; the timers show that it does not sit in the driver meanwhile.
    for (let count = 0; count < 5; count += 1) await timer(2);
    expect(await ids()).toEqual([]);
    expect(isWritten).toBe(false);
    await holder.letGo();
    await writing;
    expect(await ids()).toEqual([1, 2]);
  });

  it("does not spoil the connection, at whatever moment of a write it is taken", async () => {
    const stranger = createClient({ url: `file:${file}` });
    for (let id = 0; id < 20; id += 1) {
      const locking = Promise.withResolvers<void>();
      let isFirstAttempt = true;
      const statement: Statement = {
        // Read when an attempt begins: from there on, the lock is taken so many steps later.
        get sql() {
          if (isFirstAttempt) locking.resolve(lockAfter(id, stranger));
          isFirstAttempt = false;
          return "INSERT INTO t (id) VALUES (?)";
        },
        args: [id],
      };
      await db.write([statement]);
      await locking.promise;
    }
    stranger.close();
    expect(await ids()).toHaveLength(20);
    expect(await readSettings()).toEqual(settings);
    // A statement that hangs half done would keep the log from being written back.
    await db.close();
    expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0);
    db = await openDatabase(`file:${file}`);
  });

  it("turns writes into refusals after five seconds, whatever the clock says, and nothing of them is kept", async () => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    const holder = await holdLock("BEGIN IMMEDIATE");
    const filesBefore = openFiles();
    const writing = Promise.allSettled([db.write([insert(1)]), db.write([insert(2)])]);
    for (let count = 0; count < 3; count += 1) await timer(2);
    vi.advanceTimersByTime(4_900);
    vi.setSystemTime(Date.now() + 86_400_000);
    expect(await Promise.race([writing, timer(50).then(() => "still trying")])).toBe("still trying");
    vi.advanceTimersByTime(200);
    vi.setSystemTime(Date.now() - 86_400_000);
    for (const outcome of await writing) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "AppError", code: "unavailable" } });
    }
    // A lock that stays for an hour must not use up what the process may open.
    expect(openFiles()).toBeLessThanOrEqual(filesBefore);
    await holder.letGo();
    await db.write([insert(3)]);
    expect(await ids()).toEqual([3]);
  });
});

describe("a reader beside it", () => {
  beforeEach(makeTable);

  it("finds what was written, and writes nothing", async () => {
    const reader = await openReader(`file:${file}`);
    await db.write([insert(1)]);
    expect(await reader.one("SELECT count(*) AS count FROM t")).toEqual({ count: 1 });
    for (const sql of ["DELETE FROM t", "CREATE TABLE u (a)", "PRAGMA user_version = 7"])
      await expect(reader.all(sql)).rejects.toThrow("readonly");
    expect(await db.one("SELECT count(*) AS count FROM t")).toEqual({ count: 1 });
  });
});

describe("close", () => {
  beforeEach(makeTable);

  it("leaves everything in the file itself and nothing in the log", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, id) => db.write([insert(id)])));
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    await db.close();
    expect(existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0).toBe(0);
    const copy = join(directory, "copy.db");
    copyFileSync(file, copy);
    db = await openDatabase(`file:${copy}`);
    expect(await ids()).toHaveLength(20);
  });

  it("does not fail because somebody reads or writes", async () => {
    await db.write([insert(1)]);
    for (const hold of ["BEGIN; SELECT * FROM t", "BEGIN IMMEDIATE"]) {
      const holder = await holdLock(hold);
      await db.close();
      await holder.letGo();
      db = await openDatabase(`file:${file}`);
      expect(await ids()).toEqual([1]);
    }
  });
});

describe("a process that is killed while it writes", () => {
  it("has kept everything that it acknowledged, once, and nothing by halves", async () => {
    await db.write([
      { sql: "CREATE TABLE mails (id INTEGER NOT NULL) STRICT" },
      { sql: "CREATE TABLE payloads (id INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT" },
    ]);
    const acknowledged: number[] = [];
    for (const [round, acks] of [1, 25, 60, 130, 200].entries()) {
      await db.close();
      acknowledged.push(...(await writeUntilKilled(round * 1_000_000, acks)));
      db = await openDatabase(`file:${file}`);
      const mails = (await db.all<{ id: number }>("SELECT id FROM mails ORDER BY id")).map(({ id }) => id);
      const payloads = (await db.all<{ id: number }>("SELECT id FROM payloads ORDER BY id")).map(({ id }) => id);
      expect(acknowledged.filter((id) => !mails.includes(id))).toEqual([]);
      expect(new Set(mails).size).toBe(mails.length);
      expect(payloads).toEqual(mails);
      expect(await db.one("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(416);
  });
});

async function readSettings(): Promise<Record<string, unknown>> {
  const names = Object.keys(settings);
  const values = await Promise.all(names.map((name) => db.one<Record<string, unknown>>(`PRAGMA ${name}`)));
  return Object.fromEntries(names.map((name, index) => [name, Object.values(values[index] ?? {})[0]]));
}

async function makeTable(): Promise<void> {
  await db.write([{ sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT, amount INTEGER, body BLOB) STRICT" }]);
}

function insert(id: number): Statement {
  return { sql: "INSERT INTO t (id) VALUES (?)", args: [id] };
}

async function ids(): Promise<number[]> {
  return (await db.all<{ id: number }>("SELECT id FROM t ORDER BY id")).map(({ id }) => id);
}

/** Commits in the write-ahead log: its frames that tell the size of the database (https://sqlite.org/fileformat2.html#the_wal). */
function commitsInLog(): number {
  const log = readFileSync(`${file}-wal`);
  const frameBytes = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frameBytes <= log.length; at += frameBytes) if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  return commits;
}

/** Holds the file's lock for a few turns of the event loop, from so many promises later on. */
async function lockAfter(steps: number, stranger: Client): Promise<void> {
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
  const transaction = await stranger.transaction("write");
  for (let count = 0; count < 3; count += 1) await turn();
  await transaction.rollback();
}

/** Calls back at each turn of the event loop. */
function countTurns(count: () => void): { stop(): void } {
  let immediate = setImmediate(again);
  function again(): void {
    count();
    immediate = setImmediate(again);
  }
  return { stop: () => clearImmediate(immediate) };
}

function openFiles(): number {
  return readdirSync("/dev/fd").length;
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Another process, with another SQLite, that runs `sql` on the file and holds what it got until it is told to let go. */
async function holdLock(sql: string): Promise<{ letGo(): Promise<void> }> {
  const child = start(`
    import { DatabaseSync } from "node:sqlite";
    const db = new DatabaseSync(${JSON.stringify(file)});
    for (const statement of ${JSON.stringify(sql.split("; "))}) db.prepare(statement).all();
    console.log("held");
    process.stdin.once("data", () => {
      db.close();
      process.exit();
    });
  `);
  await once(child.lines, "line");
  return {
    async letGo() {
      const gone = once(child.process, "exit");
      child.process.stdin?.write("go\n");
      await gone;
    },
  };
}

/** Another process that writes with eight hands and says what was acknowledged; killed after so many. What it said. */
async function writeUntilKilled(firstId: number, acks: number): Promise<number[]> {
  const child = start(`
    import { writeSync } from "node:fs";
    import { openDatabase } from ${JSON.stringify(new URL("libsql.ts", import.meta.url).href)};
    const db = await openDatabase(${JSON.stringify(`file:${file}`)});
    let next = ${firstId};
    async function hand() {
      for (;;) {
        const id = next++;
        await db.write([
          { sql: "INSERT INTO mails VALUES (?)", args: [id] },
          { sql: "INSERT INTO payloads VALUES (?, ?)", args: [id, new Uint8Array(3000).fill(id)] },
        ]);
        writeSync(1, id + "\\n");
      }
    }
    for (let hands = 0; hands < 8; hands += 1) void hand();
  `);
  const said: number[] = [];
  child.lines.on("line", (line) => {
    said.push(Number(line));
    if (said.length === acks) child.process.kill("SIGKILL");
  });
  await once(child.lines, "close");
  return said;
}

function start(script: string) {
  const process_ = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(process_);
  return { process: process_, lines: createInterface({ input: process_.stdout }) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

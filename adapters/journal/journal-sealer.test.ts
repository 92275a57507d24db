import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { migrate } from "../../schema/migrate.ts";
import { unseal } from "../dumps/seal.ts";
import { journalStore } from "../libsql-journal.ts";
import { openDatabase, type Database } from "../libsql.ts";
import { openJournalSealer, type JournalSealer } from "./journal-sealer.ts";
import type { SealerData } from "./journal-worker.ts";
import type { SealedPart } from "./seal-changes.ts";
import { readSegment } from "./segment.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");
const TIMELINE = { id: "2026-11-20T17-00-00Z-0011223344556677", parent: null };

let directory = "";
let db: Database;
let identity = "";
let data: SealerData;
let sealer: JournalSealer;
let stop: AbortController;
let scripts = 0;

beforeAll(async () => {
  identity = await generateX25519Identity();
});
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-sealer-"));
  const databaseUrl = `file:${directory}/test.db`;
  db = await openDatabase(databaseUrl);
  await migrate(db);
  const recipients = [await identityToRecipient(identity)];
  data = { databaseUrl, databaseAuthToken: null, release: "test", recipients };
  sealer = openJournalSealer(data);
  stop = new AbortController();
});
afterEach(async () => {
  await sealer.close();
  await db.close();
  rmSync(directory, { recursive: true });
});

it("seals what was written until it was asked, and again after it was forgotten", async () => {
  expect(await next()).toBe(null);
  await add("a");
  expect(await idsIn(await next())).toEqual(["a"]);
  await add("b");
  const part = await next();
  expect(await idsIn(part)).toEqual(["a", "b"]);
  await journalStore(db).forgetChanges(part?.to ?? 0);
  expect(await next()).toBe(null);
});

it("leaves writing to the one who has it open, however much both do", async () => {
  const seen = [];
  for (let round = 0; round < 20; round += 1) {
    const reading = next();
    await Promise.all([1, 2, 3].map((each) => add(`${round}-${each}`)));
    const part = await reading;
    if (part === null) continue;
    seen.push(...(await idsIn(part)));
    await journalStore(db).forgetChanges(part.to);
  }
  seen.push(...(await idsIn(await next())));
  const [{ count } = { count: 0 }] = await db.all<{ count: number }>("SELECT count(*) AS count FROM accounts");
  expect(seen).toHaveLength(count);
  expect(new Set(seen).size).toBe(60);
});

it("answers each of two who ask at once", async () => {
  await add("a");
  const [one, other] = await Promise.all([next(), next()]);
  expect(one?.objects[0]?.key).not.toBe(other?.objects[0]?.key);
  await journalStore(db).forgetAllChanges();
  expect(await next()).toBe(null);
});

it("leaves the write-ahead log to who writes, also when it ends", async () => {
  await add("a");
  await next();
  await sealer.close();
  await add("b");
  await db.close();
  db = await openDatabase(data.databaseUrl);
  expect(await db.all("SELECT id FROM accounts")).toHaveLength(2);
  expect(await idsIn(await next())).toEqual(["a", "b"]);
});

describe("a thread that breaks down", () => {
  it("says so, and another one takes its place", async () => {
    await add("a");
    await db.write([{ sql: "ALTER TABLE journal RENAME TO gone" }]);
    await expect(next()).rejects.toThrow("no such table");
    await expect(next()).rejects.toThrow("no such table");
    await db.write([{ sql: "ALTER TABLE gone RENAME TO journal" }]);
    expect(await idsIn(await next())).toEqual(["a"]);
  });

  it("says so as well when it never starts", async () => {
    const script = written('throw new Error("no native driver");');
    sealer = openJournalSealer(data, { script });
    for (const _ of [1, 2]) await expect(next()).rejects.toThrow("no native driver");
  });

  it("does so unheard while nobody asks it anything", async () => {
    const broken = JSON.stringify(join(directory, "broken"));
    const breaking = `if (!existsSync(${broken})) setImmediate(() => { writeFileSync(${broken}, ""); throw new Error("late"); });`;
    sealer = openJournalSealer(data, { script: answering(`parentPort.postMessage({ part: null }); ${breaking}`) });
    expect(await next()).toBe(null);
    await vi.waitFor(() => expect(existsSync(join(directory, "broken"))).toBe(true));
    // The thread may be gone or still on its way.
    await vi.waitFor(async () => expect(await next()).toBe(null));
  });
});

describe("a thread that hangs", () => {
  it("is told of each time, and gets no other thread beside it", async () => {
    sealer = openJournalSealer(data, { script: answering(""), patienceMs: 50 });
    await expect(next()).rejects.toThrow("The thread that seals changes hangs.");
    for (const _ of [1, 2]) await expect(next()).rejects.toThrow("still hangs");
  });

  it("holds up no stop, whether it ends or not", async () => {
    const asked = join(directory, "asked");
    const note = `writeFileSync(${JSON.stringify(asked)}, "");`;
    for (const end of ["parentPort.close()", "null"]) {
      rmSync(asked, { force: true });
      const hanging = openJournalSealer(data, { script: answering(note, end) });
      stop = new AbortController();
      const questions = [1, 2].map(() => hanging.next(TIMELINE, AT, stop.signal));
      await vi.waitFor(() => expect(existsSync(asked)).toBe(true));
      stop.abort();
      expect(await Promise.all(questions)).toEqual([null, null]);
      await hanging.close();
    }
  });

  it("is none that a stop would begin", async () => {
    const begun = join(directory, "begun");
    const noted = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(begun)}, "");`;
    sealer = openJournalSealer(data, { script: written(noted) });
    stop.abort();
    expect(await next()).toBe(null);
    await sealer.close();
    expect(existsSync(begun)).toBe(false);
  });
});

describe("the end of a thread", () => {
  it("comes when nobody asks for a while, and the next question starts another", async () => {
    const counted = join(directory, "threads");
    const script = written(
      `import { appendFileSync } from "node:fs"; import { parentPort, threadId } from "node:worker_threads";
      appendFileSync(${JSON.stringify(counted)}, "began ");
      process.on("exit", () => appendFileSync(${JSON.stringify(counted)}, "ended "));
      parentPort.on("message", (message) => message === null ? parentPort.close() : parentPort.postMessage({ part: null }));`,
    );
    sealer = openJournalSealer(data, { script, idleMs: 1 });
    for (const threads of ["began ended ", "began ended began ended "]) {
      await next();
      await vi.waitFor(() => expect(readFileSync(counted, "utf8")).toBe(threads));
    }
  });

  it("hurts nobody, at whatever moment of its work it comes", async () => {
    const insert = "INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'UTC', 1)";
    await db.write(Array.from({ length: 5_000 }, (_, index) => ({ sql: insert, args: [`account-${index}`] })));
    const script = `
      const { openJournalSealer } = await import(${JSON.stringify(new URL("journal-sealer.ts", import.meta.url).href)});
      for (let round = 0; round < 15; round += 1) {
        const sealer = openJournalSealer(${JSON.stringify(data)});
        const asked = sealer.next(${JSON.stringify(TIMELINE)}, Temporal.Now.instant(), new AbortController().signal);
        asked.catch(() => {});
        // It starts in some 100 ms, and works as long.
        await new Promise((resolve) => setTimeout(resolve, round * 20));
        await sealer.close();
      }
      console.log("whole");`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--eval", script]);
    expect(stdout).toBe("whole\n");
  });
});

/** The module of a thread that does this with each question, and that with its end. */
function answering(question: string, end = "parentPort.close()"): URL {
  return written(`import { existsSync, writeFileSync } from "node:fs"; import { parentPort } from "node:worker_threads";
    parentPort.on("message", (message) => { if (message === null) { ${end} } else { ${question} } });`);
}

function written(source: string): URL {
  const script = join(directory, `thread-${(scripts += 1)}.mjs`);
  writeFileSync(script, source);
  return pathToFileURL(script);
}

function next(): Promise<SealedPart | null> {
  return sealer.next(TIMELINE, AT, stop.signal);
}

async function add(id: string): Promise<void> {
  await db.write([{ sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'UTC', 1)", args: [id] }]);
}

async function idsIn(part: SealedPart | null): Promise<unknown[]> {
  const sealed = part?.objects[0]?.sealed;
  if (sealed === undefined) return [];
  const plain = await text(await unseal(Readable.from([sealed], { objectMode: false }), [identity]));
  return readSegment(plain).changes.map(({ key }) => key[0]);
}

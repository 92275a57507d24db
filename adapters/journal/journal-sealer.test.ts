import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

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
    const script = join(directory, "broken.mjs");
    writeFileSync(script, 'throw new Error("no native driver");');
    sealer = openJournalSealer(data, pathToFileURL(script));
    for (const _ of [1, 2]) await expect(next()).rejects.toThrow("no native driver");
  });

  it("does so unheard while nobody asks it anything", async () => {
    const script = join(directory, "fleeting.mjs");
    const answers =
      'parentPort.on("message", () => { parentPort.postMessage({ part: null }); throw new Error("late"); });';
    writeFileSync(script, `import { parentPort } from "node:worker_threads"; ${answers}`);
    sealer = openJournalSealer(data, pathToFileURL(script));
    for (const _ of [1, 2]) {
      expect(await next()).toBe(null);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it("does not outlive its reader", async () => {
    const script = join(directory, "silent.mjs");
    writeFileSync(script, 'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {});');
    sealer = openJournalSealer(data, pathToFileURL(script));
    const waiting = next().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sealer.close();
    expect(await waiting).toBeInstanceOf(Error);
  });
});

function next(): Promise<SealedPart | null> {
  return sealer.next(TIMELINE, AT);
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

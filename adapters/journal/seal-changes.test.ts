import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { migrate, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { unseal } from "../dumps/seal.ts";
import { openDatabase, type Database } from "../libsql.ts";
import { readErasedKey, readErasure } from "./erased-keys.ts";
import { sealChanges, type SealedObject, type SealedPart } from "./seal-changes.ts";
import { readSegmentKey } from "./segment-keys.ts";
import { readSegment } from "./segment.ts";

const AT = Temporal.Instant.from("2026-11-20T17:00:00Z");
const TIMELINE = { id: "2026-11-20T17-00-00Z-0011223344556677", parent: null };

let directory = "";
let db: Database;
let identity = "";
let recipient = "";

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "wtmm-seal-"));
  db = await openDatabase(`file:${directory}/test.db`);
  await migrate(db);
});
afterEach(async () => {
  await db.close();
  rmSync(directory, { recursive: true });
});

it("is nothing where nothing waits", async () => {
  expect(await sealed()).toBe(null);
});

it("can be opened by the operator alone, under a name that says what it is and was never used", async () => {
  await db.write([account("Corner Shop"), account("b")]);
  const parts = [await sealed(), await sealed()];
  expect(parts).toMatchObject([1, 2].map(() => ({ to: 2, changes: 2, isAll: true, objects: [{}] })));
  const [one, other] = parts.map((part) => part?.objects[0] ?? none());
  for (const { key, sealed: bytes } of [one ?? none(), other ?? none()]) {
    expect(readSegmentKey(key)).toMatchObject({ timeline: TIMELINE.id, from: 1, to: 2 });
    expect(Buffer.from(bytes).includes("Corner Shop")).toBe(false);
  }
  expect(one?.key).not.toBe(other?.key);
  const segment = readSegment(await opened(one ?? none()));
  expect(segment).toMatchObject({ format: 1, release: "test", at: AT, schema: SCHEMA_VERSION, timeline: TIMELINE });
  expect(segment.changes.map(({ key }) => key)).toEqual([["Corner Shop"], ["b"]]);
});

it("is a note of each account that was erased, before the segment that says so", async () => {
  const insert = "INSERT INTO erased_accounts (account_id, erased_at) VALUES (?, ?)";
  await db.write(["abc", "def"].map((id) => ({ sql: insert, args: [id, AT.epochMilliseconds] })));
  const objects = (await sealed())?.objects ?? [];
  expect(objects.map(({ key }) => readErasedKey(key)?.accountId ?? readSegmentKey(key)?.to)).toEqual(["abc", "def", 2]);
  expect(readErasure(await opened(objects[0] ?? none()))).toEqual({ accountId: "abc", erasedAt: AT });
});

it("says when more waits than goes at once", async () => {
  await db.write([account("a"), account("b")]);
  const world = { release: "test", recipients: [recipient], random };
  const part = await sealChanges(db, world, TIMELINE, AT, { changes: 1, bytes: 1_000 });
  expect(part).toMatchObject({ to: 1, changes: 1, isAll: false });
});

function sealed(): Promise<SealedPart | null> {
  return sealChanges(db, { release: "test", recipients: [recipient], random }, TIMELINE, AT);
}

function random(bytes: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(bytes));
}

async function opened({ sealed: bytes }: SealedObject): Promise<string> {
  return text(await unseal(Readable.from([bytes], { objectMode: false }), [identity]));
}

function none(): never {
  throw new Error("There is no such object.");
}

function account(id: string) {
  return { sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES (?, 'UTC', 1)", args: [id] };
}

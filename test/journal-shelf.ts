import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { identityToRecipient } from "age-encryption";

import { seal } from "../adapters/dumps/seal.ts";
import { erasedKeyOf, newErasedKey, writeErasure } from "../adapters/journal/erased-keys.ts";
import { segmentKeyOf } from "../adapters/journal/segment-keys.ts";
import { writeSegment, type Change, type Segment, type Timeline } from "../adapters/journal/segment.ts";
import type { Value } from "../adapters/libsql.ts";
import { SCHEMA_VERSION } from "../schema/migrate.ts";
import type { TestShelf } from "./dump-shelf.ts";

/** The first timeline of a test's database. */
export const FIRST: Timeline = { id: "2026-11-20T00-00-00Z-0000000000000001", parent: null };

/** Puts a part of a journal on the shelf; its key. */
export async function putSegment(
  shelf: TestShelf,
  { to, ...more }: Partial<Segment> & { readonly to: number },
): Promise<string> {
  const segment: Segment = {
    ...{ format: 1, release: "0.1.0-test", at: Temporal.Instant.from("2026-11-20T04:00:00Z") },
    ...{ schema: SCHEMA_VERSION, timeline: FIRST, from: to, to, changes: [] },
    ...more,
  };
  const key = segmentKeyOf({ ...segment, timeline: segment.timeline.id, random: randomBytes(8).toString("hex") });
  await put(shelf, key, writeSegment(segment));
  return key;
}

/** Notes on the shelf that an account was erased; the note's key. */
export async function putErasure(shelf: TestShelf, accountId: string): Promise<string> {
  const key = erasedKeyOf(newErasedKey(accountId, randomBytes));
  const erasedAt = Temporal.Instant.from("2026-11-20T05:00:00Z");
  await put(shelf, key, Readable.from([Buffer.from(writeErasure({ accountId, erasedAt }))]));
  return key;
}

/** The service that writes a database begins its journal. */
export function beginJournal(file: string, { id, parent }: Timeline = FIRST): void {
  withDatabase(file, (database) =>
    database
      .prepare("INSERT INTO journal_state (one, timeline, parent, parent_position) VALUES (1, ?, ?, ?)")
      .run(id, parent?.id ?? null, parent?.position ?? null),
  );
}

/** Uploads what stands in a database's journal, so many changes at a time, as its service does; `isKilled` leaves it there. */
export async function uploadJournal(shelf: TestShelf, file: string, most = 1_000, isKilled = false): Promise<void> {
  for (;;) {
    const part = withDatabase(file, (database) => partOf(database, most));
    if (part === null) return;
    await putSegment(shelf, part);
    if (isKilled) return;
    withDatabase(file, (database) => database.prepare("DELETE FROM journal WHERE number <= ?").run(part.to));
  }
}

function partOf(database: DatabaseSync, most: number) {
  const noted = database.prepare("SELECT number, table_name, key FROM journal ORDER BY number LIMIT ?").all(most);
  const [first, last] = [noted.at(0), noted.at(-1)];
  if (first === undefined || last === undefined) return null;
  const state = database.prepare("SELECT timeline, parent, parent_position FROM journal_state").get();
  const parent = state?.["parent"] ?? null;
  const changed = new Map(noted.map((row) => [JSON.stringify([row["table_name"], row["key"]]), row]));
  return {
    ...{ from: Number(first["number"]), to: Number(last["number"]) },
    timeline: {
      id: String(state?.["timeline"]),
      parent: parent === null ? null : { id: String(parent), position: Number(state?.["parent_position"]) },
    },
    changes: [...changed.values()].map((row) =>
      changeOf(database, String(row["table_name"]), JSON.parse(String(row["key"])) as Change["key"]),
    ),
  };
}

/** As the row is now, which may be later than the change. */
function changeOf(database: DatabaseSync, table: string, key: Change["key"]): Change {
  const columns = database.prepare("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk").all(table);
  const where = columns.map(({ name }) => `"${String(name)}" = ?`).join(" AND ");
  const row = database.prepare(`SELECT * FROM "${table}" WHERE ${where}`).get(...key);
  return { table, key, row: row === undefined ? null : ({ ...row } as Record<string, Value>) };
}

async function put(shelf: TestShelf, key: string, plain: Readable): Promise<void> {
  mkdirSync(dirname(shelf.path(key)), { recursive: true });
  const sealed = await seal(plain, [await identityToRecipient(shelf.identity)]);
  writeFileSync(shelf.path(key), await buffer(sealed));
}

/** Opens a database for a moment. */
export function withDatabase<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

import { createHash, randomBytes } from "node:crypto";
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { contentsOf } from "../adapters/dumps/database-contents.ts";
import { manifestKeyOf, newDumpKey, objectKeyOf, type DumpClass } from "../adapters/dumps/dump-keys.ts";
import { writeManifest, type DumpManifest } from "../adapters/dumps/dump-manifest.ts";
import type { DumpShelf } from "../adapters/dumps/restore-source.ts";
import { seal } from "../adapters/dumps/seal.ts";
import type { Timeline } from "../adapters/journal/segment.ts";
import { openDatabase } from "../adapters/libsql.ts";
import { migrate, migrations, SCHEMA_VERSION } from "../schema/migrate.ts";

/** A folder in the place of a bucket. */
export type TestShelf = DumpShelf & {
  readonly folder: string;
  /** What opens the dumps on it. */
  readonly identity: string;
  /** A file of it, by its key. */
  path(key: string): string;
  close(): void;
  remove(): void;
};

/** A dump on the shelf. */
export type TestDump = { readonly key: string; readonly manifestKey: string; readonly manifest: DumpManifest };

/** What is in a dump. */
type TestFilling = {
  readonly dumpClass?: DumpClass;
  readonly at?: string;
  /** Null for no purchase. */
  readonly amountMinor?: number | null;
  /** An older one than this release's. */
  readonly schema?: number;
  /** A newer one, and the oldest whose programs can use it. */
  readonly newer?: { readonly schema: number; readonly oldestProgram: number };
  readonly extraBytes?: number;
  /** Its timeline, and the number of the newest change that it has. */
  readonly journal?: Timeline & { readonly position: number };
};

/** An empty shelf. */
export async function dumpShelf(): Promise<TestShelf> {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-shelf-"));
  const path = (key: string) => join(folder, key);
  return {
    folder,
    identity: await generateX25519Identity(),
    path,
    list: async (prefix, after = "") =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => ({ key: file.slice(folder.length + 1), bytes: statSync(file).size }))
        .filter(({ key }) => key.startsWith(prefix) && key > after)
        .toSorted((one, other) => (one.key < other.key ? -1 : 1)),
    get: async (key) => readFileSync(path(key)),
    read: async (key, from = 0) => createReadStream(path(key), { start: from }),
    close: () => {},
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Puts a dump of a real database on the shelf: with one purchase of `amountMinor`, and `extraBytes` that don't compress. */
export async function putDump(
  shelf: TestShelf,
  { dumpClass = "daily", at = "2026-11-20T03:00:00Z", newer, ...filling }: TestFilling = {},
): Promise<TestDump> {
  const file = shelf.path("database");
  await makeDatabase(file, filling);
  if (newer !== undefined) makeNewer(file, newer);
  const plain = readFileSync(file);
  const database = new DatabaseSync(file, { readOnly: true });
  const contents = contentsOf(database);
  database.close();
  rmSync(file);
  const recipients = [await identityToRecipient(shelf.identity)];
  const sealed = await buffer(await seal(Readable.from([plain]), recipients));
  const key = newDumpKey(dumpClass, Temporal.Instant.from(at), randomBytes);
  const manifest = {
    ...{ format: 1 as const, release: "0.1.0-test", createdAt: key.at, contents, recipients },
    database: { bytes: plain.length, sha256: sha256Of(plain) },
    object: { bytes: sealed.length, sha256: sha256Of(sealed) },
  };
  mkdirSync(dirname(shelf.path(objectKeyOf(key))), { recursive: true });
  writeFileSync(shelf.path(objectKeyOf(key)), sealed);
  writeFileSync(shelf.path(manifestKeyOf(key)), writeManifest(manifest));
  return { key: objectKeyOf(key), manifestKey: manifestKeyOf(key), manifest };
}

/** As a dump copies it: in one file, and without a log. */
async function makeDatabase(
  file: string,
  { schema = SCHEMA_VERSION, amountMinor = 4250, extraBytes = 0, journal }: TestFilling,
): Promise<void> {
  const live = `${file}-live`;
  const db = await openDatabase(`file:${live}`);
  await migrate(db, migrations.slice(0, schema));
  await db.write([
    { sql: "INSERT INTO accounts (id, time_zone, created_at) VALUES ('a', 'UTC', 0)" },
    {
      sql: `INSERT INTO mails (id, account_id, route, recipient, received_at, payload_sha256)
            VALUES ('m', 'a', 'alert', 'alerts@wtmm.example.com', 0, x'00')`,
    },
    { sql: "INSERT INTO mail_payloads (mail_number, payload) VALUES (1, ?)", args: [randomBytes(extraBytes)] },
    {
      sql: `INSERT INTO purchases (id, account_id, mail_id, position, institution, kind, merchant, amount_minor, currency,
              occurred_at, origin, words, booked_at)
            SELECT 'p', 'a', 'm', 0, 'chase', 'purchase', 'Cafe Luigi', ?1, 'USD', 0, 'addressed', '{}', 0
            WHERE ?1 IS NOT NULL`,
      args: [amountMinor],
    },
  ]);
  if (journal !== undefined) {
    const { id, parent, position } = journal;
    await db.write([
      {
        sql: "INSERT INTO journal_state (one, timeline, parent, parent_position) VALUES (1, ?, ?, ?)",
        args: [id, parent?.id ?? null, parent?.position ?? null],
      },
      { sql: "UPDATE sqlite_sequence SET seq = ? WHERE name = 'journal'", args: [position] },
    ]);
  }
  await db.close();
  const copied = new DatabaseSync(live, { readOnly: true });
  copied.prepare("VACUUM INTO ?").run(file);
  copied.close();
  for (const ending of ["", "-wal", "-shm"]) rmSync(live + ending, { force: true });
}

function makeNewer(file: string, { schema, oldestProgram }: { schema: number; oldestProgram: number }): void {
  const database = new DatabaseSync(file);
  database.prepare("INSERT INTO schema_steps (version, oldest_program) VALUES (?, ?)").run(schema, oldestProgram);
  database.exec(`PRAGMA user_version = ${schema}`);
  database.close();
}

/** In lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

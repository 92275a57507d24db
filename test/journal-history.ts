import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";

import { eraseAccounts } from "../adapters/dumps/erase-accounts.ts";
import { makeReady } from "../adapters/dumps/restore-ready.ts";
import { placeIn } from "../adapters/journal/open-copy.ts";
import { inOneTransaction, openQuietly } from "../adapters/journal/open-quietly.ts";
import type { Replayed } from "../adapters/journal/replay.ts";
import type { Place } from "../adapters/journal/timelines.ts";
import { dumpShelf } from "./dump-shelf.ts";
import { putErasure, uploadJournal, withDatabase } from "./journal-shelf.ts";
import { writeSomething } from "./journal-writes.ts";

/** Tables that a restored database does not share with the one that was lost, each for its own reason. */
const APART = ["journal", "journal_state", "account_days", "erased_accounts"];

/** A copy of a database at some time, and what it held of the journal then. */
type Snapshot = { readonly file: string; readonly place: Place };

/** One service with its bucket, over as many machines as it loses. */
export type History = {
  /** People do something. */
  write(seed: number): void;
  /** All that was written is acknowledged by the bucket, so many changes at a time. */
  upload(most: number): Promise<void>;
  /** Something arrived in the bucket, but the service ended before it knew. */
  uploadInVain(most: number): Promise<void>;
  dump(): void;
  /** Somebody wants to be gone: the note is in the bucket, the rest is written as anything else. */
  erase(seed: number): Promise<void>;
  /**
   * The machine is lost; another one is made from one of the dumps, and starts.
   *
   * @returns what the other one has, and what it should have; null when there is no dump
   */
  lose(
    seed: number,
  ): Promise<{ readonly found: Contents; readonly expected: Contents; readonly replayed: Replayed | null } | null>;
  remove(): void;
};

/** Rows by table. */
export type Contents = Readonly<Record<string, readonly string[]>>;

/** @param empty a database of this schema, whose journal was begun */
export async function history(empty: string): Promise<History> {
  const shelf = await dumpShelf();
  const folder = mkdtempSync(join(tmpdir(), "wtmm-history-"));
  let files = 0;
  const copyOf = (file: string): Snapshot => {
    const copy = join(folder, `${(files += 1)}.db`);
    withDatabase(file, (database) => database.prepare("VACUUM INTO ?").run(copy));
    return { file: copy, place: placeIn(copy) ?? { timeline: "", position: 0 } };
  };
  let live = join(folder, "live.db");
  cpSync(empty, live);
  let kept = copyOf(live);
  let isMurky = false;
  const erased: string[] = [];
  let dumps: Snapshot[] = [];
  /** The timelines that led here, and where each was left. */
  const left = new Map<string, number>();

  const upload = async (most: number): Promise<void> => {
    await uploadJournal(shelf, live, most);
    [kept, isMurky] = [copyOf(live), false];
  };
  return {
    write: (seed) => withDatabase(live, (database) => writeSomething(database, seed)),
    upload,
    async uploadInVain(most) {
      await uploadJournal(shelf, live, most, true);
      isMurky = true;
    },
    dump: () => void dumps.push(copyOf(live)),
    async erase(seed) {
      const ids = withDatabase(live, (database) => database.prepare("SELECT id FROM accounts ORDER BY id").all());
      const id = String(ids[seed % ids.length]?.["id"]);
      if (ids.length < 2) return;
      await putErasure(shelf, id);
      erased.push(id);
      withDatabase(live, (database) =>
        inOneTransaction(database, () => {
          database.prepare("INSERT INTO erased_accounts (account_id, erased_at) VALUES (?, 0)").run(id);
          eraseAccounts(database, [id]);
        }),
      );
    },
    async lose(seed) {
      const { timeline } = kept.place;
      // Those from after a time that a later restore did not come to lead elsewhere.
      dumps = dumps.filter(({ place }) => place.position <= (left.get(place.timeline) ?? Infinity));
      const dump = dumps[seed % dumps.length];
      if (dump === undefined) return null;
      if (isMurky) await upload(3);
      const isAhead = dump.place.timeline === timeline && dump.place.position > kept.place.position;
      const expected = contentsOf(copyOf(isAhead ? dump.file : kept.file).file, erased);
      live = join(folder, `live-${(files += 1)}.db`);
      cpSync(dump.file, live);
      const outside = { shelf, notAfter: null, progress: () => {}, mayErase: Infinity };
      const { replayed } = await makeReady(live, outside, [shelf.identity], 0);
      left.set(timeline, isAhead ? dump.place.position : kept.place.position);
      const found = contentsOf(copyOf(live).file, []);
      await upload(1_000);
      return { found, expected, replayed };
    },
    remove() {
      shelf.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

function contentsOf(file: string, erased: readonly string[]): Contents {
  const { database } = openQuietly(file);
  try {
    inOneTransaction(database, () => eraseAccounts(database, erased));
    return rowsIn(database);
  } finally {
    database.close();
  }
}

function rowsIn(database: DatabaseSync): Contents {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .all();
  const names = tables.map(({ name }) => String(name)).filter((name) => !APART.includes(name));
  return Object.fromEntries(
    names.map((name) => [
      name,
      database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => JSON.stringify(row))
        .toSorted(),
    ]),
  );
}

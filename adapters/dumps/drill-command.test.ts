import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { SCHEMA_VERSION } from "../../schema/migrate.ts";
import { dumpShelf, putDump, type TestDump, type TestShelf } from "../../test/dump-shelf.ts";
import { bytesIn } from "../database-file.ts";
import { takeLock } from "../instance-lock.ts";
import { BucketError } from "../s3.ts";
import { drillCommand, type DrillPlace } from "./drill-command.ts";
import { readDrillRecord, writeDrillRecord, type DrillRecord } from "./drill-record.ts";
import { writeManifest } from "./dump-manifest.ts";
import { keepIdentity, namesOfKept } from "./one-dump-identity.ts";
import { restore } from "./restore.ts";
import { dumpInBucket } from "./restore-source.ts";

const S3 = {
  ...{ endpoint: "https://s3.example.net", region: "us-east-1", bucket: "dumps", prefix: "" },
  ...{ accessKeyId: "id", secretAccessKey: "very-secret", forcePathStyle: false },
};
const EARLIER = { at: Temporal.Instant.from("2026-11-19T03:05:00Z"), dump: "an earlier one", tookMs: 4_000 };

let shelf: TestShelf;
let root: string;
let place: DrillPlace;
let dump: TestDump;
let said: string[];
let stop: AbortController;
/** What the dashboard wrote that is not in its database's file yet. */
let loggedBytes: number;

const OPENED = "A sign-in and a dashboard worked.";

beforeEach(async () => {
  shelf = await dumpShelf();
  root = mkdtempSync(join(tmpdir(), "wtmm-drill-"));
  said = [];
  stop = new AbortController();
  const dataDir = join(root, "data");
  place = {
    ...{ s3: S3, identityFile: null, dataDir, databaseUrl: `file:${dataDir}/wtmm.db` },
    opsCopy: join(root, "ops", "copy.db"),
  };
  mkdirSync(join(dataDir, "dumps"), { recursive: true });
  mkdirSync(join(root, "ops"));
  dump = await putDump(shelf);
  keepIdentity(dumps(), nameOf(dump), shelf.identity);
  await restoreLive();
  writeFileSync(join(root, "ops", "copy.db"), "the last one");
  writeDrillRecord(dataDir, { state: "done", startedAt: EARLIER.at, reason: null, proven: EARLIER });
});
afterEach(() => {
  shelf.remove();
  rmSync(root, { recursive: true });
});

const dumps = () => join(place.dataDir, "dumps");
const nameOf = ({ key }: TestDump) => basename(key, ".db.zst.age");
const opsCopy = () => readFileSync(join(root, "ops", "copy.db"));
const drilled = (named: string | null = null, change: Partial<DrillPlace> = {}) => {
  const say = (line: string): void => {
    said.push(line);
    if (line === OPENED) loggedBytes = bytesIn(join(place.dataDir, "drill", "wtmm.db-wal"));
  };
  const terminal = { say, show: null };
  return drillCommand(named, { ...place, ...change }, terminal, stop.signal, async () => shelf);
};

/** The database that the dump was made of. */
async function restoreLive(): Promise<void> {
  const identities = async () => [shelf.identity];
  const source = await dumpInBucket(shelf, "latest");
  await restore({ source, identities, dataDir: place.dataDir, progress: () => {}, say: () => {}, pauseMs: 0 });
}

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

describe("a dump that would bring everything back", () => {
  it("is proven, opens to nobody here any more, and is what ops reads from then on", async () => {
    expect(await drilled()).toMatch(new RegExp(`^${dump.key} would bring everything back; that took \\d+\\.\\d s\\.$`));
    expect(said).toEqual([
      expect.stringContaining("Every byte"),
      "It is restored, and is what its manifest says.",
      "4 rows of the live database were compared with it.",
      OPENED,
      "The copy for ops is made.",
    ]);
    // To close the database would bring all of it to the disk.
    expect(loggedBytes).toBeGreaterThan(0);
    expect(readDrillRecord(place.dataDir)).toMatchObject({
      state: "done",
      reason: null,
      proven: { dump: dump.key, at: expect.anything(), tookMs: expect.any(Number) },
    });
    expect(namesOfKept(dumps())).toEqual([]);
    expect(existsSync(join(place.dataDir, "drill"))).toBe(false);
    expect(readdirSync(join(root, "ops"))).toEqual(["copy.db"]);
    const copy = new DatabaseSync(join(root, "ops", "copy.db"), { readOnly: true });
    expect(copy.prepare("SELECT amount_minor FROM purchases").all()).toMatchObject([{ amount_minor: 4250 }]);
    copy.close();
  });

  it("is told to be proven already, and nothing changes", async () => {
    await drilled();
    const [record, copy] = [readDrillRecord(place.dataDir), opsCopy()];
    await expect(drilled()).rejects.toThrow(/^daily\/\S+ was proven at 20\S+, and what opened it here is gone\. Make /);
    expect(readDrillRecord(place.dataDir)).toEqual(record);
    expect(opsCopy()).toEqual(copy);
  });

  it("needs neither a live database nor a copy for ops, as on another machine", async () => {
    const identityFile = join(root, "dumps.key");
    writeFileSync(identityFile, `${shelf.identity}\n`);
    const dataDir = join(root, "elsewhere");
    await drilled(null, { dataDir, databaseUrl: `file:${dataDir}/wtmm.db`, identityFile, opsCopy: null });
    expect(said).not.toContainEqual(expect.stringContaining("ops"));
    expect(said).toContain("There is no live database here to compare it with.");
    expect(readdirSync(join(dataDir, "dumps")).toSorted()).toEqual(["last-drill.json", "lock"]);
    expect(opsCopy().toString()).toBe("the last one");
  });

  it("is tried without a record when it is named", async () => {
    const older = await putDump(shelf, { at: "2026-11-01T03:00:00Z" });
    keepIdentity(dumps(), nameOf(older), shelf.identity);
    expect(await drilled(older.key)).toBe(`${older.key} would bring everything back.`);
    expect(await drilled(shelf.path(older.key))).toContain("would bring everything back.");
    expect(readDrillRecord(place.dataDir)?.proven).toEqual(EARLIER);
    expect(namesOfKept(dumps()).toSorted()).toEqual([nameOf(older), nameOf(dump)].toSorted());
    expect(opsCopy().toString()).toBe("the last one");
  });

  it("may hold nobody's purchases yet", async () => {
    const newest = await putDump(shelf, { at: "2026-11-21T03:00:00Z", amountMinor: null });
    keepIdentity(dumps(), nameOf(newest), shelf.identity);
    change(`${place.dataDir}/wtmm.db`, "DELETE FROM purchases");
    expect(await drilled()).toContain("would bring everything back");
    expect(said).toContain(
      "The front page worked. Nobody has a purchase that counts, so nobody was signed in, and no dashboard was opened.",
    );
  });

  it("is what something here opens, also when an older one has a later name", async () => {
    await putDump(shelf, { at: "2027-11-20T03:00:00Z" });
    expect(await drilled()).toContain(dump.key);
    expect(readDrillRecord(place.dataDir)?.proven?.dump).toBe(dump.key);
  });

  it("leaves nothing here that opens any dump, whatever was left of earlier ones", async () => {
    const older = await putDump(shelf, { at: "2026-11-01T03:00:00Z" });
    for (const name of [nameOf(older), "one that never came to be"]) keepIdentity(dumps(), name, shelf.identity);
    await drilled();
    expect(namesOfKept(dumps())).toEqual([]);
  });

  it("is not tried again when the drill was killed before it forgot what opens it, and nor is an older one", async () => {
    const older = await putDump(shelf, { at: "2026-11-01T03:00:00Z" });
    await drilled();
    const record = readDrillRecord(place.dataDir);
    for (const name of [nameOf(older), nameOf(dump)]) keepIdentity(dumps(), name, shelf.identity);
    await expect(drilled()).rejects.toThrow("was proven at");
    expect(namesOfKept(dumps())).toEqual([]);
    expect(readDrillRecord(place.dataDir)).toEqual(record);
  });

  it("stays proven when the copy for ops can't take its place", async () => {
    rmSync(join(root, "ops", "copy.db"));
    mkdirSync(join(root, "ops", "copy.db", "in the way"), { recursive: true });
    await expect(drilled()).rejects.toThrow(/^The copy for ops can't be made in \S+\/ops \(OPS_COPY\): /);
    expect(readDrillRecord(place.dataDir)).toMatchObject({
      state: "failed",
      reason: expect.stringContaining("OPS_COPY"),
      proven: { dump: dump.key },
    });
  });

  it("is told apart from what an interrupted drill left", async () => {
    mkdirSync(join(place.dataDir, "drill"));
    for (const name of ["wtmm.db", "wtmm.db-wal", "wtmm.db.restoring", "lock"])
      writeFileSync(join(place.dataDir, "drill", name), "half");
    writeFileSync(join(root, "ops", "copy.db.new"), "half");
    await drilled();
    expect(readdirSync(join(root, "ops"))).toEqual(["copy.db"]);
    expect(existsSync(join(place.dataDir, "drill"))).toBe(false);
  });
});

/** What goes wrong, what is said of it, and what is changed for it. */
const FAULTS: readonly [name: string, says: RegExp, damage: () => unknown][] = [
  [
    "a byte of the dump is another",
    /^daily\/\S+ is damaged: .*\. Take another dump: wtmm dumps lists them\.$/,
    () => {
      const bytes = readFileSync(shelf.path(dump.key));
      bytes[bytes.length - 30] = (bytes.at(-30) ?? 0) ^ 1;
      writeFileSync(shelf.path(dump.key), bytes);
    },
  ],
  [
    "what would open it is lost",
    /^What would open daily\/\S+ is not on this machine\. Make a new one \(sudo systemctl start wtmm-dump\), or name the file/,
    () => rmSync(join(dumps(), `one-dump-${nameOf(dump)}.key`)),
  ],
  [
    "what would open it opens another one",
    /^The key does not open daily\//,
    async () => {
      const other = await dumpShelf();
      keepIdentity(dumps(), nameOf(dump), other.identity);
      other.remove();
    },
  ],
  [
    "the bucket is away",
    /^The bucket dumps can't be reached \(ECONNREFUSED\)|ECONNREFUSED/,
    () => (shelf = { ...shelf, list: () => Promise.reject(new BucketError("ECONNREFUSED", "refused")) }),
  ],
  ["there is no dump", /^There is no dump in the bucket\./, () => rmSync(shelf.path(dump.manifestKey))],
  [
    "it is of a newer release",
    /^The database has schema \d+, which programs of schema \d+ and later can use/,
    async () => {
      const schema = SCHEMA_VERSION + 1;
      const newer = await putDump(shelf, { at: "2026-11-21T03:00:00Z", newer: { schema, oldestProgram: schema } });
      keepIdentity(dumps(), nameOf(newer), shelf.identity);
    },
  ],
  [
    "it lacks a purchase that was there when it was made",
    /^daily\/\S+ lacks, or holds otherwise than the live database, 1 rows of purchases that were there when it was made\. Make another/,
    () =>
      change(
        `${place.dataDir}/wtmm.db`,
        `INSERT INTO purchases (id, account_id, mail_id, position, institution, kind, merchant, amount_minor, currency,
           occurred_at, origin, words, booked_at) SELECT 'q', account_id, mail_id, 1, institution, kind, merchant,
           amount_minor, currency, occurred_at, origin, words, booked_at FROM purchases`,
      ),
  ],
  [
    "an amount is another",
    / 1 rows of purchases that were there when it was made\./,
    () => change(`${place.dataDir}/wtmm.db`, "UPDATE purchases SET amount_minor = 4251"),
  ],
  [
    "the database was emptied before the newest dump",
    /^The newest dump, daily\/\S+, holds nobody's account, but daily\/\S+ does\. Name the one that you mean\.$/,
    async () => {
      const emptied = await putDump(shelf, { at: "2026-11-21T03:00:00Z" });
      const path = shelf.path(emptied.manifestKey);
      const { contents, ...manifest } = emptied.manifest;
      const rows = { ...contents.rows, accounts: 0 };
      writeFileSync(path, writeManifest({ ...manifest, contents: { ...contents, rows } }));
      keepIdentity(dumps(), nameOf(emptied), shelf.identity);
      rmSync(join(dumps(), `one-dump-${nameOf(dump)}.key`));
    },
  ],
  [
    "the live database is not where the dump was made",
    /^The database that the dump was made of is not here to be compared with it\. Set DATA_DIR \(or DATABASE_URL\) /,
    () => rmSync(`${place.dataDir}/wtmm.db`),
  ],
  [
    "there is no place for the copy for ops",
    /^The copy for ops can't be made in \S+\/ops \(OPS_COPY\): /,
    () => {
      rmSync(join(root, "ops"), { recursive: true });
      writeFileSync(join(root, "ops"), "no folder");
    },
  ],
];

describe("a drill", () => {
  it.each(FAULTS)("fails when %s, says why, and leaves what was proven alone", async (name, says, damage) => {
    await damage();
    const keptBefore = namesOfKept(dumps());
    const error = await drilled().catch((caught: unknown) => caught);
    const sentence = error instanceof Error ? error.message : "";
    expect(sentence).toMatch(says);
    expect(sentence).not.toContain("\n");
    expect(readDrillRecord(place.dataDir)).toMatchObject({ state: "failed", reason: sentence });
    expect(readDrillRecord(place.dataDir)?.proven).toEqual(EARLIER);
    expect(namesOfKept(dumps())).toEqual(keptBefore);
    expect(existsSync(join(place.dataDir, "drill"))).toBe(false);
    if (name !== "there is no place for the copy for ops") {
      expect(opsCopy().toString()).toBe("the last one");
      expect(readdirSync(join(root, "ops"))).toEqual(["copy.db"]);
    }
  });

  it("does not begin while another one, or a dump, runs, and writes nothing down", async () => {
    const lock = takeLock(join(dumps(), "lock"));
    await expect(drilled()).rejects.toThrow(/^Another wtmm \(pid \d+\) is using /);
    lock.release();
    expect(readDrillRecord(place.dataDir)).toMatchObject({ state: "done" });
  });

  it("leaves no database behind when it is ended, and says that it was", async () => {
    const [all, { read }] = [readFileSync(shelf.path(dump.key)), shelf];
    shelf.read = async (key, from = 0) => {
      if (!key.endsWith(".age")) return read(key, from);
      const half = all.subarray(from, all.length / 2);
      let sent = false;
      // It is fetched so far, and then nothing comes.
      return new Readable({
        read() {
          if (sent) stop.abort();
          else this.push(half);
          sent = true;
        },
      });
    };
    await expect(drilled()).rejects.toThrow(/^The drill was interrupted\.$/);
    expect(readDrillRecord(place.dataDir)).toMatchObject({ state: "failed", reason: "The drill was interrupted." });
    expect(existsSync(join(place.dataDir, "drill"))).toBe(false);
    expect(namesOfKept(dumps())).toEqual([nameOf(dump)]);
  });

  it("leaves written down why the one before failed until it is done", async () => {
    const before = { state: "failed" as const, startedAt: EARLIER.at, reason: "It is damaged.", proven: EARLIER };
    writeDrillRecord(place.dataDir, before);
    const meanwhile: (DrillRecord | null)[] = [];
    await drillCommand(null, place, { say: () => {}, show: null }, stop.signal, async () => {
      meanwhile.push(readDrillRecord(place.dataDir));
      return shelf;
    });
    expect(meanwhile).toMatchObject([{ state: "running", reason: "It is damaged.", proven: { dump: EARLIER.dump } }]);
    expect(readDrillRecord(place.dataDir)).toMatchObject({ state: "done", reason: null });
  });

  it("needs a bucket", async () => {
    await expect(drilled(null, { s3: null })).rejects.toThrow(/^No bucket is set\. Set S3_ENDPOINT/);
  });
});

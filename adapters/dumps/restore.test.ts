import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { SCHEMA_VERSION } from "../../schema/migrate.ts";
import { dumpShelf, putDump, sha256Of, type TestDump, type TestShelf } from "../../test/dump-shelf.ts";
import { watchSyncs } from "../../test/watch-syncs.ts";
import { takeLock } from "../instance-lock.ts";
import { BucketError } from "../s3.ts";
import { writeManifest, type DumpManifest } from "./dump-manifest.ts";
import { contentsOf, differenceOf } from "./database-contents.ts";
import { restore } from "./restore.ts";
import { seal } from "./seal.ts";
import { dumpInBucket, dumpInFile, type DumpChoice, type DumpShelf, type DumpSource } from "./restore-source.ts";

let shelf: TestShelf;
let root: string;
let to: string;
let said: string[];

beforeEach(async () => {
  shelf = await dumpShelf();
  root = mkdtempSync(join(tmpdir(), "wtmm-restore-"));
  to = join(root, "data");
  said = [];
});
afterEach(() => {
  shelf.remove();
  rmSync(root, { recursive: true });
});

type Change = { source?: DumpSource; identities?: readonly string[]; say?: (line: string) => void };

async function restored(choice: DumpChoice = "latest", { source, identities, say }: Change = {}) {
  return restore({
    source: source ?? (await dumpInBucket(shelf, choice)),
    identities: async () => identities ?? [shelf.identity],
    dataDir: to,
    progress: () => {},
    say: say ?? ((line) => void said.push(line)),
    pauseMs: 0,
  });
}

/** What a database's file holds. */
function contentsIn(file: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return contentsOf(database);
  } finally {
    database.close();
  }
}

const sumIn = (file: string) => contentsIn(file).sums["USD"];
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("a dump", () => {
  it("comes back whole, readable to its owner alone, with nothing beside it", async () => {
    const { manifest } = await putDump(shelf, { extraBytes: 300_000 });
    const { database } = await restored();
    expect(database).toBe(join(to, "wtmm.db"));
    expect(readdirSync(to).toSorted()).toEqual(["lock", "recover-since.json", "wtmm.db"]);
    expect([modeOf(to), modeOf(database)]).toEqual(["700", "600"]);
    expect(differenceOf(manifest.contents, contentsIn(database))).toBe(null);
  });

  it("is brought to the disk as it comes, of which a service's own syncs need not wait for all", async () => {
    await putDump(shelf, { extraBytes: 7_000_000 });
    let syncs = 0;
    await watchSyncs(() => void (syncs += 1));
    await restored();
    expect(syncs).toBeGreaterThanOrEqual(3);
  });

  it("is the newest, the one that is named, or the newest that is not later", async () => {
    const [old, young] = [
      await putDump(shelf, { at: "2026-11-18T03:00:00Z", amountMinor: 1 }),
      await putDump(shelf, { at: "2026-11-20T03:00:00Z", amountMinor: 3, dumpClass: "hourly" }),
    ];
    await putDump(shelf, { at: "2026-11-19T03:00:00Z", amountMinor: 2 });
    const name = async (choice: DumpChoice) => (await dumpInBucket(shelf, choice)).name;
    const notAfter = (text: string) => ({ notAfter: Temporal.Instant.from(text) });
    expect(await name("latest")).toBe(young.key);
    expect(await name({ key: old.key })).toBe(old.key);
    expect(await name({ key: old.manifestKey })).toBe(old.key);
    expect(await name(notAfter("2026-11-20T03:00:00Z"))).toBe(young.key);
    expect(await name(notAfter("2026-11-20T02:59:59Z"))).toContain("2026-11-19");
    await expect(name(notAfter("2026-11-18T02:59:59Z"))).rejects.toThrow(/the oldest is of 2026-11-18T03:00:00Z/);
    await expect(name({ key: old.key.replace("18T", "17T") })).rejects.toThrow(/^There is no dump daily\/2026-11-17/);
    await expect(name({ key: "x" })).rejects.toThrow("There is no dump x. wtmm dumps lists what there is.");
  });

  it("is none without a manifest", async () => {
    const [old, young] = [
      await putDump(shelf, { amountMinor: 1 }),
      await putDump(shelf, { at: "2026-11-21T03:00:00Z" }),
    ];
    rmSync(shelf.path(young.manifestKey));
    expect((await dumpInBucket(shelf, "latest")).name).toBe(old.key);
    rmSync(shelf.path(old.manifestKey));
    await expect(restored()).rejects.toThrow(/^There is no dump in the bucket\. Are S3_BUCKET and S3_PREFIX/);
  });

  it("may be a file with its manifest beside it", async () => {
    const dump = await putDump(shelf, { amountMinor: 7 });
    const path = join(root, "x.db.zst.age");
    renameSync(shelf.path(dump.key), path);
    expect(() => dumpInFile(path)).toThrow(/x\.json can't be read, the manifest of/);
    renameSync(shelf.path(dump.manifestKey), join(root, "x.json"));
    expect(sumIn((await restored("latest", { source: dumpInFile(path) })).database)).toBe("7");
    expect(() => dumpInFile(join(root, "y.db.zst.age"))).toThrow(/^There is no file /);
    expect(() => dumpInFile(join(root, "x.json"))).toThrow(/is no dump: the name of one ends in \.db\.zst\.age\.$/);
  });

  it("of an older schema is brought to this release's", async () => {
    await putDump(shelf, { schema: 4 });
    const { database, from, to: now } = await restored();
    expect([from, now, contentsIn(database).schemaVersion]).toEqual([4, SCHEMA_VERSION, SCHEMA_VERSION]);
  });
});

describe("what is in place", () => {
  it.each(["wtmm.db", "wtmm.db-wal", "wtmm.db-shm", "wtmm.db-journal"])("is not overwritten: %s", async (name) => {
    await putDump(shelf);
    mkdirSync(to);
    writeFileSync(join(to, name), "precious");
    await expect(restored()).rejects.toThrow(
      / is there, and a restore overwrites nothing\. Move .* mkdir .*before && mv /,
    );
    expect(readFileSync(join(to, name), "utf8")).toBe("precious");
    expect(readdirSync(to).toSorted()).toEqual(["lock", name]);
  });

  it("is not overwritten either when it came meanwhile", async () => {
    await putDump(shelf);
    const say = () => writeFileSync(join(to, "wtmm.db"), "precious");
    await expect(restored("latest", { say })).rejects.toThrow(/ a restore overwrites nothing\./);
    expect(readFileSync(join(to, "wtmm.db"), "utf8")).toBe("precious");
  });

  it("is left alone while a service runs, which is told how to stop", async () => {
    await putDump(shelf);
    mkdirSync(to);
    const lock = takeLock(join(to, "lock"));
    await expect(restored()).rejects.toThrow(
      /^Another wtmm \(pid \d+\) is using .* Stop it first \(systemctl stop wtmm/,
    );
    expect(readdirSync(to).toSorted()).toEqual(["lock", "lock.pid"]);
    lock.release();
    await restored();
    // And the other way round, a service can't start while it is put in place.
    const again = join(root, "again");
    to = again;
    let refusal = "";
    await restored("latest", { say: () => void (refusal = refusalOf(() => takeLock(join(again, "lock")))) });
    expect(refusal).toMatch(/^Another wtmm /);
  });

  it("is nothing until all of it was compared, and what an interrupted one left is begun anew", async () => {
    await putDump(shelf);
    mkdirSync(to);
    for (const ending of ["", "-wal", "-shm"]) writeFileSync(join(to, `wtmm.db.restoring${ending}`), "half");
    let there: string[] = [];
    const { database } = await restored("latest", { say: () => void (there = readdirSync(to)) });
    expect(there.filter((name) => name.startsWith("wtmm.db"))).toEqual(["wtmm.db.restoring"]);
    expect(sumIn(database)).toBe("4250");
  });
});

/** Of the process that was started with both words; null as long as there is none. */
function pidOf(...words: readonly string[]): number | null {
  const found = readdirSync("/proc").find((name) => {
    try {
      const line = /^\d+$/.test(name) ? readFileSync(`/proc/${name}/cmdline`, "utf8") : "";
      return words.every((word) => line.includes(word));
    } catch {
      return false;
    }
  });
  return found === undefined ? null : Number(found);
}

/** Faults of a dump, and what is said of each. */
const FAULTS: readonly [name: string, says: RegExp, damage: (dump: TestDump) => void][] = [
  [
    "a byte at its beginning is another",
    /is damaged: it was changed since it was sealed\. Take another/,
    flip(() => 30),
  ],
  ["a byte in its middle is another", /is damaged: /, flip((size) => size / 2)],
  ["its last byte is another", /is damaged: /, flip((size) => size - 1)],
  ["its end is missing", /is damaged: 100 of its \d+ bytes are missing/, resize((bytes) => bytes.subarray(0, -100))],
  ["all of it is missing", /is damaged: (\d+) of its \1 bytes are missing/, resize(() => new Uint8Array())],
  ["it is longer", /is damaged: /, resize((bytes) => Buffer.concat([bytes, bytes]))],
  ["its manifest is cut", /^The manifest of .* is damaged, or of a newer/, (dump) => damageManifest(dump)],
  [
    "it is another than its manifest tells of",
    /is damaged: its check sum is another than when it was written/,
    tell(({ object }) => ({ object: { ...object, sha256: sha256Of(new Uint8Array(1)) } })),
  ],
  [
    "its database is another than its manifest tells of",
    /is damaged: its check sum is another than when it was written/,
    tell(({ database }) => ({ database: { ...database, sha256: sha256Of(new Uint8Array(1)) } })),
  ],
  [
    "a row is missing",
    /is not what its manifest says: it holds 1 rows in purchases instead of 2\. Take another dump/,
    tell(({ contents }) => ({ contents: { ...contents, rows: { ...contents.rows, purchases: 2 } } })),
  ],
  [
    "a sum is another",
    /is not what its manifest says: it holds another sum of purchases in USD/,
    tell(({ contents }) => ({ contents: { ...contents, sums: { USD: "1" } } })),
  ],
  [
    "it is larger than the disk",
    /^The restored database needs 1200000000 MB, and \d+ MB are free on the disk of .* Make room, or name another folder\.$/,
    tell(({ database }) => ({ database: { ...database, bytes: 1e15 } })),
  ],
];

describe("nothing is put in place when", () => {
  it.each(FAULTS)("%s", async (_name, says, damage) => {
    const dump = await putDump(shelf, { extraBytes: 300_000 });
    damage(dump);
    const before = await shelf.list("");
    await expect(restored()).rejects.toThrow(says);
    expect(readNames(to).filter((name) => name !== "lock")).toEqual([]);
    expect(await shelf.list("")).toEqual(before);
  });

  it("what was sealed is no database", async () => {
    const dump = await putDump(shelf);
    const plain = Buffer.alloc(50_000, "no database");
    const sealed = await buffer(await seal(Readable.from([plain]), [await identityToRecipient(shelf.identity)]));
    writeFileSync(shelf.path(dump.key), sealed);
    const described = (bytes: Buffer) => ({ bytes: bytes.length, sha256: sha256Of(bytes) });
    tell(() => ({ object: described(sealed), database: described(plain) }))(dump);
    await expect(restored()).rejects.toThrow(
      /is not what its manifest says: file is not a database\. Take another dump/,
    );
  });

  it("nobody could look through it, for which the dump is not blamed", async () => {
    await putDump(shelf);
    const file = join(to, "wtmm.db.restoring");
    const killed = () => vi.waitUntil(() => pidOf("contents-process", file), { interval: 1, timeout: 10_000 });
    let killing: Promise<unknown> | undefined;
    const say = () => void (killing ??= killed().then((pid) => process.kill(pid, "SIGKILL")));
    await expect(restored("latest", { say })).rejects.toThrow(
      /^The restored database could not be looked through: the process that does so was ended by SIGKILL\. Try again\.$/,
    );
    await killing;
    expect(readNames(to)).toEqual(["lock"]);
  });

  it("the key is another", async () => {
    await putDump(shelf);
    const identities = [await generateX25519Identity()];
    await expect(restored("latest", { identities })).rejects.toThrow(
      /^The key does not open daily\/.*, which was sealed for age1\w+\.$/,
    );
    expect(readNames(to)).toEqual(["lock"]);
  });

  it("the database is of a newer release, unless it says that this one can use it", async () => {
    const path = await putNewer(99);
    await expect(restored("latest", { source: dumpInFile(path) })).rejects.toThrow(
      new RegExp(
        `^The database has schema 99, which programs of schema 99 and later can use; .*${SCHEMA_VERSION}\\. Start`,
      ),
    );
    expect(readNames(to)).toEqual(["lock"]);
    const usable = await putNewer(SCHEMA_VERSION);
    expect(await restored("latest", { source: dumpInFile(usable) })).toMatchObject({ from: 99, to: 99 });
  });

  /** A dump of schema 99, in a file. */
  async function putNewer(oldestProgram: number): Promise<string> {
    const dump = await putDump(shelf, { newer: { schema: 99, oldestProgram } });
    return shelf.path(dump.key);
  }
});

describe("a connection that is cut", () => {
  /** The shelf, whose connections bring so many bytes and then break; those of the first `times` when that is given. */
  const cutting = (bytes: number, times = Infinity, code = "ECONNRESET"): DumpShelf & { asked: number[] } => {
    const asked: number[] = [];
    return {
      ...shelf,
      asked,
      async read(key, from = 0) {
        asked.push(from);
        const isCut = asked.length <= times;
        const all = readFileSync(shelf.path(key)).subarray(from);
        return Readable.from(isCut ? cut(all.subarray(0, bytes), new BucketError(code, "aborted")) : [all]);
      },
    };
  };

  it("is taken up where it was cut, however often, as long as it brings something", async () => {
    const { manifest } = await putDump(shelf, { extraBytes: 500_000 });
    const cut = cutting(50_000, Math.floor(manifest.object.bytes / 50_000));
    await restored("latest", { source: await dumpInBucket(cut, "latest") });
    expect(cut.asked).toEqual(cut.asked.map((_, index) => index * 50_000));
    expect(cut.asked.length).toBeGreaterThan(10);
  });

  it("is given up when it brings nothing five times, and at once when it is refused", async () => {
    await putDump(shelf);
    for (const [code, times] of [
      ["ECONNRESET", 5],
      ["AccessDenied", 1],
      ["NoSuchKey", 1],
    ] as const) {
      const cut = cutting(0, Infinity, code);
      await expect(restored("latest", { source: await dumpInBucket(cut, "latest") })).rejects.toMatchObject({ code });
      expect(cut.asked).toHaveLength(times);
      expect(readNames(to)).toEqual(["lock"]);
    }
  });
});

async function* cut(bytes: Uint8Array, error: Error) {
  if (bytes.length > 0) yield bytes;
  await Promise.reject(error);
}

function readNames(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
}

function refusalOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function flip(at: (size: number) => number) {
  return ({ key }: TestDump) => {
    const bytes = readFileSync(shelf.path(key));
    const place = Math.floor(at(bytes.length));
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(shelf.path(key), bytes);
  };
}

function resize(change: (bytes: Buffer) => Uint8Array) {
  return ({ key }: TestDump) => writeFileSync(shelf.path(key), change(readFileSync(shelf.path(key))));
}

function damageManifest({ manifestKey }: TestDump): void {
  writeFileSync(shelf.path(manifestKey), readFileSync(shelf.path(manifestKey)).subarray(0, -10));
}

function tell(change: (manifest: DumpManifest) => Partial<DumpManifest>) {
  return ({ manifestKey, manifest }: TestDump) =>
    writeFileSync(shelf.path(manifestKey), writeManifest({ ...manifest, ...change(manifest) }));
}

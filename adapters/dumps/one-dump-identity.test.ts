import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { dumpShelf, putDump, type TestShelf } from "../../test/dump-shelf.ts";
import { memoryBucket } from "../../test/memory-bucket.ts";
import { BucketError } from "../s3.ts";
import { dumpNameOf, dumpsAmong, manifestKeyOf, objectKeyOf } from "./dump-keys.ts";
import { readManifest } from "./dump-manifest.ts";
import { dump } from "./dump.ts";
import { forgetIdentities, keepIdentity, keptIdentity, namesOfKept } from "./one-dump-identity.ts";
import { restore } from "./restore.ts";
import { dumpInBucket } from "./restore-source.ts";
import { unseal } from "./seal.ts";

let folder: string;
let shelf: TestShelf;
let things: Map<string, Uint8Array>;
/** What a bucket does before it keeps something. */
let onPut: (key: string) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-identity-"));
  shelf = await dumpShelf();
  things = new Map();
  onPut = () => {};
  await putDump(shelf);
  const source = await dumpInBucket(shelf, "latest");
  const quiet = { progress: () => {}, say: () => {} };
  await restore({ source, identities: async () => [shelf.identity], dataDir: join(folder, "data"), ...quiet });
});
afterEach(() => {
  shelf.remove();
  rmSync(folder, { recursive: true });
});

const kept = () => join(folder, "dumps");
const drills = () => join(folder, "drill");
const dumps = () => dumpsAmong(things.keys());
const keyFiles = () => readdirSync(kept()).filter((file) => file.endsWith(".key"));

/** Makes a dump on a day of November. */
async function dumped(day: number) {
  const source = await dumpInBucket(shelf, "latest");
  return dump({
    ...{
      bucket: memoryBucket(things, (key) => onPut(key)),
      databaseUrl: `file:${folder}/data/wtmm.db`,
      folder: kept(),
      drillFolder: drills(),
      release: "test",
    },
    ...{ recipients: source.manifest.recipients, random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)) },
    now: () => Temporal.Instant.from(`2026-11-${day}T03:00:00Z`),
    ...{ begun: () => {}, say: () => {}, progress: () => {}, signal: new AbortController().signal },
  });
}

it("removes the database that a drill left which was cut off, before there has to be room for another", async () => {
  mkdirSync(drills());
  writeFileSync(join(drills(), "wtmm.db"), "all mails, in plain");
  onPut = () => {
    throw new BucketError("ECONNREFUSED", "refused");
  };
  await expect(dumped(20)).rejects.toThrow("refused");
  expect(existsSync(drills())).toBe(false);
});

/** Whether what is kept of a dump opens it. */
async function opens(name: string): Promise<boolean> {
  const key = dumps().find((one) => dumpNameOf(one) === name);
  const identity = keptIdentity(kept(), name);
  if (key === undefined || identity === null) return false;
  return unseal(Readable.from([things.get(objectKeyOf(key))]), [identity]).then(
    async (plain) => (await buffer(plain)).length > 0,
    () => false,
  );
}

describe("what opens a dump", () => {
  it("is kept beside it for its owner alone, and named in the manifest as the last recipient", async () => {
    const { recipients } = await dumped(20);
    const [key] = dumps();
    if (key === undefined) throw new Error("There is no dump.");
    expect(await opens(dumpNameOf(key))).toBe(true);
    expect(keyFiles().map((file) => (statSync(join(kept(), file)).mode & 0o777).toString(8))).toEqual(["600"]);
    expect(recipients).toHaveLength(2);
    expect(readManifest(things.get(manifestKeyOf(key)) ?? new Uint8Array()).recipients).toEqual(recipients);
  });

  it("gives way to that of the next one, so that nothing here opens any but the newest", async () => {
    await dumped(20);
    await dumped(21);
    const [newest, older] = [...new Set(dumps().map(dumpNameOf))];
    expect(await opens(newest ?? "")).toBe(true);
    expect(keyFiles()).toEqual([`one-dump-${newest}.key`]);
    expect(await opens(older ?? "")).toBe(false);
  });

  it("is on disk before there is a dump, and stays when nobody knows whether there is one", async () => {
    await dumped(20);
    const [before] = namesOfKept(kept());
    let thereAtManifest: string[] = [];
    onPut = (key) => {
      if (!key.endsWith(".json")) return;
      thereAtManifest = namesOfKept(kept());
      throw new BucketError("TimeoutError", "silence");
    };
    await expect(dumped(21)).rejects.toThrow("silence");
    expect(thereAtManifest).toHaveLength(2);
    expect(namesOfKept(kept())).toEqual(thereAtManifest);
    // The next run finds that there is none, also when it makes none itself.
    onPut = () => {
      throw new BucketError("ECONNREFUSED", "refused");
    };
    await expect(dumped(22)).rejects.toThrow("refused");
    expect(namesOfKept(kept())).toEqual([before]);
  });

  it("of two dumps is forgotten for the older one when a run was cut off between them", async () => {
    await dumped(20);
    const [older = ""] = namesOfKept(kept());
    const identity = keptIdentity(kept(), older) ?? "";
    await dumped(21);
    const [newer = ""] = namesOfKept(kept());
    keepIdentity(kept(), older, identity);
    onPut = () => {
      throw new BucketError("ECONNREFUSED", "refused");
    };
    await expect(dumped(22)).rejects.toThrow("refused");
    expect(namesOfKept(kept())).toEqual([newer]);
  });

  it("is forgotten by its name, and half of one opens nothing", () => {
    keepIdentity(folder, "a", "AGE-SECRET-KEY-1A");
    keepIdentity(folder, "b", "");
    expect([keptIdentity(folder, "a"), keptIdentity(folder, "b"), keptIdentity(folder, "c")]).toEqual([
      "AGE-SECRET-KEY-1A",
      null,
      null,
    ]);
    forgetIdentities(folder, (name) => name === "a");
    expect(namesOfKept(folder)).toEqual(["b"]);
  });
});

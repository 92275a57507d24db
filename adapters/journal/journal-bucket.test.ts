import { beforeEach, describe, expect, it } from "vitest";

import { BucketError } from "../s3.ts";
import { openJournalBucket, type JournalBucket } from "./journal-bucket.ts";

const BEGAN = Temporal.Instant.from("2026-11-20T17:00:00Z");
const SETTINGS = {
  ...{ endpoint: "http://127.0.0.1:9", region: "us-east-1", bucket: "dumps", prefix: "", forcePathStyle: true },
  ...{ accessKeyId: "id", secretAccessKey: "secret" },
};
const OBJECT = { key: "journal/a", sealed: new Uint8Array([1, 2, 3]) };

let now = BEGAN;
let logged: { level: string; fields: object; message: string }[] = [];
let objects: Map<string, Uint8Array>;
let failure: Error | null = null;
let tries = 0;
let opened = 0;
let bucket: JournalBucket;
let stop: AbortController;

beforeEach(() => {
  [now, logged, objects, failure, tries, opened] = [BEGAN, [], new Map(), null, 0, 0];
  stop = new AbortController();
  bucket = openJournalBucket(SETTINGS, { ...world(), open: async () => ((opened += 1), { put, close: () => {} }) });
});

describe("what is kept", () => {
  it("lies under its key", async () => {
    expect(await bucket.keep(OBJECT, stop.signal)).toBe(true);
    expect([...objects]).toEqual([["journal/a", OBJECT.sealed]]);
  });

  it("is the first that opens the bucket, which is opened once", async () => {
    expect(opened).toBe(0);
    await Promise.all([1, 2].map(() => bucket.keep(OBJECT, stop.signal)));
    await bucket.keep(OBJECT, stop.signal);
    expect(opened).toBe(1);
  });
});

describe("a bucket that fails", () => {
  beforeEach(() => {
    failure = new BucketError("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9");
  });

  it("is given a rest, each time a longer one, up to a minute", async () => {
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      expect(bucket.isReady()).toBe(true);
      expect(await bucket.keep(OBJECT, stop.signal)).toBe(false);
      now = now.add({ milliseconds: seconds * 1_000 - 1 });
      expect(bucket.isReady()).toBe(false);
      now = now.add({ milliseconds: 1 });
    }
    expect(tries).toBe(6);
  });

  it("is logged once, and once more when it takes something again", async () => {
    for (const _ of [1, 2, 3]) await bucket.keep(OBJECT, stop.signal);
    const err = failure;
    expect(logged).toEqual([
      { level: "error", fields: { err }, message: "changes don't reach the bucket: see wtmm doctor" },
    ]);
    failure = null;
    for (const _ of [1, 2]) expect(await bucket.keep(OBJECT, stop.signal)).toBe(true);
    expect(logged.slice(1)).toEqual([{ level: "info", fields: {}, message: "changes reach the bucket again" }]);
    failure = err;
    await bucket.keep(OBJECT, stop.signal);
    now = now.add({ seconds: 5 });
    expect(bucket.isReady()).toBe(true);
    expect(logged).toHaveLength(3);
  });

  it("is asked again when the clock was set back", async () => {
    await bucket.keep(OBJECT, stop.signal);
    now = BEGAN.subtract({ hours: 1 });
    expect(bucket.isReady()).toBe(true);
  });

  it("is no news when the service stops", async () => {
    stop.abort();
    expect(await bucket.keep(OBJECT, stop.signal)).toBe(false);
    expect(logged).toEqual([]);
  });

  it("is also one that can't be opened, until it can", async () => {
    failure = null;
    const faults = [new Error("no client"), new Error("no client")];
    const open = async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
      return { put, close: () => {} };
    };
    bucket = openJournalBucket(SETTINGS, { ...world(), open });
    for (const isKept of [false, false, true]) expect(await bucket.keep(OBJECT, stop.signal)).toBe(isKept);
    expect(logged.map(({ level }) => level)).toEqual(["error", "info"]);
    bucket.close();
  });
});

async function put(key: string, bytes: Uint8Array): Promise<void> {
  tries += 1;
  if (failure !== null) throw failure;
  objects.set(key, bytes);
}

function world() {
  const log = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  return {
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    now: () => now,
  };
}

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeEach, expect, it } from "vitest";

import { migrate } from "../../schema/migrate.ts";
import { fakeApp } from "../../test/fake-app.ts";
import { memoryBucket } from "../../test/memory-bucket.ts";
import { openDatabase } from "../libsql.ts";
import { BucketError, type Bucket } from "../s3.ts";
import { dumpCommand } from "./dump-command.ts";
import { readDumpRecord } from "./dump-record.ts";

const S3 = {
  ...{ endpoint: "https://s3.example.net", region: "us-east-1", bucket: "dumps", prefix: "" },
  ...{ accessKeyId: "id", secretAccessKey: "very-secret", forcePathStyle: false },
};
let dataDir: string;
let things: Map<string, Uint8Array>;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "wtmm-dump-"));
  things = new Map();
  const db = await openDatabase(`file:${dataDir}/wtmm.db`);
  await migrate(db);
  await db.close();
  mkdirSync(join(dataDir, "drill"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const bucket = () => memoryBucket(things);

async function dumped(made: Bucket): Promise<string> {
  const recipient = await identityToRecipient(await generateX25519Identity());
  const { config } = await fakeApp();
  return dumpCommand(
    { ...config, s3: S3, dumpRecipients: [recipient], dataDir, databaseUrl: `file:${dataDir}/wtmm.db` },
    { say: () => {}, show: null },
    new AbortController().signal,
    async () => made,
  );
}

it("makes a dump and writes that down", async () => {
  expect(await dumped(bucket())).toMatch(/^The dump is made: \d/);
  expect(readDumpRecord(dataDir)).toMatchObject({ state: "done", reason: null, lastDumpAt: expect.anything() });
});

it("ends well, so that its drill follows, when the dump is made but not kept for a year, and writes that down", async () => {
  const copy = () => Promise.reject(new BucketError("AccessDenied", "Access Denied"));
  const says = /^The dump is made, but it was not copied to be kept for a year; the next dump will be\. .*AccessDenied/;
  expect(await dumped({ ...bucket(), copy })).toMatch(says);
  expect(readDumpRecord(dataDir)).toMatchObject({
    state: "failed",
    reason: expect.stringMatching(says),
    lastDumpAt: expect.anything(),
  });
});

it("fails when there is no dump, and says so", async () => {
  const putStream = () => Promise.reject(new BucketError("AccessDenied", "Access Denied"));
  await expect(dumped({ ...bucket(), putStream })).rejects.toThrow(/^There is no dump\. .*AccessDenied/);
  expect(readDumpRecord(dataDir)).toMatchObject({ state: "failed", lastDumpAt: null });
});

it("says where to make room when the disk becomes full meanwhile", async () => {
  const putStream = () => Promise.reject(Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" }));
  const says = "There is no dump: the disk became full meanwhile. Make room where DATA_DIR lies, then try again.";
  await expect(dumped({ ...bucket(), putStream })).rejects.toThrow(says);
  expect(readDumpRecord(dataDir)).toMatchObject({ state: "failed", reason: says });
});

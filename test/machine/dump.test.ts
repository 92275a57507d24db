import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";

import { ListMultipartUploadsCommand, PutBucketPolicyCommand, type S3Client } from "@aws-sdk/client-s3";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { bucketRules } from "../../adapters/bucket/bucket-rules.ts";
import { contentsOf, requireIntegrity } from "../../adapters/dumps/database-contents.ts";
import { dumpCommand } from "../../adapters/dumps/dump-command.ts";
import { dumpsAmong, manifestKeyOf, objectKeyOf, type DumpKey } from "../../adapters/dumps/dump-keys.ts";
import { readManifest } from "../../adapters/dumps/dump-manifest.ts";
import { readDumpRecord } from "../../adapters/dumps/dump-record.ts";
import { restoreCommand } from "../../adapters/dumps/restore-command.ts";
import type { DumpShelf } from "../../adapters/dumps/restore-source.ts";
import { unseal } from "../../adapters/dumps/seal.ts";
import type { Change } from "../../adapters/journal/segment.ts";
import { openBucket, type Bucket, type Patience } from "../../adapters/s3.ts";
import type { S3Settings } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { dumpShelf, putDump } from "../dump-shelf.ts";
import { FIRST, putSegment } from "../journal-shelf.ts";
import {
  bareEnvironment,
  buildProgram,
  dataFolder,
  endProgram,
  PROGRAM,
  startProgram,
  type Program,
} from "../program.ts";
import { SERVICE, serviceConfig } from "../service-config.ts";
import { startStorage, type Storage } from "./storage.ts";
import { startProxy, type TcpProxy, type Trouble } from "./tcp-proxy.ts";

const MEGABYTE = 1_000_000;

/** One sentence, for whatever word Node has for it. */
const UNREACHABLE =
  /^There is no dump\. The bucket \S+ at \S+ can't be reached \((ECONNRESET|EPIPE|TimeoutError)\): see whether it runs, and S3_ENDPOINT\.\n?$/;

const FULL = "the disk became full meanwhile. Make room where DATA_DIR lies, then try again.";

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

describe("wtmm dump at a real S3 service", () => {
  let storage: Storage;
  let ownerClient: S3Client;
  let proxy: TcpProxy;
  /** With the machine's key: what it writes is its own, which the bucket's owner may not read at this service. */
  let bucket: Bucket;
  let program: Program;
  let identity: string;
  let recipient: string;
  const data = dataFolder();

  beforeAll(async () => {
    buildProgram();
    storage = await startStorage();
    ownerClient = await storage.makeBucket();
    bucket = await openBucket(storage.settings("machine"));
    proxy = await startProxy(storage.settings("owner").endpoint);
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
    program = await startProgram(data.path);
    fill(join(data.path, "wtmm.db"), 40 * MEGABYTE);
  });
  beforeEach(() => proxy.set({}));
  afterAll(async () => {
    if (program !== undefined) await endProgram(program, "SIGTERM");
    proxy?.close();
    bucket?.close();
    ownerClient?.destroy();
    data.remove();
    await storage?.remove();
  });

  it("makes a dump beside the running service that opens to what the database held", async () => {
    const { code, stdout, stderr } = await dumped();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [key] = await dumps();
    if (key === undefined) throw new Error("There is no dump.");
    expect(stdout.split("\n").slice(0, 3)).toEqual([
      "The database is copied, and the copy is checked.",
      expect.stringMatching(/^daily\/\S+ is uploaded \(\d+ MB\) and was read back\.$/),
      expect.stringContaining(`copied to ${objectKeyOf(key)}.`),
    ]);
    const manifest = readManifest(await bucket.get(manifestKeyOf(key)));
    const file = join(data.path, "opened.db");
    await pipeline(await unseal(await bucket.read(objectKeyOf(key)), [identity]), createWriteStream(file));
    const opened = new DatabaseSync(file, { readOnly: true });
    requireIntegrity(opened);
    expect(contentsOf(opened)).toEqual(manifest.contents);
    opened.close();
    expect(manifest.contents.rows["purchases"]).toBeGreaterThan(5);
    expect(Object.keys(manifest.contents.sums)).toContain("USD");
    expect(manifest.contents.newestMail).not.toBe(null);
    expect(manifest.recipients).toEqual([recipient, expect.stringMatching(/^age1/)]);
    expect(readDumpRecord(data.path)).toMatchObject({ state: "done", lastDumpAt: expect.anything() });
  });

  it("keeps the first of a day for a month and of a month for a year, and others for two days", async () => {
    await dumped();
    const classes = (await dumps()).map(({ dumpClass, at }) => `${dumpClass} ${at.toString().slice(0, 10)}`);
    const today = Temporal.Now.instant().toString().slice(0, 10);
    expect(classes.toSorted()).toEqual([`daily ${today}`, `hourly ${today}`, `monthly ${today}`]);
  });

  it("says that the dump is made when it can't be kept for a year, and makes up for that with the next", async () => {
    const { policy } = bucketRules(storage.settings("owner"), storage.arn("machine"));
    const { bucket: Bucket, prefix } = storage.settings("owner");
    const Resource = [`arn:aws:s3:::${Bucket}/${prefix}other/monthly/*`];
    const Principal = { AWS: [storage.arn("machine")] };
    const allow = (...more: unknown[]) => {
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [...policy, ...more] });
      return ownerClient.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    };
    const elsewhere = { S3_PREFIX: `${prefix}other/` };
    await allow({ Effect: "Deny", Principal, Action: ["s3:PutObject"], Resource });
    // There is a dump to be tried, so it is no failure of the unit.
    const { code, stdout, stderr } = await dumped(elsewhere).finally(() => allow());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\nThe dump is made, but it was not copied to be kept for a year; .*AccessDenied.*\n$/);
    const others = async () => {
      const keys = (await bucket.list("other/")).map(({ key }) => key.slice("other/".length));
      return dumpsAmong(keys).map(({ dumpClass }) => dumpClass);
    };
    expect(await others()).toEqual(["daily"]);
    expect(readDumpRecord(data.path)).toMatchObject({ state: "failed", lastDumpAt: expect.anything() });
    expect(await dumped(elsewhere)).toMatchObject({ code: 0, stderr: "" });
    expect((await others()).toSorted()).toEqual(["daily", "hourly", "monthly"]);
  });

  const refusals: [string, Record<string, string>, RegExp][] = [
    ["the secret is wrong", { S3_SECRET_ACCESS_KEY: "wrong" }, /SignatureDoesNotMatch.*S3_SECRET_ACCESS_KEY/],
    ["there is no such key", { S3_ACCESS_KEY_ID: "nobody" }, /InvalidAccessKeyId.*S3_ACCESS_KEY_ID/],
    ["the key may not write there", { S3_PREFIX: "elsewhere" }, /AccessDenied.*wtmm doctor/],
    ["there is no such bucket", { S3_BUCKET: "missing" }, /NoSuchBucket.*Make the bucket, or set S3_BUCKET/],
    ["nobody listens", { S3_ENDPOINT: "http://127.0.0.1:9" }, /can't be reached \(ECONNREFUSED\)/],
    ["nobody could open it", { DUMP_RECIPIENT: "" }, /^DUMP_RECIPIENT is not set: nobody could open the dump\.$/],
  ];
  it.each(refusals)("makes none, and says why, when %s", async (_, change, says) => {
    await leavesAllAsItWas(async () => {
      const { code, stderr } = await dumped(change);
      expect(code).toBe(1);
      expect(stderr.trim()).toMatch(says);
      expect(stderr.trim().split("\n")).toHaveLength(1);
    });
  });

  it("goes on when the connection is cut at a part, and at the next", async () => {
    proxy.set({ cutAfter: 3 * MEGABYTE, cuts: 3 });
    expect(await dumped()).toMatchObject({ code: 0, stderr: "" });
  });

  const cuts: [string, Partial<Trouble>][] = [
    ...[0.5, 6, 11, 16, 22, 27, 32, 38].map((megabytes): [string, Partial<Trouble>] => [
      `${megabytes} MB went up`,
      { cutOnceUp: megabytes * MEGABYTE },
    ]),
    ["its upload is to begin", { cutRequest: /^POST \S+\?uploads/ }],
    ["its upload has begun", { cutAnswer: /^POST \S+\?uploads/ }],
    ["its parts are to be put together", { cutRequest: /^POST \S+uploadId=/ }],
    ["its parts were put together", { cutAnswer: /^POST \S+uploadId=/ }],
    ["its manifest is to be written", { cutRequest: /^PUT \S+\.json/ }],
    ["its manifest was written", { cutAnswer: /^PUT \S+\.json/ }],
  ];
  it.each(cuts)("goes on when the connection is cut once %s", async (_, trouble) => {
    const before = await dumps();
    proxy.set(trouble);
    expect(await dumped()).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.cutsMade()).toBe(1);
    expect(await dumps()).toHaveLength(before.length + 1);
  });

  it.each([0.1, 20, 40])("goes on when its reading back is cut once %s MB came", async (megabytes) => {
    const before = await dumps();
    proxy.set({ cutOnceDown: megabytes * MEGABYTE });
    expect(await dumped()).toMatchObject({ code: 0, stderr: "" });
    expect(proxy.cutsMade()).toBe(1);
    expect(await dumps()).toHaveLength(before.length + 1);
  });

  const silences: [string, Partial<Trouble>][] = [
    ["before it said anything", { silentAfterUp: 0 }],
    ["in the middle of the upload", { silentAfterUp: 20 * MEGABYTE }],
    ["while it gives back what was uploaded", { silentAfterDown: 20 * MEGABYTE }],
  ];
  it.each(silences)("gives up a service that falls silent %s", async (_, trouble) => {
    await leavesAllAsItWas(async () => {
      proxy.set(trouble);
      const refusal = await dumpedHere({ silenceMs: 300 });
      expect(refusal).toMatch(UNREACHABLE);
      expect(readDumpRecord(data.path)).toMatchObject({ state: "failed", reason: refusal });
    });
    proxy.set({});
    expect(await dumped()).toMatchObject({ code: 0, stderr: "" });
    expect(await unfinished()).toBe(0);
  });

  it("gives up when the connection is always cut, and leaves nothing begun once it is mended", async () => {
    await leavesAllAsItWas(async () => {
      proxy.set({ cutAfter: 3 * MEGABYTE, cuts: Infinity });
      const { code, stderr } = await dumped();
      expect({ code, says: stderr }).toEqual({
        code: 1,
        says: expect.stringMatching(UNREACHABLE),
      });
      expect(readDumpRecord(data.path)).toMatchObject({ state: "failed", reason: stderr.trim() });
    });
    expect(await unfinished()).toBe(0);
  });

  it("is as good over a slow line", async () => {
    proxy.set({ upPerSecond: 15 * MEGABYTE });
    expect(await dumped()).toMatchObject({ code: 0, stderr: "" });
  });

  it("shows on a terminal how far each step has come, how fast, and keeps only what is done", async () => {
    proxy.set({ upPerSecond: 15 * MEGABYTE });
    const onTerminal = [
      "script",
      "--quiet",
      "--return",
      "/dev/null",
      "--command",
      `${process.execPath} ${PROGRAM} dump`,
    ];
    const { code, stdout } = await started({}, onTerminal).ended;
    expect(code).toBe(0);
    for (const does of ["uploading", "reading back"]) {
      const bar = new RegExp(`\\r\\x1b\\[K${does} \\[#+-*\\] \\d+ %  [\\d.]+ of 4\\d MB, [\\d.]+ MB/s`, "g");
      expect(stdout.match(bar)?.length).toBeGreaterThan(does === "uploading" ? 2 : 0);
    }
    const kept = stdout.split("\n").map((line) => line.split("\x1b[K").at(-1)?.trimEnd());
    expect(kept).toEqual([
      "The database is copied, and the copy is checked.",
      expect.stringMatching(/^(daily|hourly)\/\S+ is uploaded \(\d+ MB\) and was read back\.$/),
      expect.stringMatching(/^The dump is made: /),
      "",
    ]);
  });

  it("takes nothing for a dump that comes back changed", async () => {
    await leavesAllAsItWas(async () => {
      proxy.set({ flipAfter: 5 * MEGABYTE });
      const { code, stderr } = await dumped();
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/gave back something else/) });
    });
  });

  it("bears a clock that is an hour wrong", async () => {
    const wrong =
      "Date = class extends Date { constructor(...a) { a.length === 0 ? super(Date.now()) : super(...a); } static now() { return super.now() - 3600000; } };";
    const { code, stderr } = await dumped({
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(wrong)}`,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("says to set the clock when the service won't bear it", async () => {
    const server = createServer((_, response) =>
      response
        .writeHead(403, { "content-type": "application/xml" })
        .end("<Error><Code>RequestTimeTooSkewed</Code><Message>Too far.</Message></Error>"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { code, stderr } = await dumped({
      S3_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    server.closeAllConnections();
    server.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("Set the clock: timedatectl") });
  });

  it("makes none when the disk has no room for a copy, and says how much it needs", async () => {
    const small = smallDisk("120m");
    await leavesAllAsItWas(async () => {
      const { code, stderr } = await dumped(onDisk(small));
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/^There is no room .* needs \d+ MB, and \d+ MB are free/),
      });
      expect(existsSync(small.copy)).toBe(false);
    });
  });

  it("makes none when the disk becomes full while the copy is made, and says so", async () => {
    const small = smallDisk("300m");
    await leavesAllAsItWas(async () => {
      const { child, ended } = started(onDisk(small));
      let isOver = false;
      void ended.finally(() => (isOver = true));
      while (!isOver && !existsSync(small.copy)) await setImmediate();
      // Or it may be done before there is no room.
      const pid = child.pid ?? 0;
      const copying = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
      const all = [pid, ...copying];
      for (const one of all) process.kill(one, "SIGSTOP");
      small.fill();
      for (const one of all) process.kill(one, "SIGCONT");
      expect(await ended).toMatchObject({
        code: 1,
        stderr: `There is no room for a copy of the database any more: ${FULL}\n`,
      });
      expect(existsSync(small.copy)).toBe(false);
    });
    small.clear();
    expect(await dumped(onDisk(small))).toMatchObject({ code: 0, stderr: "" });
  });

  it("makes none when the disk becomes full during the upload, and says so", async () => {
    const small = smallDisk("300m");
    await leavesAllAsItWas(async () => {
      proxy.set({ upPerSecond: 20 * MEGABYTE });
      const { ended } = started(onDisk(small));
      await goneUp(10 * MEGABYTE);
      small.fill();
      expect(await ended).toMatchObject({ code: 1, stderr: `There is no dump: ${FULL}\n` });
      expect(existsSync(small.copy)).toBe(false);
      expect(readDumpRecord(small.path)).toMatchObject({ state: "failed", reason: `There is no dump: ${FULL}` });
    });
    expect(await unfinished()).toBe(0);
  });

  it("makes none when the disk is so full that not even that can be written down, and says so", async () => {
    const small = smallDisk("10m");
    small.fill();
    await leavesAllAsItWas(async () => {
      expect(await dumped(onDisk(small))).toMatchObject({ code: 1, stderr: `There is no dump: ${FULL}\n` });
    });
  });

  it("is alone: another one is told so and changes nothing", async () => {
    proxy.set({ upPerSecond: 20 * MEGABYTE });
    const first = started();
    await goneUp(5 * MEGABYTE);
    const second = await dumped();
    expect(second).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Another wtmm \(pid \d+\) is using/) });
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(readDumpRecord(data.path)).toMatchObject({ state: "done" });
  });

  it("ends cleanly when it is told to stop", async () => {
    await leavesAllAsItWas(async () => {
      proxy.set({ upPerSecond: 10 * MEGABYTE });
      const { child, ended } = started();
      await goneUp(12 * MEGABYTE);
      child.kill("SIGTERM");
      expect(await ended).toMatchObject({ code: 1, stderr: "The dump was interrupted.\n" });
      expect(readDumpRecord(data.path)).toMatchObject({ state: "failed" });
    });
    expect(await unfinished()).toBe(0);
  });

  it("shows nothing half when it is killed at any moment, and the next one cleans up", async () => {
    const before = await fingerprints();
    // A whole run sends about as much as the database has.
    for (const megabytes of [0, 0.0005, 0.002, 1, 9, 20, 33, 39, 40, 41, 20]) {
      proxy.set({ upPerSecond: 30 * MEGABYTE });
      const { child, ended } = started();
      await Promise.race([goneUp(megabytes * MEGABYTE), ended]);
      child.kill("SIGKILL");
      await ended;
      const now = await fingerprints();
      expect([...now]).toEqual(expect.arrayContaining([...before]));
      for (const key of await dumps()) {
        const { object } = readManifest(await bucket.get(manifestKeyOf(key)));
        expect(now.get(objectKeyOf(key))).toBe(object.bytes);
      }
    }
    expect(await unfinished()).toBeGreaterThan(0);
    proxy.set({});
    const { code, stdout } = await dumped();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+ unfinished uploads .* thrown away/),
    });
    expect(await unfinished()).toBe(0);
  }, 300_000);

  function started(
    change: Record<string, string> = {},
    [file = "", ...args]: readonly string[] = [process.execPath, PROGRAM, "dump"],
  ): { child: ChildProcess; ended: Promise<Ended> } {
    const { bucket: name, prefix, accessKeyId, secretAccessKey } = storage.settings("machine");
    const env = {
      ...SERVICE,
      ...bareEnvironment(),
      DATA_DIR: data.path,
      S3_ENDPOINT: proxy.url,
      S3_BUCKET: name,
      S3_PREFIX: prefix,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      S3_FORCE_PATH_STYLE: "true",
      DUMP_RECIPIENT: recipient,
      ...change,
    };
    const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    return { child, ended: once(child, "close").then(() => ({ code: child.exitCode, stdout, stderr })) };
  }

  /** What has a dump take place there, of the same database. */
  const onDisk = ({ path }: SmallDisk) => ({ DATA_DIR: path, DATABASE_URL: `file:${data.path}/wtmm.db` });

  /** In this process, for what no setting tells of; the sentence that it ends with. */
  async function dumpedHere(patience: Patience): Promise<string> {
    const s3 = { ...storage.settings("machine"), endpoint: proxy.url };
    const config = { ...serviceConfig({ DATA_DIR: data.path }), s3, dumpRecipients: [recipient] };
    const open = (settings: S3Settings, usual: Patience) => openBucket(settings, { ...usual, ...patience });
    const { signal } = new AbortController();
    return dumpCommand(config, { say: () => {}, show: null }, signal, open).then(
      (says) => says,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }

  const dumped = (change: Record<string, string> = {}): Promise<Ended> => started(change).ended;
  const dumps = async (): Promise<DumpKey[]> => dumpsAmong((await fingerprints()).keys());

  /** Every key, with how large it is. */
  async function fingerprints(): Promise<Map<string, number>> {
    return new Map((await bucket.list("")).map(({ key, bytes }) => [key, bytes]));
  }

  /** No dump more, none less, none other. */
  async function leavesAllAsItWas(work: () => Promise<void>): Promise<void> {
    const [before, dumpsBefore] = [await fingerprints(), await dumps()];
    await work();
    const after = await fingerprints();
    expect(existsSync(join(data.path, "dumps/copy.db"))).toBe(false);
    expect([...after]).toEqual(expect.arrayContaining([...before]));
    expect((await dumps()).map(objectKeyOf)).toEqual(dumpsBefore.map(objectKeyOf));
  }

  async function unfinished(): Promise<number> {
    const { bucket: Bucket } = storage.settings("owner");
    const { Uploads = [] } = await ownerClient.send(new ListMultipartUploadsCommand({ Bucket }));
    return Uploads.length;
  }

  async function goneUp(bytes: number): Promise<void> {
    await expect.poll(() => proxy.bytesUp(), { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(bytes);
  }
});

/** Nobody is asked there. */
const SOMEWHERE: S3Settings = {
  ...{ endpoint: "https://s3.example.net", region: "us-east-1", bucket: "dumps", prefix: "" },
  ...{ accessKeyId: "id", secretAccessKey: "very-secret", forcePathStyle: false },
};

describe("wtmm restore on a disk that becomes full", () => {
  const CHANGE: Change = { table: "accounts", key: ["b"], row: { id: "b", time_zone: "UTC", created_at: 0 } };
  const moments: [string, "fetching" | "fetched", Parameters<typeof putDump>[1]][] = [
    ["while it is fetched", "fetching", {}],
    ["while the journal is replayed", "fetched", { journal: { ...FIRST, position: 0 } }],
    ["while it is brought to this release's schema", "fetched", { schema: 4 }],
    ["while it is made ready", "fetched", {}],
  ];
  it.each(moments)(
    "says so %s, leaves nothing there, and brings all back once there is room",
    async (_, at, filling) => {
      const shelf = await dumpShelf();
      onTestFinished(() => shelf.remove());
      await putDump(shelf, { extraBytes: 3 * MEGABYTE, ...filling });
      if (filling?.journal !== undefined) await putSegment(shelf, { from: 1, to: 1, changes: [CHANGE] });
      const small = smallDisk("20m");
      const to = join(small.path, "data");
      const identityFile = shelf.path("dumps.key");
      writeFileSync(identityFile, shelf.identity);
      const before = await shelf.list("");
      const restored = (hear: (moment: "fetching" | "fetched") => void) => {
        const say = (line: string) => void (line.startsWith("Every byte is as it was") && hear("fetched"));
        const operator = { s3: SOMEWHERE, identityFile, ask: null, progress: () => {}, env: {}, say };
        const read: DumpShelf["read"] = (key, from) => {
          hear("fetching");
          return shelf.read(key, from);
        };
        return restoreCommand({ dump: null, at: null, to }, operator, async () => ({ ...shelf, read }));
      };
      await expect(restored((moment) => void (moment === at && small.fill()))).rejects.toThrow(
        new AppError(
          "unavailable",
          `There is no room for the restored database any more: the disk became full meanwhile. Make room where ${to} lies, then try again.`,
        ),
      );
      expect(readdirSync(to)).toEqual(["lock"]);
      expect(await shelf.list("")).toEqual(before);
      small.clear();
      expect(await restored(() => {})).toBe(true);
    },
  );
});

type SmallDisk = {
  readonly path: string;
  /** Where a dump makes its copy. */
  readonly copy: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  clear(): void;
};

/** For one test. */
function smallDisk(size: string): SmallDisk {
  const { path, remove } = dataFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  onTestFinished(() => {
    // What failed on a full disk in this process may still have a file open.
    execFileSync("umount", ["--lazy", path]);
    remove();
  });
  const filler = join(path, "filler");
  return {
    path,
    copy: join(path, "dumps/copy.db"),
    fill() {
      expect(() => {
        for (;;) appendFileSync(filler, Buffer.alloc(MEGABYTE));
      }).toThrow("ENOSPC");
    },
    clear: () => rmSync(filler),
  };
}

/** Bytes that do not compress, so that an upload has parts. Another writer than the service may do this in a test alone. */
function fill(file: string, bytes: number): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  database.exec("PRAGMA wal_autocheckpoint = 0; CREATE TABLE filler (bytes BLOB NOT NULL) STRICT; BEGIN IMMEDIATE");
  const insert = database.prepare("INSERT INTO filler (bytes) VALUES (randomblob(100000))");
  for (let filled = 0; filled < bytes; filled += 100_000) insert.run();
  database.exec("COMMIT");
  database.close();
}

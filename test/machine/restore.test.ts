import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import {
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  PutBucketAclCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

import { bucketCommand } from "../../adapters/bucket/bucket-command.ts";
import { checkS3 } from "../../adapters/doctor/check-s3.ts";
import { dumpsCommand, restoreCommand } from "../../adapters/dumps/restore-command.ts";
import type { Change } from "../../adapters/journal/segment.ts";
import { BucketError, openBucket, type Bucket, type Patience } from "../../adapters/s3.ts";
import type { S3Settings } from "../../config.ts";
import { dumpShelf, putDump, type TestDump, type TestShelf } from "../dump-shelf.ts";
import { FIRST, putErasure, putSegment } from "../journal-shelf.ts";
import { buildProgram, runCommand } from "../program.ts";
import { serviceConfig } from "../service-config.ts";
import { startStorage, type Storage } from "./storage.ts";

const NOW = Temporal.Instant.from("2026-11-20T12:00:00Z");
const BUCKET = join(import.meta.dirname, "../../bin/bucket");
/** Many times what one connection brings below. */
const DUMP_BYTES = 3_000_000;

let storage: Storage;
let owner: S3Settings;
let machine: S3Settings;
let bucket: Bucket;
let shelf: TestShelf;
let dump: TestDump;
let keyFile: string;
let to: string;

/** The dump as it was made lies in the bucket, written by the machine's key. */
async function upload(what: TestDump = dump): Promise<void> {
  for (const key of [what.key, what.manifestKey]) await bucket.put(key, readFileSync(shelf.path(key)));
}

beforeAll(async () => {
  storage = await startStorage();
  [owner, machine] = [storage.settings("owner"), storage.settings("machine")];
  shelf = await dumpShelf();
  keyFile = join(shelf.folder, "dumps.key");
  writeFileSync(keyFile, shelf.identity);
  dump = await putDump(shelf, { extraBytes: DUMP_BYTES });
  bucket = await openBucket(machine);
});
beforeEach(() => {
  to = mkdtempSync(join(tmpdir(), "wtmm-restored-"));
  onTestFinished(() => rmSync(to, { recursive: true, force: true }));
});
afterAll(async () => {
  bucket?.close();
  shelf?.remove();
  await storage?.remove();
});

describe("a bucket that wtmm bucket was told of", () => {
  it("is made and told once, and left alone after that", async () => {
    const heads = async (isCheck: boolean) =>
      (await bucketCommand(owner, storage.arn("machine"), isCheck)).map((line) => line.split(": ")[0]);
    expect(await heads(true)).toEqual(Array.from({ length: 4 }, () => "changed"));
    expect(await heads(false)).toEqual(Array.from({ length: 4 }, () => "changed"));
    expect(await heads(false)).toEqual(Array.from({ length: 4 }, () => "as it should be"));
  });

  it("is found as it should be by the playbook, too", async () => {
    const settings = join(shelf.folder, "settings.yml");
    const vars = {
      domain: "money.example.com",
      ...{ wtmm_s3_endpoint: owner.endpoint, wtmm_s3_bucket: owner.bucket, wtmm_s3_prefix: owner.prefix },
      ...{ wtmm_s3_force_path_style: true, bucket_user: storage.arn("machine") },
      bucket_owner_access_key_id: owner.accessKeyId,
      bucket_owner_secret_access_key: owner.secretAccessKey,
    };
    const lines = Object.entries(vars).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
    writeFileSync(settings, lines.join(""));
    const { stdout } = await promisify(execFile)(BUCKET, [], {
      env: { ...process.env, WTMM_SETTINGS: settings },
    });
    expect(stdout).toMatch(/ok=2 +changed=0 /);
  });

  it("lets the machine's key write, read and list what is its own, and end its uploads", async () => {
    await upload();
    expect((await bucket.list("")).map(({ key }) => key)).toEqual([dump.key, dump.manifestKey].toSorted());
    expect(Buffer.from(await bucket.get(dump.key)).equals(readFileSync(shelf.path(dump.key)))).toBe(true);
    expect(await bucket.bytesOf(dump.key)).toBe(dump.manifest.object.bytes);
    expect(await bucket.abortUploads("")).toBe(0);
  });

  it("lets it delete nothing, as doctor shows, nor anything that is not its own", async () => {
    expect(await bucket.remove(dump.key)).toBe("refused");
    const dumpRecipients = [await identityToRecipient(shelf.identity)];
    const config = { ...serviceConfig(), s3: machine, dumpRecipients };
    const findings = await checkS3().look(config, new AbortController().signal);
    expect(findings.map(({ says }) => says)).toContain("It lets our key delete nothing.");
    const elsewhere = await openBucket({ ...machine, prefix: "others/" });
    onTestFinished(() => elsewhere.close());
    await expect(elsewhere.put("x", new Uint8Array(1))).rejects.toMatchObject({ code: "AccessDenied" });
    await expect(elsewhere.list("")).rejects.toMatchObject({ code: "AccessDenied" });
    await expect(bucketCommand(machine, storage.arn("machine"), false)).rejects.toThrow(
      /AccessDenied.*key of its owner/,
    );
  });

  it("lets it destroy no version of what it wrote, nor change what keeps them", async () => {
    const before = await versionsOf(dump.key);
    expect(before[0]?.VersionId).toMatch(/^(?!null$)./);
    const answers: Record<string, string> = {};
    for (const [what, attempt] of Object.entries(destructions(before))) {
      const said = await attempt().catch((error: Error) => [error.name]);
      answers[what] = [...new Set(said)].join(", ");
    }
    expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((what) => [what, "AccessDenied"])));
    expect(await versionsOf(dump.key)).toEqual(before);
    const rules = await bucketCommand(owner, storage.arn("machine"), true);
    expect(rules.map((line) => line.split(": ")[0])).toEqual(rules.map(() => "as it should be"));
  });

  it("can be handed on to another user, who reads what the one before wrote", async () => {
    await bucketCommand(owner, storage.arn("stranger"), false);
    const next = await openBucket(storage.settings("stranger"));
    onTestFinished(async () => {
      next.close();
      await bucketCommand(owner, storage.arn("machine"), false);
    });
    expect(await next.get(dump.key)).toHaveLength(dump.manifest.object.bytes);
    await expect(bucket.list("")).rejects.toMatchObject({ code: "AccessDenied" });
  });

  it("keeps what the machine's key overwrote, and shows it again once the owner took away what lay over it", async () => {
    await bucket.put(dump.key, new Uint8Array(1));
    const versions = await versionsOf(dump.key);
    expect(versions.map(({ Size }) => Size)).toEqual([1, dump.manifest.object.bytes]);
    const [first, theirs] = [versions[1]?.VersionId, versions[0]?.VersionId];
    const at = { Bucket: owner.bucket, Key: owner.prefix + dump.key };
    // Here an object is its writer's to read, and the bucket's owner can only take away what lies over it.
    const { Body } = await rawClient(machine).send(new GetObjectCommand({ ...at, VersionId: first }));
    const whole = readFileSync(shelf.path(dump.key));
    expect(whole.equals((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
    await rawClient(owner).send(new DeleteObjectCommand({ ...at, VersionId: theirs }));
    expect(whole.equals(await bucket.get(dump.key))).toBe(true);
  });

  it("copies what is large in parts, byte for byte, and shows nothing of a copy that broke off", async () => {
    const [whole, partBytes] = [randomBytes(12_000_000), 5 * 1024 * 1024];
    await bucket.put("daily/whole", whole);
    await bucket.copy("daily/whole", "monthly/copied", partBytes);
    expect(whole.equals(await bucket.get("monthly/copied"))).toBe(true);
    const breaking = await openBucket({ ...machine, endpoint: await without("partNumber=2&") }, { attempts: 1 });
    onTestFinished(() => breaking.close());
    await expect(breaking.copy("daily/whole", "monthly/broken", partBytes)).rejects.toThrow(BucketError);
    expect(await bucket.list("monthly/")).toEqual([{ key: "monthly/copied", bytes: whole.length }]);
    expect(await bucket.abortUploads("")).toBe(0);
  });

  it("forgets hourly dumps after two of its days, and keeps daily ones", async () => {
    const hourly = await putDump(shelf, { dumpClass: "hourly", at: "2026-11-20T04:00:00Z" });
    await upload(hourly);
    // It is there to be forgotten, and a test that waits for what is never there proves nothing.
    expect(await bucket.bytesOf(hourly.key)).toBe(hourly.manifest.object.bytes);
    const left = async () => (await bucket.list("")).map(({ key }) => key);
    while ((await left()).some((key) => key.startsWith("hourly/"))) await pause(1_000);
    expect(await left()).toEqual(expect.arrayContaining([dump.key, dump.manifestKey]));
  });

  it("forgets after one of its days an upload that was begun and never ended", async () => {
    const client = rawClient(machine);
    const at = { Bucket: machine.bucket, Key: `${machine.prefix}daily/never-ended` };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: "half of it" }));
    const begun = async () => {
      const asked = { Bucket: machine.bucket, Prefix: machine.prefix };
      return (await client.send(new ListMultipartUploadsCommand(asked))).Uploads?.map(({ Key }) => Key) ?? [];
    };
    // It is there to be forgotten, as above.
    expect(await begun()).toEqual([at.Key]);
    await expect.poll(begun, { timeout: 90_000, interval: 1_000 }).toEqual([]);
  });
});

type Telling = { settings?: S3Settings; key?: string; patience?: Patience; dump?: string | null };

/** Restores the newest dump; what was said, and whether all was well. */
async function restored({ settings = machine, key = keyFile, patience = {}, dump: word = null }: Telling = {}) {
  const said: string[] = [];
  const isWell = await restoreCommand(
    { dump: word, at: null, to: join(to, "data") },
    { s3: settings, identityFile: key, ask: null, say: (line) => void said.push(line), progress: () => {}, env: {} },
    (s3) => openBucket(s3, { attempts: 1, ...patience }),
  );
  return { isWell, said };
}

const inPlace = (): string[] => readdirSync(to, { recursive: true }).map(String);

describe("wtmm restore", () => {
  beforeEach(() => upload());

  it("puts the newest dump in place, as wtmm dumps lists it, on a machine that has nothing but the keys", async () => {
    buildProgram();
    const { endpoint, region, bucket: name, prefix, accessKeyId, secretAccessKey } = machine;
    const env = {
      ...{ S3_ENDPOINT: endpoint, S3_REGION: region, S3_BUCKET: name, S3_PREFIX: prefix, S3_FORCE_PATH_STYLE: "true" },
      ...{ S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, DUMP_IDENTITY_FILE: keyFile },
    };
    const listed = runCommand(["dumps"], env);
    expect(listed).toMatchObject({ code: 0, stderr: "" });
    expect(listed.stdout).toContain(dump.key);
    const { code, stdout, stderr } = runCommand(["restore", "--to", join(to, "data")], env);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("wtmm.db is in place.");
    expect(stdout).toMatch(/green +database +It is whole\./);
    expect(runCommand(["restore", "--to", join(to, "data")], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("a restore overwrites nothing."),
    });
  });

  it.each<[string, () => Telling | Promise<Telling>, RegExp]>([
    [
      "the secret is another",
      () => ({ settings: { ...machine, secretAccessKey: "x" } }),
      /SignatureDoesNotMatch.*Set S3_SECRET/,
    ],
    [
      "there is no such key",
      () => ({ settings: { ...machine, accessKeyId: "x" } }),
      /InvalidAccessKeyId.* a key that there is/,
    ],
    [
      "the key is a stranger's",
      () => ({ settings: storage.settings("stranger") }),
      /AccessDenied.*the policy that lets it/,
    ],
    [
      "there is no such bucket",
      () => ({ settings: { ...machine, bucket: "no-such" } }),
      /NoSuchBucket.*Make the bucket/,
    ],
    [
      "nobody answers",
      () => ({ settings: { ...machine, endpoint: "http://127.0.0.1:9" } }),
      /can't be reached .ECONNREFUSED/,
    ],
    [
      "there is no dump",
      () => ({ settings: { ...machine, prefix: "money/new/" } }),
      /^There is no dump in the bucket\./,
    ],
    [
      "there is no such dump",
      () => ({ dump: "daily/2020-01-01T00-00-00Z-0000000000000000.json" }),
      /^There is no dump /,
    ],
    ["the key of dumps is another", async () => ({ key: await otherKey() }), /^The key does not open /],
    ["a byte of the dump is another", () => changed((bytes) => bytes.fill(1, 1_000_000, 1_000_001)), / is damaged: /],
    [
      "the dump's end is missing",
      () => changed((bytes) => bytes.subarray(0, -9)),
      /is damaged: 9 of its \d+ bytes are/,
    ],
  ])("says so when %s, and leaves nothing", async (_when, telling, says) => {
    const told = await telling();
    const before = await bucket.list("");
    await expect(restored(told)).rejects.toThrow(says);
    expect(inPlace().filter((name) => !/^data(\/lock)?$/.test(name))).toEqual([]);
    expect(await bucket.list("")).toEqual(before);
  });

  it.each(["cut", "silent"] as const)("takes a connection up that is %s after every 400 kB", async (fault) => {
    const { endpoint, connections } = await breaking(fault, 400_000);
    const patience = { silenceMs: 700 };
    const { isWell } = await restored({ settings: { ...machine, endpoint }, patience });
    expect(isWell).toBe(true);
    expect(connections()).toBeGreaterThan(Math.floor(DUMP_BYTES / 400_000));
  });

  it("lists no dump where there is none", async () => {
    expect(await dumpsCommand({ ...machine, prefix: "money/new/" }, NOW)).toEqual(["There is no dump."]);
  });

  async function changed(change: (bytes: Buffer) => Uint8Array): Promise<Telling> {
    await bucket.put(dump.key, change(readFileSync(shelf.path(dump.key))));
    return {};
  }

  async function otherKey(): Promise<string> {
    const path = join(shelf.folder, "other.key");
    writeFileSync(path, await generateX25519Identity());
    return path;
  }
});

describe("a journal in the bucket", () => {
  const PARTS = 300;
  const MAILS = 1_000;
  /** Stands for a database that was dumped after ten changes. */
  let journalled: TestDump;
  let keys: string[];

  beforeAll(async () => {
    journalled = await putDump(shelf, { at: "2026-11-20T05:00:00Z", journal: { ...FIRST, position: 10 } });
    await upload(journalled);
    keys = await Promise.all(
      Array.from({ length: PARTS }, (_, part) => {
        const [first, next] = [part, part + 1].map((count) => Math.floor((count * MAILS) / PARTS)) as [number, number];
        const changes = Array.from({ length: next - first }, (__, index) => mailOf(2 + first + index)).flat();
        const at = NOW.add({ seconds: 3 * part });
        return putSegment(shelf, { from: 11 + 2 * first, to: 10 + 2 * next, at, changes });
      }),
    );
    for (let part = 0; part < PARTS; part += 20) await Promise.all(keys.slice(part, part + 20).map((key) => put(key)));
    await put(await putErasure(shelf, "a"));
  });
  const put = (key: string) => bucket.put(key, readFileSync(shelf.path(key)));
  const mailOf = (number: number): Change[] => [
    {
      ...{ table: "mails", key: [number] },
      row: { number, id: `m${number}`, route: "none", recipient: "", received_at: 0, payload_sha256: new Uint8Array() },
    },
    { table: "mail_payloads", key: [number], row: { mail_number: number, payload: randomBytes(15_000) } },
  ];

  it("brings back a thousand mails in three hundred parts, and nobody who was erased", async () => {
    const { isWell, said } = await restored({ dump: journalled.key });
    expect(isWell).toBe(true);
    expect(said.slice(2, 4)).toEqual([
      `2000 changes came from the journal, 1000 mails among them. It goes up to ${NOW.add({ seconds: 3 * (PARTS - 1) }).toString()}.`,
      "1 erased accounts were taken out again.",
    ]);
    expect(countIn("mails")).toBe(MAILS);
    expect(countIn("mail_payloads")).toBe(MAILS);
  });

  it("comes over connections that are cut after every 300 kB", async () => {
    const { endpoint, connections } = await breaking("cut", 300_000);
    const { isWell } = await restored({ settings: { ...machine, endpoint }, dump: journalled.key });
    expect(isWell).toBe(true);
    expect(countIn("mails")).toBe(MAILS);
    expect(connections()).toBeGreaterThan(40);
  });

  it("brings back what lies before a part that is missing, and says so", async () => {
    const asOwner = await openBucket(owner);
    onTestFinished(() => asOwner.close());
    await asOwner.remove(keys[200] ?? "");
    const { isWell, said } = await restored({ dump: journalled.key });
    await put(keys[200] ?? "");
    expect(isWell).toBe(false);
    expect(said.join("\n")).toMatch(
      /THE JOURNAL IS NOT COMPLETE.*\nChanges \d+ to \d+ are not in the bucket, before journal/,
    );
    expect(countIn("mails")).toBe(Math.floor((200 * MAILS) / PARTS));
  });

  function countIn(table: string): number {
    const database = new DatabaseSync(join(to, "data", "wtmm.db"), { readOnly: true });
    const row = database.prepare(`SELECT count(*) AS count FROM ${table}`).get();
    database.close();
    return Number(row?.["count"]);
  }
});

/** The service behind a wire, each of whose connections brings so many bytes and then breaks or falls silent. */
async function breaking(fault: "cut" | "silent", bytes: number) {
  const { hostname, port } = new URL(machine.endpoint);
  let connections = 0;
  const server: Server = createServer((client) => {
    connections += 1;
    const service = connect(Number(port), hostname);
    let left = bytes;
    client.on("error", () => service.destroy()).on("close", () => service.destroy());
    service.on("error", () => client.destroy()).on("close", () => (left > 0 ? client.end() : undefined));
    client.pipe(service);
    service.on("data", (chunk: Buffer) => {
      if (left <= 0) return;
      client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0 && fault === "cut") client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${address.port}`, connections: () => connections };
}

/** The service, which every request reaches but those whose address holds that. */
async function without(part: string): Promise<string> {
  const { hostname, port } = new URL(machine.endpoint);
  const server = createHttpServer((asked, answer) => {
    const { url = "", method, headers } = asked;
    if (url.includes(part)) return void asked.destroy();
    const passed = request({ hostname, port, path: url, method, headers }, (found) => {
      answer.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(answer);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ways to destroy history with the machine's key. Each gives the words that it was refused with, or rejects with one; "done" for none. */
function destructions(versions: readonly ObjectVersion[]): Record<string, () => Promise<readonly string[]>> {
  const [Bucket, ACL] = [machine.bucket, "public-read-write"] as const;
  const at = { Bucket, Key: machine.prefix + dump.key };
  const VersionId = versions[0]?.VersionId;
  const Objects = [...versions.map((version) => ({ Key: at.Key, VersionId: version.VersionId })), { Key: at.Key }];
  const rule = { ID: "all", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } } as const;
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${Bucket}/*` }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const client = rawClient(machine);
  const done = (asked: Promise<unknown>) => asked.then(() => ["done"]);
  return {
    // The service says yes to the request, and refuses each in its answer.
    async "delete all versions at once"() {
      const { Deleted = [], Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
      );
      return [...Deleted.map(() => "done"), ...Errors.map(({ Code = "" }) => Code)];
    },
    "delete the dump": () => done(client.send(new DeleteObjectCommand(at))),
    "delete a version": () => done(client.send(new DeleteObjectCommand({ ...at, VersionId }))),
    "give the dump to all": () => done(client.send(new PutObjectAclCommand({ ...at, ACL }))),
    "give a version to all": () => done(client.send(new PutObjectAclCommand({ ...at, VersionId, ACL }))),
    "give the bucket to all": () => done(client.send(new PutBucketAclCommand({ Bucket, ACL }))),
    "keep no versions": () => {
      const VersioningConfiguration = { Status: "Suspended" } as const;
      return done(client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
    },
    "forget all in a day": () => {
      const LifecycleConfiguration = { Rules: [rule] };
      return done(client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration })));
    },
    "forget nothing": () => done(client.send(new DeleteBucketLifecycleCommand({ Bucket }))),
    "let all do everything": () => done(client.send(new PutBucketPolicyCommand({ Bucket, Policy }))),
    "remove the policy": () => done(client.send(new DeleteBucketPolicyCommand({ Bucket }))),
    "delete the bucket": () => done(client.send(new DeleteBucketCommand({ Bucket }))),
  };
}

/** As the owner sees them, the newest first. */
async function versionsOf(key: string) {
  const asked = { Bucket: owner.bucket, Prefix: owner.prefix + key };
  const { Versions = [] } = await rawClient(owner).send(new ListObjectVersionsCommand(asked));
  return Versions;
}

/** The service's own client, for what the program never asks. */
function rawClient({ endpoint, region, accessKeyId, secretAccessKey }: S3Settings): S3Client {
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  onTestFinished(() => client.destroy());
  return client;
}

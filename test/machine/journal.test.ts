import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { bucketRules } from "../../adapters/bucket/bucket-rules.ts";
import { unseal } from "../../adapters/dumps/seal.ts";
import { openJournalBucket } from "../../adapters/journal/journal-bucket.ts";
import { openJournalSealer, type JournalSealer } from "../../adapters/journal/journal-sealer.ts";
import { readSegmentKey } from "../../adapters/journal/segment-keys.ts";
import { readSegment, type Segment } from "../../adapters/journal/segment.ts";
import { openStore } from "../../adapters/libsql-store.ts";
import { openBucket, type Bucket } from "../../adapters/s3.ts";
import type { App } from "../../app.ts";
import type { S3Settings } from "../../config.ts";
import { interpret } from "../../handlers/interpret.ts";
import { journal } from "../../handlers/journal.ts";
import { handle } from "../../router.ts";
import { fakeApp, NOW, signedIn, type FakeApp } from "../fake-app.ts";
import { CHASE, mailTo } from "../fixture-mails.ts";
import { bareEnvironment, buildProgram, dataFolder, PROGRAM } from "../program.ts";
import { delivery, post } from "../requests.ts";
import { SERVICE } from "../service-config.ts";
import { newAccount } from "../store-calls.ts";
import { startStorage, type Storage } from "./storage.ts";

let storage: Storage;
let settings: S3Settings;
let bucket: Bucket;
let identity: string;
let recipient: string;
/** What lay in the bucket before the test. */
let before: ReadonlySet<string>;

beforeAll(async () => {
  storage = await startStorage();
  settings = storage.settings("machine");
  const { endpoint, region, bucket: Bucket, accessKeyId, secretAccessKey } = storage.settings("owner");
  const credentials = { accessKeyId, secretAccessKey };
  const owner = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  await owner.send(new CreateBucketCommand({ Bucket }));
  const { policy } = bucketRules(storage.settings("owner"), storage.arn("machine"));
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: policy });
  await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  owner.destroy();
  bucket = await openBucket(settings);
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

beforeEach(async () => {
  before = new Set((await bucket.list("")).map(({ key }) => key));
});

afterAll(async () => {
  bucket?.close();
  await storage?.remove();
});

describe("what changes, with the key that the machine has", () => {
  let fake: FakeApp;
  let sealer: JournalSealer;

  beforeEach(async () => {
    fake = await fakeApp();
    const { databaseUrl, databaseAuthToken } = fake.config;
    sealer = openJournalSealer({ databaseUrl, databaseAuthToken, release: fake.release, recipients: [recipient] });
  });
  afterEach(async () => {
    await sealer.close();
    await fake.close();
  });

  it("is in the bucket, where the operator alone can read it and the machine can't take it away", async () => {
    const app = keptIn(settings);
    const jane = await signedIn(fake, "jane@example.com");
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    await interpret(app);
    const [booked] = await app.store.searchPurchases(jane.id, { text: null, from: null, to: null }, LAST, 1);
    const edit = { action: "save", merchant: "Corner Shop", amount: "12.34" };
    expect((await handle(post(`/purchases/${booked?.id}`, edit, jane.cookie), app)).status).toBe(303);
    await journal(app);
    const [key = "", ...others] = await added();
    expect(others).toEqual([]);
    expect(readSegmentKey(key)).toMatchObject({ from: 1 });
    const sealed = await bucket.get(key);
    expect(Buffer.from(sealed).toString("latin1")).not.toMatch(/Corner Shop|jane@example|amendments/);
    const { changes } = await opened(key);
    expect(changes.find(({ table }) => table === "amendments")?.row).toMatchObject({ merchant: "Corner Shop" });
    expect(changes.find(({ table }) => table === "addresses")?.key).toEqual(["jane@example.com"]);
    expect(await bucket.remove(key)).toBe("refused");
    app.journalBucket?.close();
  });

  it("waits for a bucket that refuses it, and comes whole", async () => {
    await signedIn(fake, "jane@example.com");
    const refused = keptIn({ ...settings, secretAccessKey: "wrong" });
    for (const _ of [1, 2]) await journal(refused);
    expect(await added()).toEqual([]);
    expect(fake.logged.filter(({ level }) => level === "error")).toHaveLength(1);
    const app = keptIn(settings);
    await journal(app);
    const [key = ""] = await added();
    expect((await opened(key)).changes.map(({ table }) => table)).toContain("sessions");
    for (const each of [refused, app]) each.journalBucket?.close();
  });

  function keptIn(where: S3Settings): App {
    const { log, now } = fake;
    return {
      ...fake,
      journalBucket: openJournalBucket(where, { log, now }),
      sealChanges: (timeline, stopping) => sealer.next(timeline, now(), stopping),
    };
  }
});

describe("a mail that the running service acknowledged", () => {
  const data = dataFolder();
  let child: ChildProcess;

  beforeAll(async () => {
    buildProgram();
    const store = await openStore(`file:${join(data.path, "wtmm.db")}`, null);
    const account = { ...newAccount("jane"), alertToken: TOKEN };
    await store.createAccount({ ...account, address: "jane@example.com", at: NOW });
    await store.close();
  });
  afterAll(async () => {
    if (child !== undefined && child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    data.remove();
  });

  it("is outside the machine within ten seconds", async () => {
    const url = await started();
    const mail = mailTo(`alerts+${TOKEN}@wtmm.example.com`, CHASE);
    const headers = { authorization: `Basic ${btoa(SERVICE.WEBHOOK_CREDENTIALS)}`, "content-type": "application/json" };
    const answer = await fetch(`${url}/webhook/inbound`, { method: "POST", headers, body: JSON.stringify(mail) });
    expect(answer.status).toBe(200);
    await expect.poll(mailsOutside, { timeout: 10_000, interval: 250 }).toContain(mail.MessageID);
  });

  async function mailsOutside(): Promise<unknown[]> {
    const segments = await Promise.all((await added()).map(opened));
    const changes = segments.flatMap((segment) => segment.changes);
    return changes.filter(({ table }) => table === "mails").map(({ row }) => row?.["id"]);
  }

  async function started(): Promise<string> {
    const env = {
      ...SERVICE,
      ...bareEnvironment(),
      DATA_DIR: data.path,
      PORT: "18431",
      S3_ENDPOINT: settings.endpoint,
      S3_BUCKET: settings.bucket,
      S3_PREFIX: settings.prefix,
      S3_ACCESS_KEY_ID: settings.accessKeyId,
      S3_SECRET_ACCESS_KEY: settings.secretAccessKey,
      S3_FORCE_PATH_STYLE: "true",
      DUMP_RECIPIENT: recipient,
      LOG_LEVEL: "error",
    };
    child = spawn(process.execPath, [PROGRAM, "serve"], { env, stdio: ["ignore", "ignore", "inherit"] });
    const url = `http://127.0.0.1:${env.PORT}`;
    const isUp = () =>
      fetch(`${url}/up`).then(
        ({ ok }) => ok,
        () => false,
      );
    await expect.poll(isUp, { timeout: 20_000, interval: 100 }).toBe(true);
    return url;
  }
});

const TOKEN = "abcdefghijklmnop";
const LAST = { occurredAt: Number.MAX_SAFE_INTEGER, id: "" };

/** The keys that came since the test began. */
async function added(): Promise<string[]> {
  return (await bucket.list("")).map(({ key }) => key).filter((key) => !before.has(key));
}

async function opened(key: string): Promise<Segment> {
  const sealed = Readable.from([await bucket.get(key)], { objectMode: false });
  return readSegment(await text(await unseal(sealed, [identity])));
}

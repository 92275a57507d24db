import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { DatabaseSync } from "node:sqlite";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { unseal } from "../adapters/dumps/seal.ts";
import { readErasedKey } from "../adapters/journal/erased-keys.ts";
import { openJournalBucket } from "../adapters/journal/journal-bucket.ts";
import { sealChanges } from "../adapters/journal/seal-changes.ts";
import { readSegmentKey } from "../adapters/journal/segment-keys.ts";
import { readSegment, type Segment } from "../adapters/journal/segment.ts";
import type { JournalLimits } from "../adapters/journal/waiting-changes.ts";
import { openReader } from "../adapters/libsql.ts";
import type { App } from "../app.ts";
import { handle } from "../router.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery, post } from "../test/requests.ts";
import { housekeeping } from "./housekeeping.ts";
import { interpret } from "./interpret.ts";
import { journal } from "./journal.ts";

const SETTINGS = {
  ...{ endpoint: "http://127.0.0.1:9", region: "us-east-1", bucket: "dumps", prefix: "", forcePathStyle: true },
  ...{ accessKeyId: "id", secretAccessKey: "secret" },
};
const FEW = { changes: 3, bytes: 1_000_000 };

let identity = "";
let recipient = "";
let fake: FakeApp;
let app: App;
let jane: TestPerson;
const readers: { close(): void }[] = [];
/** What lies in the bucket, in the order in which it came. */
let objects: [key: string, sealed: Uint8Array][];
/** What goes wrong with the next objects: before or after they are there. */
let faults: (null | "before" | "after")[];

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

beforeEach(async () => {
  fake = await fakeApp();
  [objects, faults] = [[], []];
  const { log, now } = fake;
  const open = async () => ({ put, close: () => {} });
  const journalBucket = openJournalBucket(SETTINGS, { log, now, open });
  app = { ...fake, journalBucket, sealChanges: await sealingHere() };
  jane = await signedIn(fake, "jane@example.com");
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await fake.close();
});

describe("one run", () => {
  it("brings everything that was written before it into the bucket, sealed", async () => {
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    await interpret(app);
    const [purchase] = await app.store.purchasesOfMails(jane.id, mailIds());
    const change = { action: "save", merchant: "Corner Shop", amount: "12.34" };
    expect((await handle(post(`/purchases/${purchase?.id}`, change, jane.cookie), app)).status).toBe(303);
    expect(await journal(app)).toEqual({ uploaded: expect.any(Number) });
    const [segment, ...others] = await segments();
    expect(others).toEqual([]);
    expect(segment).toMatchObject({ from: 1, release: "test", at: fake.now(), timeline: { parent: null } });
    for (const table of ["accounts", "mails", "mail_payloads", "purchases", "amendments"])
      expect(held(table)).toEqual(inSegment(segment, table));
    expect(inSegment(segment, "amendments")).toMatchObject([{ merchant: "Corner Shop", amount_minor: 1_234 }]);
    for (const [, sealed] of objects) expect(Buffer.from(sealed).toString("latin1")).not.toMatch(/Corner|jane@/);
    expect(await journal(app)).toEqual({ uploaded: 0 });
    expect(objects).toHaveLength(1);
  });

  it("brings what more than one part takes, in order", async () => {
    for (const name of ["joe", "jim"]) await signedIn(fake, `${name}@example.com`);
    await journal(await inSmallParts());
    const parts = await segments();
    expect(parts.length).toBeGreaterThan(3);
    expectNoGap(parts);
    expect(waiting()).toBe(0);
  });

  it("leaves to the next what comes meanwhile", async () => {
    const { sealChanges } = app;
    const beside: App["sealChanges"] = async (timeline, stopping) => {
      const part = await sealChanges(timeline, stopping);
      await signedIn(fake, `${objects.length}@example.com`);
      return part;
    };
    await journal({ ...app, sealChanges: beside });
    expect(await segments()).toHaveLength(1);
    await journal(app);
    expectNoGap(await segments());
  });

  it("begins the timeline, also when nothing changed, and wakes nobody to seal nothing", async () => {
    await app.store.forgetAllChanges();
    const neverAsked = (): never => {
      throw new Error("asked");
    };
    expect(await journal({ ...app, sealChanges: neverAsked })).toEqual({ uploaded: 0 });
    const begun = (await app.store.timeline(fake.now(), fake.random)).id;
    expect(begun).toMatch(/^2026-11-20T17-00-00Z-/);
    await signedIn(fake, "joe@example.com");
    await journal(app);
    expect((await segments()).map(({ timeline }) => timeline.id)).toEqual([begun]);
  });

  it("ends before the next part when the service stops", async () => {
    await journal({ ...(await inSmallParts()), stopping: AbortSignal.abort() });
    expect(objects).toEqual([]);
    expect(waiting()).toBeGreaterThan(0);
  });
});

describe("a bucket that fails", () => {
  it.each(["before", "after"] as const)("loses nothing when it fails %s it kept something", async (fault) => {
    faults = [fault];
    const before = waiting();
    expect(await journal(app)).toEqual({ uploaded: 0 });
    expect(waiting()).toBe(before);
    await signedIn(fake, "joe@example.com");
    fake.tick({ seconds: 3 });
    expect(await journal(app)).toEqual({});
    fake.tick({ seconds: 3 });
    await journal(app);
    expect(waiting()).toBe(0);
    const parts = await segments();
    expect(parts.map(({ from }) => from)).toEqual(fault === "before" ? [1] : [1, 1]);
    expectNoGap(parts);
    expect(fake.logged.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("goes on in the middle with the part that it did not keep", async () => {
    await signedIn(fake, "joe@example.com");
    faults = [null, null, "before"];
    await journal(await inSmallParts());
    expect(await segments()).toHaveLength(2);
    expect(waiting()).toBeGreaterThan(0);
    fake.tick({ minutes: 1 });
    await journal(await inSmallParts());
    expect(waiting()).toBe(0);
    expectNoGap(await segments());
  });

  it("is told once more what it kept when the service ended before it forgot that", async () => {
    const dying = { ...app.store, forgetChanges: () => Promise.reject(new Error("killed")) };
    await expect(journal({ ...app, store: dying })).rejects.toThrow("killed");
    await signedIn(fake, "joe@example.com");
    await journal(app);
    const parts = await segments();
    expect(parts.map(({ from }) => from)).toEqual([1, 1]);
    expectNoGap(parts);
  });

  it("disturbs no request", async () => {
    faults = Array.from({ length: 10 }, () => "before" as const);
    const [answer] = await Promise.all([handle(delivery(mailTo(jane.alertAddress, CHASE)), app), journal(app)]);
    expect(answer.status).toBe(200);
  });
});

describe("an account that was erased", () => {
  beforeEach(() => erase("abcdef", 1_795_194_000_500));

  it("is noted apart before the segment that says so", async () => {
    await journal(app);
    const [note, segment] = objects.map(([key]) => key);
    expect(readErasedKey(note ?? "")?.accountId).toBe("abcdef");
    expect(readSegmentKey(segment ?? "")).not.toBe(null);
    expect(inSegment((await segments())[0], "erased_accounts")).toEqual([
      { account_id: "abcdef", erased_at: 1_795_194_000_500 },
    ]);
  });

  it("holds the segment up until it is noted", async () => {
    faults = ["before"];
    await journal(app);
    expect(objects).toEqual([]);
    fake.tick({ seconds: 5 });
    await journal(app);
    expect(objects).toHaveLength(2);
  });
});

describe("where there is no bucket", () => {
  it("nothing is uploaded, and changes are forgotten every hour", async () => {
    expect(await journal(fake)).toEqual({});
    expect(waiting()).toBeGreaterThan(0);
    await housekeeping(fake);
    expect(waiting()).toBe(0);
  });

  it("changes are kept where there is one, however long it fails", async () => {
    const before = waiting();
    await housekeeping(app);
    expect(waiting()).toBeGreaterThanOrEqual(before);
  });
});

async function put(key: string, sealed: Uint8Array): Promise<void> {
  const fault = faults.shift();
  if (fault === "before") throw new Error("refused");
  objects.push([key, sealed]);
  if (fault === "after") throw new Error("The answer got lost.");
}

async function segments(): Promise<Segment[]> {
  const found = objects.filter(([key]) => readSegmentKey(key) !== null);
  return Promise.all(
    found.map(async ([, sealed]) => {
      const plain = await unseal(Readable.from([sealed], { objectMode: false }), [identity]);
      return readSegment(await text(plain));
    }),
  );
}

function inSegment(segment: Segment | undefined, table: string): unknown[] {
  return (segment?.changes ?? []).filter((change) => change.table === table).map(({ row }) => row);
}

/** From the first change on, each part begins where one before it ended, or sooner. */
function expectNoGap(parts: readonly Segment[]): void {
  let reached = 0;
  for (const { from, to } of parts) {
    expect(from).toBeLessThanOrEqual(reached + 1);
    reached = Math.max(reached, to);
  }
  expect(reached).toBe(sequence());
}

async function inSmallParts(): Promise<App> {
  return { ...app, sealChanges: await sealingHere(FEW) };
}

/** As the service's thread does it. */
async function sealingHere(limits?: JournalLimits): Promise<App["sealChanges"]> {
  const db = await openReader(fake.config.databaseUrl);
  readers.push(db);
  const { release, random } = fake;
  return (timeline) => sealChanges(db, { release, recipients: [recipient], random }, timeline, fake.now(), limits);
}

function mailIds(): string[] {
  return held("mails").map((row) => String(row["id"]));
}

function held(table: string): Record<string, unknown>[] {
  return query(`SELECT * FROM ${table}`).map((row) => ({ ...row }));
}

function waiting(): number {
  return Number(query("SELECT count(*) AS count FROM journal")[0]?.["count"]);
}

function sequence(): number {
  return Number(query("SELECT seq FROM sqlite_sequence WHERE name = 'journal'")[0]?.["seq"]);
}

function erase(accountId: string, at: number): void {
  const database = new DatabaseSync(fake.file);
  database.prepare("INSERT INTO erased_accounts (account_id, erased_at) VALUES (?, ?)").run(accountId, at);
  database.close();
}

function query(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(fake.file, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

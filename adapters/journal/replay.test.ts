import { readFileSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";

import { generateX25519Identity } from "age-encryption";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { migrate, migrations, SCHEMA_VERSION } from "../../schema/migrate.ts";
import { dumpShelf, type TestShelf } from "../../test/dump-shelf.ts";
import { beginJournal, FIRST, putSegment, withDatabase } from "../../test/journal-shelf.ts";
import { openDatabase } from "../libsql.ts";
import { BucketError } from "../s3.ts";
import { placeIn } from "./open-copy.ts";
import { replay } from "./replay.ts";
import type { Change, Timeline } from "./segment.ts";

const SECOND = { id: "2026-11-21T00-00-00Z-0000000000000002", parent: { id: FIRST.id, position: 12 } };
const at = (time: string) => Temporal.Instant.from(`2026-11-20T${time}Z`);

let shelf: TestShelf;
let copy: string;

beforeEach(async () => {
  shelf = await dumpShelf();
  copy = shelf.path("copy.db");
  const db = await openDatabase(`file:${copy}`);
  await migrate(db);
  await db.close();
  beginJournal(copy);
  // The copy was taken after ten changes.
  run("INSERT INTO sqlite_sequence (name, seq) VALUES ('journal', 10)");
});
afterEach(() => shelf.remove());

const run = (sql: string) => withDatabase(copy, (database) => database.exec(sql));
const all = (sql: string) =>
  withDatabase(copy, (database) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row })),
  );
const account = (id: string, zone = "UTC"): Change => ({
  ...{ table: "accounts", key: [id] },
  row: { id, time_zone: zone, link_epoch: 0, created_at: 0, requires_signature: 0, weekly_letter: 1 },
});
const gone = (table: string, ...key: (string | number)[]): Change => ({ table, key, row: null });
const zones = () =>
  all("SELECT id, time_zone FROM accounts ORDER BY id").map(
    (row) => `${String(row["id"])} ${String(row["time_zone"])}`,
  );

type Telling = {
  readonly notAfter?: Temporal.Instant;
  readonly identities?: string[];
  readonly steps?: typeof migrations;
};

function replayed({ notAfter, identities, steps }: Telling = {}) {
  const place = placeIn(copy);
  if (place === null) throw new Error("There is no journal.");
  const reading = { shelf, identities: identities ?? [shelf.identity], notAfter: notAfter ?? null, pauseMs: 0 };
  return replay(copy, place, reading, () => {}, steps);
}

describe("a journal", () => {
  it("is replayed from where the copy was taken, in its order", async () => {
    await putSegment(shelf, { from: 1, to: 10, changes: [account("a", "before")] });
    await putSegment(shelf, { from: 13, to: 14, at: at("04:00:06"), changes: [account("a", "third"), account("c")] });
    await putSegment(shelf, { from: 11, to: 11, changes: [account("a", "first"), account("b")] });
    await putSegment(shelf, { from: 12, to: 12, changes: [account("a", "second"), gone("accounts", "b")] });
    expect(await replayed()).toMatchObject({
      ...{ changes: 6, mails: 0, until: at("04:00:06"), stoppedBy: null, timelines: [FIRST.id] },
      place: { timeline: FIRST.id, position: 14 },
    });
    expect(zones()).toEqual(["a third", "c UTC"]);
  });

  it("changes nothing more when it is replayed again, or tells of the same twice", async () => {
    await putSegment(shelf, { from: 11, to: 12, changes: [account("a", "one")] });
    await putSegment(shelf, { from: 11, to: 12, changes: [account("a", "one")] });
    await putSegment(shelf, { from: 11, to: 13, changes: [account("a", "two"), account("b")] });
    for (let time = 1; time <= 2; time += 1) {
      expect(await replayed()).toMatchObject({ stoppedBy: null, place: { position: 13 } });
      expect(zones()).toEqual(["a two", "b UTC"]);
    }
  });

  it("goes on where a restore left it", async () => {
    await putSegment(shelf, { from: 11, to: 12, changes: [account("a")] });
    await putSegment(shelf, { from: 13, to: 13, changes: [account("lost")] });
    await putSegment(shelf, { from: 13, to: 13, timeline: SECOND, changes: [account("b")] });
    expect(await replayed()).toMatchObject({ place: { timeline: SECOND.id, position: 13 }, stoppedBy: null });
    expect(zones()).toEqual(["a UTC", "b UTC"]);
  });

  it("has nothing to tell where nothing was written", async () => {
    expect(await replayed()).toMatchObject({ changes: 0, until: null, stoppedBy: null, place: { position: 10 } });
  });

  it("is replayed up to a time, on the timeline that there was then", async () => {
    await putSegment(shelf, { from: 11, to: 12, at: at("04:00:00"), changes: [account("a", "four")] });
    await putSegment(shelf, { from: 13, to: 13, at: at("05:00:00"), changes: [account("a", "five")] });
    await putSegment(shelf, { from: 14, to: 14, at: at("06:00:00"), changes: [account("a", "six")] });
    await putSegment(shelf, { from: 13, to: 13, timeline: SECOND, at: at("23:00:00"), changes: [account("b")] });
    expect(await replayed({ notAfter: at("05:00:00") })).toMatchObject({ until: at("05:00:00"), stoppedBy: null });
    expect(zones()).toEqual(["a five"]);
  });
});

describe("rows", () => {
  it("may come before those that they belong to, and exchange what only one can have", async () => {
    const address = (name: string, account_id: string): Change => ({
      ...{ table: "addresses", key: [name], row: { address: name, account_id, created_at: 0, proven_at: null } },
    });
    await putSegment(shelf, { from: 11, to: 11, changes: [address("x@y.example", "a"), account("a")] });
    expect(await replayed()).toMatchObject({ stoppedBy: null });
    const session = (hash: string, id: string): Change => ({
      ...{ table: "sessions", key: [hash] },
      row: { token_hash: hash, id, account_id: "a", created_at: 0, last_seen_at: 0, expires_at: 0, user_agent: "" },
    });
    await putSegment(shelf, { to: 12, changes: [session("1", "one"), session("2", "two")] });
    await putSegment(shelf, { to: 13, changes: [session("1", "two"), session("2", "one")] });
    expect(await replayed()).toMatchObject({ stoppedBy: null });
    expect(all("SELECT token_hash, id FROM sessions ORDER BY 1")).toEqual([
      { token_hash: "1", id: "two" },
      { token_hash: "2", id: "one" },
    ]);
  });

  it("wake no trigger, and the triggers are there afterwards", async () => {
    const triggers = () => all("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name");
    const before = triggers();
    const mail: Change = {
      ...{ table: "mails", key: [1] },
      row: {
        number: 1,
        id: "m",
        account_id: "a",
        route: "alert",
        recipient: "r",
        received_at: 0,
        payload_sha256: new Uint8Array([7]),
      },
    };
    await putSegment(shelf, { to: 11, changes: [account("a"), mail] });
    await putSegment(shelf, {
      to: 12,
      changes: [mail, { table: "mail_payloads", key: [1], row: { mail_number: 1, payload: new Uint8Array([0, 255]) } }],
    });
    expect(await replayed()).toMatchObject({ mails: 1, stoppedBy: null });
    expect([all("SELECT * FROM account_days"), all("SELECT * FROM journal")]).toEqual([[], []]);
    expect(all("SELECT hex(payload) AS hex FROM mail_payloads")).toEqual([{ hex: "00FF" }]);
    expect(triggers()).toEqual(before);
    expect(before.length).toBeGreaterThan(10);
  });

  it("that need others of the next part come with it, and not at all without", async () => {
    const letter: Change = {
      ...{ table: "letters", key: ["l"] },
      row: { id: "l", kind: "k", account_id: "b", to_address: "t", details: "{}", created_at: 0, next_attempt_at: 0 },
    };
    await putSegment(shelf, { to: 11, changes: [account("a")] });
    await putSegment(shelf, { to: 12, changes: [letter, account("a", "later")] });
    expect(await replayed()).toMatchObject({
      ...{ place: { position: 11 }, until: at("04:00:00") },
      stoppedBy: "The journal's changes from 12 on don't fit the database, or need others that are missing.",
    });
    expect(zones()).toEqual(["a UTC"]);
    await putSegment(shelf, { to: 13, at: at("04:00:03"), changes: [account("b"), account("a", "latest")] });
    expect(await replayed()).toMatchObject({ place: { position: 13 }, until: at("04:00:03"), stoppedBy: null });
    expect(zones()).toEqual(["a latest", "b UTC"]);
  });

  it("come with as many of the next parts as they need", async () => {
    const address = { address: "x@y.example", account_id: "b", created_at: 0, proven_at: null };
    await putSegment(shelf, { to: 11, changes: [{ table: "addresses", key: ["x@y.example"], row: address }] });
    for (let to = 12; to < 40; to += 1) await putSegment(shelf, { to, changes: [account("a", String(to))] });
    await putSegment(shelf, { to: 40, changes: [account("b")] });
    expect(await replayed()).toMatchObject({ changes: 30, stoppedBy: null });
    expect(zones()).toEqual(["a 39", "b UTC"]);
  });

  it("of an account that was erased go before the rest of that part comes", async () => {
    run(`INSERT INTO accounts (id, time_zone, created_at) VALUES ('a', 'UTC', 0), ('b', 'UTC', 0);
         INSERT INTO mails (number, id, account_id, route, recipient, received_at, payload_sha256) VALUES (1, 'm', 'a', 'alert', '', 0, x'');
         INSERT INTO mail_readings VALUES (1, 'of a')`);
    const erased: Change = { table: "erased_accounts", key: ["a"], row: { account_id: "a", erased_at: 0 } };
    const mail: Change = {
      ...{ table: "mails", key: [1] },
      row: {
        number: 1,
        id: "n",
        account_id: "b",
        route: "alert",
        recipient: "",
        received_at: 0,
        payload_sha256: new Uint8Array(),
      },
    };
    await putSegment(shelf, { to: (placeIn(copy)?.position ?? 0) + 1, changes: [erased, mail] });
    expect(await replayed()).toMatchObject({ stoppedBy: null });
    expect(zones()).toEqual(["b UTC"]);
    expect(all("SELECT * FROM mail_readings")).toEqual([]);
  });

  it.each([
    ["a table poems", { table: "poems", key: [1], row: { id: 1 } }],
    ["a column mood of accounts", { ...account("b"), row: { ...account("b").row, mood: 1 } }],
    ["another key of accounts", { ...account("b"), key: ["b", 1] }],
  ])("that this release does not know end it: %s", async (what, change) => {
    await putSegment(shelf, { to: 11, changes: [change] });
    await expect(replayed()).rejects.toThrow(
      `The journal tells of ${what}, which this release does not know. Use a newer release.`,
    );
  });
});

describe("it ends, and says why, where a part", () => {
  beforeEach(async () => {
    await putSegment(shelf, { to: 11, changes: [account("a", "eleven")] });
    await putSegment(shelf, { to: 14, changes: [account("a", "fourteen")] });
  });
  const stopped = async () => {
    const { place, stoppedBy } = await replayed();
    expect(zones()).toEqual(["a eleven"]);
    expect(place.position).toBe(11);
    return stoppedBy;
  };

  it("is missing", async () => {
    await putSegment(shelf, { to: 13, changes: [account("a", "thirteen")] });
    expect(await stopped()).toMatch(/^Changes 12 to 12 are not in the bucket, before journal\/.*-000000000000013-/);
  });

  it("is missing where a restore left", async () => {
    await putSegment(shelf, { to: 13, timeline: { ...SECOND, parent: { id: FIRST.id, position: 12 } } });
    expect(await stopped()).toMatch(/^Changes 12 to 12 are not in the bucket/);
  });

  it("is damaged, unless another one holds the same", async () => {
    const key = await putSegment(shelf, { from: 12, to: 13, changes: [account("a", "thirteen")] });
    const whole = readFileSync(shelf.path(key));
    for (const bytes of [
      whole.subarray(0, -1),
      whole.with(whole.length - 20, 0),
      whole.subarray(0, 20),
      new Uint8Array(),
    ]) {
      writeFileSync(shelf.path(key), bytes);
      expect(await stopped()).toMatch(
        new RegExp(`^${key} (is damaged|was sealed for another key than yours, or is damaged)\\.$`),
      );
    }
    await putSegment(shelf, { from: 12, to: 14, changes: [account("a", "other")] });
    expect(await replayed()).toMatchObject({ stoppedBy: null, place: { position: 14 } });
    const last = await putSegment(shelf, { to: 15 });
    writeFileSync(shelf.path(last), whole);
    expect((await replayed()).stoppedBy).toBe(`${last} holds another part of the journal than its name says.`);
  });

  it("is another than its name says", async () => {
    const [key, other] = [await putSegment(shelf, { from: 12, to: 13 }), await putSegment(shelf, { to: 10 })];
    writeFileSync(shelf.path(key), readFileSync(shelf.path(other)));
    expect(await stopped()).toBe(`${key} holds another part of the journal than its name says.`);
  });

  it("was sealed for somebody else", async () => {
    const other = { ...shelf, identity: await generateX25519Identity() };
    const key = await putSegment(other, { from: 12, to: 13 });
    expect(await stopped()).toBe(`${key} was sealed for another key than yours, or is damaged.`);
  });

  it("is longer than any that a service makes, wherever it says that it ends", async () => {
    await putSegment(shelf, { to: 13, changes: [account("a", "genuine")] });
    await putSegment(shelf, { to: 12, changes: [account("a", "genuine")] });
    const forged = { from: 1, changes: [account("a", "forged")] };
    const key = await putSegment(shelf, { to: 999_999_999_999_999, ...forged });
    const { place, stoppedBy } = await replayed();
    expect([zones(), place.position]).toEqual([["a fourteen"], 14]);
    expect(stoppedBy).toBe(`${key} is longer than any that a service makes: somebody else put it there.`);
  });

  it("is all that could tell where a later timeline comes from", async () => {
    const key = await putSegment(shelf, { to: 12, timeline: SECOND });
    writeFileSync(shelf.path(key), "");
    await putSegment(shelf, { from: 12, to: 13, changes: [account("a", "thirteen")] });
    expect((await replayed()).stoppedBy).toContain(key);
  });
});

describe("a timeline", () => {
  const parts = async (timeline: Timeline, ...numbers: number[]) => {
    for (const to of numbers)
      await putSegment(shelf, { to, timeline, changes: [account("a", `${timeline.id} ${to}`)] });
  };
  const at = (day: number, parent: Timeline | null, position = 0): Timeline => ({
    id: `2026-11-${day}T00-00-00Z-00000000000000${day}`,
    parent: parent === null ? null : { id: parent.id, position },
  });

  it("of the future is left out, and said, and what is written next can be read again", async () => {
    const far = { id: "9999-12-31T23-59-59Z-0000000000000009", parent: { id: FIRST.id, position: 11 } };
    await parts(FIRST, 11, 12);
    await parts(far, 12);
    const { timelines, stoppedBy } = await replayed();
    expect(zones()).toEqual([`a ${FIRST.id} 12`]);
    expect(timelines).toEqual([FIRST.id]);
    expect(stoppedBy).toContain(`journal/${far.id}/ begins in the future.`);
  });

  it("whose way from here is missing in the bucket is said to be missing", async () => {
    const [second, third] = [at(21, FIRST, 20), at(22, at(21, null), 30)];
    await parts(third, 31, 32);
    const says = `journal/${third.id}/ goes on from journal/${second.id}/, of which nothing is in the bucket that can be read.`;
    expect(await replayed()).toMatchObject({ changes: 0, until: null, stoppedBy: says });
  });

  it("that left another before this copy was taken is not missed", async () => {
    await parts({ ...at(21, null), parent: { id: "2026-11-19T00-00-00Z-0000000000000019", position: 5 } }, 6);
    expect(await replayed()).toMatchObject({ changes: 0, stoppedBy: null });
  });

  it("that says it goes on from where its parent never came is left out, and said", async () => {
    await parts(FIRST, 11, 12);
    const forged = at(21, FIRST, 999_999);
    await parts(forged, 13);
    const says = `journal/${forged.id}/ says that it goes on from a change that was never made. It was left out.`;
    expect(await replayed()).toMatchObject({ place: { timeline: FIRST.id, position: 12 }, stoppedBy: says });
  });

  it("may bring what its parent had yet to upload", async () => {
    const second = at(21, FIRST, 14);
    await parts(FIRST, 11, 12);
    await parts(second, 13, 14, 15);
    expect(await replayed()).toMatchObject({ place: { timeline: second.id, position: 15 }, stoppedBy: null });
  });

  it("that a restore gave up is counted, up to its last part", async () => {
    await parts(FIRST, 11, 12);
    for (const [to, time] of [
      [13, "05:00:00"],
      [14, "06:00:00"],
    ] as const)
      await putSegment(shelf, { to, at: Temporal.Instant.from(`2026-11-20T${time}Z`) });
    await parts(at(21, FIRST, 12), 13);
    const { stoppedBy, leftAside } = await replayed();
    expect(stoppedBy).toBe(null);
    expect(leftAside).toEqual([{ timeline: FIRST.id, parts: 2, until: Temporal.Instant.from("2026-11-20T06:00:00Z") }]);
    const asked = await replayed({ notAfter: Temporal.Instant.from("2026-11-20T07:00:00Z") });
    expect(asked.leftAside).toEqual([]);
  });
});

describe("a schema", () => {
  const steps = [
    ...migrations,
    {
      sql: "ALTER TABLE accounts ADD COLUMN mood TEXT;\nCREATE TRIGGER moody AFTER INSERT ON accounts BEGIN SELECT 1; END;",
      oldestProgram: null,
    },
  ];
  const newer = SCHEMA_VERSION + 1;

  it("that is newer than the copy's is what the copy gets when the journal comes to it", async () => {
    await putSegment(shelf, { to: 11, changes: [account("a")] });
    const [moody] = [{ ...account("b"), row: { ...account("b").row, mood: "fine" } }];
    await putSegment(shelf, { to: 12, schema: newer, changes: [moody] });
    expect(await replayed({ steps })).toMatchObject({ stoppedBy: null });
    expect(all("SELECT id, mood FROM accounts ORDER BY id")).toEqual([
      { id: "a", mood: null },
      { id: "b", mood: "fine" },
    ]);
    expect(all("SELECT name FROM sqlite_schema WHERE name IN ('moody', 'mails_of_the_day')")).toHaveLength(2);
  });

  it("that is newer than this release ends it", async () => {
    await putSegment(shelf, { to: 11, schema: newer, changes: [account("a")] });
    await expect(replayed()).rejects.toThrow(
      `The journal goes on with schema ${newer}; this release is of schema ${SCHEMA_VERSION}. Use a newer release.`,
    );
  });
});

describe("a bucket", () => {
  it("that fails is asked again, and one that refuses ends it", async () => {
    const key = await putSegment(shelf, { to: 11, changes: [account("a")] });
    for (const [code, times] of [
      ["ECONNRESET", 5],
      ["AccessDenied", 1],
    ] as const) {
      for (const broken of ["list", "read"] as const) {
        let asked = 0;
        const fail = async () => {
          asked += 1;
          throw new BucketError(code, "No.");
        };
        const place = { timeline: FIRST.id, position: 10 };
        const reading = {
          shelf: { ...shelf, [broken]: fail },
          identities: [shelf.identity],
          notAfter: null,
          pauseMs: 0,
        };
        await expect(replay(copy, place, reading, () => {})).rejects.toMatchObject({ code });
        expect(asked).toBe(times);
      }
    }
    expect(key).toContain(FIRST.id);
  });

  it("is asked for several parts at once, in bounds, and only for what is not in the copy", async () => {
    const key = await putSegment(shelf, { to: 10 });
    const changes = (number: number) => [account("a", String(number))];
    for (let number = 11; number <= 50; number += 1) await putSegment(shelf, { to: number, changes: changes(number) });
    const [listed, read]: string[][] = [[], []];
    let [open, most] = [0, 0];
    const busy = {
      ...shelf,
      async list(prefix: string, after?: string) {
        const found = await shelf.list(prefix, after);
        listed?.push(...found.map((one) => one.key));
        return found;
      },
      async read(wanted: string) {
        read?.push(wanted);
        most = Math.max(most, (open += 1));
        const bytes = readFileSync(shelf.path(wanted));
        await new Promise(setImmediate);
        open -= 1;
        return Readable.from([bytes]);
      },
    };
    const place = { timeline: FIRST.id, position: 10 };
    const progress: number[] = [];
    await replay(copy, place, { shelf: busy, identities: [shelf.identity], notAfter: null }, (done, total) =>
      progress.push(done, total),
    );
    expect(zones()).toEqual(["a 50"]);
    expect([listed?.length, read?.length, most]).toEqual([40, 40, 8]);
    expect(listed).not.toContain(key);
    expect(progress.slice(-2)).toEqual([40, 40]);
  });
});

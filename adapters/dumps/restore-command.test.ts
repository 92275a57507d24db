import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, expect, it } from "vitest";

import { dumpShelf, putDump, type TestShelf } from "../../test/dump-shelf.ts";
import { FIRST, putErasure, putSegment } from "../../test/journal-shelf.ts";
import type { Change } from "../journal/segment.ts";
import { readRecoveryMark } from "../recovery-mark.ts";
import { BucketError } from "../s3.ts";
import { dumpsCommand, restoreCommand } from "./restore-command.ts";

const S3 = {
  ...{ endpoint: "https://fra1.example.net", region: "us-east-1", bucket: "dumps", prefix: "", forcePathStyle: true },
  ...{ accessKeyId: "id", secretAccessKey: "very-secret" },
};
let shelf: TestShelf;
let root: string;
let said: string[];
let shown: string[];

beforeEach(async () => {
  shelf = await dumpShelf();
  root = mkdtempSync(join(tmpdir(), "wtmm-restore-"));
  said = [];
  shown = [];
});
afterEach(() => {
  shelf.remove();
  rmSync(root, { recursive: true });
});

const operator = () => ({
  ...{ s3: S3, identityFile: null, env: {} },
  ask: async () => shelf.identity,
  say: (line: string) => void said.push(line),
  progress: (line: string) => void shown.push(line),
});
const to = () => join(root, "data");

it("says what it restores, shows how far it is, and ends with what doctor finds", async () => {
  const { key } = await putDump(shelf, { schema: 5, at: "2026-11-20T03:00:00Z" });
  expect(await restoreCommand({ dump: null, at: null, to: to() }, operator(), async () => shelf)).toBe(true);
  expect(said.slice(0, 4)).toEqual([
    expect.stringMatching(
      new RegExp(`^${key}: made 2026-11-20T03:00:00Z by 0\\.1\\.0-test, 1 mails, 0\\.\\d MB, sealed `),
    ),
    "Every byte is as it was when the dump was made. Looking through the database …",
    "The dump is from before there was a journal: what was written after it is missing.",
    expect.stringMatching(new RegExp(`^${to()}/wtmm\\.db is in place, brought from schema 5 to \\d+\\.$`)),
  ]);
  const found = said.slice(4).join("\n");
  expect(found).toMatch(/database +It has schema \d+, which this release uses\.\n.*database +It is whole\./);
  expect(found).toMatch(/ 0 red\.$/);
  expect(shown[0]).toMatch(/^Fetching \[#+-*\] \d+ % /);
  expect(shown.at(-1)).toBe("");
});

it("is no success when something is wrong with the place", async () => {
  await putDump(shelf);
  mkdirSync(to());
  chmodSync(to(), 0o755);
  expect(await restoreCommand({ dump: null, at: null, to: to() }, operator(), async () => shelf)).toBe(false);
  expect(said.join("\n")).toContain("is open to others (mode 755).");
});

it("needs no bucket for a dump in a file", async () => {
  const { key, manifestKey } = await putDump(shelf);
  writeFileSync(join(root, "x.db.zst.age"), readFileSync(shelf.path(key)));
  writeFileSync(join(root, "x.json"), readFileSync(shelf.path(manifestKey)));
  const dump = join(root, "x.db.zst.age");
  expect(await restoreCommand({ dump, at: null, to: to() }, { ...operator(), s3: null })).toBe(true);
  expect(said.join("\n")).toContain(
    "Neither the journal nor the list of erased accounts was looked at, since no bucket is",
  );
});

const newAccount: Change = {
  ...{ table: "accounts", key: ["b"] },
  row: { id: "b", time_zone: "UTC", link_epoch: 0, created_at: 0, requires_signature: 0, weekly_letter: 1 },
};
const newMail: Change = {
  ...{ table: "mails", key: [2] },
  row: { number: 2, id: "n", route: "none", recipient: "", received_at: 0, payload_sha256: new Uint8Array() },
};

/** A dump of a database whose journal was begun, with changes up to 10. */
const putJournalled = () => putDump(shelf, { at: "2026-11-20T03:00:00Z", journal: { ...FIRST, position: 10 } });
const since = () => readRecoveryMark(to())?.toString();

it("replays the journal, and says what came from it", async () => {
  await putJournalled();
  await putSegment(shelf, {
    to: 11,
    at: Temporal.Instant.from("2026-11-20T04:00:00Z"),
    changes: [newMail, newAccount],
  });
  await putErasure(shelf, "a");
  expect(await restoreCommand({ dump: null, at: null, to: to() }, operator(), async () => shelf)).toBe(true);
  expect(said.slice(2, 4)).toEqual([
    "2 changes came from the journal, 1 mails among them. It goes up to 2026-11-20T04:00:00Z.",
    "1 erased accounts were taken out again.",
  ]);
  expect(since()).toBe("2026-11-20T03:45:00Z");
  // What the dump had yet to upload is in the bucket by now: what is left begins the new timeline.
  const database = new DatabaseSync(join(to(), "wtmm.db"), { readOnly: true });
  const [begins, erased, ...more] = database.prepare("SELECT number, table_name, key FROM journal").all();
  expect(database.prepare("SELECT parent, parent_position FROM journal_state").all()).toMatchObject([
    { parent: FIRST.id, parent_position: 11 },
  ]);
  database.close();
  expect(begins).toMatchObject({ number: 12, table_name: "accounts", key: '[""]' });
  expect(erased).toMatchObject({ number: 13, table_name: "erased_accounts", key: '["a"]' });
  expect(more).toEqual([]);
});

it("is no success where the journal is not complete, and says what to do", async () => {
  await putJournalled();
  await putSegment(shelf, { to: 11, at: Temporal.Instant.from("2026-11-20T04:00:00Z"), changes: [newAccount] });
  await putSegment(shelf, { to: 13, changes: [newMail] });
  expect(await restoreCommand({ dump: null, at: null, to: to() }, operator(), async () => shelf)).toBe(false);
  expect(said.join("\n")).toMatch(
    /It goes up to 2026-11-20T04:00:00Z\.\nTHE JOURNAL IS NOT COMPLETE.*\nChanges 12 to 12 are not in.*\n.*\nwtmm recover\./,
  );
  expect(said.join("\n")).toContain("wtmm.db is in place.");
});

it("says which parts a restore gave up, and up to when they go", async () => {
  await putJournalled();
  const second = { id: "2026-11-21T00-00-00Z-0000000000000002", parent: { id: FIRST.id, position: 11 } };
  await putSegment(shelf, { to: 11 });
  await putSegment(shelf, { to: 12, at: Temporal.Instant.from("2026-11-20T05:00:00Z"), changes: [newMail] });
  await putSegment(shelf, { to: 12, timeline: second, changes: [newAccount] });
  expect(await restoreCommand({ dump: null, at: null, to: to() }, operator(), async () => shelf)).toBe(true);
  expect(said).toContain(
    `Left aside, since a restore gave it up: journal/${FIRST.id}/, 1 parts up to 2026-11-20T05:00:00Z.`,
  );
});

it("erases as many as are said to be right by notes that nobody can open", async () => {
  await putDump(shelf);
  writeFileSync(shelf.path(await putErasure(shelf, "a")), "");
  const wanted = { dump: null, at: null, to: to() };
  await expect(restoreCommand(wanted, operator(), async () => shelf)).rejects.toThrow(/add --erase 1\. Nothing was/);
  expect(await restoreCommand({ ...wanted, mayErase: 1 }, operator(), async () => shelf)).toBe(true);
  expect(said).toContain("1 erased accounts were taken out again.");
});

it("replays the journal up to the time that is asked for, also after a dump in a file", async () => {
  const { key, manifestKey } = await putJournalled();
  for (const [number, time] of [
    [11, "03:10:00"],
    [12, "03:20:00"],
  ] as const)
    await putSegment(shelf, { to: number, at: Temporal.Instant.from(`2026-11-20T${time}Z`), changes: [newAccount] });
  const at = Temporal.Instant.from("2026-11-20T03:15:00Z");
  expect(await restoreCommand({ dump: null, at, to: to() }, operator(), async () => shelf)).toBe(true);
  expect(said.join("\n")).toContain(
    "1 changes came from the journal, 0 mails among them. It goes up to 2026-11-20T03:10:00Z.",
  );
  const dump = join(root, "x.db.zst.age");
  writeFileSync(dump, readFileSync(shelf.path(key)));
  writeFileSync(join(root, "x.json"), readFileSync(shelf.path(manifestKey)));
  const again = join(root, "again");
  expect(await restoreCommand({ dump, at: null, to: again }, operator(), async () => shelf)).toBe(true);
  expect(said.join("\n")).toContain("It goes up to 2026-11-20T03:20:00Z.");
});

it("asks for no key before it knows that there is a place for the dump", async () => {
  await putDump(shelf);
  mkdirSync(to());
  writeFileSync(join(to(), "wtmm.db"), "");
  const ask = async () => Promise.reject(new Error("It asked."));
  const refused = restoreCommand({ dump: null, at: null, to: to() }, { ...operator(), ask }, async () => shelf);
  await expect(refused).rejects.toThrow("a restore overwrites nothing");
});

it("says what to set when there is no bucket, and tells in one sentence what the service refuses", async () => {
  await expect(dumpsCommand(null, Temporal.Now.instant())).rejects.toThrow(/^No bucket is set\. Set S3_ENDPOINT, /);
  let isClosed = false;
  const list = async () => Promise.reject(new BucketError("NoSuchBucket", "UnknownError"));
  const refusing = { ...shelf, list, close: () => void (isClosed = true) };
  const refused = restoreCommand({ dump: "latest", at: null, to: to() }, operator(), async () => refusing);
  await expect(refused).rejects.toMatchObject({
    name: "AppError",
    message: expect.stringMatching(
      /^The bucket dumps at https:\/\/fra1\.example\.net refuses \(NoSuchBucket\)\. Make the/,
    ),
  });
  expect(isClosed).toBe(true);
});

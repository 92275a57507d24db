import { writeFileSync } from "node:fs";

import { afterEach, beforeEach, expect, it } from "vitest";

import { dumpShelf, putDump, type TestShelf } from "../../test/dump-shelf.ts";
import { dumpLines, listDumps } from "./list-dumps.ts";
import { objectKeyOf } from "./dump-keys.ts";

const NOW = Temporal.Instant.from("2026-11-20T12:00:00Z");
let shelf: TestShelf;

beforeEach(async () => {
  shelf = await dumpShelf();
});
afterEach(() => shelf.remove());

it("lists the newest dump first, with what is in it", async () => {
  const old = await putDump(shelf, { dumpClass: "monthly", at: "2026-10-01T03:00:00Z" });
  const young = await putDump(shelf, { dumpClass: "hourly", at: "2026-11-20T11:15:30Z" });
  const [heading, first, second, ...more] = dumpLines(await listDumps(shelf), NOW);
  expect(heading).toMatch(/^ +age +sealed +database +mails +purchases +accounts +schema +release +DUMP$/);
  expect(first).toMatch(new RegExp(`^ 44 min +0\\.0 MB +0\\.\\d MB +1 +1 +1 +\\d+ +0\\.1\\.0-test +${young.key}$`));
  expect(second).toMatch(new RegExp(`^50 days .* ${old.key}$`));
  expect(more).toEqual([]);
  expect(new Set([heading, first, second].map((line) => line?.search(/\S+$/))).size).toBe(1);
});

it("lists a dump that lies in two classes once, where it is kept longer", async () => {
  const dump = await putDump(shelf, { dumpClass: "daily" });
  const copied = (key: string) => key.replace("daily/", "monthly/");
  const { list, get } = shelf;
  const twice = {
    ...shelf,
    list: async (prefix: string) => (await list(prefix)).flatMap((one) => [one, { ...one, key: copied(one.key) }]),
    get: (key: string) => get(key.replace("monthly/", "daily/")),
  };
  expect((await listDumps(twice)).map(({ key }) => objectKeyOf(key))).toEqual([copied(dump.key)]);
});

it("says which one can't be read, and lists the others", async () => {
  const whole = await putDump(shelf);
  const broken = await putDump(shelf, { at: "2026-11-19T03:00:00Z" });
  writeFileSync(shelf.path(broken.manifestKey), "{");
  const [, first, second] = dumpLines(await listDumps(shelf), NOW);
  expect(first).toMatch(new RegExp(`${whole.key}$`));
  expect(second).toMatch(new RegExp(`${broken.key} \\(its manifest is damaged\\)$`));
});

it.each([
  ["2026-11-20T12:00:30Z", "0 min"],
  ["2026-11-20T11:59:30Z", "0 min"],
  ["2026-11-20T10:01:00Z", "119 min"],
  ["2026-11-20T10:00:00Z", "2 h"],
  ["2026-11-18T12:00:01Z", "47 h"],
  ["2026-11-18T12:00:00Z", "2 days"],
  ["2025-11-20T12:00:00Z", "365 days"],
])("says of a dump of %s that it is %s old", async (at, age) => {
  await putDump(shelf, { at });
  expect(
    dumpLines(await listDumps(shelf), NOW)[1]
      ?.trim()
      .startsWith(`${age} `),
  ).toBe(true);
});

it("says that there is none", () => {
  expect(dumpLines([], NOW)).toEqual(["There is no dump."]);
});

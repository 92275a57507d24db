import { randomBytes } from "node:crypto";

import { expect, it } from "vitest";

import { dumpsAmong, manifestKeyOf, newDumpKey, objectKeyOf, readDumpKey, type DumpClass } from "./dump-keys.ts";

const at = (text: string) => Temporal.Instant.from(text);
const made = (dumpClass: DumpClass, text: string, byte = 1) =>
  newDumpKey(dumpClass, at(text), (bytes) => new Uint8Array(bytes).fill(byte));
const both = (...keys: ReturnType<typeof made>[]) => keys.flatMap((key) => [objectKeyOf(key), manifestKeyOf(key)]);

it("names an object and beside it its manifest by class, second and chance", () => {
  const key = made("daily", "2026-11-21T03:00:00.987Z", 0xab);
  expect(objectKeyOf(key)).toBe("daily/2026-11-21T03-00-00Z-abababababababab.db.zst.age");
  expect(manifestKeyOf(key)).toBe("daily/2026-11-21T03-00-00Z-abababababababab.json");
});

it("reads what it named", () => {
  for (const dumpClass of ["hourly", "daily", "monthly"] as const) {
    const key = made(dumpClass, "2026-02-28T23:59:59Z");
    for (const text of [objectKeyOf(key), manifestKeyOf(key)]) {
      const read = readDumpKey(text);
      expect(read).toMatchObject({ dumpClass, random: key.random });
      expect(read?.at.equals(key.at)).toBe(true);
    }
  }
});

it.each([
  "doctor/probe",
  "yearly/2026-11-21T03-00-00Z-abababababababab.json",
  "daily/2026-11-21T03-00-00Z-abababababababab.txt",
  "daily/2026-11-21T03-00-00Z-abab.json",
  "daily/2026-13-21T03-00-00Z-abababababababab.json",
  "x/daily/2026-11-21T03-00-00Z-abababababababab.json",
  "",
])("takes %j for no dump's", (text) => {
  expect(readDumpKey(text)).toBe(null);
});

it("lists the newest dump first, and of one in two classes the one that is kept longer", () => {
  const [old, inDaily, inMonthly, young] = [
    made("daily", "2026-10-31T03:00:00Z"),
    made("daily", "2026-11-01T03:00:00Z"),
    made("monthly", "2026-11-01T03:00:00Z"),
    made("hourly", "2026-11-01T04:00:00Z"),
  ];
  const listed = dumpsAmong(both(old, inDaily, inMonthly, young)).map(objectKeyOf);
  expect(listed).toEqual([young, inMonthly, inDaily, old].map(objectKeyOf));
});

it("lists no dump that lacks its manifest or its object", () => {
  const [whole, half, empty] = [
    made("daily", "2026-11-01T03:00:00Z"),
    made("daily", "2026-11-02T03:00:00Z"),
    made("daily", "2026-11-03T03:00:00Z"),
  ];
  const keys = [...both(whole), objectKeyOf(half), manifestKeyOf(empty), "doctor/probe"];
  expect(dumpsAmong(keys).map(objectKeyOf)).toEqual([objectKeyOf(whole)]);
});

it("gives two dumps of one second two names", () => {
  const now = at("2026-11-21T03:00:00Z");
  const names = Array.from({ length: 100 }, () => objectKeyOf(newDumpKey("daily", now, randomBytes)));
  expect(new Set(names).size).toBe(100);
});

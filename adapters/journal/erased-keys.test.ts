import { expect, it } from "vitest";

import { erasedKeyOf, newErasedKey, readErasedKey, readErasure, writeErasure } from "./erased-keys.ts";

const ERASURE = { accountId: "abcdef2345", erasedAt: Temporal.Instant.from("2026-11-20T17:00:00.5Z") };

it("names the note of an erased account by its id, and never twice alike", () => {
  const key = newErasedKey(ERASURE.accountId, (bytes) => new Uint8Array(bytes).fill(255));
  expect(erasedKeyOf(key)).toBe("erased/abcdef2345-ffffffffffffffff.json.zst.age");
  expect(newErasedKey(ERASURE.accountId, (bytes) => new Uint8Array(bytes))).not.toEqual(key);
});

it("reads from a key whose it is", () => {
  const key = { accountId: ERASURE.accountId, random: "0123456789abcdef" };
  expect(readErasedKey(erasedKeyOf(key))).toEqual(key);
});

it.each(["erased/", "erased/a.json.zst.age", "erased/a/b-0123456789abcdef.json.zst.age", "journal/a"])(
  "takes %s for no note",
  (key) => expect(readErasedKey(key)).toBe(null),
);

it("reads a note as it was written, and refuses what is none", () => {
  expect(readErasure(writeErasure(ERASURE))).toEqual(ERASURE);
  for (const none of ["", "{}", writeErasure(ERASURE).replace('"format":1', '"format":2')])
    expect(() => readErasure(none)).toThrow(/^The note of an erased account is damaged/);
});

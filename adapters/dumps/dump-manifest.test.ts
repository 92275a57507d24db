import { expect, it } from "vitest";

import { readManifest, writeManifest, type DumpManifest } from "./dump-manifest.ts";

const MANIFEST: DumpManifest = {
  format: 1,
  release: "0.1.0",
  createdAt: Temporal.Instant.from("2026-11-21T03:00:00Z"),
  database: { bytes: 40_960, sha256: "a".repeat(64) },
  object: { bytes: 1_000, sha256: "b".repeat(64) },
  contents: {
    schemaVersion: 6,
    rows: { accounts: 1, mails: 2 },
    sums: { EUR: "-120", USD: "92233720368547758070" },
    newestMail: { number: 2, id: "m2" },
  },
  recipients: ["age1abc"],
};

it("reads what it wrote, with sums of any size", () => {
  const read = readManifest(writeManifest(MANIFEST));
  expect({ ...read, createdAt: read.createdAt.toString() }).toEqual({ ...MANIFEST, createdAt: "2026-11-21T03:00:00Z" });
});

it("holds a database without mails", () => {
  const empty = { ...MANIFEST, contents: { ...MANIFEST.contents, newestMail: null, sums: {} } };
  expect(readManifest(writeManifest(empty)).contents).toEqual(empty.contents);
});

it.each([
  ["cut", (text: string) => text.slice(0, -10)],
  ["of another form", (text: string) => text.replace('"format": 1', '"format": 2')],
  ["without a hash", (text: string) => text.replace("a".repeat(64), "a".repeat(63))],
  ["of no day", (text: string) => text.replace("2026-11-21", "2026-13-21")],
  ["with half a row", (text: string) => text.replace('"mails": 2', '"mails": 2.5')],
  ["for nobody", (text: string) => text.replace('"age1abc"', "")],
  ["no text", () => "\u0000"],
])("refuses one that is %s", (_, change) => {
  const text = change(new TextDecoder().decode(writeManifest(MANIFEST)));
  expect(() => readManifest(new TextEncoder().encode(text))).toThrow(/^The dump's manifest is damaged, or of a newer/);
});

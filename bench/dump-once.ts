// One dump of the database that is named, into a folder in the place of a bucket: what a dump costs without the net.
import { createReadStream, createWriteStream, linkSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { dump } from "../adapters/dumps/dump.ts";
import type { Bucket } from "../adapters/s3.ts";

const [database = "", folder = ""] = process.argv.slice(2);
const at = (key: string): string => join(folder, key.replaceAll("/", "-"));
const bucket: Bucket = {
  put: async (key, bytes) => writeFileSync(at(key), bytes),
  putStream: (key, stream) => pipeline(stream, createWriteStream(at(key))),
  get: async () => new Uint8Array(),
  read: async (key) => createReadStream(at(key)),
  list: async () => [],
  bytesOf: async (key) => statSync(at(key)).size,
  // A service does it for us.
  copy: async (from, to) => linkSync(at(from), at(to)),
  abortUploads: async () => 0,
  remove: async () => "refused",
  close: () => {},
};
mkdirSync(folder, { recursive: true });
const startedAt = performance.now();
const steps: Record<string, number> = {};
await dump({
  bucket,
  databaseUrl: `file:${database}`,
  folder: join(dirname(database), "dumps"),
  drillFolder: join(dirname(database), "drill"),
  recipients: [await identityToRecipient(await generateX25519Identity())],
  release: "bench",
  now: () => Temporal.Now.instant(),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  begun: () => {},
  say: (line) => (steps[line.split(" ")[0] ?? ""] = performance.now() - startedAt),
  progress: () => {},
  signal: new AbortController().signal,
});
const ms = performance.now() - startedAt;
console.log(JSON.stringify({ ms, copiedMs: steps["The"] ?? 0 }));

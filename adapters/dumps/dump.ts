import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

import { databaseFileOf, removeInParts } from "../database-file.ts";
import { takeLock } from "../instance-lock.ts";
import { sayMegabytes } from "../progress-bar.ts";
import type { Bucket } from "../s3.ts";
import { copyDatabase } from "./copy-database.ts";
import {
  DUMP_CLASSES,
  dumpNameOf,
  dumpsAmong,
  manifestKeyOf,
  newDumpKey,
  objectKeyOf,
  type DumpKey,
} from "./dump-keys.ts";
import { removeDrill } from "./drill.ts";
import { writeManifest, type DumpManifest } from "./dump-manifest.ts";
import { forgetIdentities, keepIdentity, namesOfKept, newOneDumpIdentity } from "./one-dump-identity.ts";
import { uploadDump } from "./upload-dump.ts";

/** What a dump is made of, and where it goes. */
export type DumpRun = {
  readonly bucket: Bucket;
  readonly databaseUrl: string;
  /** Where the copy and the lock lie; made when missing. */
  readonly folder: string;
  /** Where drills take place, under the same lock. One that was cut off left the whole database there, in plain. */
  readonly drillFolder: string;
  /** Whose identities open it, besides the one that is kept here until its drill. */
  readonly recipients: readonly string[];
  readonly release: string;
  now(): Temporal.Instant;
  random(bytes: number): Uint8Array;
  /** Told once nobody else makes a dump. */
  begun(): void;
  /** A line that stays. */
  say(line: string): void;
  /** How far a step has come, in bytes. */
  progress(does: string, done: number, total: number): void;
  /** Ends it; what was begun is cleaned away. */
  readonly signal: AbortSignal;
};

/** The dump is made and stays, but the copy of it that is kept for a year is not. The cause says why. */
export class PromotionError extends Error {
  override readonly name = "PromotionError";
  readonly madeAt: Temporal.Instant;

  constructor(madeAt: Temporal.Instant, options: ErrorOptions) {
    super("The dump is made, but it was not copied to be kept for a year; the next dump will be.", options);
    this.madeAt = madeAt;
  }
}

// Neither takes a service as long as our patience, and 10,000 of them are as much as one object may hold.
const COPY_PART_BYTES = 512 * 1024 * 1024;

/**
 * Makes one dump: a copy of the database, checked, sealed, uploaded, read back, and last of all its manifest. The first of a
 * day goes under `daily/`, others under `hourly/`; the first of a month is copied to `monthly/` as well. What an interrupted
 * run left behind is cleaned away first. Nothing in the bucket is ever deleted or replaced.
 *
 * What opens this dump alone stays in `folder` for its drill, in the place of what opened the one before.
 *
 * @throws AppError `conflict` while another one runs; PromotionError; Error with one sentence; BucketError
 */
export async function dump(run: DumpRun): Promise<DumpManifest> {
  // V8 takes the streams' buffers for its own memory filling up, and may mark it over and over, for half of the whole time.
  setFlagsFromString("--no-incremental-marking");
  const file = databaseFileOf(run.databaseUrl);
  if (file === null) throw new Error("Only a database in a file can be dumped: a libSQL server has tools of its own.");
  mkdirSync(run.folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(run.folder, "lock"));
  const copy = join(run.folder, "copy.db");
  try {
    run.begun();
    await removeDrill(run.drillFolder);
    await throwAwayUploads(run);
    await forgetWithoutDump(run);
    // Before the copy, so that all that was there when the dump was made is in it.
    const key = await keyFor(run);
    const contents = await copyDatabase(
      { file, copy },
      (done, total) => run.progress("copying", done, total),
      run.signal,
    );
    run.say("The database is copied, and the copy is checked.");
    const { identity, recipient } = await newOneDumpIdentity();
    const recipients = [...run.recipients, recipient];
    const uploaded = await uploadDump(run.bucket, copy, objectKeyOf(key), recipients, run.progress);
    run.say(`${objectKeyOf(key)} is uploaded (${sayMegabytes(uploaded.object.bytes)}) and was read back.`);
    const { release } = run;
    const manifest: DumpManifest = { format: 1, release, createdAt: key.at, ...uploaded, contents, recipients };
    keepIdentity(run.folder, dumpNameOf(key), identity);
    // Until here there is no dump, whatever happens.
    await run.bucket.put(manifestKeyOf(key), writeManifest(manifest));
    forgetIdentities(run.folder, (name) => name !== dumpNameOf(key));
    await promote(run, key, manifest).catch((cause: unknown) => {
      throw new PromotionError(key.at, { cause });
    });
    return manifest;
  } finally {
    await removeInParts(copy);
    lock.release();
  }
}

/** Parts that were sent cost money for ever, and nobody sees them. */
async function throwAwayUploads({ bucket, say }: DumpRun): Promise<void> {
  let count = 0;
  for (const dumpClass of DUMP_CLASSES) count += await bucket.abortUploads(`${dumpClass}/`);
  if (count > 0) say(`${count} unfinished uploads of earlier runs were thrown away.`);
}

/** A run that was cut off may have left what opens a dump that never came to be, or two of them. */
async function forgetWithoutDump({ bucket, folder }: DumpRun): Promise<void> {
  const there: string[] = [];
  for (const name of namesOfKept(folder)) {
    const found = await Promise.all(DUMP_CLASSES.map((dumpClass) => dumpsUnder(bucket, `${dumpClass}/${name}`)));
    if (found.flat().length > 0) there.push(name);
  }
  // They begin with their moment.
  const newest = there.toSorted().at(-1);
  forgetIdentities(folder, (name) => name !== newest);
}

async function keyFor({ bucket, now, random }: DumpRun): Promise<DumpKey> {
  const at = now();
  const ofTheDay = await dumpsUnder(bucket, `daily/${at.toString().slice(0, "2026-11-21".length)}`);
  return newDumpKey(ofTheDay.length === 0 ? "daily" : "hourly", at, random);
}

/** The month's first dump is kept for a year. When that failed, the next run makes up for it. */
async function promote({ bucket, say }: DumpRun, key: DumpKey, manifest: DumpManifest): Promise<void> {
  const ofTheMonth = await dumpsUnder(bucket, `monthly/${key.at.toString().slice(0, "2026-11".length)}`);
  if (ofTheMonth.length > 0) return;
  const monthly: DumpKey = { ...key, dumpClass: "monthly" };
  await bucket.copy(objectKeyOf(key), objectKeyOf(monthly), COPY_PART_BYTES);
  if ((await bucket.bytesOf(objectKeyOf(monthly))) !== manifest.object.bytes) {
    throw new Error("The bucket did not copy all of it.");
  }
  await bucket.put(manifestKeyOf(monthly), writeManifest(manifest));
  say(`It is this month's first, so it was copied to ${objectKeyOf(monthly)}.`);
}

async function dumpsUnder(bucket: Bucket, prefix: string): Promise<DumpKey[]> {
  return dumpsAmong((await bucket.list(prefix)).map(({ key }) => key));
}

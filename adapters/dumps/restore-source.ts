import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Readable } from "node:stream";

import { AppError } from "../../errors.ts";
import type { Bucket } from "../s3.ts";
import {
  DUMP_CLASSES,
  dumpNameOf,
  dumpsAmong,
  manifestKeyOf,
  objectKeyOf,
  readDumpKey,
  type DumpKey,
} from "./dump-keys.ts";
import { readManifest, type DumpManifest } from "./dump-manifest.ts";

/**
 * Which dump is meant: one by its key, the newest that is not later than a moment, the newest, or the newest of these names,
 * and of all where none is there.
 */
export type DumpChoice =
  | { readonly key: string }
  | { readonly notAfter: Temporal.Instant }
  | { readonly ratherOf: readonly string[] }
  | "latest";

/** A dump that can be fetched, wherever it lies. */
export type DumpSource = {
  /** Its key or its path. */
  readonly name: string;
  readonly manifest: DumpManifest;
  /** Its sealed bytes, from an offset on. */
  read(from: number): Promise<Readable>;
};

/** What is used of a bucket to read dumps. */
export type DumpShelf = Pick<Bucket, "list" | "get" | "read">;

const OBJECT = ".db.zst.age";

/**
 * A dump in the bucket. Only what has a manifest is one.
 *
 * @throws AppError when there is no such dump, or its manifest is damaged; BucketError
 */
export async function dumpInBucket(bucket: DumpShelf, choice: DumpChoice): Promise<DumpSource> {
  const dumps = await dumpsIn(bucket);
  const key = chosen(dumps, choice);
  const name = objectKeyOf(key);
  const manifest = await manifestIn(bucket, key);
  const isNamed = choice !== "latest" && !("ratherOf" in choice);
  if (!isNamed && isNobodys(manifest)) await requireThatAllAre(bucket, dumps, name);
  return { name, manifest, read: (from) => bucket.read(name, from) };
}

/** A new machine may have dumped the empty database that it made for itself, before it got the one that was lost. */
async function requireThatAllAre(bucket: DumpShelf, dumps: readonly DumpKey[], newest: string): Promise<void> {
  for (const key of dumps) {
    if (isNobodys(await manifestIn(bucket, key))) continue;
    const says = `The newest dump, ${newest}, holds nobody's account, but ${objectKeyOf(key)} does.`;
    throw new AppError("invalid", `${says} Name the one that you mean.`);
  }
}

function isNobodys({ contents }: DumpManifest): boolean {
  return contents.rows["accounts"] === 0;
}

async function manifestIn(bucket: DumpShelf, key: DumpKey): Promise<DumpManifest> {
  return manifestOf(await bucket.get(manifestKeyOf(key)), objectKeyOf(key));
}

/** The dumps in a bucket, the newest first. Asks for nothing else: of the journal's parts there may be a million. */
export async function dumpsIn(bucket: Pick<Bucket, "list">): Promise<DumpKey[]> {
  const listed = await Promise.all(DUMP_CLASSES.map((dumpClass) => bucket.list(`${dumpClass}/`)));
  return dumpsAmong(listed.flat().map(({ key }) => key));
}

/**
 * A dump in a file, with its manifest beside it.
 *
 * @throws AppError when one of the two is missing, or the manifest is damaged
 */
export function dumpInFile(path: string): DumpSource {
  if (!path.endsWith(OBJECT)) throw new AppError("invalid", `${path} is no dump: the name of one ends in ${OBJECT}.`);
  const beside = `${path.slice(0, -OBJECT.length)}.json`;
  const manifest = manifestOf(readBeside(path, beside), basename(path));
  return { name: path, manifest, read: async (from) => createReadStream(path, { start: from }) };
}

/** Whether a word of the command names a file: what is on the disk comes before what may be in the bucket. */
export function isDumpFile(word: string): boolean {
  return /^\.{0,2}\//.test(word) || statSync(word, { throwIfNoEntry: false })?.isFile() === true;
}

function chosen(dumps: readonly DumpKey[], choice: DumpChoice): DumpKey {
  const [newest] = dumps;
  if (newest === undefined) {
    throw new AppError(
      "not_found",
      "There is no dump in the bucket. Are S3_BUCKET and S3_PREFIX those of the service?",
    );
  }
  if (choice === "latest") return newest;
  if ("ratherOf" in choice) return dumps.find((key) => choice.ratherOf.includes(dumpNameOf(key))) ?? newest;
  const found = dumps.find((key) => isChosen(key, choice));
  if (found !== undefined) return found;
  const says =
    "key" in choice
      ? `There is no dump ${choice.key}.`
      : `There is no dump from before ${choice.notAfter.toString()}; the oldest is of ${dumps.at(-1)?.at.toString()}.`;
  throw new AppError("not_found", `${says} wtmm dumps lists what there is.`);
}

function isChosen(key: DumpKey, choice: { readonly key: string } | { readonly notAfter: Temporal.Instant }): boolean {
  if ("notAfter" in choice) return Temporal.Instant.compare(key.at, choice.notAfter) <= 0;
  const wanted = readDumpKey(choice.key);
  return wanted !== null && objectKeyOf(wanted) === objectKeyOf(key);
}

function readBeside(path: string, beside: string): Uint8Array {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new AppError("not_found", `There is no file ${path}.`);
  }
  try {
    return readFileSync(beside);
  } catch (error) {
    const says = `${beside} can't be read, the manifest of ${path}. It lies beside the dump in the bucket: fetch both.`;
    throw new AppError("not_found", says, { cause: error });
  }
}

function manifestOf(bytes: Uint8Array, name: string): DumpManifest {
  try {
    return readManifest(bytes);
  } catch (error) {
    const says = `The manifest of ${name} is damaged, or of a newer release than this one. Take another dump, or a newer release.`;
    throw new AppError("invalid", says, { cause: error });
  }
}

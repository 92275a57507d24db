import { statSync } from "node:fs";
import { dirname } from "node:path";

import * as v from "valibot";

import { bytesIn, removeInParts } from "../database-file.ts";
import { diskSpaceOf } from "../disk.ts";
import { reasonOf } from "../doctor/reason-of.ts";
import { sayMegabytes } from "../progress-bar.ts";
import { askProcess, nodeCommand } from "./ask-process.ts";
import { askContents } from "./ask-contents.ts";
import { differenceOfCopy, type DatabaseContents } from "./database-contents.ts";
import { isDiskFull, sayDiskFull } from "./disk-full.ts";
import { CONTENTS } from "./dump-manifest.ts";
import { writingThrough } from "./write-through.ts";

// The service goes on writing meanwhile, and must not meet a full disk because of us.
const ROOM_LEFT_BYTES = 100_000_000;
const LOOK_EVERY_MS = 250;

const ANSWER = v.union([
  v.object({ before: CONTENTS, after: CONTENTS }),
  v.object({ refusal: v.string(), isDiskFull: v.boolean() }),
]);

/** What the process says once: what the database held before and after, or as the end of a sentence why there is no copy. */
export type CopyAnswer = v.InferOutput<typeof ANSWER>;

/**
 * Copies a database beside the service that writes it, in a process of its own, and checks the copy.
 *
 * @param file the database
 * @param copy where it will lie; what lies there of an earlier one is removed
 * @param progress told how many bytes are copied, of how many
 * @returns what the copy holds
 * @throws Error with one sentence when there is no room, no database, or no true copy; the signal's reason
 */
export async function copyDatabase(
  { file, copy }: { readonly file: string; readonly copy: string },
  progress: (bytes: number, total: number) => void,
  signal: AbortSignal,
): Promise<DatabaseContents> {
  await removeInParts(copy);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) throw new Error("There is no database yet.");
  const bytes = bytesIn(file) + bytesIn(`${file}-wal`);
  const { freeBytes } = await diskSpaceOf(dirname(copy));
  if (freeBytes < bytes + ROOM_LEFT_BYTES) {
    throw new Error(
      `There is no room for a copy of the database: it needs ${sayMegabytes(bytes + ROOM_LEFT_BYTES)}, and ${sayMegabytes(freeBytes)} are free. Make room where DATA_DIR lies, then try again.`,
    );
  }
  const look = setInterval(() => progress(bytesIn(copy), bytes), LOOK_EVERY_MS);
  try {
    return await copied(file, copy, signal);
  } catch (cause) {
    signal.throwIfAborted();
    const why = isDiskFull(cause)
      ? sayDiskFull("room for a copy of the database any more", "DATA_DIR")
      : `The database can't be copied: ${reasonOf(cause)}.`;
    throw new Error(why, { cause });
  } finally {
    clearInterval(look);
  }
}

/** A copy is one only when it is whole and holds what the database held: an emptied file is whole, too. */
async function copied(file: string, copy: string, signal: AbortSignal): Promise<DatabaseContents> {
  const command = nodeCommand("copy-process", file, copy);
  const answer = await askProcess(command, ANSWER, { signal, pace: (child) => writingThrough(child, copy) });
  if ("refusal" in answer) {
    throw Object.assign(new Error(answer.refusal), answer.isDiskFull ? { code: "ENOSPC" } : {});
  }
  const found = await askContents(copy, signal);
  if ("refusal" in found) throw new Error(found.refusal);
  const difference = differenceOfCopy(answer.before, found.contents, answer.after);
  if (difference !== null) throw new Error(`the copy has ${difference}`);
  return found.contents;
}

import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { addAbortSignal } from "node:stream";
import { setImmediate } from "node:timers/promises";

import { AppError } from "../../errors.ts";
import { diskSpaceOf } from "../disk.ts";
import { removeInParts } from "../database-file.ts";
import { reasonOf } from "../doctor/reason-of.ts";
import { sayMegabytes } from "../progress-bar.ts";
import { askDrillProcess } from "./ask-drill-process.ts";
import { compareWithLive } from "./drill-compare.ts";
import { makeOpsCopy } from "./ops-copy.ts";
import type { FetchProgress } from "./restore-fetch.ts";
import type { DumpSource } from "./restore-source.ts";
import { restoreInto } from "./restore.ts";

/** What a drill is told, and whom it tells how it goes. */
export type Drill = {
  readonly source: DumpSource;
  /** `AGE-SECRET-KEY-1…`, one of which has to open it. */
  readonly identities: readonly string[];
  /** Where it is restored to, and removed from; made when missing. */
  readonly folder: string;
  /** The database file that the dump was made of; null on another machine. */
  readonly live: string | null;
  /** Where the copy for ops goes; null for none. */
  readonly opsCopy: string | null;
  readonly progress: FetchProgress;
  /** Hears a sentence at each step. */
  readonly say: (sentence: string) => void;
  /** Called once, when nothing is left that could refute it. */
  readonly proven: () => void;
  /** Ends it; what it made is cleaned away. */
  readonly signal: AbortSignal;
};

// The restored database may grow while it is migrated.
const GROWTH = 1.2;
// The service goes on writing meanwhile, and must not meet a full disk because of us.
const ROOM_LEFT_BYTES = 100_000_000;

/** Where drills take place, of which nothing is left. */
export function drillFolderIn(dataDir: string): string {
  return join(dataDir, "drill");
}

/** Removes what a drill made in its folder, and the folder. */
export async function removeDrill(folder: string): Promise<void> {
  try {
    await removeInParts(restoredIn(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Tries whether a dump would bring everything back: takes every step of a restore but the last, compares it with the database
 * that it was made of, and opens somebody's dashboard on it. Changes nothing but its folder and, once all of that went well,
 * the copy for ops. Nobody else may do so meanwhile.
 *
 * @throws AppError or Error with one sentence; BucketError; anything once it is ended
 */
export async function drill(run: Drill): Promise<void> {
  const { source, folder, live, opsCopy, say, signal } = run;
  const restored = restoredIn(folder);
  const made = opsCopy === null ? null : `${opsCopy}.new`;
  try {
    // One that was interrupted.
    await removeDrill(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await requireRoom(folder, source.manifest.database.bytes * GROWTH);
    const until = endedBy(signal, source);
    // Thrown away in the end, so it is never synced as a whole: the service's own syncs would wait for that.
    await restoreInto(restored, { ...run, source: until, identities: async () => run.identities });
    await lookForSignal(signal);
    say("It is restored, and is what its manifest says.");
    say(
      live === null
        ? "There is no live database here to compare it with."
        : `${compared(live, restored, source)} rows of the live database were compared with it.`,
    );
    await lookForSignal(signal);
    say(await opened(folder, source, signal));
    if (made !== null) {
      await forCopies(made, () => copied(restored, made));
      say("The copy for ops is made.");
    }
    await lookForSignal(signal);
    run.proven();
    if (made !== null && opsCopy !== null) await forCopies(made, async () => renameSync(made, opsCopy));
  } finally {
    await removeDrill(folder);
    if (made !== null && existsSync(made)) rmSync(made);
  }
}

function restoredIn(folder: string): string {
  return join(folder, "wtmm.db");
}

/** What broke off so is not taken up again. */
function endedBy(signal: AbortSignal, source: DumpSource): DumpSource {
  return {
    ...source,
    async read(from) {
      signal.throwIfAborted();
      return addAbortSignal(signal, await source.read(from));
    },
  };
}

/** SQLite holds up everything else: signals are heard afterwards. */
async function lookForSignal(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const needed = bytes + ROOM_LEFT_BYTES;
  const { freeBytes } = await diskSpaceOf(folder);
  if (freeBytes >= needed) return;
  throw new AppError(
    "unavailable",
    `There is no room for the drill: it needs ${sayMegabytes(needed)} on the disk of ${folder}, and ${sayMegabytes(freeBytes)} are free. Make room.`,
  );
}

function compared(live: string, restored: string, { name, manifest }: DumpSource): number {
  try {
    return compareWithLive(live, restored, manifest.createdAt);
  } catch (error) {
    throw unlike(`${name} lacks, or holds otherwise than the live database, ${reasonOf(error)}`, error);
  }
}

async function opened(folder: string, { name }: DumpSource, signal: AbortSignal): Promise<string> {
  try {
    return (await askDrillProcess(folder, signal)) === "none"
      ? "The front page worked. Nobody has a purchase that counts, so nobody was signed in, and no dashboard was opened."
      : "A sign-in and a dashboard worked.";
  } catch (error) {
    throw unlike(
      `${name} was restored, but the dashboard of an account could not be opened: ${reasonOf(error)}`,
      error,
    );
  }
}

function unlike(says: string, cause: unknown): AppError {
  const advice = "Make another dump (sudo systemctl start wtmm-dump), and keep this one until you know why.";
  return new AppError("invalid", `${says}. ${advice}`, { cause });
}

/** Mails stay out of it, and they are most of what there is. */
async function copied(restored: string, made: string): Promise<void> {
  await requireRoom(dirname(made), Math.max(0, statSync(restored).size - bytesOfMails(restored)));
  makeOpsCopy(restored, made);
}

async function forCopies(made: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    const says = `The copy for ops can't be made in ${dirname(made)} (OPS_COPY): ${reasonOf(error)}.`;
    throw new Error(says, { cause: error });
  }
}

function bytesOfMails(restored: string): number {
  const database = new DatabaseSync(restored, { readOnly: true });
  try {
    return Number(database.prepare("SELECT coalesce(sum(payload_bytes), 0) AS sum FROM mails").get()?.["sum"]);
  } finally {
    database.close();
  }
}

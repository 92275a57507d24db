import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { AppError } from "../../errors.ts";
import { diskSpaceOf } from "../disk.ts";
import { sayMegabytes } from "../progress-bar.ts";
import { askDrillProcess } from "./ask-drill-process.ts";
import { compareWithLive } from "./drill-compare.ts";
import { makeOpsCopy } from "./ops-copy.ts";
import type { FetchProgress } from "./restore-fetch.ts";
import type { DumpSource } from "./restore-source.ts";
import { restore } from "./restore.ts";

/** What a drill is told, and whom it tells how it goes. */
export type Drill = {
  readonly source: DumpSource;
  /** `AGE-SECRET-KEY-1…`, one of which has to open it. */
  readonly identities: readonly string[];
  /** Where it is restored to, and removed from; made when missing. */
  readonly folder: string;
  /** The database file that the dump was made of; null where it is not: on another machine. */
  readonly live: string | null;
  /** Where the copy for ops goes; null for none. */
  readonly opsCopy: string | null;
  readonly progress: FetchProgress;
  /** Hears a sentence at each step. */
  readonly say: (sentence: string) => void;
  /** Called once, when nothing is left that could refute it. */
  readonly proven: () => void;
};

// The restored database may grow while it is migrated.
const GROWTH = 1.2;
// The service goes on writing meanwhile, and must not meet a full disk because of us.
const ROOM_LEFT_BYTES = 100_000_000;

/**
 * Tries whether a dump would bring everything back: restores it as a lost machine would, compares it with the database that
 * it was made of, and opens somebody's dashboard on it. Changes nothing but its folder and, once all of that went well, the
 * copy for ops. Nobody else may do so meanwhile.
 *
 * @throws AppError or Error with one sentence; BucketError
 */
export async function drill(run: Drill): Promise<void> {
  const { source, folder, live, opsCopy, say } = run;
  const restored = join(folder, "wtmm.db");
  const made = opsCopy === null ? null : `${opsCopy}.new`;
  try {
    // One that was interrupted.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    await requireRoom(folder, source.manifest.database.bytes * GROWTH);
    await restore({ ...run, identities: async () => run.identities, dataDir: folder });
    say("It is restored, and is what its manifest says.");
    if (live !== null) say(`${compared(live, restored, source)} rows of the live database were compared with it.`);
    say(`A sign-in and ${await opened(folder, source)} worked.`);
    if (made !== null) {
      await forCopies(made, () => copied(restored, made));
      say("The copy for ops is made.");
    }
    run.proven();
    if (made !== null && opsCopy !== null) renameSync(made, opsCopy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    if (made !== null && existsSync(made)) rmSync(made);
  }
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

async function opened(folder: string, { name }: DumpSource): Promise<string> {
  try {
    return (await askDrillProcess(folder)) === "none" ? "no dashboard, which nobody has yet," : "a dashboard";
  } catch (error) {
    throw unlike(
      `${name} was restored, but the dashboard of an account could not be opened: ${reasonOf(error)}`,
      error,
    );
  }
}

function unlike(says: string, cause: unknown): AppError {
  return new AppError("invalid", `${says}. Make another dump (wtmm dump), and keep this one until you know why.`, {
    cause,
  });
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

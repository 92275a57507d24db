import { mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import type { S3Settings } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { databaseFileOf } from "../database-file.ts";
import { takeLock } from "../instance-lock.ts";
import { openBucket } from "../s3.ts";
import { readDrillRecord, writeDrillRecord, type DrillRecord } from "./drill-record.ts";
import { drill, drillFolderIn } from "./drill.ts";
import type { Terminal } from "./dump-command.ts";
import { forgetIdentities, keptIdentity, namesOfKept } from "./one-dump-identity.ts";
import { restoreIdentity } from "./restore-identity.ts";
import { dumpInBucket, dumpInFile, isDumpFile, type DumpSource } from "./restore-source.ts";
import { showProgress } from "./show-progress.ts";
import { stillWrong } from "./run-record.ts";
import { withBucket, type OpenShelf } from "./with-bucket.ts";

const INTERRUPTED = "The drill was interrupted.";

/** Where a drill takes place. */
export type DrillPlace = {
  readonly s3: S3Settings | null;
  /** The key that opens any dump, on a machine that is not the service's; null on that one, which keeps what opens the newest. */
  readonly identityFile: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Where the copy for ops goes; null for none. */
  readonly opsCopy: string | null;
};

/** There is nothing to try, and nothing is wrong. */
class ProvenAlready extends AppError {
  override readonly name = "ProvenAlready";
}

/**
 * `wtmm drill`: tries the newest dump, writes down for the service how that went, and forgets what opens dumps here once it is
 * proven. The newest is the one that something here opens: a clock that was wrong may have given an older one a later name.
 * A dump that is named is tried, too, and nothing else becomes of it: no record, no copy for ops.
 *
 * @param dump a key of the bucket or a file; null for the newest
 * @param signal ends it
 * @returns what is known now, in a sentence
 * @throws AppError or Error with one sentence, `conflict` when there is nothing to try: another dump or drill runs, or the
 * dump is proven already; ConfigError when no bucket is set
 */
export async function drillCommand(
  dump: string | null,
  place: DrillPlace,
  terminal: Terminal,
  signal: AbortSignal,
  open: OpenShelf = openBucket,
): Promise<string> {
  const folder = join(place.dataDir, "dumps");
  const openUntil: OpenShelf = (s3) => open(s3, { signal });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, "lock"));
  try {
    return await (dump === null
      ? recorded(place, terminal, signal, openUntil)
      : triedByName(dump, place, terminal, signal, openUntil));
  } catch (error) {
    throw signal.aborted ? new Error(INTERRUPTED, { cause: error }) : error;
  } finally {
    terminal.show?.("");
    lock.release();
  }
}

async function triedByName(
  dump: string,
  place: DrillPlace,
  terminal: Terminal,
  signal: AbortSignal,
  open: OpenShelf,
): Promise<string> {
  const named = { ...place, opsCopy: null };
  const attempt = (source: DumpSource) => tried(source, named, null, terminal, signal, () => {});
  await (isDumpFile(dump)
    ? attempt(dumpInFile(dump))
    : withBucket(place.s3, open, async (bucket) => attempt(await dumpInBucket(bucket, { key: dump }))));
  return `${dump} would bring everything back.`;
}

async function recorded(place: DrillPlace, terminal: Terminal, signal: AbortSignal, open: OpenShelf): Promise<string> {
  const { dataDir } = place;
  const dumps = join(dataDir, "dumps");
  const startedAt = Temporal.Now.instant();
  const since = performance.now();
  const write = (record: Pick<DrillRecord, "state" | "reason" | "proven">) =>
    writeDrillRecord(dataDir, { startedAt, ...record });
  const before = readDrillRecord(dataDir);
  let proven = before?.proven ?? null;
  write({ state: "running", reason: stillWrong(before), proven });
  try {
    return await withBucket(place.s3, open, async (bucket) => {
      if (proven !== null) forgetProven(dumps, nameOf({ name: proven.dump }));
      const source = await dumpInBucket(bucket, { ratherOf: namesOfKept(dumps) });
      await tried(source, place, proven, terminal, signal, () => {
        proven = { at: Temporal.Now.instant(), dump: source.name, tookMs: performance.now() - since };
        write({ state: "done", reason: null, proven });
      });
      forgetIdentities(dumps, () => true);
      const seconds = ((performance.now() - since) / 1_000).toFixed(1);
      return `${source.name} would bring everything back; that took ${seconds} s.`;
    });
  } catch (error) {
    if (error instanceof ProvenAlready && before !== null) writeDrillRecord(dataDir, before);
    else write({ state: "failed", reason: signal.aborted ? INTERRUPTED : messageOf(error), proven });
    throw error;
  }
}

/** A drill that was killed just before it did so itself; beside it may lie what an earlier dump left in the same way. */
function forgetProven(dumps: string, proven: string): void {
  // They begin with their moment.
  if (namesOfKept(dumps).includes(proven)) forgetIdentities(dumps, (name) => name <= proven);
}

async function tried(
  source: DumpSource,
  { identityFile, dataDir, databaseUrl, opsCopy }: DrillPlace,
  before: DrillRecord["proven"],
  { say, show }: Terminal,
  signal: AbortSignal,
  proven: () => void,
): Promise<void> {
  const kept = keptIdentity(join(dataDir, "dumps"), nameOf(source));
  const given = identityFile === null ? [] : await restoreIdentity(identityFile, null);
  const identities = [...(kept === null ? [] : [kept]), ...given];
  if (identities.length === 0) throw nothingOpens(source, before);
  const file = databaseFileOf(databaseUrl);
  const live = file !== null && statSync(file, { throwIfNoEntry: false }) !== undefined ? file : null;
  if (live === null && identityFile === null) throw nothingToCompare();
  const progress = showProgress(show);
  await drill({
    ...{ source, identities, live, opsCopy, proven, signal },
    folder: drillFolderIn(dataDir),
    progress: (done, total) => progress("Fetching", done, total),
    say(line) {
      show?.("");
      say(line);
    },
  });
}

/** The service's machine opens the newest dump, and only until it is proven. */
function nothingOpens({ name }: DumpSource, proven: DrillRecord["proven"]): AppError {
  const advice =
    "Make a new one (sudo systemctl start wtmm-dump), or name the file with the dumps' key in DUMP_IDENTITY_FILE.";
  return proven?.dump === name
    ? new ProvenAlready(
        "conflict",
        `${name} was proven at ${proven.at.toString()}, and what opened it here is gone. ${advice}`,
      )
    : new AppError("not_found", `What would open ${name} is not on this machine. ${advice}`);
}

/** Where dumps are made, the copy must be what was copied. */
function nothingToCompare(): AppError {
  const says = "The database that the dump was made of is not here to be compared with it.";
  return new AppError("not_found", `${says} Set DATA_DIR (or DATABASE_URL) as it is for the service.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A dump's name without its class or folder. */
function nameOf({ name }: Pick<DumpSource, "name">): string {
  return basename(name, ".db.zst.age");
}

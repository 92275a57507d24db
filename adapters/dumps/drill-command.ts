import { mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import type { S3Settings } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { databaseFileOf } from "../database-file.ts";
import { takeLock } from "../instance-lock.ts";
import { progressBar } from "../progress-bar.ts";
import { openBucket } from "../s3.ts";
import { readDrillRecord, writeDrillRecord, type DrillRecord } from "./drill-record.ts";
import { drill } from "./drill.ts";
import type { Terminal } from "./dump-command.ts";
import { forgetIdentities, keptIdentity } from "./one-dump-identity.ts";
import { restoreIdentity } from "./restore-identity.ts";
import { dumpInBucket, dumpInFile, isDumpFile, type DumpSource } from "./restore-source.ts";
import { stillWrong } from "./run-record.ts";
import { withBucket, type OpenShelf } from "./with-bucket.ts";

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

// A dump takes seconds; what is drawn more often than this nobody sees.
const SHOW_EVERY_MS = 100;

/**
 * `wtmm drill`: tries the newest dump, writes down for the service how that went, and forgets what opened it once it is
 * proven. A dump that is named is tried, too, and nothing else becomes of it: no record, no copy for ops.
 *
 * @param dump a key of the bucket or a file; null for the newest
 * @returns what is known now, in a sentence
 * @throws AppError or Error with one sentence, `conflict` when there is nothing to try: another dump or drill runs, or the
 * dump is proven already; ConfigError when no bucket is set
 */
export async function drillCommand(
  dump: string | null,
  place: DrillPlace,
  terminal: Terminal,
  open: OpenShelf = openBucket,
): Promise<string> {
  const folder = join(place.dataDir, "dumps");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = takeLock(join(folder, "lock"));
  try {
    return dump === null ? await recorded(place, terminal, open) : await triedByName(dump, place, terminal, open);
  } finally {
    terminal.show?.("");
    lock.release();
  }
}

async function triedByName(dump: string, place: DrillPlace, terminal: Terminal, open: OpenShelf): Promise<string> {
  const named = { ...place, opsCopy: null };
  const attempt = (source: DumpSource) => tried(source, named, null, terminal, () => {});
  await (isDumpFile(dump)
    ? attempt(dumpInFile(dump))
    : withBucket(place.s3, open, async (bucket) => attempt(await dumpInBucket(bucket, { key: dump }))));
  return `${dump} would bring everything back.`;
}

async function recorded(place: DrillPlace, terminal: Terminal, open: OpenShelf): Promise<string> {
  const { dataDir } = place;
  const startedAt = Temporal.Now.instant();
  const since = performance.now();
  const proven = readDrillRecord(dataDir)?.proven ?? null;
  const write = (record: Pick<DrillRecord, "state" | "reason" | "proven">) =>
    writeDrillRecord(dataDir, { startedAt, ...record });
  const before = readDrillRecord(dataDir);
  write({ state: "running", reason: stillWrong(before), proven });
  try {
    return await withBucket(place.s3, open, async (bucket) => {
      const source = await dumpInBucket(bucket, "latest");
      // One that was killed just before it did so itself.
      if (proven !== null) forgetIdentities(join(dataDir, "dumps"), (name) => name === nameOf({ name: proven.dump }));
      const now = () => ({ at: Temporal.Now.instant(), dump: source.name, tookMs: performance.now() - since });
      await tried(source, place, proven, terminal, () => write({ state: "done", reason: null, proven: now() }));
      forgetIdentities(join(dataDir, "dumps"), (name) => name === nameOf(source));
      const seconds = ((performance.now() - since) / 1_000).toFixed(1);
      return `${source.name} would bring everything back; that took ${seconds} s.`;
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict" && before !== null) writeDrillRecord(dataDir, before);
    else write({ state: "failed", reason: error instanceof Error ? error.message : String(error), proven });
    throw error;
  }
}

async function tried(
  source: DumpSource,
  { identityFile, dataDir, databaseUrl, opsCopy }: DrillPlace,
  before: DrillRecord["proven"],
  { say, show }: Terminal,
  proven: () => void,
): Promise<void> {
  const kept = keptIdentity(join(dataDir, "dumps"), nameOf(source));
  const given = identityFile === null ? [] : await restoreIdentity(identityFile, null);
  const identities = [...(kept === null ? [] : [kept]), ...given];
  if (identities.length === 0) throw nothingOpens(source, before);
  const file = databaseFileOf(databaseUrl);
  const live = file !== null && statSync(file, { throwIfNoEntry: false }) !== undefined ? file : null;
  await drill({
    ...{ source, identities, live, opsCopy, proven },
    folder: join(dataDir, "drill"),
    progress: progressOn(show),
    say(line) {
      show?.("");
      say(line);
    },
  });
}

/** The service's machine opens the newest dump, and only until it is proven. */
function nothingOpens({ name }: DumpSource, proven: DrillRecord["proven"]): AppError {
  const advice = "Make a new one (wtmm dump), or name the file with the dumps' key in DUMP_IDENTITY_FILE.";
  return proven?.dump === name
    ? new AppError(
        "conflict",
        `${name} was proven at ${proven.at.toString()}, and what opened it here is gone. ${advice}`,
      )
    : new AppError("not_found", `What would open ${name} is not on this machine. ${advice}`);
}

function progressOn(show: Terminal["show"]): (done: number, total: number) => void {
  const startedAt = performance.now();
  let shownAt = 0;
  return (done, total) => {
    const now = performance.now();
    if (show === null || (now - shownAt < SHOW_EVERY_MS && done < total)) return;
    shownAt = now;
    show(progressBar("Fetching", done, total, now - startedAt));
  };
}

/** A dump's name without its class or folder. */
function nameOf({ name }: Pick<DumpSource, "name">): string {
  return basename(name, ".db.zst.age");
}

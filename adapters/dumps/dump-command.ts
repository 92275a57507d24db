import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { Config, S3Settings } from "../../config.ts";
import { AppError } from "../../errors.ts";
import { sayMegabytes } from "../progress-bar.ts";
import { RELEASE } from "../release.ts";
import { sayBucketError } from "../s3-advice.ts";
import { BucketError, openBucket, type Bucket, type Patience } from "../s3.ts";
import { isDiskFull, sayDiskFull } from "./disk-full.ts";
import { readDumpRecord, writeDumpRecord, type DumpRecord } from "./dump-record.ts";
import { drillFolderIn } from "./drill.ts";
import { dump, PromotionError } from "./dump.ts";
import { stillWrong } from "./run-record.ts";
import { showProgress, type ShowLine } from "./show-progress.ts";

/** Where a command speaks: in lines that stay, and one that the next replaces. */
export type Terminal = { say(line: string): void; readonly show: ShowLine };

// A connection may break at any of hundreds of parts.
const ATTEMPTS = 5;

/**
 * Makes a dump, and writes down for the service how that went. A dump that is made but not kept for a year is written down as
 * a failure, and is none here: its drill has to follow, and the next dump makes up for the rest.
 *
 * @param signal ends it
 * @returns what there is now, in a sentence
 * @throws Error with one sentence; AppError `conflict` while another one runs, of which nothing is written down
 */
export async function dumpCommand(
  config: Config,
  { say, show }: Terminal,
  signal: AbortSignal,
  open: (s3: S3Settings, patience: Patience) => Promise<Bucket> = openBucket,
): Promise<string> {
  const { s3, dumpRecipients: recipients, dataDir, databaseUrl } = config;
  if (s3 === null) throw new Error("No dumps are configured: set S3_ENDPOINT, S3_BUCKET and the key to the bucket.");
  if (recipients.length === 0) throw new Error("DUMP_RECIPIENT is not set: nobody could open the dump.");
  const folder = join(dataDir, "dumps");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const startedAt = Temporal.Now.instant();
  const before = readDumpRecord(dataDir)?.lastDumpAt ?? null;
  const bucket = await open(s3, { signal, attempts: ATTEMPTS });
  try {
    const { object, contents, createdAt } = await dump({
      bucket,
      databaseUrl,
      folder,
      drillFolder: drillFolderIn(dataDir),
      recipients,
      release: RELEASE,
      now: () => Temporal.Now.instant(),
      random: (bytes) => randomBytes(bytes),
      say(line) {
        show?.("");
        say(line);
      },
      progress: showProgress(show),
      begun() {
        const reason = stillWrong(readDumpRecord(dataDir));
        writeDumpRecord(dataDir, { state: "running", startedAt, reason, lastDumpAt: before });
      },
      signal,
    });
    writeDumpRecord(dataDir, { state: "done", startedAt, reason: null, lastDumpAt: createdAt });
    return `The dump is made: ${sayMegabytes(object.bytes)}, with ${contents.rows["mails"] ?? 0} mails and ${contents.rows["purchases"] ?? 0} purchases.`;
  } catch (error) {
    // The other one writes its own.
    if (error instanceof AppError) throw error;
    const madeAt = error instanceof PromotionError ? error.madeAt : null;
    const reason = signal.aborted && madeAt === null ? "The dump was interrupted." : sentenceOf(error, s3);
    writeFailure(dataDir, { state: "failed", startedAt, reason, lastDumpAt: madeAt ?? before });
    if (madeAt !== null) return reason;
    throw new Error(reason, { cause: error });
  } finally {
    show?.("");
    bucket.close();
  }
}

/** A disk that is full must not hide why there is no dump. */
function writeFailure(dataDir: string, record: DumpRecord): void {
  try {
    writeDumpRecord(dataDir, record);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
  }
}

/** What goes wrong outside is no fault of the program, whoever reports it. */
function sentenceOf(error: unknown, s3: S3Settings): string {
  if (error instanceof PromotionError) {
    const { message, cause } = error;
    return `${message} ${cause instanceof BucketError ? sayBucketError(cause, s3) : cause instanceof Error ? cause.message : ""}`.trimEnd();
  }
  if (error instanceof BucketError) return `There is no dump. ${sayBucketError(error, s3)}`;
  if (isDiskFull(error)) return sayDiskFull("dump", "DATA_DIR");
  if (!(error instanceof Error)) return `There is no dump: ${String(error)}.`;
  return error.name === "Error" && !("code" in error) ? error.message : `There is no dump: ${error.message}.`;
}

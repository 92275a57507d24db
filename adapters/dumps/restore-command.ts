import { resolve } from "node:path";

import { fileUrlOf, type S3Settings } from "../../config.ts";
import { checkDatabase } from "../doctor/check-database.ts";
import { checkPermissions } from "../doctor/check-permissions.ts";
import type { Finding } from "../doctor/finding.ts";
import { isWell, reportLines } from "../doctor/report.ts";
import { sayMegabytes } from "../progress-bar.ts";
import type { ReplayProgress } from "../journal/replay.ts";
import { openBucket } from "../s3.ts";
import { dumpLines, listDumps } from "./list-dumps.ts";
import { restore } from "./restore.ts";
import { restoreIdentity, type AskSecret } from "./restore-identity.ts";
import { outsideLines } from "./restore-lines.ts";
import type { Outside } from "./restore-ready.ts";
import { dumpInBucket, dumpInFile, isDumpFile, type DumpSource } from "./restore-source.ts";
import { showProgress } from "./show-progress.ts";
import { withBucket, type OpenShelf } from "./with-bucket.ts";

/** Who runs a command: where dumps lie, and how to talk to them. */
export type Operator = {
  readonly s3: S3Settings | null;
  readonly identityFile: string | null;
  /** Null where nobody sits at a terminal. */
  readonly ask: AskSecret;
  readonly say: (line: string) => void;
  /** Shows a line that the next one replaces; an empty one removes it. */
  readonly progress: (line: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** What is restored, where to. */
type Wanted = {
  readonly dump: string | null;
  readonly at: Temporal.Instant | null;
  readonly to: string;
  readonly mayErase?: number | null;
};

const SHOW_EVERY_MS = 100;

/**
 * `wtmm restore`: puts a dump in place and looks at it.
 *
 * @returns whether nothing is wrong with what is in place now
 * @throws AppError with one sentence; ConfigError when the dump is in a bucket and none is set
 */
export async function restoreCommand(
  { dump, at, to, mayErase = null }: Wanted,
  operator: Operator,
  open: OpenShelf = openBucket,
): Promise<boolean> {
  if (dump !== null && isDumpFile(dump)) {
    const source = dumpInFile(dump);
    if (operator.s3 === null) return restoreFrom(source, null, to, operator);
    return withBucket(operator.s3, open, (shelf) =>
      restoreFrom(source, { shelf, notAfter: at, mayErase }, to, operator),
    );
  }
  const choice = dump !== null ? { key: dump } : at === null ? ("latest" as const) : { notAfter: at };
  return withBucket(operator.s3, open, async (shelf) =>
    restoreFrom(await dumpInBucket(shelf, choice), { shelf, notAfter: at, mayErase }, to, operator),
  );
}

/**
 * `wtmm dumps`.
 *
 * @returns lines for a terminal
 * @throws AppError with one sentence; ConfigError when no bucket is set
 */
export function dumpsCommand(
  s3: S3Settings | null,
  now: Temporal.Instant,
  open: OpenShelf = openBucket,
): Promise<string[]> {
  return withBucket(s3, open, async (bucket) => dumpLines(await listDumps(bucket), now));
}

async function restoreFrom(
  source: DumpSource,
  outside: Omit<Outside, "progress"> | null,
  to: string,
  operator: Operator,
): Promise<boolean> {
  const { contents, createdAt, release, object, database } = source.manifest;
  operator.say(
    `${source.name}: made ${createdAt.toString()} by ${release}, ${contents.rows["mails"] ?? 0} mails, ` +
      `${sayMegabytes(database.bytes)}, sealed ${sayMegabytes(object.bytes)}.`,
  );
  const show = showProgress(operator.progress);
  const restored = await restore({
    source,
    identities: () => restoreIdentity(operator.identityFile, operator.ask),
    dataDir: to,
    outside: outside === null ? null : { ...outside, progress: replayProgressOn(operator) },
    progress: (done, total) => show("Fetching", done, total),
    say(sentence) {
      operator.progress("");
      operator.say(sentence);
    },
  }).finally(() => operator.progress(""));
  for (const line of outsideLines(restored, outside !== null)) operator.say(line);
  const isMigrated = restored.from < restored.to;
  operator.say(
    `${restored.database} is in place${isMigrated ? `, brought from schema ${restored.from} to ${restored.to}` : ""}.`,
  );
  const findings = await lookAt(restored.database, resolve(to), operator.env);
  for (const line of reportLines(findings)) operator.say(line);
  return isWell(findings) && (restored.replayed?.stoppedBy ?? null) === null;
}

/** A count that moves when replaying takes its time. */
function replayProgressOn({ progress }: Operator): ReplayProgress {
  const startedAt = performance.now();
  let shownAt = 0;
  return (done, total) => {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs - shownAt < SHOW_EVERY_MS) return;
    shownAt = elapsedMs;
    progress(`Replaying the journal: ${done} of ${total} parts`);
  };
}

/** What doctor would find there. */
async function lookAt(file: string, dataDir: string, env: Operator["env"]): Promise<Finding[]> {
  const place = { dataDir, databaseUrl: fileUrlOf(file), databaseAuthToken: null };
  const { signal } = new AbortController();
  return [...(await checkPermissions(env).look(place, signal)), ...(await checkDatabase().look(place, signal))];
}

import { execFile, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";

import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { mailBody } from "./load.ts";
import { median } from "./median.ts";
import { postPaced, quantile } from "./paced.ts";
import { peakMemory } from "./peak-memory.ts";
import { PROGRAM, start, startBucket, type Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const DATABASE_BYTES = 1_000_000_000;
const PAYLOAD_BYTES = 7_000;
// With its row, and on whole pages.
const BYTES_PER_MAIL = 8_400;
const MAILS_PER_SECOND = 100;
const MEMORY = "/dev/shm";
// As `CPUWeight=idle` does among services.
const LAST = ["--idle", "0"];
const VM = "/proc/sys/vm";
const UNITS = join(import.meta.dirname, "../provisioning/units");
const QUIET_SECONDS = 10;
const TIMES = 3;
// Until the service's code is compiled and its database's pages are at hand.
const WARM_SECONDS = 20;

/** A dump of a database of 1 GB, against a plain copy of the file; and what mails notice of it, and of its drill. */
export async function dumpRows(prepared: Prepared): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "wtmm-bench-"));
  // What is uploaded leaves the machine: its disk has nothing to do with it.
  const outside = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "wtmm-bench-"));
  const large = { ...prepared, dataDir: join(folder, "prepared") };
  const bucket = await startBucket(outside);
  const settings = { ...bucket.settings, DUMP_RECIPIENT: await identityToRecipient(await generateX25519Identity()) };
  try {
    cpSync(prepared.dataDir, large.dataDir, { recursive: true });
    fill(join(large.dataDir, "wtmm.db"));
    // With its journal, as in service.
    const server = await start("program", large, settings);
    try {
      const file = join(server.dataDir, "wtmm.db");
      quietDisk();
      const copyMs = copied(file, join(folder, "plain-copy.db"));
      quietDisk();
      const quiets = [];
      for (let time = 0; time < TIMES; time += 1) quiets.push(await dumpedHere(file, join(outside, "here")));
      const quiet = {
        ms: median(quiets.map(({ ms }) => ms)),
        copiedMs: median(quiets.map(({ copiedMs }) => copiedMs)),
      };
      quietDisk();
      await latencies(server.url, large, WARM_SECONDS);
      using machine = smallMachine();
      const before = await latencies(server.url, large, QUIET_SECONDS);
      const dumps = await beside(server.url, large, () => ran(server.settings, "dump"));
      const drills = await beside(server.url, large, () => ran(server.settings, "drill", newestIn(outside)));
      return [
        {
          what: "dump of 1 GB with its checks, without upload",
          figures: `${seconds(quiet.ms)}, ${seconds(quiet.copiedMs)} of it to a checked copy; median of ${TIMES}; plain copy to the disk ${seconds(copyMs)}`,
          ratio: (quiet.ms / copyMs).toFixed(1),
          target: "≤ 10 s",
        },
        {
          what: `webhook p99 during it and its upload, ${MAILS_PER_SECOND} mails/s`,
          figures: `${dumps.p99s.join(", ")} ms; before ${before} ms; such a dump took ${seconds(dumps.ms)}; ${machine.says}`,
          ratio: (median(dumps.p99s) / before).toFixed(1),
          target: "≤ 20 ms",
        },
        { what: "memory of a dump of 1 GB", figures: `${Math.round(dumps.peakMb)} MB`, ratio: "", target: "≤ 150 MB" },
        {
          what: "drill of a dump of 1 GB, without the copy for ops",
          figures: `${seconds(drills.ms)}; webhook p99 during it ${drills.p99s.join(", ")} ms`,
          ratio: (median(drills.p99s) / before).toFixed(1),
          target: "≤ 20 ms",
        },
        { what: "memory of that drill", figures: `${Math.round(drills.peakMb)} MB`, ratio: "", target: "≤ 150 MB" },
      ];
    } finally {
      await server.stop();
    }
  } finally {
    bucket.stop();
    for (const used of [folder, outside]) rmSync(used, { recursive: true, force: true });
  }
}

/** What was written for the measuring would be waited for by the first who wants something to be on the disk. */
function quietDisk(): void {
  if (spawnSync("sync").status !== 0) throw new Error("The disks could not be synced.");
}

/**
 * Has the kernel write back what is written to the disk as soon as one with 1 GB of memory would. With more memory, a whole
 * copy of the database fits there and may be gone before it comes to the disk, and nobody has to wait for that.
 */
function smallMachine(): Disposable & { readonly says: string } {
  // A tenth and a fifth of what is free there, https://docs.kernel.org/admin-guide/sysctl/vm.html.
  const limits = { dirty_background_bytes: "80000000", dirty_bytes: "160000000" };
  // Setting one of them to bytes sets the share to nothing, and the other way round.
  const names = ["dirty_background_ratio", "dirty_ratio", ...Object.keys(limits)];
  const before = names.map((name) => [name, readFileSync(join(VM, name), "utf8").trim()] as const);
  const putBack = (): void => {
    for (const [name, value] of before) if (value !== "0") writeFileSync(join(VM, name), value);
  };
  try {
    for (const [name, value] of Object.entries(limits)) writeFileSync(join(VM, name), value);
  } catch {
    return { says: "with this machine's write-back limits, as only root may set others", [Symbol.dispose]: () => {} };
  }
  const interrupted = (): void => {
    putBack();
    process.exit(1);
  };
  process.once("SIGINT", interrupted);
  return {
    says: "with the write-back limits of a machine with 1 GB",
    [Symbol.dispose]() {
      process.off("SIGINT", interrupted);
      putBack();
    },
  };
}

/** With mails that somebody keeps, each with its raw mail: compressed already. */
function fill(file: string): void {
  const database = new DatabaseSync(file);
  database.exec("BEGIN");
  const keep = database.prepare(`INSERT INTO mails
      (id, account_id, route, recipient, received_at, payload_sha256, payload_bytes, state, outcome)
    SELECT 'filler-' || ?1, account_id, 'alert', '', ?2, x'00', ${PAYLOAD_BYTES}, 'done', 'not_a_purchase'
    FROM alert_addresses ORDER BY random() LIMIT 1 RETURNING number`);
  const insert = database.prepare(`INSERT INTO mail_payloads VALUES (?, randomblob(${PAYLOAD_BYTES}))`);
  const now = Temporal.Now.instant().epochMilliseconds;
  for (let index = 0; index < DATABASE_BYTES / BYTES_PER_MAIL; index += 1) {
    insert.run(Number(keep.get(index, now)?.["number"]));
  }
  database.exec("DELETE FROM journal; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

/** Until it is on the disk. */
function copied(from: string, to: string): number {
  const startedAt = performance.now();
  const { status } = spawnSync("sh", ["-c", 'cp "$0" "$1" && sync "$1"', from, to]);
  if (status !== 0) throw new Error("The file could not be copied.");
  const ms = performance.now() - startedAt;
  rmSync(to);
  return ms;
}

type Cost = { readonly ms: number; readonly peakMb: number };

/** Without the net, into an empty folder. */
async function dumpedHere(file: string, folder: string) {
  rmSync(folder, { recursive: true, force: true });
  const script = join(import.meta.dirname, "dump-once.ts");
  const node = [process.execPath, "--experimental-import-text", "--no-warnings", script, file, folder];
  const { stdout } = await promisify(execFile)("chrt", [...LAST, ...node], {
    env: { ...process.env, ...environmentOf("dump") },
  });
  return JSON.parse(stdout) as { readonly ms: number; readonly copiedMs: number };
}

/** The built program in the place of its unit. */
async function ran(
  settings: Readonly<Record<string, string>>,
  command: "dump" | "drill",
  ...words: readonly string[]
): Promise<Cost> {
  const env = { ...settings, ...environmentOf(command) };
  const startedAt = performance.now();
  const child = spawn("chrt", [...LAST, process.execPath, PROGRAM, command, ...words], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const peakMb = await peakMemory(child);
  if (child.exitCode !== 0) throw new Error(`wtmm ${command} failed.`);
  return { ms: performance.now() - startedAt, peakMb };
}

/** What its unit gives a command. */
function environmentOf(command: "dump" | "drill"): Record<string, string> {
  const [, line = ""] = /^Environment=(.*)$/m.exec(readFileSync(join(UNITS, `wtmm-${command}.service`), "utf8")) ?? [];
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]));
}

/** The key of the dump that was made last. */
function newestIn(bucket: string): string {
  const keys = readdirSync(bucket).flatMap(
    (name) => /(daily|hourly)\/.+\.db\.zst\.age$/.exec(decodeURIComponent(name))?.[0] ?? [],
  );
  return keys.toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1)).at(-1) ?? "none";
}

/** Does it some times over while mails come: the median of its time, the most of its memory, and the mails' percentiles. */
async function beside(url: string, prepared: Prepared, work: () => Promise<Cost>) {
  const costs = [];
  const p99s = [];
  for (let time = 0; time < TIMES; time += 1) {
    const working = work();
    const [cost, p99] = await Promise.all([working, latencies(url, prepared, working)]);
    costs.push(cost);
    p99s.push(p99);
  }
  return { ms: median(costs.map(({ ms }) => ms)), peakMb: Math.max(...costs.map(({ peakMb }) => peakMb)), p99s };
}

/** The 99th percentile in ms. */
async function latencies(url: string, { alertAddresses }: Prepared, lasts: number | Promise<unknown>): Promise<number> {
  const bodies = alertAddresses.map((address) => mailBody(9 * 1024, address));
  const sorted = await postPaced(url, { bodies, perSecond: MAILS_PER_SECOND, lasts });
  return Math.round(quantile(sorted, 0.99));
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

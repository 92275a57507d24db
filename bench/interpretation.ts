import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { median } from "./median.ts";
import type { Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const ROUNDS = 3;

/** Interpretation and replay in a process that has one core, with signed mails and DNS from memory. */
export async function interpretationRows(_prepared: Prepared): Promise<Row[]> {
  const rows: Row[] = [];
  for (const kilobytes of [9, 60]) {
    const rounds = Array.from({ length: ROUNDS }, () => measure("interpret", kilobytes, 5_000));
    const medianOf = (figure: (round: Measured) => number): number => median(rounds.map(figure));
    const perSecond = medianOf((round) => round.perSecond);
    const perCoreSecond = medianOf((round) => round.perCoreSecond);
    const residentMb = medianOf((round) => round.residentMb);
    rows.push({
      what: `interpretation with DKIM, ${kilobytes} KB, one core`,
      figures: `median of ${ROUNDS}: ${perSecond}/s, ${perCoreSecond} in a second of the core's work, ${residentMb} MB`,
      ratio: "",
      target: "≥ 500/s",
    });
  }
  const { mails, seconds, residentMb, startMb } = measure("replay", 9, 100_000);
  rows.push({
    what: "replay",
    figures: `${mails} mails in ${seconds} s, ${startMb} MB at a tenth, ${residentMb} MB at the end`,
    ratio: (residentMb / startMb).toFixed(2),
    target: "≤ 300 s, flat",
  });
  return rows;
}

type Measured = {
  readonly mails: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** What it comes to when nothing else wants the core. */
  readonly perCoreSecond: number;
  readonly residentMb: number;
  readonly startMb: number;
};

function measure(kind: "interpret" | "replay", kilobytes: number, mails: number): Measured {
  const dataDir = mkdtempSync(join(tmpdir(), "wtmm-bench-"));
  try {
    const script = join(import.meta.dirname, "interpret-alone.ts");
    const node = [process.execPath, "--experimental-import-text", "--no-warnings", script];
    const args = ["-c", "0", ...node, kind, dataDir, String(kilobytes), String(mails)];
    const run = spawnSync("taskset", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    if (run.status !== 0) throw new Error(`The measurement of ${kind} ended with ${run.status}.`);
    return JSON.parse(run.stdout) as Measured;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

import { setTimeout as pause } from "node:timers/promises";
import type { Deployed } from "./deployed.ts";
import { type LoadReport, type LoadTarget, startLoad } from "./load.ts";
import { query } from "./people.ts";

/** What happened to the load while something was done to the machine. */
export type Phase<T> = LoadReport & {
  readonly name: string;
  /** What was done came to this. */
  readonly result: T;
  /** First tries that were not answered 200. */
  readonly failed: number;
  readonly longestMs: number;
  /** The longest wait, less what this host itself was held up meanwhile. */
  readonly longestThereMs: number;
};

/** A load that goes on in phases, and the books about it. */
export type DeployProof = {
  /** Keeps the load up while something is done, and for its time at least. */
  phase<T>(name: string, act: () => Promise<T>): Promise<Phase<T>>;
  /** Mails that were acknowledged and are not in the database exactly once, by their phases. */
  lost(): Promise<Record<string, readonly string[]>>;
  /** All phases so far, for people. */
  table(): string;
};

/** How much is asked, for how long at least in each phase. */
export type LoadSize = { readonly perSecond: number; readonly phaseMs: number };

export function openDeployProof(deployed: Deployed, target: LoadTarget, { perSecond, phaseMs }: LoadSize): DeployProof {
  const phases: (Phase<unknown> & { switchedAfter: string })[] = [];
  const lost = new Map<string, readonly string[]>();
  return {
    async phase(name, act) {
      const load = startLoad(target, perSecond);
      let report: LoadReport;
      let result: Awaited<ReturnType<typeof act>>;
      try {
        [result] = await Promise.all([act(), pause(phaseMs)]);
      } finally {
        // What goes on for ever would end up with every file that this process may open.
        report = await load.stop();
      }
      const longestMs = Math.max(...report.visits.map(({ ms }) => ms));
      const phase = {
        ...report,
        name,
        result,
        failed: report.visits.filter(({ status }) => status !== 200).length,
        longestMs,
        longestThereMs: longestMs - report.heldUpMs,
      };
      phases.push({ ...phase, switchedAfter: await switchedAfter(deployed) });
      return phase;
    },
    async lost() {
      const kept = new Map<string, number>();
      for (const id of await query(deployed, "SELECT id FROM mails")) kept.set(id, (kept.get(id) ?? 0) + 1);
      for (const { name, acknowledged } of phases)
        lost.set(
          name,
          acknowledged.filter((id) => kept.get(id) !== 1),
        );
      return Object.fromEntries(lost);
    },
    table() {
      const head = [
        "phase",
        "requests",
        "failed",
        "lost",
        "longest ms",
        "held up here ms",
        "silent ms",
        "switched after s",
      ];
      const rows = phases.map((phase) => [
        phase.name,
        phase.visits.length,
        phase.failed,
        lost.get(phase.name)?.length ?? "?",
        Math.round(phase.longestMs),
        Math.round(phase.heldUpMs),
        Math.round(phase.silentMs),
        phase.switchedAfter,
      ]);
      return tableOf([head, ...rows].map((row) => row.map(String)));
    },
  };
}

/** What `wtmm-activate` said last of the time that it took, since it was asked before. */
async function switchedAfter({ machine }: Deployed): Promise<string> {
  const said = await machine.console(`
    journalctl --identifier=wtmm-activate --output=cat --no-pager --cursor-file=/var/tmp/told |
      sed -n 's/.* after \\([0-9.]*\\) s[.]$/\\1/p' | tail -n 1`);
  return said.trim() || "-";
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}

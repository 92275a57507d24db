import { setTimeout as pause } from "node:timers/promises";

import { mailBody, postsPerSecond } from "./load.ts";
import { residentMb, start, type Prepared, type Server } from "./processes.ts";
import type { Row } from "./row.ts";

const MAILS = 20_000;
const BATCH_SECONDS = 2;

/** Resident memory when idle, and after 20,000 mails were acknowledged and understood. */
export async function memoryRows(prepared: Prepared): Promise<Row[]> {
  const server = await start("program", prepared);
  try {
    await pause(3_000);
    const idle = residentMb(server.pid);
    const marks: { mails: number; mb: number }[] = [];
    const body = mailBody(9 * 1024, prepared.alertAddress);
    for (let mails = 0; mails < MAILS;) {
      mails += Math.round((await postsPerSecond(server.url, body, 16, BATCH_SECONDS)) * BATCH_SECONDS);
      await understood(server);
      marks.push({ mails, mb: residentMb(server.pid) });
      console.error(`memory: ${mails} mails, ${Math.round(residentMb(server.pid))} MB`);
    }
    const first = marks[0]?.mb ?? Number.NaN;
    const last = marks.at(-1) ?? { mails: 0, mb: Number.NaN };
    return [
      { what: "resident memory, idle", figures: `${Math.round(idle)} MB`, ratio: "", target: "≤ 110 MB" },
      {
        what: `resident memory after ${last.mails} mails`,
        figures: `${Math.round(last.mb)} MB, after the first ${marks[0]?.mails ?? 0}: ${Math.round(first)} MB`,
        ratio: (last.mb / first).toFixed(2),
        target: "flat",
      },
    ];
  } finally {
    await server.stop();
  }
}

/** Waits until no mail waits to be understood, and says how long at most the oldest one rested. */
async function understood(server: Server): Promise<void> {
  for (;;) {
    const health = (await (await fetch(`${server.url}/health`)).json()) as {
      warnings: { oldestMailWaitingMs: number | null };
    };
    if (health.warnings.oldestMailWaitingMs === null) return;
    await pause(250);
  }
}

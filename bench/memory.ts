import { setTimeout as pause } from "node:timers/promises";

import { mailBody, postsPerSecond } from "./load.ts";
import { residentMb, start, type Prepared, type Server } from "./processes.ts";
import type { Row } from "./row.ts";

// What a warm process holds is reached by the first mark; from there to the second it must not grow.
const FIRST_MARK = 20_000;
const SECOND_MARK = 40_000;
const BATCH_SECONDS = 2;

/** Resident memory when idle, and after tens of thousands of mails were acknowledged and understood. */
export async function memoryRows(prepared: Prepared): Promise<Row[]> {
  const server = await start("program", prepared);
  try {
    await pause(3_000);
    const idle = Math.round(residentMb(server.pid));
    const bodies = prepared.alertAddresses.map((address) => mailBody(9 * 1024, address));
    const first = await feed(server, bodies, 0, FIRST_MARK);
    const second = await feed(server, bodies, first.mails, SECOND_MARK);
    return [
      { what: "resident memory, idle", figures: `${idle} MB`, ratio: "", target: "≤ 110 MB" },
      {
        what: `resident memory after ${second.mails} mails`,
        figures: `${second.mb} MB; after ${first.mails}: ${first.mb} MB`,
        ratio: (second.mb / first.mb).toFixed(2),
        target: "flat",
      },
    ];
  } finally {
    await server.stop();
  }
}

/** Feeds mails until there were as many as asked for, and waits until all are understood. */
async function feed(
  server: Server,
  bodies: readonly string[],
  before: number,
  until: number,
): Promise<{ mails: number; mb: number }> {
  let mails = before;
  while (mails < until) {
    mails += Math.round((await postsPerSecond(server.url, bodies, 64, BATCH_SECONDS)) * BATCH_SECONDS);
    await understood(server);
    console.error(`memory: ${mails} mails, ${Math.round(residentMb(server.pid))} MB`);
  }
  return { mails, mb: Math.round(residentMb(server.pid)) };
}

/** Waits until no mail waits to be understood. */
async function understood(server: Server): Promise<void> {
  for (;;) {
    const health = (await (await fetch(`${server.url}/health`)).json()) as {
      warnings: { oldestMailNotInterpreted: { ageMs: number | null } };
    };
    if (health.warnings.oldestMailNotInterpreted.ageMs === null) return;
    await pause(250);
  }
}

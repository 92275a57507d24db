import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

import { mailBody } from "./load.ts";
import { postPaced, quantile } from "./paced.ts";
import { start, type Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const PER_SECOND = 50;
const SECONDS = 60;
const LOOK_EVERY_MS = 20;

/** From when a mail was due to be handed over to the moment when whoever looks finds its purchase, at a steady stream of mails. */
export async function latencyRows(prepared: Prepared): Promise<Row[]> {
  const server = await start("program", prepared);
  const sent = new Map<string, number>();
  const delays: number[] = [];
  const looking = new AbortController();
  try {
    const looks = look(join(server.dataDir, "wtmm.db"), sent, delays, looking.signal);
    const bodies = [mailBody(9 * 1024, prepared.alertAddress)];
    await postPaced(server.url, { bodies, perSecond: PER_SECOND, lasts: SECONDS }, (id, at) => sent.set(id, at));
    const deadline = performance.now() + 30_000;
    while (sent.size > 0 && performance.now() < deadline) await pause(LOOK_EVERY_MS);
    looking.abort();
    await looks;
  } finally {
    looking.abort();
    await server.stop();
  }
  if (sent.size > 0) throw new Error(`${sent.size} mails became no purchase.`);
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(quantile(sorted, share));
  return [
    {
      what: `mail to visible purchase, ${PER_SECOND} mails/s`,
      figures: `median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms of ${sorted.length}`,
      ratio: "",
      target: "p99 ≤ 2000 ms",
    },
  ];
}

/** Finds purchases as they are written, until told to stop. */
async function look(file: string, sent: Map<string, number>, delays: number[], stop: AbortSignal): Promise<void> {
  const db = new DatabaseSync(file, { readOnly: true });
  const query = db.prepare("SELECT rowid, mail_id FROM purchases WHERE rowid > ? ORDER BY rowid");
  let last = 0;
  while (!stop.aborted) {
    for (const { rowid, mail_id: id } of query.all(last)) {
      last = Number(rowid);
      const sentAt = sent.get(String(id));
      if (sentAt !== undefined) delays.push(performance.now() - sentAt);
      sent.delete(String(id));
    }
    await pause(LOOK_EVERY_MS);
  }
  db.close();
}

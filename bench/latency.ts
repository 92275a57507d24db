import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

import { CREDENTIAL } from "../test/fake-app.ts";
import { mailBody } from "./load.ts";
import { start, type Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const PER_SECOND = 50;
const SECONDS = 60;
const LOOK_EVERY_MS = 20;

/** From handing a mail over to the moment when whoever looks finds its purchase, at a steady stream of mails. */
export async function latencyRows(prepared: Prepared): Promise<Row[]> {
  const server = await start("program", prepared);
  const sent = new Map<string, number>();
  const delays: number[] = [];
  const looking = new AbortController();
  try {
    const looks = look(join(server.dataDir, "wtmm.db"), sent, delays, looking.signal);
    const body = mailBody(9 * 1024, prepared.alertAddress);
    const startedAt = performance.now();
    const posts: Promise<unknown>[] = [];
    for (let number = 0; number < PER_SECOND * SECONDS; number += 1) {
      await pause(Math.max(0, startedAt + (number * 1000) / PER_SECOND - performance.now()));
      const id = `latency-${number}`;
      sent.set(id, performance.now());
      posts.push(post(server.url, body.replaceAll("[<id>]", id)));
    }
    await Promise.all(posts);
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
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN);
  return [
    {
      what: `mail to visible purchase, ${PER_SECOND} mails/s`,
      figures: `median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms of ${sorted.length}`,
      ratio: "",
      target: "p99 ≤ 2000 ms",
    },
  ];
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(`${url}/webhook/inbound`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(CREDENTIAL).toString("base64")}`,
    },
    body,
  });
  if (response.status !== 200) throw new Error(`The webhook answered ${response.status}.`);
  await response.text();
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

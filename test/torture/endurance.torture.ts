import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";

import { beforeAll, expect, it } from "vitest";

import { seededRandom } from "../adversarial/seeded-random.ts";
import { buildProgram } from "../program.ts";
import { ALL_WELL, closeBooks, say } from "./close-books.ts";
import { makeHome, moreAccounts } from "./home.ts";
import { openLedger } from "./ledger.ts";
import { MINUTES, SEED } from "./scale.ts";
import { startService, type Service } from "./service.ts";

const MAILS_PER_SECOND = 50;
const ACCOUNTS = 200;
const LOOK_EVERY_MS = 10;
// What a person is promised, and what may be called flat.
const VISIBLE_MS = 2_000;
const GROWTH = 0.1;
// Caches fill and the heap settles at first, for minutes; then two windows of this share are compared.
const WARM_UP = 0.4;
const WINDOW = 0.1;
const LEAST_MINUTES = 15;

const minutes = MINUTES ?? 1;

beforeAll(buildProgram);

it(
  `serves ${MAILS_PER_SECOND} mails a second for ${minutes} minutes: soon visible, in flat memory`,
  { timeout: minutes * 60_000 + 600_000 },
  async () => {
    const { dataDir, alertAddress } = makeHome();
    const recipients = [alertAddress, ...moreAccounts(dataDir, ACCOUNTS - 1)];
    const ledger = openLedger(recipients, seededRandom(SEED));
    const service = await startService(dataDir);
    const load = { isOn: true };
    const memoryMb = watchMemory(service, load);
    const latenciesMs = watchPurchases(dataDir, load, ledger.sentAt);
    const fates = await sendSteadily(minutes * 60_000, () => ledger.send(service.url));
    load.isOn = false;
    const [warm, last] = windowsOf(await memoryMb);
    const latency = percentilesOf(await latenciesMs);
    say(
      `${fates.length} mails in ${minutes} minutes: visible after ${latency.median} ms (median), ${latency.p99} ms (p99), ` +
        `${latency.most} ms (at most); resident ${warm.toFixed(0)} MB when warm, ${last.toFixed(0)} MB at the end`,
    );
    expect(new Set(fates)).toEqual(new Set(["acknowledged"]));
    expect(latency.p99).toBeLessThanOrEqual(VISIBLE_MS);
    if (minutes >= LEAST_MINUTES) expect(last).toBeLessThanOrEqual(warm * (1 + GROWTH));
    expect(await closeBooks("endurance", ledger, service, dataDir)).toEqual(ALL_WELL);
  },
);

/** Sends by the clock, whether or not earlier mails were answered. */
async function sendSteadily<T>(forMs: number, send: () => Promise<T>): Promise<T[]> {
  const began = performance.now();
  const sent: Promise<T>[] = [];
  for (let now = began; now - began < forMs; now = performance.now()) {
    while (sent.length < ((now - began) / 1_000) * MAILS_PER_SECOND) sent.push(send());
    await pause(5);
  }
  return Promise.all(sent);
}

/** How long each mail took from being sent to being booked where pages see it. */
async function watchPurchases(
  dataDir: string,
  load: { readonly isOn: boolean },
  sentAt: (id: string) => number,
): Promise<number[]> {
  // It only reads: whatever else it did to the log could lose rows.
  const db = new DatabaseSync(join(dataDir, "wtmm.db"), { readOnly: true, timeout: 5_000 });
  const next = db.prepare("SELECT rowid, mail_id FROM purchases WHERE rowid > ? ORDER BY rowid");
  const latencies: number[] = [];
  for (let seen = 0; load.isOn; await pause(LOOK_EVERY_MS)) {
    for (const row of next.all(seen)) {
      latencies.push(performance.now() - sentAt(String(row["mail_id"])));
      seen = Number(row["rowid"]);
    }
  }
  db.close();
  return latencies;
}

/** A service's resident memory, every second. */
async function watchMemory({ pid }: Service, load: { readonly isOn: boolean }): Promise<number[]> {
  const megabytes: number[] = [];
  for (; load.isOn; await pause(1_000)) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    megabytes.push(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024);
  }
  return megabytes;
}

function windowsOf(samples: readonly number[]): [warm: number, last: number] {
  const share = (from: number, to: number): number => {
    const window = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
    return window.reduce((sum, sample) => sum + sample, 0) / window.length;
  };
  return [share(WARM_UP, WARM_UP + WINDOW), share(1 - WINDOW, 1)];
}

function percentilesOf(samples: readonly number[]) {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? NaN);
  return { median: at(0.5), p99: at(0.99), most: at(1) };
}

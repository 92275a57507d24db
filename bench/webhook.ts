import { setTimeout as pause } from "node:timers/promises";

import { mailBody, mailBodyWithRaw, postsPerSecond } from "./load.ts";
import { median } from "./median.ts";
import { KINDS, start, type Kind, type Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const ROUNDS = 5;
const SECONDS = 2;
const WARM_UP_SECONDS = 1;

/** The webhook with mails that all differ, at three numbers of connections and two sizes, layer by layer. */
export async function webhookRows(account: Prepared): Promise<Row[]> {
  const table: Row[] = [];
  for (const kilobytes of [9, 60]) {
    const body = mailBody(kilobytes * 1024, account.alertAddress);
    for (const connections of [1, 16, 64])
      table.push(...(await webhookRow(account, `${kilobytes} KB`, body, connections)));
  }
  const withRaw = mailBodyWithRaw(60 * 1024, account.alertAddress);
  table.push(...(await webhookRow(account, "60 KB with RawEmail", withRaw, 64)));
  return table;
}

async function webhookRow(account: Prepared, size: string, body: string, connections: number): Promise<Row[]> {
  const rounds: Record<Kind, number>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const rates: Partial<Record<Kind, number>> = {};
    // In turn within a round, so that a machine that slows down slows all of them.
    for (const kind of KINDS) rates[kind] = await rateOf(kind, account, body, connections);
    rounds.push(rates as Record<Kind, number>);
    console.error(`webhook ${size}, ${connections} connections, round ${round + 1} of ${ROUNDS}`);
  }
  const perSecond = (kind: Kind): string => `${Math.round(median(rounds.map((rates) => rates[kind])))}/s`;
  const against = (kind: Kind, other: Kind): string =>
    median(rounds.map((rates) => rates[kind] / rates[other])).toFixed(2);
  const name = `webhook ${size}, ${connections} connections`;
  return KINDS.slice(1).map((kind) => ({
    what: `${name}: ${WORDS[kind]}`,
    figures: `${perSecond(kind)} of ${perSecond("bare")}`,
    ratio:
      kind === "program"
        ? `${against(kind, "bare")}; of storing ${against(kind, "bareSqlite")}`
        : against(kind, "bare"),
    target: kind === "program" && connections === 64 ? "≥ 0.20; ≥ 0.60" : "",
  }));
}

const WORDS: Record<Kind, string> = {
  bare: "bare node:http",
  bareSqlite: "bare, storing with node:sqlite",
  adapterAlone: "our adapter alone",
  storageAlone: "plus checks and storage",
  program: "everything on",
};

async function rateOf(kind: Kind, account: Prepared, body: string, connections: number): Promise<number> {
  const server = await start(kind, account);
  try {
    await postsPerSecond(server.url, [body], connections, WARM_UP_SECONDS);
    const rate = await postsPerSecond(server.url, [body], connections, SECONDS);
    return rate;
  } finally {
    await server.stop();
    await pause(50);
  }
}

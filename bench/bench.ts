// `npm run bench [-- ROW…]`: every figure as a ratio to a plain server measured in the same run, the median of several rounds.
import { setTimeout as pause } from "node:timers/promises";

import { mailBody, postsPerSecond } from "./load.ts";
import { median } from "./median.ts";
import { memoryRows } from "./memory.ts";
import { KINDS, prepare, start, type Kind, type Prepared } from "./processes.ts";
import { dashboardRows } from "./dashboard.ts";
import type { Row } from "./row.ts";
import { startRows } from "./start.ts";

const ROUNDS = 5;
const SECONDS = 2;
const WARM_UP_SECONDS = 1;

const groups: Record<string, (prepared: Prepared) => Promise<Row[]>> = {
  webhook: webhookRows,
  dashboard: dashboardRows,
  start: startRows,
  memory: memoryRows,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(groups, name));
if (unknown !== undefined) {
  console.error(`There is no group of rows ${unknown}. There are: ${Object.keys(groups).join(", ")}.`);
  process.exit(2);
}
const prepared = prepare();
const rows: Row[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (asked.length === 0 || asked.includes(name)) rows.push(...(await measure(prepared)));
}
console.table(rows);

async function webhookRows(account: Prepared): Promise<Row[]> {
  const table: Row[] = [];
  for (const kilobytes of [9, 60]) {
    const body = mailBody(kilobytes * 1024, account.alertAddress);
    for (const connections of [1, 16, 64]) table.push(...(await webhookRow(account, kilobytes, body, connections)));
  }
  return table;
}

async function webhookRow(account: Prepared, kilobytes: number, body: string, connections: number): Promise<Row[]> {
  const rounds: Record<Kind, number>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const rates: Partial<Record<Kind, number>> = {};
    // In turn within a round, so that a machine that slows down slows all of them.
    for (const kind of KINDS) rates[kind] = await rateOf(kind, account, body, connections);
    rounds.push(rates as Record<Kind, number>);
    console.error(`webhook ${kilobytes} KB, ${connections} connections, round ${round + 1} of ${ROUNDS}`);
  }
  const perSecond = (kind: Kind): string => `${Math.round(median(rounds.map((rates) => rates[kind])))}/s`;
  const against = (kind: Kind, other: Kind): string =>
    median(rounds.map((rates) => rates[kind] / rates[other])).toFixed(2);
  const name = `webhook ${kilobytes} KB, ${connections} connections`;
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
    await postsPerSecond(server.url, body, connections, WARM_UP_SECONDS);
    const rate = await postsPerSecond(server.url, body, connections, SECONDS);
    return rate;
  } finally {
    await server.stop();
    await pause(50);
  }
}

// `npm run bench [-- ROW…]`: every figure as a ratio to a plain server measured in the same run, the median of several rounds.
import { dumpRows } from "./dump.ts";
import { interpretationRows } from "./interpretation.ts";
import { latencyRows } from "./latency.ts";
import { lookAlikeRows } from "./look-alikes.ts";
import { memoryRows } from "./memory.ts";
import { parserRows } from "./parsers.ts";
import { prepare, type Prepared } from "./processes.ts";
import { dashboardRows } from "./dashboard.ts";
import type { Row } from "./row.ts";
import { startRows } from "./start.ts";
import { webhookRows } from "./webhook.ts";

const groups: Record<string, (prepared: Prepared) => Promise<Row[]>> = {
  webhook: webhookRows,
  dashboard: dashboardRows,
  start: startRows,
  memory: memoryRows,
  interpretation: interpretationRows,
  latency: latencyRows,
  "look-alikes": lookAlikeRows,
  parsers: parserRows,
  dump: dumpRows,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(groups, name));
if (unknown !== undefined) {
  console.error(`There is no group of rows ${unknown}. There are: ${Object.keys(groups).join(", ")}.`);
  process.exit(2);
}
const prepared = prepare();
for (const [name, measure] of Object.entries(groups)) {
  if (asked.length === 0 || asked.includes(name)) console.table(await measure(prepared));
}

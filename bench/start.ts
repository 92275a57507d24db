import { median } from "./median.ts";
import { start, type Kind, type Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const ROUNDS = 7;

/** From spawning the process to the first answer. */
export async function startRows(prepared: Prepared): Promise<Row[]> {
  const rounds: { bare: number; program: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push({ bare: await startMs("bare", prepared), program: await startMs("program", prepared) });
  }
  const bare = median(rounds.map((round) => round.bare));
  const program = median(rounds.map((round) => round.program));
  const ratio = median(rounds.map((round) => round.program / round.bare));
  return [
    {
      what: "start to the first answer",
      figures: `${Math.round(program)} ms of ${Math.round(bare)} ms for a bare server`,
      ratio: ratio.toFixed(2),
      target: "≤ 400 ms",
    },
  ];
}

async function startMs(kind: Kind, prepared: Prepared): Promise<number> {
  const startedAt = performance.now();
  const server = await start(kind, prepared);
  try {
    const response = await fetch(`${server.url}/up`);
    await response.text();
    return performance.now() - startedAt;
  } finally {
    await server.stop();
  }
}

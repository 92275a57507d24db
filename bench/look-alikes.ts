import { lookAlikes, NEAR_MS, type Candidate } from "../ledger/look-alikes.ts";
import { candidate } from "../test/candidate.ts";
import type { Prepared } from "./processes.ts";
import type { Row } from "./row.ts";

const TRIES = 10;
const DAY = Date.parse("2026-11-20T00:00Z");

/** Comparing the purchases of an account: an ordinary fortnight, and the worst that a day can hold. */
export async function lookAlikeRows(_prepared: Prepared): Promise<Row[]> {
  const ordinary = purchases(500, NEAR_MS / 500, (at) => 300 + ((at * 37) % 90));
  const equal = purchases(10_000, 8_000, () => 290);
  const [fortnight, thousand, tenThousand] = [ordinary, equal.slice(0, 1_000), equal].map(fastestMs);
  const ratio = (tenThousand ?? 0) / (thousand ?? 1);
  return [
    { what: "500 purchases of a fortnight compared", figures: sayMs(fortnight), ratio: "", target: "≤ 50 ms" },
    {
      what: "10,000 equal purchases of a day compared",
      figures: `${sayMs(tenThousand)}; 1,000: ${sayMs(thousand)}`,
      ratio: ratio.toFixed(1),
      target: "about 10, not 100",
    },
  ];
}

function purchases(count: number, apartMs: number, amountOf: (at: number) => number): Candidate[] {
  return Array.from({ length: count }, (_none, at) => {
    const occurredAt = Math.floor(DAY + at * apartMs);
    const one = candidate({
      mailed: "2026-11-20T16:44:40",
      merchant: `MTA*NYCT PAYGO ${at}`,
      amountMinor: amountOf(at),
    });
    return { ...one, occurredAt, mailDate: occurredAt + 20_000 };
  });
}

/** Of some tries, since a busy machine may slow any of them down. */
function fastestMs(all: readonly Candidate[]): number {
  const times = Array.from({ length: TRIES }, () => {
    const start = performance.now();
    lookAlikes(all, all);
    return performance.now() - start;
  });
  return Math.min(...times);
}

function sayMs(milliseconds = Number.NaN): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

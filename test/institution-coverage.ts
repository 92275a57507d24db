import { isSpending } from "../ledger/spending.ts";
import { parsers } from "../parsers/registry.ts";
import { understand } from "../parsers/understand.ts";
import { isRight } from "./expected-reading.ts";
import { measured, share } from "./generic-measured.ts";
import { negativeMails } from "./negative-mails.ts";
import { mailOf, parserFixtures, type ParserFixture } from "./parser-fixtures.ts";

/** The score of reading mails. */
export type Coverage = {
  readonly institutions: number;
  readonly fixtures: { readonly right: number; readonly all: number };
  /** Of purchases read without knowing the bank, from 0 to 1. */
  readonly genericRight: number;
  /** Of all mails read so, from 0 to 1. */
  readonly genericWrong: number;
  /** Mails that tell of no purchase, and how many of them would be booked all the same. */
  readonly negatives: { readonly booked: number; readonly all: number };
  /** By institution, and by what happened: how many fixtures are read right, of how many. */
  readonly rows: readonly { readonly name: string; readonly kinds: ReadonlyMap<string, readonly [number, number]> }[];
};

/** Measures it anew. */
export function measureCoverage(): Coverage {
  const fixtures = parserFixtures();
  const right = new Set(fixtures.filter(isRight));
  const purchases = measured.filter(({ truth }) => truth !== null);
  const negatives = negativeMails().map(({ mail }) => understand(mail));
  return {
    institutions: parsers.length,
    fixtures: { right: right.size, all: fixtures.length },
    genericRight: share("right", purchases),
    genericWrong: share("wrong", measured),
    negatives: {
      booked: negatives.filter(({ events }) => events.some(({ kind }) => isSpending(kind))).length,
      all: negatives.length,
    },
    rows: parsers.map(({ id, name }) => ({
      name,
      kinds: byKind(
        fixtures.filter(({ institution }) => institution === id),
        right,
      ),
    })),
  };
}

/** A line for each institution, and one for all. */
export function sayCoverage({ institutions, fixtures, genericRight, genericWrong, negatives, rows }: Coverage): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, kinds }) => {
    const said = [...kinds].map(([kind, [right, all]]) => `${kind} ${right}/${all}`);
    return `${name.padEnd(width)}  ${said.join(", ")}`;
  });
  const percent = (part: number): string => `${(100 * part).toFixed(1)}%`;
  const generic = `generic right ${percent(genericRight)} wrong ${percent(genericWrong)}`;
  const all = `institutions ${institutions}, fixtures ${fixtures.right}/${fixtures.all}, ${generic}, negatives booked ${negatives.booked}`;
  return [...lines, `negatives: ${negatives.all} mails that tell of no purchase`, all].join("\n");
}

function byKind(fixtures: readonly ParserFixture[], right: ReadonlySet<ParserFixture>): Map<string, [number, number]> {
  const counts = new Map<string, [number, number]>();
  for (const fixture of fixtures) {
    const { outcome, events } = understand(mailOf(fixture));
    const said =
      outcome === "nothing" ? "notice" : outcome === "events" ? events.map(({ kind }) => kind) : "not understood";
    for (const kind of new Set([said].flat())) {
      const [rightSoFar, all] = counts.get(kind) ?? [0, 0];
      counts.set(kind, [rightSoFar + (right.has(fixture) ? 1 : 0), all + 1]);
    }
  }
  return counts;
}

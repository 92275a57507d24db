import { beforeAll, describe, expect, it } from "vitest";
import { adversarialLedger } from "../test/adversarial-ledgers.ts";
import { asTheyCome, atOnce, judge, noFigures, type Figures } from "../test/adversarial/measure.ts";
import type { Told } from "../test/adversarial/world.ts";
import { lookAlikes, NEAR_MS } from "./look-alikes.ts";

/** Not those that the rules were made with: other seeds, and merchants of which none is among the others. */
const SEEDS = { first: 1_700_001, count: 200 };
const ENOUGH = 0.95;
/** No sort of second mail is mostly missed, and no situation mostly mistaken: a sum could hide it. */
const ENOUGH_OF_EACH = 0.8;
const MOST_MISTAKEN = 0.1;
/** Two equal purchases of one minute, told in two mails: that is what two mails about one purchase look like. */
const UNDECIDABLE = "coffees in one minute";

let ledgers: readonly (readonly Told[])[];

beforeAll(() => {
  ledgers = Array.from({ length: SEEDS.count }, (_none, at) => adversarialLedger(SEEDS.first + at, "reported"));
});

describe("what is proposed on ledgers whose truth is known", () => {
  it.each([
    ["all at once", (ledger: readonly Told[]) => atOnce(ledger, lookAlikes)],
    ["each mail as it comes", (ledger: readonly Told[]) => asTheyCome(ledger, lookAlikes, NEAR_MS)],
  ])("is right, and finds what is to be found, comparing %s", (how, proposalsOf) => {
    const figures = noFigures();
    for (const ledger of ledgers) judge(ledger, proposalsOf(ledger), figures);
    process.stdout.write(described(how, figures));

    expect(figures.right / figures.proposed).toBeGreaterThanOrEqual(ENOUGH);
    expect(figures.found / figures.toFind).toBeGreaterThanOrEqual(ENOUGH);
    expect([...figures.byRole].filter(([, { found, toFind }]) => found < ENOUGH_OF_EACH * toFind)).toEqual([]);
    const mistaken = [...figures.byAbout].filter(([, { mails, wrong }]) => wrong > MOST_MISTAKEN * mails);
    expect(mistaken.map(([about]) => about).filter((about) => about !== UNDECIDABLE)).toEqual([]);
  });

  it("merges nothing: every ledger stays what it was, and so do its sums", () => {
    for (const ledger of ledgers) {
      const all = Object.freeze(ledger.map(({ candidate }) => Object.freeze({ ...candidate })));
      const before = JSON.stringify(all);
      const ids = new Set(all.map(({ id }) => id));
      const proposals = lookAlikes(all, all);
      expect(proposals.every(({ a, b }) => ids.has(a) && ids.has(b) && a !== b)).toBe(true);
      expect(JSON.stringify(all)).toBe(before);
    }
  });

  it("is measured on ledgers that hold every case, and that repeat themselves", () => {
    const roles = Map.groupBy(ledgers.flat(), ({ role }) => role);
    const abouts = Map.groupBy(ledgers.flat(), ({ about }) => about);
    expect([roles.size, abouts.size]).toEqual([10, 31]);
    expect([...roles.values(), ...abouts.values()].every((mails) => mails.length >= 50)).toBe(true);
    expect(adversarialLedger(SEEDS.first, "reported")).toEqual(ledgers[0]);
    expect(adversarialLedger(SEEDS.first + 1, "reported")).not.toEqual(ledgers[0]);

    const share = (abouts.get(UNDECIDABLE)?.length ?? 0) / ledgers.flat().length;
    process.stdout.write(`Nobody could decide ${percent(share)} of the mails: ${UNDECIDABLE}.\n`);
    expect(share).toBeLessThan(0.01);
  });
});

function described(how: string, figures: Figures): string {
  const { proposed, right, swapped, toFind, found, byRole, wrong } = figures;
  const roles = [...byRole].map(
    ([role, sums]) => `  ${role}: ${sums.found} of ${sums.toFind}, ${percent(sums.found / sums.toFind)}`,
  );
  const mistakes = [...wrong].toSorted(([, a], [, b]) => b - a).map(([what, times]) => `  ${times} ${what}`);
  return [
    `${SEEDS.count} ledgers, ${how}:`,
    `precision ${percent(right / proposed)} (${right} of ${proposed})`,
    `  ${swapped} of these join the confirmation of an equal purchase of that day, which is as good; else ${percent((right - swapped) / proposed)}`,
    `recall ${percent(found / toFind)} (${found} of ${toFind})`,
    ...roles,
    "wrong:",
    ...mistakes,
    "",
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

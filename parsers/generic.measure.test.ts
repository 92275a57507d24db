import { describe, expect, it } from "vitest";

import { fixtureSamples, home, measured, share, variants } from "../test/generic-measured.ts";
import { spoiled } from "./generic.measure-spoiled.ts";
import { afterOneTap, measure, type Measured } from "./generic.measure.ts";
import { readGeneric } from "./generic.ts";

const purchases = measured.filter(({ truth }) => truth !== null);

/** The worst misses, the most frequent first: `discover/card-2018 21 wrong`. */
function misses(): string {
  const missed = measured.filter(({ verdict }) => verdict === "wrong" || verdict === "incomplete");
  const byName = Map.groupBy(missed, ({ sample, verdict }) => `${sample.parser.id}/${sample.name} ${verdict}`);
  const sorted = [...byName].toSorted(([, one], [, other]) => other.length - one.length);
  return sorted.map(([name, list]) => `  ${list.length} ${name}`).join("\n");
}

function figures(all: readonly Measured[]): string {
  const { booked, wrong } = afterOneTap(all);
  const ofPurchases = all.filter(({ truth }) => truth !== null);
  const percent = (part: number): string => `${(100 * part).toFixed(1)}%`;
  return [
    `${all.length} mails, ${ofPurchases.length} purchases: right ${percent(share("right", ofPurchases))}`,
    `incomplete ${percent(share("incomplete", ofPurchases))}, wrong ${percent(share("wrong", all))} of all`,
    `after one tap ${booked} booked, ${wrong.length} wrong`,
  ].join(", ");
}

describe("reading each institution's mails without knowing it", () => {
  process.stdout.write(
    `${figures(measured)}\n  without a usual currency: ${figures(measure([...fixtureSamples, ...variants]))}\n`,
  );
  if (process.env["MISSES"] !== undefined) process.stdout.write(`${misses()}\n`);

  it("is measured on at least two thousand variants", () => {
    expect(variants.length).toBeGreaterThanOrEqual(2000);
  });

  it("proposes at least four of five purchases exactly, and at most one mail in fifty wrongly", () => {
    expect(share("right", purchases)).toBeGreaterThanOrEqual(0.8);
    expect(share("wrong", measured)).toBeLessThanOrEqual(0.02);
  });

  it("books nothing wrong by itself once a person approved a shape, and no mail that is no purchase", () => {
    const { booked, wrong } = afterOneTap(measured);
    expect(wrong.map(({ sample }) => `${sample.parser.id}/${sample.name}`)).toEqual([]);
    expect(booked).toBeGreaterThan(0);
  });

  it("never gives a mail that takes its purchase back, or tells of something else, the shape of one that was approved", () => {
    const right = measured.filter(({ sample, verdict }) => verdict === "right" && fixtureSamples.includes(sample));
    const booked = right.flatMap(({ sample: { parser, mail }, truth, guess }) => {
      const currency = home(parser);
      const usual = currency === undefined ? {} : { currency };
      return spoiled(mail, truth?.words.merchant ?? "").filter(
        (other) => readGeneric(other, usual)?.shape === guess?.shape,
      );
    });
    expect(booked.map(({ subject, lines }) => [subject, ...lines])).toEqual([]);
  });
});

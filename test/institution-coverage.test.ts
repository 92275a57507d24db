import { expect, it } from "vitest";

import floor from "./institution-coverage.json" with { type: "json" };
import { measureCoverage, sayCoverage } from "./institution-coverage.ts";

// When a figure rises for good, write it into institution-coverage.json, so that it can't fall back unseen.

const coverage = measureCoverage();
const lastLine = sayCoverage(coverage).split("\n").at(-1);

it("reads every fixture right, and no fewer of them than before", () => {
  expect(coverage.fixtures.right).toBe(coverage.fixtures.all);
  expect(coverage.fixtures.all).toBeGreaterThanOrEqual(floor.fixtures);
  expect(coverage.institutions).toBeGreaterThanOrEqual(floor.institutions);
});

it("guesses no worse than before at mails whose bank it is not told", () => {
  expect(coverage.genericRight).toBeGreaterThanOrEqual(floor.genericRight);
  expect(coverage.genericWrong).toBeLessThanOrEqual(floor.genericWrong);
});

it("books none of the mails that tell of no purchase", () => {
  expect(coverage.negatives.booked).toBe(0);
  expect(coverage.negatives.all).toBeGreaterThanOrEqual(floor.negatives);
});

it("ends with the score of all", () => {
  expect(lastLine).toMatch(
    /^institutions \d+, fixtures \d+\/\d+, generic right \d+\.\d% wrong \d+\.\d%, negatives booked \d+$/,
  );
});

import { stripVTControlCharacters } from "node:util";

import { expect, it } from "vitest";

import { findingsOf } from "./finding.ts";
import { isWell, reportLines } from "./report.ts";

const { green, yellow, red } = findingsOf("disk");
const clock = findingsOf("the clock");

it("is a line for each finding with its fix beneath, and a sum", () => {
  const findings = [
    green("Well."),
    yellow("Nearly full.", "Make room."),
    clock.red("Wrong.", "Set it:\nnow"),
    red("Gone.", null),
  ];
  // Colours depend on where it is shown.
  const plain = reportLines(findings).map(stripVTControlCharacters);
  expect(plain).toEqual([
    "green   disk       Well.",
    "yellow  disk       Nearly full.",
    "                   Make room.",
    "red     the clock  Wrong.",
    "                   Set it:",
    "                   now",
    "red     disk       Gone.",
    "",
    "1 green, 1 yellow, 2 red.",
  ]);
});

it("is well as long as nothing is red", () => {
  expect(isWell([green("Well."), yellow("Nearly full.", "Make room.")])).toBe(true);
  expect(isWell([green("Well."), red("Gone.", null)])).toBe(false);
});

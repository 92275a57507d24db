import { styleText } from "node:util";

import type { Finding } from "./finding.ts";

const STATES = ["green", "yellow", "red"] as const;

/** The findings as lines for a terminal, each with its fix beneath, and a sum at the end. Coloured where standard output shows colours. */
export function reportLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = " ".repeat("yellow".length + width + 4);
  const lines = findings.flatMap(({ check, state, says, fix }) => [
    `${styleText(state, state.padEnd("yellow".length))}  ${check.padEnd(width)}  ${says}`,
    ...(fix === null ? [] : fix.split("\n").map((line) => `${indent}${line}`)),
  ]);
  const sum = STATES.map((state) => `${findings.filter((finding) => finding.state === state).length} ${state}`);
  return [...lines, "", `${sum.join(", ")}.`];
}

/** Whether the service can work as it is. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== "red");
}

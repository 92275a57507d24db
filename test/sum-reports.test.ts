import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = join(import.meta.dirname, "../.ci/sum-reports.mjs");
const green = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-reports-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the last line of .ci/run", () => {
  it("adds up what the reports say", () => {
    expect(sum(0, green, { ...green, numPassedTests: 4 })).toEqual({ code: 0, stdout: "7 passed, 0 failed\n" });
    expect(sum(1, green, { ...green, numFailedTests: 2 })).toEqual({ code: 1, stdout: "6 passed, 2 failed\n" });
  });

  it("counts each test file that could not be loaded", () => {
    const unloadable = { status: "failed", assertionResults: [] };
    expect(sum(1, { ...green, testResults: [unloadable, unloadable] }).stdout).toBe("3 passed, 2 failed\n");
  });

  it("counts a failure that no report tells of", () => {
    expect(sum(124, green)).toEqual({ code: 1, stdout: "3 passed, 1 failed\n" });
  });

  it("counts a report that was not written", () => {
    const { code, stdout } = sum(0, green, undefined);
    expect(code).toBe(1);
    expect(stdout).toMatch(/was not written.*\n3 passed, 1 failed\n$/);
  });

  it("says how many tests were skipped", () => {
    expect(sum(0, { ...green, numPendingTests: 2 }).stdout).toBe("2 skipped\n3 passed, 0 failed\n");
  });
});

function sum(exitCode: number, ...reports: readonly (object | undefined)[]): { code: number | null; stdout: string } {
  const files = reports.map((report, index) => {
    const file = join(folder, `${index}.json`);
    if (report !== undefined) writeFileSync(file, JSON.stringify(report));
    return file;
  });
  const { status, stdout } = spawnSync(process.execPath, [script, String(exitCode), ...files], { encoding: "utf8" });
  return { code: status, stdout };
}

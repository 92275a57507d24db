// Reads vitest's JSON reports and ends with the line "N passed, N failed". Its first argument is the exit code of what
// wrote them: a failure that no report tells of (lint, a crash, a time limit, a missing report) counts as one.
import { existsSync, readFileSync } from "node:fs";

const [exitCode, ...files] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const file of files) {
  if (!existsSync(file)) {
    console.log(`${file} was not written: what should have written it failed earlier.`);
    sum.failed += 1;
    continue;
  }
  const report = JSON.parse(readFileSync(file, "utf8"));
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
  // A file that could not even be loaded has no tests to count.
  sum.failed += report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
}

if (exitCode !== "0" && sum.failed === 0) sum.failed = 1;
if (sum.skipped > 0) console.log(`${sum.skipped} skipped`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";

import "../../test/properties.ts";
import { migrate } from "../../schema/migrate.ts";
import { history, type History } from "../../test/journal-history.ts";
import { beginJournal, withDatabase } from "../../test/journal-shelf.ts";
import { writeSomething } from "../../test/journal-writes.ts";
import { openDatabase } from "../libsql.ts";

let folder: string;
let empty: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wtmm-histories-"));
  empty = join(folder, "empty.db");
  const db = await openDatabase(`file:${empty}`);
  await migrate(db);
  await db.close();
  beginJournal(empty);
  // Two accounts, so that there is always one left that has not been erased.
  withDatabase(empty, (database) => [0, 9].forEach((seed) => writeSomething(database, seed)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const seed = fc.nat(10_000);
const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ what: fc.constant("write" as const), seed }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("upload" as const), seed: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("uploadInVain" as const), seed: fc.integer({ min: 1, max: 30 }) }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("dump" as const), seed }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("erase" as const), seed }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("lose" as const), seed }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does all of it, and loses the machine at the end. */
async function live(steps: readonly Step[]): Promise<number> {
  const service: History = await history(empty);
  let losses = 0;
  try {
    service.dump();
    for (const { what, seed: number } of [
      ...steps,
      { what: "lose" as const, seed: 0 },
      { what: "lose" as const, seed: 1 },
    ]) {
      const lost = await service[what](number);
      if (lost === undefined || lost === null) continue;
      losses += 1;
      expect(lost.found).toEqual(lost.expected);
      expect(lost.replayed?.stoppedBy).toBe(null);
    }
    return losses;
  } finally {
    service.remove();
  }
}

it("whatever happened before, from any dump everything comes back that the bucket has, and only that", async () => {
  let losses = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      losses += await live(steps);
    }),
    { numRuns: 12, endOnFailure: true },
  );
  expect(losses).toBeGreaterThan(24);
}, 120_000);

import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";

import { expect, it } from "vitest";

import { BucketError } from "../s3.ts";
import { fetchAhead, type JournalShelf } from "./fetch-ahead.ts";

const objects = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, index) => ({ key: String(index), bytes }));

/** Counts how many are fetched or wait to be used, and fails for one key. */
function counting(failing = "") {
  const shelf: JournalShelf & { asked: number; most: number; used: number } = {
    ...{ asked: 0, most: 0, used: 0 },
    list: async () => [],
    async read(key) {
      shelf.asked += 1;
      shelf.most = Math.max(shelf.most, shelf.asked - shelf.used);
      await nextTurn();
      if (key === failing) throw new BucketError("AccessDenied", "No.");
      return Readable.from([Buffer.from(key)]);
    },
  };
  return shelf;
}

async function fetched(shelf: ReturnType<typeof counting>, count: number, bytes: number): Promise<string[]> {
  const keys: string[] = [];
  for await (const { sealed } of fetchAhead(shelf, objects(count, bytes), 0)) {
    shelf.used += 1;
    keys.push(Buffer.from(sealed).toString());
  }
  return keys;
}

it.each([
  ["eight at once", 1_000, 8],
  ["fewer where they are large", 20_000_000, 4],
  ["one where it is all that there is room for", 100_000_000, 1],
])("fetches %s, and gives them in their order", async (_how, bytes, most) => {
  const shelf = counting();
  expect(await fetched(shelf, 20, bytes)).toEqual(objects(20, 1).map(({ key }) => key));
  // One more is being used.
  expect(shelf.most).toBeLessThanOrEqual(most);
  expect(shelf.most).toBeGreaterThanOrEqual(Math.max(1, most - 1));
});

it("fails when it comes to one that can't be had, and not before", async () => {
  const shelf = counting("5");
  await expect(fetched(shelf, 20, 1)).rejects.toThrow("No.");
  expect(shelf.used).toBe(5);
});

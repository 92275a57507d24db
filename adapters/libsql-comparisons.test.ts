import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { asCompared, bookPurchase, fillStore, OWNER, STRANGER } from "../test/store-calls.ts";

let app: FakeApp;
let a: string;
let b: string;

beforeEach(async () => {
  app = await fakeApp();
  await fillStore(app.store);
  [a, b] = [await bookPurchase(app.store, {}), await bookPurchase(app.store, {})];
});
afterEach(() => app.close());

describe("writing comparisons down", () => {
  it("withdraws what is no likeness any more, whichever of the two was read anew", async () => {
    for (const readAnew of [a, b]) {
      await propose([[a, b]]);
      await app.store.proposeLookAlikes([{ accountId: OWNER, compared: [asCompared(readAnew)], proposals: [] }], NOW);
      expect(await app.store.lookAlikesOf(OWNER, a)).toEqual([]);
    }
  });

  it("proposes two once, whichever is named first", async () => {
    await propose([[a, b]]);
    await propose([[b, a]]);
    expect(await app.store.lookAlikesOf(OWNER, a)).toMatchObject([{ first: a, second: b }]);
  });

  it("proposes nothing of another account", async () => {
    const before = await rowsOf(app, "look_alikes");
    await propose([[a, b]], STRANGER);
    expect(await rowsOf(app, "look_alikes")).toEqual(before);
  });

  async function propose(pairs: readonly (readonly [string, string])[], accountId = OWNER): Promise<void> {
    const why = { why: "same", reason: "Same." } as const;
    const proposals = pairs.map(([first, second]) => ({ ...why, id: crypto.randomUUID(), a: first, b: second }));
    // Neither is read anew, so that nothing of them is withdrawn.
    await app.store.proposeLookAlikes([{ accountId, compared: [], proposals }], NOW);
  }
});

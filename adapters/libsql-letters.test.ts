import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { newAccount } from "../test/store-calls.ts";
import type { Store } from "./libsql-store.ts";

const LEASE_MS = 120_000;

let app: FakeApp;
let store: Store;
let number = 0;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
  for (const id of ["jane", "joe"]) {
    await store.createAccount({ ...newAccount(id), address: `${id}@example.com`, at: NOW });
  }
});
afterEach(() => app.close());

describe("letters that are due", () => {
  it("go to one sender each, however many ask at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
        async (size, limits) => {
          const ids = await Promise.all(Array.from({ length: size }, () => aLetter()));
          const claims = await Promise.all(limits.map((limit) => store.claimLetters(due(), LEASE_MS, limit)));
          const claimed = claims.flat().map(({ id }) => id);
          expect(new Set(claimed).size).toBe(claimed.length);
          expect(claimed).toHaveLength(
            Math.min(
              size,
              limits.reduce((sum, limit) => sum + limit, 0),
            ),
          );
          for (const id of claimed) expect(ids).toContain(id);
          for (const id of ids) await store.letterSent(id, "provider-id", NOW);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("are told whole, with the number of this try", async () => {
    const id = await aLetter();
    const letter = { id, kind: "sample-alert", accountId: "jane", to: `to-${id}@example.com`, attempts: 1 };
    expect(await store.claimLetters(due(), LEASE_MS, 1)).toEqual([{ ...letter, details: `{"code":"code-${id}"}` }]);
  });

  it("are due again when their sender died, once the lease is over", async () => {
    const id = await aLetter();
    await store.claimLetters(due(), LEASE_MS, 1);
    expect(await store.claimLetters(due().add({ milliseconds: LEASE_MS - 1 }), LEASE_MS, 1)).toEqual([]);
    const again = await store.claimLetters(due().add({ milliseconds: LEASE_MS }), LEASE_MS, 1);
    expect(again).toMatchObject([{ id, attempts: 2 }]);
  });

  it("are due when they were put off to, and not before", async () => {
    const id = await aLetter();
    await store.claimLetters(due(), LEASE_MS, 1);
    await store.letterDelayed(id, "busy", due().add({ hours: 6 }));
    expect(await store.claimLetters(due().add({ hours: 6 }).subtract({ seconds: 1 }), LEASE_MS, 1)).toEqual([]);
    expect(await store.claimLetters(due().add({ hours: 6 }), LEASE_MS, 1)).toMatchObject([{ id, attempts: 2 }]);
  });

  it("are never due again once they were sent or refused for good", async () => {
    const [sent, refused] = [await aLetter(), await aLetter()];
    await store.claimLetters(due(), LEASE_MS, 2);
    await store.letterSent(sent, "provider-id", due());
    await store.letterRefused(refused, "no such mailbox");
    expect(await store.claimLetters(due().add({ hours: 1000 }), LEASE_MS, 10)).toEqual([]);
    expect(await store.serviceState(due())).toMatchObject({ refusedLetters: 1, oldestLetterWaitingMs: null });
  });

  it("are the longest due first", async () => {
    const [first, second, third] = [await aLetter(), await aLetter(), await aLetter()];
    await store.letterDelayed(first, "", NOW.add({ hours: 3 }));
    await store.letterDelayed(second, "", NOW.add({ hours: 1 }));
    await store.letterDelayed(third, "", NOW.add({ hours: 2 }));
    const order = [];
    for (let count = 0; count < 3; count += 1) {
      order.push(...(await store.claimLetters(NOW.add({ hours: 9 }), 36_000_000, 1)).map(({ id }) => id));
    }
    expect(order).toEqual([second, third, first]);
  });
});

describe("a sample alert", () => {
  it("is put into the outbox once a minute for each account, also when it is asked for many times at once", async () => {
    const ask = (accountId: string, seconds: number) =>
      store.requestSample({ ...sample(accountId), at: NOW.add({ seconds }) });
    const asked = await Promise.all([ask("jane", 0), ask("jane", 0), ask("joe", 0), ask("jane", 0)]);
    expect(asked).toEqual([true, false, true, false]);
    expect(await ask("jane", 59)).toBe(false);
    expect(await ask("jane", 61)).toBe(true);
    expect(await rowsOf(app, "letters")).toHaveLength(3);
    expect(await rowsOf(app, "samples")).toHaveLength(3);
    expect(await store.sampleAskedAt("jane")).toBe(NOW.add({ seconds: 61 }).epochMilliseconds);
  });

  it("that never came is forgotten after a day, and one that came is not", async () => {
    await store.requestSample({ ...sample("jane"), at: NOW });
    await store.forgetExpired(NOW.add({ hours: 24 }));
    expect(await rowsOf(app, "samples")).toHaveLength(1);
    await store.forgetExpired(NOW.add({ hours: 24, milliseconds: 1 }));
    expect(await rowsOf(app, "samples")).toEqual([]);
  });
});

/** Long enough after every letter of a test was made. */
function due(): Temporal.Instant {
  return NOW.add({ hours: 100 });
}

/** A letter in the outbox; its id. Each is asked for minutes after the one before, as the store demands. */
async function aLetter(): Promise<string> {
  const letter = sample("jane");
  const isMade = await store.requestSample({ ...letter, at: NOW.add({ minutes: 2 * number }) });
  if (!isMade) throw new Error("There should be a letter.");
  return letter.letterId;
}

function sample(accountId: string) {
  number += 1;
  return {
    code: `code-letter-${number}`,
    letterId: `letter-${number}`,
    accountId,
    to: `to-letter-${number}@example.com`,
  };
}

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { newAccount } from "../test/store-calls.ts";
import type { Store } from "./libsql-store.ts";

let app: FakeApp;
let store: Store;
let number = 0;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
});
afterEach(() => app.close());

describe("the alert addresses of an account", () => {
  it("are one of its own and at most nine others that work, whatever is done with them and when", async () => {
    const steps = fc.array(
      fc.record({
        what: fc.constantFrom("replace", "replace", "keep", "stop", "resume"),
        which: fc.nat(20),
        hours: fc.constantFrom(0, 1, 25, 24 * 20, 24 * 30),
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const accountId = `account-${(number += 1)}`;
        await store.createAccount({ ...newAccount(accountId), address: `${accountId}@example.com`, at: NOW });
        let at = NOW;
        for (const { what, which, hours } of all) {
          at = at.add({ hours });
          await change(what, accountId, which, at);
          const rows = await store.alertAddresses(accountId);
          const working = rows.filter(({ retiredAt }) => retiredAt === null || retiredAt > at.epochMilliseconds);
          expect(rows.filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1);
          expect(working.length).toBeLessThanOrEqual(10);
          expect(await store.account(accountId)).toMatchObject({ alertToken: rows[0]?.token });
          // The page and the delivery mean the same by "works".
          for (const { token } of rows) {
            const isTaken = (await store.accountIdOfToken(token, at)) === accountId;
            expect(isTaken).toBe(working.some((each) => each.token === token));
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

async function change(what: string, accountId: string, which: number, at: Temporal.Instant): Promise<void> {
  const rows = await store.alertAddresses(accountId);
  const one = { accountId, token: rows[which % rows.length]?.token ?? "", at };
  if (what === "replace") {
    await store.replaceAlertAddress({ ...one, token: rows[0]?.token ?? "", newToken: `token-${(number += 1)}` });
  }
  if (what === "keep") await store.keepAlertAddress(one);
  if (what === "stop") await store.stopAlertAddress(one);
  if (what === "resume") await store.resumeAlertAddress(one);
}

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { allRows, rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { newAccount } from "../test/store-calls.ts";
import type { SignUp } from "./libsql-accounts.ts";
import type { Store } from "./libsql-store.ts";

const NETWORK = "192.0.2.0/24";

let app: FakeApp;
let store: Store;
let number = 0;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
});
afterEach(() => app.close());

describe("a sign-up", () => {
  it("of a new address makes one account and one letter, however many are made at once", async () => {
    const askers = Array.from({ length: 5 }, (_, index) => aSignUp({ network: `192.0.${index}.0/24` }));
    expect(await Promise.all(askers.map((each) => store.signUp(each)))).toEqual([true, true, true, true, true]);
    const rows = await allRows(app);
    for (const table of ["accounts", "addresses", "alert_addresses", "letters"]) expect(rows[table]).toHaveLength(1);
    const account = await store.accountOfAddress("new@example.com");
    expect(account).toMatchObject({ id: askers[0]?.newAccount?.id, alertToken: askers[0]?.newAccount?.alertToken });
    expect(await store.claimLetters(NOW, 1000, 10)).toMatchObject([{ accountId: account?.id, to: "new@example.com" }]);
  });

  it("changes nothing when it is repeated", async () => {
    const once = aSignUp({ next: "/review" });
    await store.signUp(once);
    const before = await allRows(app);
    await store.signUp(once);
    await store.signUp({ ...once, at: NOW.add({ hours: 2 }) });
    expect(await allRows(app)).toEqual(before);
  });

  it("leaves an address with the account it belongs to", async () => {
    await store.signUp(aSignUp({}));
    const first = await store.accountOfAddress("new@example.com");
    await store.signUp(aSignUp({ at: NOW.add({ hours: 1 }), newAccount: { ...newAccount("other"), timeZone: "UTC" } }));
    expect(await store.accountOfAddress("new@example.com")).toEqual(first);
    expect(await store.account("other")).toBeNull();
  });

  it("makes nothing when new accounts are not taken and the address is unknown", async () => {
    expect(await store.signUp(aSignUp({ newAccount: null }))).toBe(true);
    expect(await rowsOf(app, "accounts")).toEqual([]);
    expect(await rowsOf(app, "letters")).toEqual([]);
  });

  it("is not held up by another letter to that address", async () => {
    await store.createAccount({ ...newAccount("jane"), address: "new@example.com", at: NOW });
    await store.requestSample({ code: "code", letterId: "letter", accountId: "jane", to: "new@example.com", at: NOW });
    await store.signUp(aSignUp({}));
    expect(await rowsOf(app, "letters")).toHaveLength(2);
  });

  it("never puts two letters to an address into the outbox within five minutes", async () => {
    const steps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 15 });
    let at = NOW;
    await fc.assert(
      fc.asyncProperty(steps, async (pauses) => {
        at = at.add({ hours: 24 });
        const address = `asker-${at.epochMilliseconds}@example.com`;
        const expected: number[] = [];
        for (const seconds of pauses) {
          at = at.add({ seconds });
          const last = expected.at(-1);
          if (last === undefined || at.epochMilliseconds - last >= 300_000) expected.push(at.epochMilliseconds);
          await store.signUp(aSignUp({ address, at, network: null }));
        }
        const made = (await rowsOf(app, "letters")).filter((row) => row.includes(address)).map((row) => Number(row[5]));
        expect(made.toSorted((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });
});

describe("a network's limit", () => {
  it("lets twenty in within an hour, and does nothing at all for the others", async () => {
    const askers = Array.from({ length: 30 }, (_, index) => aSignUp({ address: `asker-${index}@example.com` }));
    const accepted = await Promise.all(askers.map((each) => store.signUp(each)));
    expect(accepted.filter((isAccepted) => isAccepted)).toHaveLength(20);
    for (const table of ["signups", "accounts", "letters"]) expect(await rowsOf(app, table)).toHaveLength(20);
    expect(await store.accountOfAddress("asker-29@example.com")).toBeNull();
  });

  it("keeps somebody from having letters sent to everybody who has an account", async () => {
    const addresses = Array.from({ length: 25 }, (_, index) => `asker-${index}@example.com`);
    for (const address of addresses) await store.createAccount({ ...newAccount(address), address, at: NOW });
    for (const address of addresses) await store.signUp(aSignUp({ address }));
    expect(await rowsOf(app, "letters")).toHaveLength(20);
  });

  it("is over when the hour is, and counts no other network and no mail", async () => {
    for (let count = 0; count < 20; count += 1) await store.signUp(aSignUp({ at: NOW.add({ minutes: count }) }));
    const later = (minutes: number) => ({ at: NOW.add({ minutes }) });
    expect(await store.signUp(aSignUp(later(59)))).toBe(false);
    expect(await store.signUp(aSignUp({ ...later(59), network: "192.0.3.0/24" }))).toBe(true);
    for (let count = 0; count < 25; count += 1) {
      expect(await store.signUp(aSignUp({ ...later(59), network: null }))).toBe(true);
    }
    expect(await store.signUp(aSignUp(later(60)))).toBe(true);
    expect(await store.signUp(aSignUp(later(60)))).toBe(false);
  });

  it("is not forgotten before it is over", async () => {
    for (let count = 0; count < 20; count += 1) await store.signUp(aSignUp({}));
    await store.forgetExpired(NOW.add({ minutes: 59 }));
    expect(await store.signUp(aSignUp({ at: NOW.add({ minutes: 59 }) }))).toBe(false);
    await store.forgetExpired(NOW.add({ hours: 25 }));
    expect(await rowsOf(app, "signups")).toEqual([]);
  });
});

describe("an account", () => {
  it("is told with its first address and its newest live alert address", async () => {
    await store.createAccount({ ...newAccount("jane"), address: "jane@example.com", at: NOW });
    const jane = { id: "jane", timeZone: "America/New_York", linkEpoch: 0, address: "jane@example.com" };
    expect(await store.account("jane")).toEqual({ ...jane, alertToken: "token-jane" });
    expect(await store.accountIdOfToken("token-jane", NOW)).toBe("jane");
    expect(await store.accountIdOfToken("token-joe", NOW)).toBeNull();
  });

  it("is the only one when there is no other but the demonstration's and those that no address leads to", async () => {
    expect(await store.onlyAccount("demo@example.com")).toBeNull();
    await store.createAccount({ ...newAccount("demo"), address: "demo@example.com", at: NOW });
    expect(await store.onlyAccount("demo@example.com")).toBeNull();
    await store.createAccount({ ...newAccount("jane"), address: "jane@example.com", at: NOW });
    expect(await store.onlyAccount("demo@example.com")).toMatchObject({ id: "jane" });
    await store.createAccount({ ...newAccount("empty"), address: "work@example.com", at: NOW });
    expect(await store.onlyAccount("demo@example.com")).toBeNull();
    await store.claimAddress({ id: "claim", accountId: "jane", address: "work@example.com", at: NOW });
    await store.proveAddress({ claimId: "claim", accountId: "jane", epoch: 0, at: NOW });
    expect(await store.onlyAccount("demo@example.com")).toMatchObject({ id: "jane" });
    await store.createAccount({ ...newAccount("joe"), address: "joe@example.com", at: NOW });
    expect(await store.onlyAccount("demo@example.com")).toBeNull();
  });

  it("is made once, and raises its links' epoch by one each time", async () => {
    for (const id of ["jane", "other"]) {
      await store.createAccount({ ...newAccount(id), address: "jane@example.com", at: NOW });
    }
    expect(await rowsOf(app, "accounts")).toHaveLength(1);
    await Promise.all([store.revokeLinks("jane"), store.revokeLinks("jane")]);
    expect(await store.account("jane")).toMatchObject({ linkEpoch: 2 });
  });
});

function aSignUp(parts: Partial<SignUp>): SignUp {
  number += 1;
  return {
    id: `signup-${number}`,
    address: "new@example.com",
    newAccount: newAccount(`account-${number}`),
    network: NETWORK,
    next: null,
    at: NOW,
    ...parts,
  };
}

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { newAccount } from "../test/store-calls.ts";
import type { Store } from "./libsql-store.ts";

let app: FakeApp;
let store: Store;
let number = 0;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
  for (const id of ["jane", "joe"]) await anAccount(id);
});
afterEach(() => app.close());

describe("a claim of an address", () => {
  it("is one in five minutes and ten in a day for each account, also when many are made at once", async () => {
    const same = await Promise.all(Array.from({ length: 3 }, () => claim("jane", "work@example.com")));
    expect(same.filter(({ isMade }) => isMade)).toHaveLength(1);
    const others = Array.from({ length: 12 }, (_none, index) => claim("jane", `other-${index}@example.com`));
    expect((await Promise.all(others)).filter(({ isMade }) => isMade)).toHaveLength(9);
    expect((await claim("joe", "work@example.com")).isMade).toBe(true);
    expect((await claim("jane", "last@example.com", { hours: 24 })).isMade).toBe(true);
  });

  it("sends one letter to an address in five minutes, whoever claims it, and tells nobody", async () => {
    for (const id of ["jane", "joe"]) expect((await claim(id, "work@example.com")).isMade).toBe(true);
    expect(await letters()).toEqual(["work@example.com"]);
    expect((await claim("joe", "work@example.com", { minutes: 5 })).isMade).toBe(true);
    expect(await letters()).toEqual(["work@example.com", "work@example.com"]);
  });

  it("sends no letter to an address that an account has proven, and one to what was only signed up with", async () => {
    await store.createAccount({ ...newAccount("ann"), address: "ann@example.com", at: NOW });
    for (const address of ["joe@example.com", "ann@example.com"]) {
      expect((await claim("jane", address)).isMade).toBe(true);
    }
    expect(await letters()).toEqual(["ann@example.com"]);
    const claims = await store.addressClaims("jane", NOW);
    expect(claims.map(({ address }) => address)).toEqual(["ann@example.com", "joe@example.com"]);
  });

  it("is not given back by being cancelled", async () => {
    for (let index = 0; index < 10; index += 1) {
      const address = `other-${index}@example.com`;
      await claim("jane", address);
      expect(await store.cancelClaim({ accountId: "jane", address, at: NOW })).toBe(true);
    }
    expect((await claim("jane", "last@example.com")).isMade).toBe(false);
    expect(await store.addressClaims("jane", NOW)).toEqual([]);
  });

  it("is forgotten after 30 days", async () => {
    await claim("jane", "work@example.com");
    await store.forgetExpired(NOW.add({ hours: 30 * 24 }));
    expect(await rowsOf(app, "address_claims")).toHaveLength(1);
    expect(await store.addressClaims("jane", NOW.add({ hours: 30 * 24 }))).toEqual([]);
    await store.forgetExpired(NOW.add({ hours: 30 * 24, milliseconds: 1 }));
    expect(await rowsOf(app, "address_claims")).toEqual([]);
  });
});

describe("an address", () => {
  it("belongs to one account at most, whoever claims, proves, removes and signs up with it, in whatever order", async () => {
    const steps = fc.array(
      fc.record({
        what: fc.constantFrom("claim", "claim", "prove", "prove", "remove", "cancel", "sign up", "squat", "revoke"),
        who: fc.constantFrom("a", "b", "c"),
        which: fc.constantFrom("x", "y"),
      }),
      { minLength: 15, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const run = (number += 1);
        for (const who of ["a", "b", "c"]) await anAccount(`${who}-${run}`);
        const claims: { who: string; address: string; id: string; epoch: number }[] = [];
        let at = NOW;
        for (const { what, who, which } of all) {
          at = at.add({ hours: 3 });
          const [accountId, address] = [`${who}-${run}`, `${which}-${run}@example.com`];
          const before = await ownerOf(address);
          const proven = await store.accountIdOfProvenAddress(address);
          if (what === "claim") {
            const { id, isMade } = await claim(accountId, address, NOW.until(at));
            const epoch = (await store.account(accountId))?.linkEpoch ?? 0;
            if (isMade) claims.push({ who: accountId, address, id, epoch });
          }
          if (what === "cancel") await store.cancelClaim({ accountId, address, at });
          if (what === "remove") await store.removeAddress(accountId, address);
          if (what === "revoke") await store.revokeLinks(accountId);
          if (what === "sign up") await anAccount(`new-${(number += 1)}`, address);
          if (what === "squat") await store.createAccount({ ...newAccount(`new-${(number += 1)}`), address, at });
          const last = claims.findLast((one) => one.who === accountId && one.address === address);
          if (what === "prove" && last !== undefined) {
            const isProven = await store.proveAddress({ ...last, claimId: last.id, accountId, at });
            // Only what nobody has proven changes hands.
            if (isProven) expect(proven).toBeNull();
            if (isProven) expect(await store.accountIdOfProvenAddress(address)).toBe(accountId);
          }
          const after = await ownerOf(address);
          const [allowed, next] = proven === null ? ["prove", accountId] : ["remove", null];
          if (before !== null && after !== before) expect([what, after]).toEqual([allowed, next]);
          if (proven !== null && after !== proven) expect(proven).toBe(accountId);
          expect((await store.addresses(accountId))[0]?.provenAt).not.toBeNull();
          expect((await store.addresses(accountId)).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("is proven once, by the claim's own account, while its links are honoured", async () => {
    const { id: claimId } = await claim("jane", "work@example.com");
    const link = { claimId, accountId: "jane", epoch: 0, at: NOW };
    expect(await store.proveAddress({ ...link, accountId: "joe" })).toBe(false);
    expect(await store.proveAddress({ ...link, epoch: 1 })).toBe(false);
    expect(await store.claimedAddress(link)).toBe("work@example.com");
    expect(await store.proveAddress(link)).toBe(true);
    expect(await store.addresses("jane")).toMatchObject([
      { address: "jane@example.com" },
      { address: "work@example.com", provenAt: NOW.epochMilliseconds },
    ]);
    expect(await store.claimedAddress(link)).toBeNull();
    expect(await store.addressClaims("jane", NOW)).toEqual([]);
    await store.removeAddress("jane", "work@example.com");
    expect(await store.proveAddress(link)).toBe(false);
    expect(await ownerOf("work@example.com")).toBeNull();
  });

  it("that was only signed up with goes to whoever proves it, and is not their first one", async () => {
    await store.createAccount({ ...newAccount("squatter"), address: "work@example.com", at: NOW });
    await anAccount("late");
    const { id: claimId } = await claim("late", "work@example.com");
    expect(await ownerOf("work@example.com")).toBe("squatter");
    const link = { claimId, accountId: "late", epoch: 0, at: NOW };
    for (const wrong of [{ claimId: "none" }, { accountId: "joe" }, { epoch: 1 }]) {
      expect(await store.proveAddress({ ...link, ...wrong })).toBe(false);
      expect(await ownerOf("work@example.com")).toBe("squatter");
      expect(await store.account("squatter")).toMatchObject({ linkEpoch: 0 });
    }
    expect(await store.proveAddress(link)).toBe(true);
    expect(await store.account("late")).toMatchObject({ address: "late@example.com", linkEpoch: 0 });
    expect((await store.addresses("late")).map(({ address }) => address)).toEqual([
      "late@example.com",
      "work@example.com",
    ]);
    expect(await store.accountIdOfProvenAddress("work@example.com")).toBe("late");
  });

  it("that was signed up with and proven before the claim's link is pressed stays where it is", async () => {
    await store.createAccount({ ...newAccount("ann"), address: "ann@example.com", at: NOW });
    const { id: claimId } = await claim("jane", "ann@example.com");
    await signIn("ann");
    expect(await store.proveAddress({ claimId, accountId: "jane", epoch: 0, at: NOW })).toBe(false);
    expect(await ownerOf("ann@example.com")).toBe("ann");
    expect(await store.account("ann")).toMatchObject({ linkEpoch: 0 });
  });

  it("once proven is not given back by the link to the account that was made with it", async () => {
    await store.createAccount({ ...newAccount("squatter"), address: "work@example.com", at: NOW });
    const { id: claimId } = await claim("jane", "work@example.com");
    await store.proveAddress({ claimId, accountId: "jane", epoch: 0, at: NOW });
    // Also with a link that it would honour: it has no address to prove.
    for (const epoch of [0, 1]) expect(await signIn("squatter", epoch)).toBe(epoch === 1);
    expect(await ownerOf("work@example.com")).toBe("jane");
    expect(await store.addresses("squatter")).toEqual([]);
    expect(await store.account("squatter")).toBeNull();
    await store.createAccount({ ...newAccount("again"), address: "work@example.com", at: NOW });
    expect(await ownerOf("work@example.com")).toBe("jane");
  });

  it("uses up every link that asked for it", async () => {
    const first = await claim("jane", "work@example.com");
    const second = await claim("jane", "work@example.com", { minutes: 6 });
    for (const [{ id: claimId }, isProven] of [
      [second, true],
      [first, false],
    ] as const) {
      expect(await store.proveAddress({ claimId, accountId: "jane", epoch: 0, at: NOW })).toBe(isProven);
    }
  });

  it("that is the last proven one stays, and with any other one every link that was sent goes", async () => {
    expect(await store.removeAddress("jane", "jane@example.com")).toBe(false);
    const { id: claimId } = await claim("jane", "work@example.com");
    await store.proveAddress({ claimId, accountId: "jane", epoch: 0, at: NOW });
    expect(await store.removeAddress("jane", "joe@example.com")).toBe(false);
    expect(await store.account("jane")).toMatchObject({ linkEpoch: 0 });
    expect(await store.removeAddress("jane", "jane@example.com")).toBe(true);
    expect(await store.account("jane")).toMatchObject({ linkEpoch: 1, address: "work@example.com" });
    expect(await store.removeAddress("jane", "work@example.com")).toBe(false);
    expect(await ownerOf("joe@example.com")).toBe("joe");
  });
});

/** Makes an account whose first address is proven, unless the address belongs to one. */
async function anAccount(id: string, address = `${id}@example.com`): Promise<void> {
  await store.createAccount({ ...newAccount(id), address, at: NOW });
  await signIn(id);
}

/** Whether a link of the account opens it. */
function signIn(id: string, epoch = 0): Promise<boolean> {
  const session = { sessionId: `session-${id}`, tokenHash: `hash-${id}`, userAgent: "Test" };
  return store.signIn({ ...session, linkId: `link-${id}`, linkExpiresAt: NOW, accountId: id, epoch, at: NOW });
}

async function claim(accountId: string, address: string, later: Temporal.DurationLike = { hours: 0 }) {
  const id = `claim-${(number += 1)}`;
  return { id, isMade: await store.claimAddress({ id, accountId, address, at: NOW.add(later) }) };
}

/** Addresses of the letters that ask for a proof. */
async function letters(): Promise<unknown[]> {
  return (await rowsOf(app, "letters")).filter((row) => row.includes("prove-address")).map((row) => row[3]);
}

async function ownerOf(address: string): Promise<string | null> {
  return (await store.accountOfAddress(address))?.id ?? null;
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { newAccount } from "../test/store-calls.ts";
import type { SignIn } from "./libsql-sessions.ts";
import type { Store } from "./libsql-store.ts";

const DAYS_30 = { hours: 30 * 24 };

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

describe("a link", () => {
  it("makes one session, however many use it at once", async () => {
    const uses = Array.from({ length: 5 }, () => aSignIn({ linkId: "link" }));
    const used = await Promise.all(uses.map((each) => store.signIn(each)));
    expect(used).toEqual([true, false, false, false, false]);
    expect(await store.sessions("jane", NOW)).toMatchObject([{ id: uses[0]?.sessionId }]);
    expect(await store.session(uses[1]?.tokenHash ?? "", NOW)).toBeNull();
  });

  it("of another epoch, or of nobody, makes none and is not used up", async () => {
    expect(await store.signIn(aSignIn({ linkId: "link", epoch: 1 }))).toBe(false);
    expect(await store.signIn(aSignIn({ linkId: "link", accountId: "nobody" }))).toBe(false);
    expect(await rowsOf(app, "used_links")).toEqual([]);
    await store.revokeLinks("jane");
    expect(await store.signIn(aSignIn({ linkId: "link" }))).toBe(false);
    expect(await store.signIn(aSignIn({ linkId: "link", epoch: 1 }))).toBe(true);
  });

  it("proves its own account's address, once", async () => {
    const proven = async () => (await rowsOf(app, "addresses")).map((row) => [row[1], row[3]]);
    await store.signIn(aSignIn({ epoch: 9 }));
    expect(await proven()).toEqual([
      ["jane", null],
      ["joe", null],
    ]);
    await store.signIn(aSignIn({}));
    await store.signIn(aSignIn({ at: NOW.add({ hours: 1 }) }));
    expect(await proven()).toEqual([
      ["jane", NOW.epochMilliseconds],
      ["joe", null],
    ]);
  });

  it("stays used for a day after it ended", async () => {
    await store.signIn(aSignIn({ linkId: "link", linkExpiresAt: NOW }));
    await store.forgetExpired(NOW.add({ hours: 24 }));
    expect(await rowsOf(app, "used_links")).toHaveLength(1);
    await store.forgetExpired(NOW.add({ hours: 25 }));
    expect(await rowsOf(app, "used_links")).toEqual([]);
  });
});

describe("a session", () => {
  it("ends 30 days after it was last seen, which is written down at most once an hour", async () => {
    await store.signIn(aSignIn({ tokenHash: "hash" }));
    const hour = NOW.add({ hours: 1 });
    expect(await store.session("hash", hour)).toMatchObject({ accountId: "jane", isRenewed: false });
    const later = hour.add({ milliseconds: 1 });
    expect(await store.session("hash", later)).toMatchObject({ isRenewed: true });
    expect(await store.session("hash", later)).toMatchObject({ isRenewed: false, lastSeenAt: later.epochMilliseconds });
    const last = later.add(DAYS_30).subtract({ milliseconds: 1 });
    expect(await store.sessions("jane", last)).toHaveLength(1);
    expect(await store.session("hash", later.add(DAYS_30))).toBeNull();
    expect(await store.sessions("jane", later.add(DAYS_30))).toEqual([]);
    await store.forgetExpired(later.add(DAYS_30).add({ milliseconds: 1 }));
    expect(await rowsOf(app, "sessions")).toEqual([]);
  });

  it("is not brought back by a page that was under way when it was ended", async () => {
    await store.signIn(aSignIn({ tokenHash: "hash", sessionId: "session" }));
    const later = NOW.add({ hours: 2 });
    const [, isRevoked] = await Promise.all([store.session("hash", later), store.revokeSession("jane", "session")]);
    expect(isRevoked).toBe(true);
    expect(await store.session("hash", later)).toBeNull();
  });

  it("can be ended alone, or all others with it kept", async () => {
    for (const sessionId of ["one", "two", "three"]) await store.signIn(aSignIn({ sessionId }));
    expect(await store.revokeSession("jane", "two")).toBe(true);
    expect(await store.revokeSession("jane", "two")).toBe(false);
    await store.signIn(aSignIn({ accountId: "joe", sessionId: "of joe" }));
    await store.revokeOtherSessions("jane", "three");
    expect(await store.sessions("jane", NOW)).toMatchObject([{ id: "three" }]);
    expect(await store.sessions("joe", NOW)).toHaveLength(1);
  });
});

function aSignIn(parts: Partial<SignIn>): SignIn {
  number += 1;
  return {
    linkId: `link-${number}`,
    linkExpiresAt: NOW.add({ minutes: 30 }),
    accountId: "jane",
    epoch: 0,
    sessionId: `session-${number}`,
    tokenHash: `hash-${number}`,
    userAgent: "Test",
    at: NOW,
    ...parts,
  };
}

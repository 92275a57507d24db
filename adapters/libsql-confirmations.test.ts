import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { allRows } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { keepRequest, requestLink } from "../test/gmail-confirmations.ts";
import { newAccount } from "../test/store-calls.ts";
import type { Store } from "./libsql-store.ts";

const LEASE_MS = 60_000;

let app: FakeApp;
let store: Store;

beforeEach(async () => {
  app = await fakeApp();
  store = app.store;
  for (const id of ["jane", "joe"]) {
    await store.createAccount({ ...newAccount(id), address: `${id}@example.com`, at: NOW });
  }
});
afterEach(() => app.close());

describe("a request to forward that is due", () => {
  it("goes to one confirmer, with its link and the number of this try", async () => {
    await request("mail", NOW);
    const claims = await Promise.all([1, 2, 3].map(() => store.claimConfirmation(NOW, LEASE_MS)));
    expect(claims).toEqual([{ mailId: "mail", link: requestLink("mail"), attempts: 1 }, null, null]);
  });

  it("is due again when its confirmer died, once the lease is over", async () => {
    await request("mail", NOW);
    await store.claimConfirmation(NOW, LEASE_MS);
    expect(await store.claimConfirmation(NOW.add({ milliseconds: LEASE_MS - 1 }), LEASE_MS)).toBeNull();
    const again = await store.claimConfirmation(NOW.add({ milliseconds: LEASE_MS }), LEASE_MS);
    expect(again).toMatchObject({ attempts: 2 });
  });

  it("is due when it was put off to, and not before", async () => {
    await request("mail", NOW);
    await store.claimConfirmation(NOW, LEASE_MS);
    await store.confirmationDelayed("mail", NOW.add({ hours: 1 }));
    expect(await store.claimConfirmation(NOW.add({ minutes: 59 }), LEASE_MS)).toBeNull();
    expect(await store.claimConfirmation(NOW.add({ hours: 1 }), LEASE_MS)).toMatchObject({ attempts: 2 });
  });

  it("comes before those that are due for a shorter time", async () => {
    for (const [id, minutes] of [
      ["first", 2],
      ["second", 0],
      ["third", 1],
    ] as const) {
      await request(id, NOW.add({ minutes }));
    }
    const order = [];
    for (let count = 0; count < 3; count += 1) {
      order.push((await store.claimConfirmation(NOW.add({ hours: 1 }), LEASE_MS))?.mailId);
    }
    expect(order).toEqual(["second", "third", "first"]);
  });

  it("is never due again once Google answered", async () => {
    for (const [id, answer] of [
      ["yes", "confirmed"],
      ["no", "refused"],
    ] as const) {
      await request(id, NOW);
      await store.claimConfirmation(NOW, LEASE_MS);
      await store.confirmationDone(id, answer, NOW.add({ seconds: 1 }));
      expect(await stateOf(id)).toEqual([answer, NOW.add({ seconds: 1 }).epochMilliseconds]);
    }
    expect(await store.claimConfirmation(NOW.add({ hours: 9 }), LEASE_MS)).toBeNull();
  });

  it("is never due again once it is left to its person", async () => {
    await request("mail", NOW);
    await store.claimConfirmation(NOW, LEASE_MS);
    await store.confirmationDelayed("mail", null);
    expect(await stateOf("mail")).toEqual(["waiting", null]);
    expect(await store.claimConfirmation(NOW.add({ hours: 9 }), LEASE_MS)).toBeNull();
  });

  it("keeps its first answer, whatever a slow second confirmer says", async () => {
    await request("mail", NOW);
    await store.claimConfirmation(NOW, LEASE_MS);
    await store.confirmationDone("mail", "confirmed", NOW);
    const before = await allRows(app);
    await store.confirmationDone("mail", "refused", NOW.add({ seconds: 9 }));
    await store.confirmationDelayed("mail", NOW.add({ hours: 1 }));
    await store.confirmationDelayed("mail", null);
    expect(await allRows(app)).toEqual(before);
  });
});

describe("a request to forward that waits for its person", () => {
  it("is never due, and nothing is written down about it", async () => {
    await request("mail", NOW, { isDue: false });
    const before = await allRows(app);
    expect(await store.claimConfirmation(NOW.add({ hours: 9 }), LEASE_MS)).toBeNull();
    await store.confirmationDone("mail", "confirmed", NOW);
    await store.confirmationDelayed("mail", NOW);
    expect(await allRows(app)).toEqual(before);
  });
});

it("shows an account's own requests, newest first", async () => {
  await request("old", NOW);
  await request("new", NOW.add({ minutes: 1 }), { isDue: false });
  await request("foreign", NOW, { account: "joe" });
  const common = { requester: "jane@example.com", code: "123456789", settledAt: null };
  expect(await store.confirmations("jane")).toEqual([
    { ...common, link: requestLink("new"), receivedAt: NOW.add({ minutes: 1 }).epochMilliseconds, state: "waiting" },
    { ...common, link: requestLink("old"), receivedAt: NOW.epochMilliseconds, state: "due" },
  ]);
});

function request(id: string, at: Temporal.Instant, { isDue = true, account = "jane" } = {}): Promise<void> {
  return keepRequest(store, { id, accountId: account, isDue, at });
}

/** State, and when it was settled. */
async function stateOf(mailId: string): Promise<unknown[]> {
  const rows = (await allRows(app))["forwarding_confirmations"] ?? [];
  const row = rows.find(([id]) => id === mailId);
  return [row?.[6], row?.[9]];
}

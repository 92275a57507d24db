import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { allRows } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { newAccount, aDelivery, anInterpretation, aPurchase } from "../test/store-calls.ts";
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

describe("mails that wait", () => {
  it("go to one claimer each, oldest first, however many ask at once", async () => {
    let count = 0;
    const limits = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }), limits, async (size, asked) => {
        const start = NOW.add({ hours: (count += 1) });
        // Kept in another order than they came.
        const wanted = Array.from({ length: size }, (_, index) => `mail-${count}-${String(index).padStart(2, "0")}`);
        for (const [index, id] of [...wanted.entries()].toReversed()) await keep(id, start.add({ seconds: index }));
        const claims = await Promise.all(
          asked.map((limit) => store.claimMails(start.add({ minutes: 1 }), LEASE_MS, limit)),
        );
        const ids = claims.flat().map(({ id }) => id);
        expect(ids).toEqual(
          wanted.slice(
            0,
            asked.reduce((sum, limit) => sum + limit, 0),
          ),
        );
        for (const [index, claim] of claims.entries()) expect(claim.length).toBeLessThanOrEqual(asked[index] ?? 0);
        const rest = await store.claimMails(start.add({ minutes: 1 }), LEASE_MS, 100);
        await store.finishMails([...claims.flat(), ...rest].map(({ id }) => anInterpretation(id, "review", "jane")));
      }),
      { numRuns: 20 },
    );
  });

  it("are nobody else's until the lease is over, and then are counted as tried", async () => {
    await keep("mail", NOW);
    expect(await store.claimMails(NOW, LEASE_MS, 10)).toEqual([
      {
        id: "mail",
        accountId: "jane",
        route: "alert",
        recipient: "",
        receivedAt: NOW.epochMilliseconds,
        attempts: 1,
        outcome: null,
        originCheck: null,
      },
    ]);
    expect(await store.claimMails(NOW.add({ milliseconds: LEASE_MS - 1 }), LEASE_MS, 10)).toEqual([]);
    expect(await store.claimMails(NOW.add({ milliseconds: LEASE_MS }), LEASE_MS, 10)).toMatchObject([{ attempts: 2 }]);
  });

  it("are free again when the clock was ahead as they were taken, and is set back", async () => {
    await keep("mail", NOW);
    await store.claimMails(NOW.add({ hours: 24 }), LEASE_MS, 10);
    expect(await store.claimMails(NOW, LEASE_MS, 10)).toMatchObject([{ id: "mail" }]);
    await store.finishMails([
      { ...anInterpretation("mail", "unverified", "jane"), tryAgainAt: NOW.add({ hours: 1 }).epochMilliseconds },
    ]);
    expect(await store.claimMails(NOW, LEASE_MS, 10)).toEqual([]);
    expect(await store.claimMails(NOW.subtract({ hours: 24 }), LEASE_MS, 10)).toMatchObject([{ id: "mail" }]);
    await store.finishMails([
      { ...anInterpretation("mail", "unverified", "jane"), tryAgainAt: NOW.add({ hours: 24 }).epochMilliseconds },
    ]);
    expect(await store.claimMails(NOW, LEASE_MS, 10)).toEqual([]);
  });

  it("go to one claimer also when they are taken again", async () => {
    await keep("mail", NOW);
    await store.claimMails(NOW, LEASE_MS, 10);
    const later = NOW.add({ milliseconds: LEASE_MS });
    const claims = await Promise.all([1, 2, 3].map(() => store.claimMails(later, LEASE_MS, 10)));
    expect(claims.flat()).toMatchObject([{ id: "mail", attempts: 2 }]);
  });

  it("are taken alone after they were taken without coming to an end", async () => {
    for (const id of ["mail-1", "mail-2", "mail-3"]) await keep(id, NOW);
    await store.claimMails(NOW, LEASE_MS, 2);
    const later = NOW.add({ milliseconds: LEASE_MS });
    const claims = [];
    for (let count = 0; count < 4; count += 1) claims.push(await store.claimMails(later, LEASE_MS, 10));
    expect(claims.map((claim) => claim.map(({ id, attempts }) => `${id} ${attempts}`))).toEqual([
      ["mail-1 2"],
      ["mail-2 2"],
      ["mail-3 1"],
      [],
    ]);
  });

  it("wait no more once they are finished", async () => {
    await keep("mail", NOW);
    await store.claimMails(NOW, LEASE_MS, 10);
    await store.finishMails([anInterpretation("mail", "review", "jane")]);
    await store.requeueMails();
    expect(await store.claimMails(NOW.add({ hours: 1 }), LEASE_MS, 10)).toEqual([]);
  });
});

describe("finishMails", () => {
  beforeEach(async () => {
    for (const id of ["mail-1", "mail-2"]) await keep(id, NOW);
    await store.claimMails(NOW, LEASE_MS, 10);
  });

  it("writes all or nothing", async () => {
    const before = await allRows(app);
    const broken = { ...aPurchase("jane", "mail-2", "addressed"), currency: "DOLLAR" };
    await expect(
      store.finishMails([
        { ...anInterpretation("mail-1", "booked", "jane"), purchases: [aPurchase("jane", "mail-1", "addressed")] },
        { ...anInterpretation("mail-2", "booked", "jane"), purchases: [broken] },
      ]),
    ).rejects.toThrow("CHECK constraint failed");
    expect(await allRows(app)).toEqual(before);
    expect(await store.claimMails(NOW.add({ milliseconds: LEASE_MS }), LEASE_MS, 10)).toHaveLength(1);
  });

  it("withdraws what a better reading does without, unless its person changed it in between", async () => {
    const two = [0, 1].map((position) => {
      const purchase = { ...aPurchase("jane", "mail-1", "addressed"), position };
      return { ...purchase, id: `purchase-${position}` };
    });
    await store.finishMails([{ ...anInterpretation("mail-1", "booked", "jane"), purchases: two }]);
    const change = {
      accountId: "jane",
      purchaseId: "purchase-1",
      at: NOW,
      merchant: "Mine",
      isNamed: true,
      amountMinor: 1,
    };
    await store.amend({ ...change, id: "change", removed: false });
    await store.replayMails(["mail-1"]);
    await store.finishMails([{ ...anInterpretation("mail-1", "not_a_purchase", "jane"), withdrawn: [0, 1] }]);
    const purchases = await store.searchPurchases("jane", { text: null, from: null, to: null }, null, 10);
    expect(purchases.map(({ id, removed }) => [id, removed])).toEqual([
      ["purchase-1", 0],
      ["purchase-0", 1],
    ]);
  });

  it("changes nothing when it is repeated, with the same ids or others", async () => {
    const whole = (run: number) => [
      {
        ...anInterpretation("mail-1", "booked", "jane"),
        purchases: [{ ...aPurchase("jane", "mail-1", "addressed"), id: `purchase-${run}` }],
        confirmation: { requester: "jane@example.com", code: "123456789", link: null, isDue: false },
      },
      {
        ...anInterpretation("mail-2", "signup", null),
        signUp: {
          id: "signup",
          address: "new@example.com",
          newAccount: newAccount(`new-${run}`),
          network: null,
          next: null,
          at: NOW,
        },
      },
    ];
    await store.finishMails(whole(1));
    const before = await allRows(app);
    expect(before["purchases"]).toHaveLength(1);
    expect(before["letters"]).toHaveLength(1);
    await store.finishMails(whole(1));
    await store.finishMails(whole(2));
    await Promise.all([store.finishMails(whole(1)), store.finishMails(whole(3))]);
    expect(await allRows(app)).toEqual(before);
  });

  it("books for nobody but the mail's own account", async () => {
    await store.finishMails([
      { ...anInterpretation("mail-1", "booked", "joe"), purchases: [aPurchase("joe", "mail-1", "addressed")] },
    ]);
    expect((await allRows(app))["purchases"]).toEqual([]);
    expect(await store.mail("jane", "mail-1")).toMatchObject({ id: "mail-1" });
    expect(await store.mail("joe", "mail-1")).toBeNull();
  });

  it("books a sample once, and only the one that the account asked for", async () => {
    const sample = { code: "code", letterId: "letter", accountId: "joe", to: "joe@example.com", at: NOW };
    await store.requestSample(sample);
    for (const id of ["mail-joe", "mail-joe-2"]) await keep(id, NOW, "joe");
    const claimed = (id: string, account: string) => ({
      ...anInterpretation(id, "booked", account),
      sampleCode: "code",
      purchases: [aPurchase(account, id, "sample")],
    });
    await store.finishMails([
      claimed("mail-1", "jane"),
      claimed("mail-joe", "joe"),
      claimed("mail-joe-2", "joe"),
      claimed("mail-2", "jane"),
    ]);
    expect((await allRows(app))["purchases"]).toHaveLength(1);
    expect(await store.samplePurchase("joe")).toMatchObject({ mailId: "mail-joe" });
    expect(await store.samplePurchase("jane")).toBeNull();
    expect(await store.outcomeOf("mail-1")).toEqual({
      outcome: "ours",
      reason: "A sample of ours that counts no more.",
    });
    expect(await store.sampleAskedAt("joe")).toBeNull();
  });
});

describe("a decision in review", () => {
  let number = 0;

  beforeEach(async () => {
    for (const id of ["mail-1", "mail-2"]) await keep(id, NOW);
    await store.claimMails(NOW, LEASE_MS, 10);
    const booked = { ...anInterpretation("mail-2", "booked", "jane"), purchases: [] };
    await store.finishMails([anInterpretation("mail-1", "review", "jane"), booked]);
  });

  it("counts until the next one that may follow it, and books once", async () => {
    for (const [decision, isMade, waiting, aside, purchases] of [
      ["waiting", false, 1, 0, 0],
      ["dismissed", true, 0, 1, 0],
      ["dismissed", false, 0, 1, 0],
      ["booked", false, 0, 1, 0],
      ["waiting", true, 1, 0, 0],
      ["booked", true, 0, 0, 1],
      ["booked", false, 0, 0, 1],
      ["dismissed", false, 0, 0, 1],
      ["waiting", false, 0, 0, 1],
    ] as const) {
      expect(await decide(decision)).toBe(isMade);
      expect(await store.countInReview("jane")).toBe(waiting);
      expect(await store.mailsInReview("jane", null, 10)).toHaveLength(waiting);
      expect(await store.mailsSetAside("jane", 10)).toHaveLength(aside);
      expect((await allRows(app))["purchases"]).toHaveLength(purchases);
    }
  });

  it("is made once when it is made several times at once", async () => {
    const made = await Promise.all([decide("dismissed"), decide("booked"), decide("booked"), decide("dismissed")]);
    expect(made).toEqual([true, false, false, false]);
    expect((await allRows(app))["review_decisions"]).toHaveLength(1);
    expect((await allRows(app))["purchases"]).toEqual([]);
  });

  it("is for mails in review only", async () => {
    const decision = { id: "decision", accountId: "jane", decision: "booked", at: NOW } as const;
    for (const mailId of ["mail-2", "unknown"]) {
      const purchases = [aPurchase("jane", mailId, "person")];
      expect(await store.decide({ ...decision, mailId, purchases })).toBe(false);
    }
    expect((await allRows(app))["purchases"]).toEqual([]);
  });

  it("of another account books nothing, not even beside what was booked", async () => {
    const decision = { accountId: "jane", mailId: "mail-1", decision: "booked", at: NOW } as const;
    await store.decide({ ...decision, id: "decision", purchases: [aPurchase("jane", "mail-1", "person")] });
    const second = { ...aPurchase("joe", "mail-1", "person"), id: "second", position: 1 };
    expect(await store.decide({ ...decision, id: "decision-2", accountId: "joe", purchases: [second] })).toBe(false);
    expect((await allRows(app))["purchases"]).toHaveLength(1);
  });

  function decide(decision: "booked" | "dismissed" | "waiting"): Promise<boolean> {
    number += 1;
    return store.decide({
      id: `decision-${number}`,
      accountId: "jane",
      mailId: "mail-1",
      decision,
      purchases: [{ ...aPurchase("jane", "mail-1", "person"), id: `purchase-${number}` }],
      at: NOW.add({ seconds: number }),
    });
  }
});

it("has no payload for a mail that is not there", async () => {
  expect(await store.payload("unknown")).toBeNull();
});

async function keep(id: string, at: Temporal.Instant, account = "jane"): Promise<void> {
  await store.keepMail({ ...aDelivery(id), token: `token-${account}`, at });
}

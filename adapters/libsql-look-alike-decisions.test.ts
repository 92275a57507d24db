import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { currentOf } from "../ledger/amendments.ts";
import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import {
  anInterpretation,
  aPurchase,
  asCompared,
  bookPurchase,
  fillStore,
  OWNER,
  STRANGER,
} from "../test/store-calls.ts";

const EVERYTHING = { text: null, from: null, to: null } as const;
const TRIANGLE = [
  [0, 1],
  [1, 2],
  [0, 2],
] as const;
/** Four purchases of which any two may be one. */
const ALL_PAIRS = [...TRIANGLE, [0, 3], [1, 3], [2, 3]] as const;

const RUNS = 60;

let app: FakeApp;
let fresh = 0;

beforeEach(async () => {
  app = await fakeApp();
  await fillStore(app.store);
});
afterEach(() => app.close());

describe("deciding that two purchases are one", () => {
  it("counts the one that is kept, and both again once they are parted", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    expect(await join(pairs[0], ids[1])).toBe(true);
    expect(await joinedInto(ids)).toEqual([ids[1], null, null]);
    expect(await part(pairs[0])).toBe(true);
    expect(await joinedInto(ids)).toEqual([null, null, null]);
  });

  it("has what was joined before move along to what counts now", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    await join(pairs[0], ids[1]);
    await join(pairs[1], ids[2]);
    expect(await joinedInto(ids)).toEqual([ids[2], ids[2], null]);
    await part(pairs[1]);
    expect(await joinedInto(ids)).toEqual([ids[1], null, null]);
  });

  it("lets one of those count that are left when the one that counted is parted from them", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    await join(pairs[0], ids[0]);
    await join(pairs[1], ids[0]);
    expect(await joinedInto(ids)).toEqual([null, ids[0], ids[0]]);
    await part(pairs[0]);
    const [first, ...others] = await joinedInto(ids);
    expect([first, others.filter((into) => into === null).length]).toEqual([null, 1]);
  });

  it.each(["joined", "apart", "waiting"] as const)("counts a second press of %s once", async (decision) => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    await (decision === "waiting" ? part(pairs[0]) : Promise.resolve());
    const before = await rowsOf(app, "look_alike_decisions");
    const presses = await Promise.all(Array.from({ length: 4 }, () => decide(pairs[0], decision, ids[0])));
    expect(presses.filter((isMade) => isMade)).toHaveLength(1);
    expect(await decide(pairs[0], decision, ids[0])).toBe(false);
    expect(await rowsOf(app, "look_alike_decisions")).toHaveLength(before.length + 1);
  });

  it("refuses to keep what counts for neither, what is in no total, and to join what is one already", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    expect(await join(pairs[0], ids[2])).toBe(false);
    expect(await join(pairs[0], undefined)).toBe(false);
    await remove(ids[2]);
    expect(await join(pairs[2], ids[0])).toBe(false);
    await putBack(ids[2]);
    await join(pairs[0], ids[1]);
    expect(await join(pairs[2], ids[0])).toBe(false);
    expect(await join(pairs[2], ids[1])).toBe(true);
    expect(await join(pairs[1], ids[1])).toBe(false);
    expect(await joinedInto(ids)).toEqual([ids[1], null, ids[1]]);
  });

  it("takes back once what is taken back twice, and nothing but the newest", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    await join(pairs[0], ids[0]);
    const joined = (await app.store.lookAlike(OWNER, pairs[0] ?? ""))?.undoable ?? "";
    await part(pairs[0]);
    const on = { accountId: OWNER, lookAlikeId: pairs[0] ?? "", at: NOW };
    expect(await app.store.undoLookAlike({ ...on, id: "too early", change: joined })).toBe(false);
    const parted = (await app.store.lookAlike(OWNER, pairs[0] ?? ""))?.undoable ?? "";
    const presses = ["one", "two"].map((id) => app.store.undoLookAlike({ ...on, id, change: parted }));
    expect((await Promise.all(presses)).filter((isMade) => isMade)).toHaveLength(1);
    expect(await joinedInto(ids)).toEqual([null, ids[0], null]);
    expect(await undo(pairs[0])).toBe(true);
    expect(await undo(pairs[0])).toBe(false);
    expect(await joinedInto(ids)).toEqual([null, null, null]);
  });

  it("does not join again by an undo what is in no total any more", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    await join(pairs[0], ids[0]);
    await part(pairs[0]);
    await readAgain(ids[0] ?? "", "not_a_purchase");
    expect(await undo(pairs[0])).toBe(false);
    expect((await app.store.purchase(OWNER, ids[1] ?? ""))?.removed).toBe(0);
  });

  it("changes nothing for another account, and knows no purchase of it", async () => {
    const { ids, pairs } = await lookAlikes(TRIANGLE);
    await join(pairs[0], ids[0]);
    const before = [await rowsOf(app, "look_alike_decisions"), await joinedInto(ids)];
    for (const decision of ["joined", "apart", "waiting"] as const) {
      for (const pair of pairs) expect(await decide(pair, decision, ids[0], STRANGER)).toBe(false);
    }
    const parted = await bookPurchase(app.store, { id: `strangers-${(fresh += 1)}` });
    expect(await join(pairs[1], parted)).toBe(false);
    expect([await rowsOf(app, "look_alike_decisions"), await joinedInto(ids)]).toEqual(before);
  });
});

describe("whatever is joined, parted and taken back, in whatever order", () => {
  it("each group of joined purchases counts once, unless its person removed it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 14 }), async (steps) => {
        const world = await lookAlikes(ALL_PAIRS);
        for (const step of steps) {
          await take(step, world);
          await expectEachGroupToCountOnce(world);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("each step back is the state before it, down to the first one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDecision, { maxLength: 14 }), async (steps) => {
        const world = await lookAlikes(ALL_PAIRS);
        const taken: { before: unknown; pair: string | undefined }[] = [];
        for (const step of steps) {
          const before = await purchaseRows(world);
          if (await take(step, world)) taken.push({ before, pair: world.pairs[step.pair] });
          else expect(await purchaseRows(world)).toEqual(before);
        }
        for (const { before, pair } of taken.toReversed()) {
          expect(await undo(pair)).toBe(true);
          expect(await purchaseRows(world)).toEqual(before);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("nothing is left of it once all of it is taken back, in any order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDecision, { maxLength: 14 }), async (steps) => {
        const world = await lookAlikes(ALL_PAIRS);
        const before = await purchaseRows(world);
        for (const step of steps) await take(step, world);
        for (let left = steps.length; left > 0; left -= 1) for (const pair of world.pairs) await undo(pair);
        expect((await decisionsOn(world)).filter((said) => said !== "waiting")).toEqual([]);
        expect(await purchaseRows(world)).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });
});

type World = { readonly ids: readonly string[]; readonly pairs: readonly string[] };
type Step = {
  readonly does: Said | "remove" | "put back" | "change" | "withdraw" | "book again";
  readonly pair: number;
  /** Of a join: what is kept, mostly one of the two that may be. */
  readonly purchase: number;
};

const place = { pair: fc.nat({ max: ALL_PAIRS.length - 1 }), purchase: fc.nat({ max: 3 }) };
const anyDecision = fc.record<Step>({ does: fc.constantFrom("joined", "joined", "joined", "apart"), ...place });
const anyStep = fc.record<Step>({
  does: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("joined", "joined", "joined", "apart", "waiting") },
    { weight: 2, arbitrary: fc.constantFrom("remove", "put back", "change", "withdraw", "book again") },
  ),
  ...place,
});

/** New purchases of OWNER's, and proposals that pairs of them may be one. */
async function lookAlikes(pairs: readonly (readonly [number, number])[]): Promise<World> {
  const ids: string[] = [];
  for (let number = 0; number <= Math.max(...pairs.flat()); number += 1) ids.push(await bookPurchase(app.store, {}));
  const proposals = pairs.map(([one, other]) => ({
    id: `pair-${(fresh += 1)}`,
    a: ids[one] ?? "",
    b: ids[other] ?? "",
    why: "same" as const,
    reason: "Same.",
  }));
  await app.store.proposeLookAlikes([{ accountId: OWNER, compared: ids.map(asCompared), proposals }], NOW);
  return { ids, pairs: proposals.map(({ id }) => id) };
}

/** Whether anything was decided. */
async function take({ does, pair, purchase }: Step, { ids, pairs }: World): Promise<boolean> {
  const [pairId = "", id = ""] = [pairs[pair], ids[purchase]];
  switch (does) {
    case "joined": {
      const said = await app.store.lookAlike(OWNER, pairId);
      return decide(pairId, does, [said?.firstCounted, said?.secondCounted][purchase] ?? id);
    }
    case "apart":
    case "waiting":
      return decide(pairId, does, id);
    case "remove":
      await remove(id);
      return false;
    case "put back":
      await putBack(id);
      return false;
    case "change":
      await amend(id, false, 99);
      return false;
    case "withdraw":
      await readAgain(id, "not_a_purchase");
      return false;
    case "book again":
      await readAgain(id, "booked");
      return false;
  }
}

type Said = "joined" | "apart" | "waiting";

/** `waiting` takes the newest decision back. */
async function decide(pair: string | undefined, said: Said, kept?: string, accountId = OWNER): Promise<boolean> {
  const on = { id: `decision-of-test-${(fresh += 1)}`, accountId, lookAlikeId: pair ?? "", at: NOW };
  if (said !== "waiting") {
    const decision = said === "joined" ? { is: said, kept: kept ?? "" } : { is: said };
    return app.store.decideLookAlike({ ...on, decision });
  }
  const undoable = (await app.store.lookAlike(OWNER, on.lookAlikeId))?.undoable;
  return undoable == null ? false : app.store.undoLookAlike({ ...on, change: undoable });
}

const join = (pair: string | undefined, kept: string | undefined) => decide(pair, "joined", kept);
const part = (pair: string | undefined) => decide(pair, "apart");
const undo = (pair: string | undefined) => decide(pair, "waiting");

async function amend(purchaseId: string | undefined, removed: boolean, amountMinor = 1234): Promise<void> {
  const change = { id: `change-of-test-${(fresh += 1)}`, accountId: OWNER, purchaseId: purchaseId ?? "", at: NOW };
  await app.store.amend({ ...change, merchant: "Shop", isNamed: true, amountMinor, removed });
}

const remove = (id: string | undefined) => amend(id, true);
const putBack = (id: string | undefined) => amend(id, false);

/** As a replay does. */
async function readAgain(id: string, outcome: "booked" | "not_a_purchase"): Promise<void> {
  const mailId = (await app.store.purchase(OWNER, id))?.mailId ?? "";
  const purchases = outcome === "booked" ? [{ ...aPurchase(OWNER, mailId, "addressed"), amountMinor: 77 }] : [];
  await app.store.replayMails([mailId]);
  const withdrawn = outcome === "booked" ? [] : [0];
  await app.store.finishMails([{ ...anInterpretation(mailId, outcome, OWNER), purchases, withdrawn }]);
}

/** For each purchase the one that counts for it. */
async function joinedInto(ids: readonly string[]): Promise<(string | null | undefined)[]> {
  const rows = await app.store.toldPurchases(OWNER, ids);
  return ids.map((id) => rows.find((row) => row.id === id)?.joinedInto);
}

const purchaseRows = ({ ids }: World) => app.store.toldPurchases(OWNER, ids);

async function expectEachGroupToCountOnce(world: World): Promise<void> {
  const rows = await app.store.toldPurchases(OWNER, world.ids);
  for (const group of await groupsOf(world)) {
    const members = rows.filter(({ id }) => group.includes(id));
    const [counted, second] = members.filter((row) => row.joinedInto === null);
    expect([counted?.id, second]).toEqual([expect.any(String), undefined]);
    if (counted === undefined) return;
    for (const { id, joinedInto: into } of members) expect(into).toBe(id === counted.id ? null : counted.id);
    const changes = await app.store.amendments(OWNER, counted.id);
    const booked = { merchant: "", isNamed: false, amountMinor: 0, removed: false } as const;
    const amendments = changes.map((row) => ({
      ...row,
      at: NOW,
      isNamed: row.named === 1,
      removed: row.removed === 1,
    }));
    const isLeftOut = currentOf(booked, amendments).removed || (group.length === 1 && counted.withdrawnAt !== null);
    expect(counted.removed).toBe(isLeftOut ? 1 : 0);
    for (const { id, removed } of members) expect(id === counted.id || removed === 1).toBe(true);
  }
}

async function decisionsOn({ pairs }: World): Promise<(string | undefined)[]> {
  return Promise.all(pairs.map(async (pair) => (await app.store.lookAlike(OWNER, pair))?.decision));
}

/** By what the person says, as an undirected graph. */
async function groupsOf({ ids, pairs }: World): Promise<string[][]> {
  let groups = ids.map((id) => [id]);
  for (const pair of pairs) {
    const row = await app.store.lookAlike(OWNER, pair);
    if (row?.decision !== "joined") continue;
    const touched = groups.filter((group) => group.includes(row.first) || group.includes(row.second));
    groups = [...groups.filter((group) => !touched.includes(group)), touched.flat()];
  }
  return groups;
}

it("leaves the totals what they were once everything is taken back", async () => {
  const totals = () => app.store.searchTotals(OWNER, EVERYTHING);
  const { ids, pairs } = await lookAlikes(TRIANGLE);
  const before = await totals();
  await join(pairs[0], ids[0]);
  await join(pairs[1], ids[0]);
  const [joined] = await totals();
  expect([joined?.count, joined?.amountMinor]).toEqual([
    (before[0]?.count ?? 0) - 2,
    (before[0]?.amountMinor ?? 0) - 2 * 1234,
  ]);
  for (const pair of pairs) await undo(pair);
  expect(await totals()).toEqual(before);
});

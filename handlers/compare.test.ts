import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { adversarialLedger } from "../test/adversarial-ledgers.ts";
import { bookEvents } from "../test/book-events.ts";
import { rowsOf } from "../test/database.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { anInterpretation } from "../test/store-calls.ts";
import { NEAR_MS } from "../ledger/look-alikes.ts";
import { compare } from "./compare.ts";
import { housekeeping } from "./housekeeping.ts";
import { interpret } from "./interpret.ts";
import { outbox } from "./outbox.ts";
import { weeklyLetters } from "./weekly-letters.ts";

const COFFEE = { merchant: "Corner Coffee", amountMinor: 450, at: "2026-11-20T16:00:00Z" };

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("comparing purchases", () => {
  it("proposes two that may be one, once, with the reason, and asks to be run again until nothing is left", async () => {
    const first = await bookEvents(app, jane, COFFEE);
    const second = await bookEvents(app, jane, COFFEE);
    expect(await compare(app)).toEqual({ compared: 2, proposed: 1 });
    expect(app.woken).toEqual(["compare"]);
    expect(await app.store.openLookAlikes(jane.id, 10)).toEqual([
      expect.objectContaining({
        why: "same",
        reason: "Both mails name the same minute, the same amount and the same merchant.",
        decision: "waiting",
        mayBeJoined: 1,
      }),
    ]);
    const [row] = await app.store.openLookAlikes(jane.id, 10);
    expect(new Set([row?.first, row?.second])).toEqual(new Set([...first, ...second]));
    expect(await compare(app)).toEqual({});
    expect(app.woken).toHaveLength(1);
  });

  it("proposes nothing of two accounts, and nothing of what was withdrawn", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await bookEvents(app, jane, COFFEE);
    await bookEvents(app, joe, COFFEE);
    const [gone = ""] = await bookEvents(app, jane, COFFEE);
    await readAgain(gone, []);
    await compareAll();
    expect(await rowsOf(app, "look_alikes")).toEqual([]);
    expect(await app.store.accountsToCompare(1)).toEqual([]);
  });

  it("compares each account's by itself, those of several at once", async () => {
    const joe = await signedIn(app, "joe@example.com");
    for (const person of [jane, joe, jane, joe]) await bookEvents(app, person, COFFEE);
    expect(await compare(app)).toEqual({ compared: 4, proposed: 2 });
    for (const { id } of [jane, joe]) expect(await app.store.countOpenLookAlikes(id)).toBe(1);
    expect(await compare(app)).toEqual({});
  });

  it("writes down at once what 200 purchases or 16 accounts come to, and gets to every account", async () => {
    const people = [jane];
    for (let number = 0; number < 20; number += 1) people.push(await signedIn(app, `joe${number}@example.com`));
    const shops = Array.from({ length: 40 }, (_none, shop) => ({
      merchant: `Shop ${shop}x`,
      amountMinor: 1_000 + shop,
    }));
    for (const person of people) await bookEvents(app, person, ...shops);
    const compared: number[] = [];
    let rests = 0;
    const giveWay = async () => void (rests += 1);
    for (let turn = 0; turn < 5; turn += 1) compared.push((await compare({ ...app, giveWay }))["compared"] ?? 0);
    expect(compared).toEqual([200, 200, 200, 200, 40]);
    // Before each account, and before what they came to is written down.
    expect(rests).toBe(people.length + 5);
    for (const person of people) await bookEvents(app, person, COFFEE);
    expect([(await compare(app))["compared"], (await compare(app))["compared"]]).toEqual([16, 5]);
  });

  it("loads no more of a history at once than what is near", async () => {
    for (const year of [2022, 2024, 2026]) await bookEvents(app, jane, { ...COFFEE, at: `${year}-11-01T16:00:00Z` });
    const sizes: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const found = await app.store.purchasesToCompare(jane.id, NEAR_MS, 200);
      sizes.push(found?.all.length ?? 0);
      expect(await compare(app)).toEqual({ compared: 1, proposed: 0 });
    }
    expect(sizes).toEqual([1, 1, 1]);
  });

  it("gets to every purchase, however many there are, and to those that come later", async () => {
    for (let mail = 0; mail < 5; mail += 1) {
      const day = `2026-10-${10 + mail}`;
      const shops = Array.from({ length: 50 }, (_none, shop) => ({ merchant: `Shop ${mail} ${shop}x`, at: day }));
      await bookEvents(app, jane, ...shops.map((event, shop) => ({ ...event, amountMinor: 1000 + 100 * mail + shop })));
    }
    expect(await compareAll()).toBe(250);
    await bookEvents(app, jane, COFFEE);
    await bookEvents(app, jane, COFFEE);
    expect(await compareAll()).toBe(2);
    expect(await app.store.countOpenLookAlikes(jane.id)).toBe(1);
  });

  it("withdraws a proposal that a better reading makes untrue, unless its person has decided about it", async () => {
    const pairs: string[] = [];
    for (const hour of [14, 15]) {
      const coffee = { ...COFFEE, at: `2026-11-20T${hour}:00:00Z` };
      const [id = ""] = await bookEvents(app, jane, coffee);
      await bookEvents(app, jane, coffee);
      pairs.push(id);
    }
    await compareAll();
    const [decided] = await app.store.lookAlikesOf(jane.id, pairs[0] ?? "");
    const on = { id: "said", accountId: jane.id, lookAlikeId: decided?.id ?? "", at: app.now() };
    expect(await app.store.decideLookAlike({ ...on, decision: { is: "joined", kept: decided?.first ?? "" } })).toBe(
      true,
    );
    for (const id of pairs) await readAgain(id, [{ amountMinor: 9999, merchant: `Shop ${id}` }]);
    await compareAll();
    expect(await app.store.openLookAlikes(jane.id, 10)).toEqual([]);
    expect(await app.store.lookAlikesOf(jane.id, pairs[0] ?? "")).toMatchObject([{ decision: "joined" }]);
    expect(await app.store.lookAlikesOf(jane.id, pairs[1] ?? "")).toEqual([]);
  });

  it("compares again what is read anew between being looked at and being written down", async () => {
    const [id = ""] = await bookEvents(app, jane, COFFEE);
    await bookEvents(app, jane, COFFEE);
    app.tick({ seconds: 1 });
    let rests = 0;
    const giveWay = async () => {
      rests += 1;
      if (rests === 2) await readAgain(id, [{ amountMinor: 9999 }]);
    };
    expect(await compare({ ...app, giveWay })).toEqual({ compared: 2, proposed: 1 });
    expect(await app.store.accountsToCompare(2)).toEqual([jane.id]);
    await compareAll();
    expect(await rowsOf(app, "look_alikes")).toEqual([]);
  });

  it("leaves proposals as they are when a mail is read again as before", async () => {
    const [id = ""] = await bookEvents(app, jane, COFFEE);
    await bookEvents(app, jane, COFFEE);
    await compareAll();
    const before = await rowsOf(app, "look_alikes");
    await readAgain(id, [{}]);
    expect(await app.store.accountsToCompare(2)).toEqual([jane.id]);
    await compareAll();
    expect(await rowsOf(app, "look_alikes")).toEqual(before);
  });
});

describe("nothing is ever joined by a program", () => {
  it("whatever the clock starts, on ledgers full of look-alikes", async () => {
    for (let seed = 1; seed <= 2; seed += 1) {
      for (const { candidate } of adversarialLedger(seed, "reported")) {
        const at = Temporal.Instant.fromEpochMilliseconds(candidate.occurredAt).toString();
        const { merchant, amountMinor, currency, card } = candidate;
        await bookEvents(app, jane, { merchant, amountMinor: Math.abs(amountMinor), currency, card, at });
      }
    }
    const before = await rowsOf(app, "purchases");
    await compareAll();
    app.tick({ hours: 24 * 8 });
    for (const task of [interpret, compare, outbox, weeklyLetters, housekeeping]) await task(app);
    expect(await app.store.countOpenLookAlikes(jane.id)).toBeGreaterThan(10);
    expect(await rowsOf(app, "look_alike_decisions")).toEqual([]);
    const sums = await app.store.searchTotals(jane.id, { text: null, from: null, to: null });
    expect(sums.reduce((all, { count }) => all + count, 0)).toBe(before.length);
  });

  it("since one call of the store writes it, one handler makes that call, and a person's POST alone leads there", () => {
    const sources = ["adapters", "handlers", "ledger", "access", "parsers", "schema"].flatMap(codeIn);
    const naming = (pattern: RegExp) => sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
    expect(naming(/INTO look_alike_decisions|SET joined_into/)).toEqual(["adapters/libsql-look-alike-decisions.ts"]);
    expect(naming(/store\s*\.(?:decide|undo)LookAlike\(/)).toEqual(["handlers/look-alikes.ts"]);
    const routes = readFileSync(join(ROOT, "router.ts"), "utf8").match(/^.*\bdecideLookAlike\b.*$/gm);
    expect(routes?.filter((line) => !line.startsWith("import"))).toEqual([
      '  ["POST", "/review/look-alikes/:id", ofPerson(decideLookAlike)],',
    ]);
    expect(naming(/\bdecideLookAlike\(request/)).toEqual(["handlers/look-alikes.ts"]);
  });
});

const ROOT = join(import.meta.dirname, "..");

function codeIn(folder: string): { path: string; code: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|sql)$/.test(name) && !name.endsWith(".test.ts"))
    .map((name) => ({ path: join(folder, name), code: readFileSync(join(ROOT, folder, name), "utf8") }));
}

/** Runs until nothing is left to compare; how many purchases that were. */
async function compareAll(): Promise<number> {
  let all = 0;
  for (let done = await compare(app); done["compared"] !== undefined; done = await compare(app))
    all += done["compared"];
  return all;
}

/** As a replay reads a purchase's mail: of its purchases these are left, each changed in these parts. */
async function readAgain(id: string, purchases: readonly { amountMinor?: number; merchant?: string }[]): Promise<void> {
  const stored = await app.store.purchase(jane.id, id);
  if (stored === null) throw new Error("There is no such purchase.");
  const outcome = purchases.length > 0 ? "booked" : "not_a_purchase";
  await app.store.replayMails([stored.mailId]);
  await app.store.finishMails([
    {
      ...anInterpretation(stored.mailId, outcome, jane.id),
      interpretedAt: app.now().epochMilliseconds,
      purchases: purchases.map((changes) => ({ ...stored, accountId: jane.id, position: 0, ...changes })),
      withdrawn: purchases.length > 0 ? [] : [0],
    },
  ]);
}

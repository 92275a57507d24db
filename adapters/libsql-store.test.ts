import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { allRows } from "../test/database.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { callsForAnAccount, fillStore, otherCalls, OWNER, STRANGER } from "../test/store-calls.ts";
import { storeOn } from "./libsql-store.ts";
import { openDatabase, type Database, type Statement } from "./libsql.ts";

type Calls = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
  await fillStore(app.store);
});
afterEach(() => app.close());

it("has no call that these tests do not know", () => {
  const known = [...Object.keys(callsForAnAccount), ...Object.keys(otherCalls), "close"];
  expect(Object.keys(app.store).toSorted()).toEqual(known.toSorted());
  for (const [name, call] of Object.entries(callsOf(app.store))) {
    const [parameters = ""] = String(call).split(/=>|\{/);
    if (name in otherCalls) expect(parameters).not.toMatch(/\baccountId\b/);
  }
});

describe("a call for one account shows and changes nothing of another's", () => {
  const strangers = fc.oneof(
    fc.constantFrom(STRANGER, "", "OWNER", "owner ", " owner", "owner\0", "%", "own%", "_wner", "' OR ''='", "null"),
    fc.string({ maxLength: 20 }).filter((id) => id !== OWNER),
  );
  // These give a stranger what is the stranger's own.
  const giveOwn = [
    "account",
    "addresses",
    "alertAddresses",
    "claimAddress",
    "requestSample",
    "recipientFacts",
    "wantsWeeklyLetter",
  ];

  it.each(Object.entries(callsForAnAccount))("%s", async (name, argsFor) => {
    const before = await rowsWithout(STRANGER);
    await fc.assert(
      fc.asyncProperty(strangers, async (stranger) => {
        const answer = await answerOf(name, argsFor(stranger));
        expect(JSON.stringify(answer) ?? "").not.toMatch(/owner|mail-|Corner Shop/);
        if (!giveOwn.includes(name)) expect(nothing).toContainEqual(answer);
      }),
      { numRuns: 6, examples: [[STRANGER]] },
    );
    expect(await rowsWithout(STRANGER)).toEqual(before);
    // The same call does show or change something when its own account makes it.
    const answer = await answerOf(name, argsFor(OWNER));
    const isShown = !nothing.some((empty) => JSON.stringify(empty) === JSON.stringify(answer));
    const isChanged = JSON.stringify(await rowsWithout(STRANGER)) !== JSON.stringify(before);
    expect(isShown || isChanged).toBe(true);
  });

  const noMails = { mailsIn: 0, booked: 0, notPurchases: 0, inReview: 0, waiting: 0 };
  const nothing = [null, undefined, false, 0, [], noMails];

  async function answerOf(name: string, args: readonly unknown[]): Promise<unknown> {
    try {
      return await callsOf(app.store)[name]?.(...args);
    } catch (error) {
      // What an account that is not there would own can't be stored.
      if (String(error).includes("FOREIGN KEY")) return null;
      throw error;
    }
  }

  async function rowsWithout(accountId: string) {
    const tables = Object.entries(await allRows(app));
    return tables.map(([table, rows]) => [table, rows.filter((row) => !row.includes(accountId))]);
  }
});

describe("no call looks through a whole table", () => {
  /** Those that may, since the table is small, the call is rare, or it ends at the first row. */
  const scans: Readonly<Record<string, readonly string[]>> = {
    onlyAccount: ["a"],
    forgetExpired: ["account_days", "address_claims", "sessions", "used_links", "signups", "samples"],
    serviceState: ["journal", "mails"],
    hasChanges: ["journal"],
    weeklyZones: ["accounts"],
    addWeeklyLetters: ["a"],
    // Foreign keys that point here. SQLite looks through them only while one of them is broken.
    signUp: ["amendments", "letters"],
    createAccount: ["amendments", "letters"],
  };
  // Indexes of few rows, whatever the table holds.
  const ofFewRows =
    /INDEX (mails_waiting|mails_in_line|mails_unreadable|letters_waiting|letters_refused|purchases_not_compared|mails_held)$/;
  // Rows that come from the statement itself.
  const MADE_HERE =
    /CONSTANT ROW|VIRTUAL TABLE|\(subquery-\d+\)|^SCAN (counted|c|done|measured|member|named|new|waiting)$/;

  it.each(Object.keys({ ...callsForAnAccount, ...otherCalls }))("%s", async (name) => {
    const scanned = (await planOf(name))
      .filter((step) => step.startsWith("SCAN ") && !ofFewRows.test(step) && !MADE_HERE.test(step))
      .map((step) => step.slice("SCAN ".length));
    expect(scanned.toSorted()).toEqual([...(scans[name] ?? [])].toSorted());
  });

  it.each([
    ["purchasesBetween", "SEARCH p USING INDEX purchases_by_time (account_id=? AND occurred_at>? AND occurred_at<?)"],
    ["searchPurchases", "SEARCH p USING INDEX purchases_by_time (account_id=? AND (occurred_at,id)<(?,?))"],
    ["accountsToCompare", "SEARCH purchases USING COVERING INDEX purchases_not_compared (account_id>?)"],
    ["claimMails", "SCAN mails USING INDEX mails_in_line"],
    ["claimLetters", "SEARCH letters USING INDEX letters_waiting (next_attempt_at<?)"],
    ["mailsInReview", "SEARCH m USING INDEX mails_in_review (account_id=?)"],
    ["countInReview", "SEARCH m USING INDEX mails_in_review (account_id=?)"],
    ["lastMailAt", "SEARCH mails USING COVERING INDEX mails_by_account (account_id=?)"],
    ["serviceState", "SEARCH mails USING COVERING INDEX mails_waiting"],
    ["serviceState", "SEARCH mails USING INDEX mails_in_line (<expr>=? AND <expr>=?)"],
    ["countOpenLookAlikes", "SEARCH l USING INDEX look_alikes_by_account (account_id=?)"],
    ["listMails", "SEARCH m USING INDEX mails_by_account (account_id=? AND received_at<?)"],
    ["countMails", "SEARCH m USING INDEX mails_by_account (account_id=? AND received_at>? AND received_at<?)"],
  ])("%s reads what it needs from an index, in its order", async (name, step) => {
    const plan = await planOf(name);
    expect(plan).toContain(step);
    expect(plan.filter((other) => other.includes("TEMP B-TREE"))).toEqual([]);
  });

  it("purchasesToCompare looks for what waits, and not through an account's whole history", async () => {
    const waiting = (await planOf("purchasesToCompare")).filter((step) => step.includes("purchases_not_compared"));
    expect(waiting).toEqual([
      "SEARCH p USING INDEX purchases_not_compared (account_id=?)",
      "SEARCH purchases USING INDEX purchases_not_compared (account_id=?)",
    ]);
  });

  // Through the index of `undoes` it would be the changes of everybody, for each single purchase.
  it.each(["purchasesBetween", "searchPurchases", "searchTotals", "purchase", "samplePurchase", "undoAmendment"])(
    "%s finds a purchase's changes by the purchase",
    async (name) => {
      const changes = (await planOf(name)).filter((step) => step.startsWith("SEARCH c "));
      expect(changes).toHaveLength(1);
      expect(changes[0]).toMatch(/\(purchase_id=\?\)$/);
    },
  );

  /** How SQLite carries out the statements of a call. */
  async function planOf(name: string): Promise<string[]> {
    const db = await openDatabase(`file:${app.file}`);
    const { calls, statements } = recordingStore(db);
    expect(Object.keys(calls)).toEqual(Object.keys(app.store).filter((key) => key !== "close"));
    await calls[name]?.(...argsOf(name));
    const plan: string[] = [];
    for (const { sql, args = [] } of statements) {
      const steps = await db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, args);
      plan.push(...steps.map(({ detail }) => detail));
    }
    await db.close();
    expect(statements).not.toEqual([]);
    return plan;
  }
});

function argsOf(name: string): readonly unknown[] {
  const forAccount: Readonly<Record<string, (accountId: string) => readonly unknown[]>> = callsForAnAccount;
  const others: Readonly<Record<string, readonly [string, readonly unknown[]]>> = otherCalls;
  return forAccount[name]?.(OWNER) ?? others[name]?.[1] ?? [];
}

/** The store's calls on a database that writes their statements down. */
function recordingStore(db: Database): { calls: Calls; statements: Statement[] } {
  const statements: Statement[] = [];
  const recording: Database = {
    write: (group) => {
      statements.push(...group);
      return db.write(group);
    },
    all: (sql, args = []) => {
      statements.push({ sql, args });
      return db.all(sql, args);
    },
    one: (sql, args = []) => {
      statements.push({ sql, args });
      return db.one(sql, args);
    },
    close: () => db.close(),
  };
  return { calls: callsOf(storeOn(recording)), statements };
}

/** Calls by name; what each takes is told by the tables above. */
function callsOf(store: object): Calls {
  return store as Calls;
}

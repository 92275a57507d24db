import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { replayCommand } from "../adapters/replay-command.ts";
import { runOperatorCommand } from "../adapters/operator.ts";
import type { App } from "../app.ts";
import { handle } from "../router.ts";
import { allRows } from "../test/database.ts";
import { deliverMail, onlyPurchase, purchasesOf, unsigned } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { post } from "../test/requests.ts";
import { interpret } from "./interpret.ts";
import type { ReadEvent, ReadMail } from "./read-mail.ts";
import { replayStep } from "./replay.ts";

type Read = Extract<ReadMail, { state: "read" }>;

const EVERYTHING: Parameters<typeof replayCommand>[0] = { since: null, account: null, dryRun: false };

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("a replay after a parser learnt something", () => {
  it("books what was not understood before", async () => {
    await deliverMail(misreading(notUnderstood), mailTo(jane.alertAddress, CHASE));
    expect(await purchasesOf(app, jane)).toEqual([]);
    const said = await replay();
    expect(said).toEqual([
      expect.stringMatching(
        /^2026-11-20 chase \(.*\): review -> booked; new: purchase \$63\.83, ANMOL INDIAN RESTAUR, /,
      ),
      "1 mail read: 1 booked otherwise.",
      "1 mail changed.",
    ]);
    expect(await onlyPurchase(app, jane)).toMatchObject({ amountMinor: 6383 });
    expect(await app.store.countInReview(jane.id)).toBe(0);
  });

  it("mends what was read wrongly, in its place, and keeps what its person changed", async () => {
    await deliverMail(misreading(withAmount(1)), mailTo(jane.alertAddress, CHASE));
    const { id } = await onlyPurchase(app, jane);
    const fields = { action: "save", merchant: "Curry", amount: "0.01" };
    expect((await handle(post(`/purchases/${id}`, fields, jane.cookie), app)).status).toBe(303);
    await replay();
    expect(await onlyPurchase(app, jane)).toMatchObject({ id, merchant: "Curry", bookedAmountMinor: 6383 });
    expect((await allRows(app))["amendments"]).toHaveLength(1);
    await handle(post(`/purchases/${id}`, { action: "undo" }, jane.cookie), app);
    expect(await onlyPurchase(app, jane)).toMatchObject({ id, merchant: "ANMOL INDIAN RESTAUR", amountMinor: 6383 });
  });

  it("takes back what is no purchase, unless its person had a hand in it", async () => {
    await deliverMail(app, mailTo(jane.alertAddress, CHASE));
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/card-2025"));
    const [kept, gone] = await purchasesOf(app, jane);
    await handle(post(`/purchases/${kept?.id}`, { action: "save", merchant: "Mine", amount: "5" }, jane.cookie), app);
    const declined = misreading((read) => ({ ...read, events: read.events.map(as("declined")) }));
    const said = await replay(EVERYTHING, declined);
    expect(said.filter((line) => line.includes("no more: "))).toHaveLength(1);
    const left = (await purchasesOf(app, jane)).filter(({ removed }) => removed === 0);
    expect(left.map(({ id }) => id)).toEqual([kept?.id]);
    expect(await replay(EVERYTHING, declined)).toEqual([NOTHING(2)]);
    await replay();
    expect((await purchasesOf(app, jane)).find(({ id }) => id === gone?.id)).toMatchObject({ removed: 0 });
  });

  it("finds nothing to do the second time", async () => {
    await deliverMail(misreading(notUnderstood), mailTo(jane.alertAddress, CHASE));
    await deliverMail(misreading(withAmount(7)), mailTo(jane.alertAddress, "chase/fixtures/card-2025"));
    await deliverMail(app, unsigned(mailTo(jane.alertAddress, "chase/fixtures/debit-purchase")));
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/daily-summary"));
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/marketing-sibling"));
    await replay();
    const before = await allRows(app);
    expect(await replay()).toEqual([NOTHING(5)]);
    expect(await allRows(app)).toEqual(before);
  });

  it("writes nothing when it is only to be shown", async () => {
    await deliverMail(misreading(notUnderstood), mailTo(jane.alertAddress, CHASE));
    const before = await allRows(app);
    expect(await replay({ ...EVERYTHING, dryRun: true })).toHaveLength(2);
    expect(await allRows(app)).toEqual(before);
  });

  it("leaves alone what its person decided in review, and what was booked and is understood no more", async () => {
    const aside = mailTo(jane.alertAddress, CHASE);
    await deliverMail(misreading(notUnderstood), aside);
    await handle(post(`/review/${String(aside["MessageID"])}`, { action: "dismiss" }, jane.cookie), app);
    await deliverMail(app, mailTo(jane.alertAddress, "chase/fixtures/card-2025"));
    expect(await replay()).toEqual([NOTHING(1)]);
    const [said] = await replay(EVERYTHING, misreading(notUnderstood));
    expect(said).toBe("1 mail read: 1 shown with another text or reason.");
    expect(await app.store.countInReview(jane.id)).toBe(0);
    expect(await onlyPurchase(app, jane)).toMatchObject({ removed: 0 });
  });

  it("is of one account, or of the mails since a day, when that is asked for", async () => {
    const joe = await signedIn(app, "joe@example.com");
    await deliverMail(misreading(notUnderstood), mailTo(joe.alertAddress, CHASE));
    app.tick({ hours: 24 });
    await deliverMail(misreading(notUnderstood), mailTo(jane.alertAddress, CHASE));
    expect(await replay({ ...EVERYTHING, account: "nobody@example.com" }).catch(String)).toContain(
      "Nobody has signed up",
    );
    expect(await replay({ ...EVERYTHING, since: "2026-11-22" })).toEqual([NOTHING(0)]);
    await replay({ ...EVERYTHING, since: "2026-11-21" });
    expect([(await purchasesOf(app, jane)).length, (await purchasesOf(app, joe)).length]).toEqual([1, 0]);
    await replay({ ...EVERYTHING, account: "joe@example.com" });
    expect(await purchasesOf(app, joe)).toHaveLength(1);
  });

  it("that is interrupted is finished by the next start, and by the next run", async () => {
    await deliverMail(misreading(notUnderstood), mailTo(jane.alertAddress, CHASE));
    await deliverMail(misreading(notUnderstood), mailTo(jane.alertAddress, "chase/fixtures/card-2025"));
    const { changes } = await replayStep({ since: null, accountId: null, after: 0 }, app);
    await app.store.replayMails(changes.slice(0, 1).map(({ mailId }) => mailId));
    await interpret(app);
    expect(await purchasesOf(app, jane)).toHaveLength(1);
    await replay();
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });
});

describe("the events of one mail", () => {
  const three = (read: Read): Read => ({ ...read, events: [10, 20, 30].map(eventLike(read)) });

  it("are each booked by their place, and keep it when a better reading finds one before them", async () => {
    const lastTwo = (read: Read): Read => ({ ...read, events: three(read).events.slice(1) });
    await deliverMail(misreading(lastTwo), mailTo(jane.alertAddress, CHASE));
    const before = await purchasesOf(app, jane);
    const thirty = before.find(({ amountMinor }) => amountMinor === 30);
    await handle(
      post(`/purchases/${thirty?.id}`, { action: "save", merchant: "Mine", amount: "0.30" }, jane.cookie),
      app,
    );
    await replay(EVERYTHING, misreading(three));
    const after = await purchasesOf(app, jane);
    expect(after.map(({ amountMinor }) => amountMinor).toSorted((a, b) => a - b)).toEqual([10, 20, 30]);
    expect(after.find(({ id }) => id === thirty?.id)).toMatchObject({ amountMinor: 30, merchant: "Mine" });
    expect(after.filter(({ id }) => before.some((old) => old.id === id))).toHaveLength(2);
    expect(await replay(EVERYTHING, misreading(three))).toEqual([NOTHING(1)]);
  });

  it("that are equal stay as many as they are", async () => {
    const twice = (read: Read): Read => ({ ...read, events: [10, 10].map(eventLike(read)) });
    await deliverMail(misreading(twice), mailTo(jane.alertAddress, CHASE));
    expect(await purchasesOf(app, jane)).toHaveLength(2);
    expect(await replay(EVERYTHING, misreading(twice))).toEqual([NOTHING(1)]);
    expect(await purchasesOf(app, jane)).toHaveLength(2);
  });
});

const NOTHING = (read: number): string => `${read} ${read === 1 ? "mail" : "mails"} read: nothing changes.`;

/** Carries the command out on an App whose clock interprets when it is woken; what it said. */
async function replay(range = EVERYTHING, on: FakeApp = app): Promise<string[]> {
  const said: string[] = [];
  let working: Promise<unknown> = Promise.resolve();
  const running: App = {
    ...on,
    wake: (task) => void (task === "interpret" && (working = working.then(() => interpret(running)))),
  };
  const terminal = { say: (line: string) => void said.push(line), progress: () => {} };
  await replayCommand(range, (command, body) => runOperatorCommand(command, body, running), terminal);
  await working;
  return said;
}

/** The App of a release whose parsers understand something else. */
function misreading(change: (read: Read) => Read): FakeApp {
  return {
    ...app,
    readMail: async (payload, known) => {
      const read = await app.readMail(payload, known);
      return read.state === "read" ? change(read) : read;
    },
  };
}

function notUnderstood(read: Read): Read {
  return { ...read, outcome: "not_understood", reason: "A new layout.", events: [] };
}

function withAmount(amountMinor: number) {
  return (read: Read): Read => ({ ...read, events: read.events.map((event) => ({ ...event, amountMinor })) });
}

function as(kind: ReadEvent["kind"]) {
  return (event: ReadEvent): ReadEvent => ({ ...event, kind });
}

function eventLike({ events: [event] }: Read) {
  return (amountMinor: number): ReadEvent => {
    if (event === undefined) throw new Error("The fixture tells of no purchase.");
    return { ...event, amountMinor, merchant: `Shop ${amountMinor}` };
  };
}

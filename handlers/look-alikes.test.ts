import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { LookAlikeRow } from "../adapters/libsql-look-alikes.ts";
import { handle } from "../router.ts";
import { bookEvents } from "../test/book-events.ts";
import { allRows, rowsOf } from "../test/database.ts";
import { deliverMail, purchasesOf } from "../test/deliver-mail.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { mailTo } from "../test/fixture-mails.ts";
import { monthTotalsOn, pageOf, purchasesOn, wordsOf } from "../test/read-page.ts";
import { get, post } from "../test/requests.ts";
import { compare } from "./compare.ts";
import { interpret } from "./interpret.ts";
import { replayStep } from "./replay.ts";

/** One purchase for 9.99 USD at Spotify USA, on the morning of 5 June 2022, told by two of the bank's alerts. */
const THRESHOLD = "schwab/fixtures/threshold";
const AT_DISTANCE = "schwab/fixtures/card-not-present";
const DAY = "/day/2022-06-05";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
});
afterEach(() => app.close());

describe("a purchase that two of a bank's alerts tell of", () => {
  it("is proposed as one, side by side, and counts twice until its person says so", async () => {
    await twoAlerts();
    expect(await counted()).toEqual({ month: "$19.98", all: "$19.98", rows: 2 });
    const page = await pageOf(app, "/review", jane.cookie);
    const words = wordsOf(page);
    expect(words).toContain("These purchases wait for you");
    expect(words.match(/\$9\.99 at Spotify USA/g)).toHaveLength(2);
    expect(words).toContain("The two mails came right after one another, with the same amount and the same merchant.");
    expect(words).toMatch(/Purchase more than your alert threshold.*Your card was used online, by phone or mail/);
    expect(words).toContain("Charles Schwab ··4417");
    expect(page.match(/<mark>Spotify USA<\/mark>/g)).toHaveLength(2);
    expect(page).toMatch(/They are one.*They are two/s);
    expect(page).toContain('<b class="badge">1</b>');
    expect(wordsOf(await pageOf(app, "/dashboard", jane.cookie))).toContain("1 pair of purchases may be one");
  });

  it("counts once when it is joined, and twice again when that is taken back", async () => {
    const { pair, first, second } = await twoAlerts();
    const joined = await say(pair, { action: "join", keep: first });
    expect([joined.status, joined.headers.get("location")]).toEqual([303, `/review?said=${pair}`]);
    expect(await counted()).toEqual({ month: "$9.99", all: "$9.99", rows: 1 });
    const after = await pageOf(app, `/review?said=${pair}`, jane.cookie);
    expect(wordsOf(after)).toContain("They count as one now. Undo Nothing waits for you");
    expect(after).not.toContain("badge");
    expect((await say(pair, undoOn(after))).status).toBe(303);
    expect(await counted()).toEqual({ month: "$19.98", all: "$19.98", rows: 2 });
    expect(await standing([first, second])).toEqual([null, null]);
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("May these be one purchase?");
  });

  it("counts twice when it is kept apart, is not asked again, and is still there to be looked at", async () => {
    const { pair, first, second } = await twoAlerts();
    await say(pair, { action: "apart" });
    expect(await counted()).toEqual({ month: "$19.98", all: "$19.98", rows: 2 });
    await app.store.replayMails((await purchasesOf(app, jane)).map(({ mailId }) => mailId));
    await workThrough();
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("Nothing waits for you");
    const page = wordsOf(await pageOf(app, `/review/look-alikes/${pair}`, jane.cookie));
    expect(page).toContain("You said that these are two");
    expect(page).toContain("They are one");
    for (const id of [first, second]) {
      const own = await pageOf(app, `/purchases/${id}`, jane.cookie);
      expect(wordsOf(own)).toContain("You said that it is another one than $9.99 at Spotify USA . Look again");
      expect(own).toContain(`href="/review/look-alikes/${pair}"`);
    }
    expect((await say(pair, { action: "join", keep: second })).status).toBe(303);
    expect(await standing([first, second])).toEqual([second, null]);
  });

  it("stays as it is when either mail is delivered again, whatever was said", async () => {
    const mails = [THRESHOLD, AT_DISTANCE].map((fixture) => mailTo(jane.alertAddress, fixture));
    const { pair, first } = await twoAlerts(mails);
    for (const action of ["wait", "join", "apart"]) {
      if (action !== "wait") await say(pair, { action, keep: first });
      const before = await books();
      for (const mail of mails) {
        await deliverMail(app, mail);
        await deliverMail(app, { ...mail, MessageID: crypto.randomUUID() });
      }
      await workThrough();
      expect(await books()).toEqual(before);
    }
  });

  it("stays joined when its mails are read again, and counts as the better reading says", async () => {
    const { pair, first, second } = await twoAlerts();
    await say(pair, { action: "join", keep: second });
    const before = await books();
    await replayAll(app);
    expect(await books()).toEqual(before);
    await replayAll({
      ...app,
      readMail: async (payload, known) => {
        const read = await app.readMail(payload, known);
        if (read.state !== "read") return read;
        return { ...read, events: read.events.map((event) => ({ ...event, amountMinor: 1099 })) };
      },
    });
    expect(await standing([first, second])).toEqual([second, null]);
    expect(await counted()).toEqual({ month: "$10.99", all: "$10.99", rows: 1 });
  });

  it("is not lost when a later reading takes the mail that counts for no purchase", async () => {
    const { pair, first, second } = await twoAlerts();
    await say(pair, { action: "join", keep: second });
    const nothingIn = async (ids: readonly string[]): Promise<FakeApp> => {
      const mails = await app.store.toldPurchases(jane.id, ids);
      const subjects = new Set(mails.map(({ subject }) => subject));
      return {
        ...app,
        readMail: async (payload, known) => {
          const read = await app.readMail(payload, known);
          const isMeant = read.state === "read" && subjects.has(read.subject);
          return isMeant ? { ...read, events: read.events.map((event) => ({ ...event, kind: "declined" })) } : read;
        },
      };
    };
    await replayAll(await nothingIn([second]));
    expect(await counted()).toEqual({ month: "$9.99", all: "$9.99", rows: 1 });
    await say(pair, { action: "apart" });
    await replayAll(await nothingIn([second]));
    expect(await standing([first, second])).toEqual([null, null]);
    expect(await counted()).toEqual({ month: "$9.99", all: "$9.99", rows: 1 });
    const words = wordsOf(await pageOf(app, `/purchases/${second}`, jane.cookie));
    expect(words).toContain("We read its mail again and found that it tells of no such purchase.");
    expect(words).not.toContain("You removed");
    expect(wordsOf(await pageOf(app, "/purchases", jane.cookie))).toContain("No purchase after all");
  });
});

describe("the page of a purchase", () => {
  it("that was joined says what counts for it, parts them, and offers nothing that makes no sense", async () => {
    const { pair, first, second } = await twoAlerts();
    await say(pair, { action: "join", keep: second });
    const page = await pageOf(app, `/purchases/${first}`, jane.cookie);
    expect(wordsOf(page)).toContain("Counted together with $9.99 at Spotify USA . By itself, it is in no total.");
    expect(page).toContain(`href="/purchases/${second}"`);
    expect(page).not.toMatch(/value="(?:save|remove|undo)"/);
    expect(wordsOf(page)).not.toContain("You removed");
    const before = await allRows(app);
    for (const fields of [{ action: "save", merchant: "Mine" }, { action: "remove" }]) {
      expect((await handle(post(`/purchases/${first}`, fields, jane.cookie), app)).status).toBe(409);
    }
    expect(await allRows(app)).toEqual(before);

    const parted = await say(pair, { action: "apart", from: first });
    expect(parted.headers.get("location")).toBe(`/purchases/${first}?said=${pair}`);
    const after = await pageOf(app, `/purchases/${first}?said=${pair}`, jane.cookie);
    expect(wordsOf(after)).toContain("They count as two. Undo");
    const undone = await say(pair, undoOn(after));
    expect(undone.headers.get("location")).toBe(`/purchases/${first}?said=${pair}`);
    expect(await standing([first, second])).toEqual([second, null]);
  });

  it("that counts for another shows the mails of both", async () => {
    const { pair, first, second } = await twoAlerts();
    await say(pair, { action: "join", keep: second });
    const page = await pageOf(app, `/purchases/${second}`, jane.cookie);
    const words = wordsOf(page);
    expect(words).toMatch(/The mail it came from .* Another mail about it .* Purchase more than your alert threshold/);
    expect(words).toContain("Your card was used online, by phone or mail");
    expect(page).toContain(`href="/purchases/${first}"`);
    expect(page).toContain("Part them");
    expect(page).toContain('value="save"');
  });

  it("that may be one with another leads to the question", async () => {
    const { pair, first } = await twoAlerts();
    const page = await pageOf(app, `/purchases/${first}`, jane.cookie);
    expect(wordsOf(page)).toContain("It may be one with $9.99 at Spotify USA . Compare them");
    expect(page).toContain(`href="/review/look-alikes/${pair}"`);
  });

  it("says in a chain what counts in the end, and shows there all that was joined", async () => {
    const [one = "", two = "", three = ""] = await threeLunches();
    for (let [row] = await open(); row !== undefined; [row] = await open()) {
      await say(row.id, { action: "join", keep: row.secondCounted });
    }
    const counts = (await standing([one, two, three])).indexOf(null);
    const kept = [one, two, three][counts] ?? "";
    expect((await standing([one, two, three])).filter((into) => into === kept)).toHaveLength(2);
    const page = wordsOf(await pageOf(app, `/purchases/${kept}`, jane.cookie));
    expect(page.match(/Another mail about it/g)).toHaveLength(2);
    for (const id of [one, two, three].filter((other) => other !== kept)) {
      expect(wordsOf(await pageOf(app, `/purchases/${id}`, jane.cookie))).toContain("Counted together with");
    }
    expect(await counted("/day/2026-11-20")).toMatchObject({ rows: 1 });
  });
});

describe("a purchase that was posted with a tip", () => {
  it("asks which of the amounts counts, the later one first", async () => {
    const { pair, first, second } = await tippedLunch();
    const page = await pageOf(app, "/review", jane.cookie);
    expect(wordsOf(page)).toContain("The later amount is 13 % more, as with a tip added afterwards.");
    expect(page).toMatch(/One: keep \$48\.01.*One: keep \$42\.50.*They are two/s);
    expect(page.indexOf(`value="${second}"`)).toBeLessThan(page.indexOf(`value="${first}"`));
    await say(pair, { action: "join", keep: first });
    expect(await counted("/day/2026-11-20")).toEqual({ month: "$42.50", all: "$42.50", rows: 1 });
    await say(pair, { action: "undo" });
    await say(pair, { action: "join", keep: second });
    expect(await counted("/day/2026-11-20")).toEqual({ month: "$48.01", all: "$48.01", rows: 1 });
  });

  it("is found by its words and says in lists that it is counted with another", async () => {
    const { pair, second } = await tippedLunch();
    await say(pair, { action: "join", keep: second });
    const page = await pageOf(app, "/purchases?q=luigi", jane.cookie);
    expect(purchasesOn(page).toSorted()).toEqual(["Luigi&#39;s $42.50", "Luigi&#39;s $48.01"]);
    expect(wordsOf(page)).toMatch(/Counted with another/);
    expect(wordsOf(page)).not.toContain("Removed");
    expect(wordsOf(page)).toContain("comes to $48.01");
    expect(purchasesOn(await pageOf(app, "/day/2026-11-20", jane.cookie))).toEqual(["Luigi&#39;s $48.01"]);
  });

  it("is no question once one of the two is removed, and one again when it is put back", async () => {
    const { pair, first } = await tippedLunch();
    const change = (action: string) => handle(post(`/purchases/${first}`, { action }, jane.cookie), app);
    await change("remove");
    expect(await pageOf(app, "/review", jane.cookie)).not.toMatch(/May these be one|badge/);
    const words = wordsOf(await pageOf(app, `/review/look-alikes/${pair}`, jane.cookie));
    expect(words).toContain("One of them is in no total, so there is nothing to join.");
    expect((await say(pair, { action: "join", keep: first })).status).toBe(409);
    await change("undo");
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("May these be one purchase?");
  });

  it("keeps the changes of its person through joining and parting", async () => {
    const { pair, first, second } = await tippedLunch();
    const fields = { action: "save", merchant: "Lunch", amount: "40" };
    await handle(post(`/purchases/${first}`, fields, jane.cookie), app);
    await say(pair, { action: "join", keep: second });
    await say(pair, { action: "apart" });
    expect(await app.store.purchase(jane.id, first)).toMatchObject({
      merchant: "Lunch",
      amountMinor: 4000,
      removed: 0,
    });
  });
});

describe("POST /review/look-alikes/ID", () => {
  it.each([{ action: "join" }, { action: "apart" }, { action: "undo" }])(
    "counts $action once, however often and at once it is pressed",
    async ({ action }) => {
      const { pair, first } = await twoAlerts();
      if (action === "undo") await say(pair, { action: "join", keep: first });
      const change = (await open(pair))[0]?.undoable ?? "";
      const before = await rowsOf(app, "look_alike_decisions");
      const press = () => say(pair, { action, keep: first, change });
      const answers = [...(await Promise.all(Array.from({ length: 4 }, press))), await press()];
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303]);
      const after = await rowsOf(app, "look_alike_decisions");
      expect(after).toHaveLength(before.length + 1);
      expect(after).toEqual(expect.arrayContaining([...before]));
    },
  );

  it("decides nothing that is refused, and goes back to no page that is not about these two", async () => {
    const { pair, first } = await twoAlerts();
    const [other = ""] = await bookEvents(app, jane, {});
    const before = await allRows(app);
    for (const fields of [
      { action: "join" },
      { action: "join", keep: other },
      { action: "" },
      { action: "__proto__" },
    ]) {
      expect([400, 409]).toContain((await say(pair, fields)).status);
    }
    expect(await allRows(app)).toEqual(before);
    for (const from of [other, "https://example.com/", "//example.com", `${first}?a=b`]) {
      expect((await say(pair, { action: "apart", from })).headers.get("location")).toBe(`/review?said=${pair}`);
    }
  });

  it("knows none of anybody else, and none that is not there", async () => {
    const joe = await signedIn(app, "joe@example.com");
    const { pair, first, second } = await twoAlerts();
    const before = await allRows(app);
    for (const [id, cookie] of [
      [pair, joe.cookie],
      ["none", jane.cookie],
      ["%00", jane.cookie],
      ["%E0%A4%A", jane.cookie],
    ] as const) {
      const path = `/review/look-alikes/${id}`;
      for (const action of ["join", "apart", "undo"]) {
        expect((await handle(post(path, { action, keep: first }, cookie), app)).status).toBe(404);
      }
      expect((await handle(get(path, cookie), app)).status).toBe(404);
    }
    expect(await allRows(app)).toEqual(before);
    const page = await pageOf(app, `/review?said=${pair}`, joe.cookie);
    expect(page).not.toMatch(new RegExp(`Spotify|badge|status|${first}|${second}`));
  });

  it("shows a merchant as text, whatever its name", async () => {
    const hostile = { merchant: "<script>alert(1)</script>", at: "2026-11-20T16:00:00Z" };
    await bookEvents(app, jane, hostile);
    await bookEvents(app, jane, hostile);
    await compare(app);
    const page = await pageOf(app, "/review", jane.cookie);
    expect(page).not.toContain("<script");
    expect(wordsOf(page)).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });
});

describe("more look-alikes than a page holds", () => {
  it("are counted, and come up as the others are decided", async () => {
    for (let day = 1; day <= 12; day += 1) {
      const at = `2026-10-${String(day).padStart(2, "0")}T16:00:00Z`;
      for (const _mail of [1, 2]) await bookEvents(app, jane, { merchant: `Shop ${day}`, at });
    }
    await compare(app);
    const page = await pageOf(app, "/review", jane.cookie);
    expect(page.match(/May these be one purchase\?/g)).toHaveLength(10);
    expect(wordsOf(page)).toContain("2 more pairs will stand here once these are decided.");
    expect(page).toContain('<b class="badge">12</b>');
    for (const { id } of await open()) await say(id, { action: "apart" });
    expect(wordsOf(await pageOf(app, "/review", jane.cookie))).toContain("Nothing waits for you");
  });
});

type Pair = { readonly pair: string; readonly first: string; readonly second: string };

async function twoAlerts(
  mails = [THRESHOLD, AT_DISTANCE].map((fixture) => mailTo(jane.alertAddress, fixture)),
): Promise<Pair> {
  for (const mail of mails) expect(await deliverMail(app, mail)).toBe("booked");
  return onlyPair();
}

async function tippedLunch(): Promise<Pair> {
  const lunch = { merchant: "Luigi's", at: "2026-11-20" };
  await bookEvents(app, jane, { ...lunch, amountMinor: 4250 });
  app.tick({ hours: 70 });
  await bookEvents(app, jane, { ...lunch, amountMinor: 4801 });
  return onlyPair();
}

/** Three mails about one minute; their purchases in the order of the mails. */
async function threeLunches(): Promise<string[]> {
  const ids: string[] = [];
  for (const _mail of [1, 2, 3]) {
    ids.push(...(await bookEvents(app, jane, { merchant: "Luigi's", at: "2026-11-20T16:00:00Z" })));
    app.tick({ seconds: 5 });
  }
  await compare(app);
  return ids;
}

async function onlyPair(): Promise<Pair> {
  await compare(app);
  const [pair, another] = await open();
  if (pair === undefined || another !== undefined) throw new Error("There should be exactly one proposal.");
  return { pair: pair.id, first: pair.first, second: pair.second };
}

/** All that wait, or the one that is asked for. */
async function open(id?: string): Promise<LookAlikeRow[]> {
  if (id === undefined) return app.store.openLookAlikes(jane.id, 100);
  const row = await app.store.lookAlike(jane.id, id);
  return row === null ? [] : [row];
}

function say(pair: string, fields: Record<string, string>): Promise<Response> {
  return handle(post(`/review/look-alikes/${pair}`, fields, jane.cookie), app);
}

/** The fields of the Undo button in a page's status line. */
function undoOn(page: string): Record<string, string> {
  const status = /role="status">.*?<\/form>/s.exec(page)?.[0] ?? "";
  const fields = [...status.matchAll(/name="([^"]*)"\s+value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, value]));
}

/** What jane's month, her whole list and her day say. */
async function counted(day = DAY): Promise<{ month: string | undefined; all: string | undefined; rows: number }> {
  const page = await pageOf(app, day, jane.cookie);
  const list = wordsOf(await pageOf(app, "/purchases", jane.cookie));
  return {
    month: monthTotalsOn(page)[0],
    all: /come to (\S+)/.exec(list)?.[1],
    rows: purchasesOn(page).length,
  };
}

/** For each purchase the one that counts for it. */
async function standing(ids: readonly string[]): Promise<(string | null | undefined)[]> {
  return Promise.all(ids.map(async (id) => (await app.store.purchase(jane.id, id))?.joinedInto));
}

async function books(): Promise<unknown> {
  const { purchases, look_alikes: pairs, look_alike_decisions: decisions, amendments } = await allRows(app);
  return { purchases, pairs, decisions, amendments };
}

async function workThrough(on: FakeApp = app): Promise<void> {
  await interpret(on);
  while (Object.keys(await compare(on)).length > 0);
}

/** Reads every mail of jane's anew. */
async function replayAll(on: FakeApp): Promise<void> {
  const { changes } = await replayStep({ since: null, accountId: jane.id, after: 0 }, on);
  await on.store.replayMails(changes.map(({ mailId }) => mailId));
  await workThrough(on);
}

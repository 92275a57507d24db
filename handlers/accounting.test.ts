import fc from "fast-check";
import { expect, it } from "vitest";

import type { MailCounts } from "../adapters/libsql-accounting.ts";
import { dayOf, weekRange } from "../ledger/days.ts";
import { handle } from "../router.ts";
import { fakeApp, NOW, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { anyStream, firstDelivery, repeated, TOO_SLOW } from "../test/mail-streams.ts";
import type { StreamDelivery, StreamStep } from "../test/mail-streams.ts";
import { delivery, post } from "../test/requests.ts";
import { bankZone } from "../test/sign-mail.ts";
import { bodyOf } from "../test/deliver-mail.ts";
import { interpret } from "./interpret.ts";
import { readMail } from "./read-mail.ts";

const ZONES = ["America/New_York", "Pacific/Kiritimati"];
const BOOKING = { merchant: "Corner Shop", amount: "1.00", currency: "USD", date: "2026-11-17" };

it("accounts for every mail of each account and week, whatever comes and whatever its person decides", async () => {
  await fc.assert(
    fc.asyncProperty(anyStream, async (steps) => {
      const world = await openWorld();
      try {
        for (const step of steps) {
          await take(step, world);
          for (const week of await weeksOf(world)) expect([week, accounted(week)]).toEqual([week, week.mailsIn]);
        }
        await readAll(world);
        await expectTheTruth(world);
      } finally {
        await world.app.close();
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

type World = {
  readonly app: FakeApp;
  readonly people: readonly TestPerson[];
  /** All that came, and when. */
  readonly came: (StreamDelivery & { readonly at: Temporal.Instant })[];
  isDnsDown: boolean;
};

async function openWorld(): Promise<World> {
  const resolveTxt = async (name: string): Promise<string[][]> => {
    if (world.isDnsDown) throw Object.assign(new Error("no answer"), { code: "ETIMEOUT" });
    return bankZone(name);
  };
  const app = await fakeApp({
    resolveTxt,
    readMail: async (payload, { receivedAt, ...known }) =>
      bodyOf(payload).includes(TOO_SLOW)
        ? { state: "gave_up", reason: "This mail took too long to read." }
        : readMail(payload, {
            ...known,
            receivedAt: receivedAt.epochMilliseconds,
            domain: "wtmm.example.com",
            resolveTxt,
          }),
  });
  const people = [await signedIn(app, "jane@example.com"), await signedIn(app, "joe@example.com")];
  for (const [index, { id }] of people.entries()) await app.store.setTimeZone(id, ZONES[index] ?? "");
  const world: World = { app, people, came: [], isDnsDown: false };
  return world;
}

async function take(step: StreamStep, world: World): Promise<void> {
  const { app, people, came } = world;
  switch (step.do) {
    case "deliver":
      return keep(await firstDelivery(step.kind, step.to, people), world);
    case "repeat": {
      const first = came[step.pick % (came.length || 1)];
      return first && keep(repeated(first, step.how), world);
    }
    case "interpret":
      await interpret(app);
      return;
    case "wait":
      return app.tick({ hours: step.hours });
    case "dns":
      world.isDnsDown = step.isDown;
      return;
    case "decide":
      return decide(step, world);
  }
}

async function keep(coming: StreamDelivery, { app, came }: World): Promise<void> {
  expect((await handle(delivery(coming.payload), app)).status).toBe(200);
  came.push({ ...coming, at: app.now() });
}

/** As its person does it, who may also press what makes no sense. */
async function decide({ action, pick }: Extract<StreamStep, { do: "decide" }>, { app, people }: World): Promise<void> {
  const person = people[pick % people.length];
  const wanted = action === "was-a-purchase" || action === "undo" ? "not_a_purchase" : "review";
  const mails = await app.store.listMails(person?.id ?? "", pick % 5 === 0 ? null : wanted, null, 1000);
  const mail = mails[pick % (mails.length || 1)];
  if (mail === undefined) return;
  const page = action === "was-a-purchase" ? "mails" : "review";
  const fields = { action, ...(action === "enter" ? BOOKING : {}) };
  const response = await handle(post(`/${page}/${mail.id}`, fields, person?.cookie), app);
  expect([303, 404, 409]).toContain(response.status);
}

/** Reads on until nothing waits any more. */
async function readAll(world: World): Promise<void> {
  world.isDnsDown = false;
  world.app.tick({ hours: 25 });
  while (Object.keys(await interpret(world.app)).length > 0);
}

/** What the books of the mails say, against what was sent. */
async function expectTheTruth(world: World): Promise<void> {
  const weeks = await weeksOf(world);
  for (const [to, { id }] of world.people.entries()) {
    const own = weeks.filter((week) => week.to === to);
    const mine = world.came.filter((each) => each.to === to);
    expect(sum(own, "mailsIn")).toBe(new Set(mine.flatMap(({ mails }) => mails)).size);
    expect(sum(own, "waiting")).toBe(0);
    expect(sum(own, "inReview")).toBe(await world.app.store.countInReview(id));
    const listed = await world.app.store.listMails(id, null, null, 1000);
    expect(listed.filter(({ accountedAs }) => accountedAs !== null)).toHaveLength(sum(own, "mailsIn"));
    for (const { mailsIn, from, until } of own) {
      // Which of several deliveries counts is not for this test to know.
      const isIn = ({ at }: { at: Temporal.Instant }) =>
        Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, until) < 0;
      const elsewhere = new Set(mine.filter((each) => !isIn(each)).flatMap(({ mails }) => mails));
      const here = new Set(mine.filter(isIn).flatMap(({ mails }) => mails));
      expect(mailsIn).toBeLessThanOrEqual(here.size);
      expect(mailsIn).toBeGreaterThanOrEqual(here.difference(elsewhere).size);
    }
  }
}

type Week = MailCounts & { readonly to: number; readonly from: Temporal.Instant; readonly until: Temporal.Instant };

/** Every week of every account since the first mail. */
async function weeksOf({ app, people }: World): Promise<Week[]> {
  const weeks: Week[] = [];
  for (const [to, { id }] of people.entries()) {
    const zone = ZONES[to] ?? "";
    for (let day = dayOf(NOW, zone); ; day = day.add({ weeks: 1 })) {
      const { from, to: until } = weekRange(day, zone);
      if (Temporal.Instant.compare(from, app.now()) > 0) break;
      weeks.push({ ...(await app.store.countMails(id, from, until)), to, from, until });
    }
  }
  return weeks;
}

function accounted({ booked, notPurchases, inReview, waiting }: MailCounts): number {
  return booked + notPurchases + inReview + waiting;
}

function sum(weeks: readonly Week[], of: keyof MailCounts): number {
  return weeks.reduce((total, week) => total + week[of], 0);
}

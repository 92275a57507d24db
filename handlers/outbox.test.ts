import { createClient } from "@libsql/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { OutgoingLetter, SendResult } from "../adapters/postmark.ts";
import { handle } from "../router.ts";
import { rowsOf } from "../test/database.ts";
import { fakeApp, signedIn, type FakeApp } from "../test/fake-app.ts";
import { post } from "../test/requests.ts";
import { aDelivery, anInterpretation, OWNER } from "../test/store-calls.ts";
import { outbox } from "./outbox.ts";

const RETRY: SendResult = { state: "retry", reason: "The provider did not answer." };
const HOUR_MS = 3_600_000;
const NOTHING = { sent: 0, delayed: 0, refused: 0 };

let app: FakeApp;
/** What the provider says to each letter; sent unless a test says otherwise. */
let answer: (letter: OutgoingLetter) => Promise<SendResult>;

beforeEach(async () => {
  answer = async () => ({ state: "sent", providerId: "provider-1" });
  app = await fakeApp({
    mailer: {
      send: (letter) => {
        app.sent.push(letter);
        return answer(letter);
      },
    },
  });
});
afterEach(() => app.close());

describe("the outbox", () => {
  it("sends a letter once and writes down who took it", async () => {
    await ask("jane@example.com");
    expect(await outbox(app)).toEqual({ sent: 1, delayed: 0, refused: 0 });
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    app.tick({ hours: 100 });
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    expect(await states()).toEqual([["sent", "provider-1", null]]);
  });

  it("tries again and again, ever more rarely, and gives up after about two days", async () => {
    answer = async () => RETRY;
    await ask("jane@example.com");
    const waits: number[] = [];
    for (let result = await outbox(app); result["delayed"] === 1; result = await outbox(app)) {
      const waitMs = (await dueAt()) - app.now().epochMilliseconds;
      app.tick({ milliseconds: waitMs - 1 });
      expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
      app.tick({ milliseconds: 1 });
      waits.push(waitMs);
    }
    expect(waits.slice(0, 4)).toEqual([15_000, 30_000, 60_000, 120_000]);
    expect(Math.max(...waits)).toBe(6 * HOUR_MS);
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / HOUR_MS;
    expect(hours).toBeGreaterThan(40);
    expect(hours).toBeLessThan(60);
    expect(await states()).toEqual([["refused", null, RETRY.reason]]);
    expect(await app.store.serviceState(app.now())).toMatchObject({ refusedLetters: 1, oldestLetterWaitingMs: null });
  });

  it("sends after a retry the letter that the person asked for, with a fresh link", async () => {
    answer = async () => RETRY;
    await ask("jane@example.com");
    await outbox(app);
    answer = async () => ({ state: "sent", providerId: "late" });
    app.tick({ hours: 1 });
    await outbox(app);
    const t = /t=([\w.-]+)/.exec(app.sent.at(-1)?.text ?? "")?.[1] ?? "";
    expect((await handle(post("/sign-in", { t }), app)).status).toBe(303);
  });

  it("never tries a letter again that was refused for good", async () => {
    answer = async () => ({ state: "refused", reason: "It bounced.", undeliverable: true });
    await ask("jane@example.com");
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 1 });
    app.tick({ hours: 100 });
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    expect(await states()).toEqual([["refused", null, "It bounced."]]);
    expect(JSON.stringify(app.logged)).not.toContain("jane@");
  });

  it("keeps letters and calls the operator while the provider takes none at all", async () => {
    answer = async () => ({ state: "stop", reason: "The token is wrong." });
    await ask("jane@example.com");
    await ask("joe@example.com");
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 2, refused: 0 });
    const errors = app.logged.filter(({ level }) => level === "error").map(({ message }) => message);
    expect(errors[0]).toBe("the mail provider refuses all letters: check its account");
    answer = async () => ({ state: "sent", providerId: "at last" });
    app.tick({ minutes: 1 });
    expect(await outbox(app)).toEqual({ sent: 2, delayed: 0, refused: 0 });
  });

  it("sends a letter again whose sender died, but not while somebody is at it", async () => {
    const reached = Promise.withResolvers<void>();
    answer = () => {
      reached.resolve();
      return new Promise(() => {});
    };
    await ask("jane@example.com");
    void outbox(app);
    await reached.promise;
    answer = async () => ({ state: "sent", providerId: "second" });
    app.tick({ seconds: 119 });
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 0, refused: 0 });
    app.tick({ seconds: 1 });
    expect(await outbox(app)).toEqual({ sent: 1, delayed: 0, refused: 0 });
  });

  it("asks to go on when more wait than it takes at once, and sends them all", async () => {
    for (let count = 0; count < 25; count += 1) {
      await handle(post("/signup", { email: `jane${count}@example.com` }), { ...app, client: clientNumber(count) });
    }
    app.woken.length = 0;
    for (let round = 0; round < 3; round += 1) await outbox(app);
    expect(app.woken).toEqual(["outbox", "outbox"]);
    expect(new Set(app.sent.map(({ to }) => to)).size).toBe(25);
  });

  it.each([
    ["a kind that nobody knows", "postcard", "{}"],
    ["details that are not its own", "sign-in", '{"next":7}'],
    ["details that are no JSON", "sign-in", "{"],
  ])("does not let a letter of %s hold up the others", async (_what, kind, details) => {
    const jane = await signedIn(app, "jane@example.com");
    const client = createClient({ url: `file:${app.file}`, concurrency: 1 });
    await client.execute({
      sql: `INSERT INTO letters (id, kind, account_id, to_address, details, created_at, next_attempt_at)
            VALUES ('odd', ?, ?, 'jane@example.com', ?, 0, 0)`,
      args: [kind, jane.id, details],
    });
    client.close();
    await ask("joe@example.com");
    expect(await outbox(app)).toMatchObject({ sent: 1 });
    expect(app.sent.map(({ to }) => to)).toEqual(["joe@example.com"]);
    expect(app.logged.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("tells whoever has no account how much is held for them when it is sent, and forgets the letter when it is nothing", async () => {
    const held = async (id: string): Promise<void> => {
      await app.store.keepMail({ ...aDelivery(id), token: null });
      const letter = {
        heldFor: "joe@example.com",
        heldLetterId: `letter-${id}`,
        interpretedAt: app.now().epochMilliseconds,
      };
      await app.store.finishMails([{ ...anInterpretation(id, "held", OWNER), accountId: null, ...letter }]);
    };
    for (const id of ["first", "second", "third"]) await held(id);
    expect(await outbox({ ...app, config: { ...app.config, signup: "closed" } })).toEqual(NOTHING);
    expect(await rowsOf(app, "letters")).toEqual([]);
    await held("fourth");
    expect(await outbox(app)).toEqual({ ...NOTHING, sent: 1 });
    expect(app.sent).toMatchObject([{ to: "joe@example.com", subject: "We hold 4 purchases for you" }]);
    app.tick({ hours: 30 * 24 });
    await held("fifth");
    expect(await rowsOf(app, "letters")).toHaveLength(2);
    await signedIn(app, "joe@example.com");
    expect(await outbox(app)).toEqual(NOTHING);
    expect(await rowsOf(app, "letters")).toHaveLength(1);
    expect(app.sent).toHaveLength(1);
    expect(app.logged).toEqual([]);
  });

  it("does not let a letter that a bug is about hold up the others", async () => {
    answer = async ({ to }) => {
      if (to === "jane@example.com") throw new TypeError("a bug");
      return { state: "sent", providerId: "fine" };
    };
    await ask("jane@example.com");
    await ask("joe@example.com");
    expect(await outbox(app)).toEqual({ sent: 1, delayed: 1, refused: 0 });
    expect(app.logged.find(({ level }) => level === "error")?.fields).toMatchObject({ err: new TypeError("a bug") });
    app.tick({ seconds: 15 });
    expect(await outbox(app)).toEqual({ sent: 0, delayed: 1, refused: 0 });
  });
});

async function ask(email: string): Promise<void> {
  expect((await handle(post("/signup", { email }), app)).status).toBe(200);
}

function clientNumber(count: number): FakeApp["client"] {
  return { address: `192.0.${count}.1`, viaProxy: false };
}

/** State, provider's id and error of each letter. */
async function states(): Promise<unknown[][]> {
  return (await rowsOf(app, "letters")).map((row) => [row[6], row[10], row[11]]);
}

async function dueAt(): Promise<number> {
  return Number((await rowsOf(app, "letters"))[0]?.[8]);
}

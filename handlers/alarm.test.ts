import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openStore } from "../adapters/libsql-store.ts";
import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { alarm } from "./alarm.ts";
import { outbox } from "./outbox.ts";

const S3 = {
  ...{ endpoint: "https://s3.example.net", region: "us-east-1", bucket: "dumps", prefix: "" },
  ...{ accessKeyId: "id", secretAccessKey: "very-secret", forcePathStyle: false },
};
const OPERATOR = "operator@example.com";

let app: FakeApp;
/** Why the last dump and the last drill failed; null when they did not. */
let reasons: { dump: string | null; drill: string | null };

beforeEach(async () => {
  reasons = { dump: null, drill: null };
  app = await operated();
});
afterEach(() => app.close());

async function operated(settings: Partial<Config> = {}): Promise<FakeApp> {
  const made: FakeApp = await fakeApp(
    {
      lastDump: () => ({ ...run(reasons.dump), lastDumpAt: made.now() }),
      lastDrill: () => ({ ...run(reasons.drill), proven: { at: made.now(), dump: "daily/x", tookMs: 1 } }),
    },
    { s3: S3, operatorEmail: OPERATOR, ...settings },
  );
  return made;
}

function run(reason: string | null) {
  return { state: reason === null ? ("done" as const) : ("failed" as const), startedAt: app.now(), reason };
}

/** What the clock does in ten minutes; the subjects of the letters that were sent so far. */
async function looked(over: App = app): Promise<string[]> {
  await alarm(over);
  await outbox(over);
  return app.sent.map(({ subject }) => subject);
}

const ONE = "wtmm.example.com: 1 thing to look at";
const TWO = "wtmm.example.com: 2 things to look at";
const WELL = "wtmm.example.com: all is well again";

describe("the operator", () => {
  it("gets a letter that names everything that is wrong, and what to do", async () => {
    reasons = { dump: "There is no <room>.", drill: "It is damaged." };
    expect(await looked()).toEqual([TWO]);
    const [letter] = app.sent;
    expect(letter).toMatchObject({ to: OPERATOR, kind: "alarm" });
    for (const part of [
      "The last dump failed: There is no <room>.",
      "The last drill failed: It is damaged.",
      "wtmm doctor",
    ])
      expect(letter?.text).toContain(part);
    expect(letter?.html).toContain("There is no &lt;room&gt;.");
    expect(letter?.html).not.toContain("<room>");
  });

  it("gets one a day at most, whatever else goes wrong, and one when all is well again", async () => {
    reasons.dump = "There is no room.";
    expect(await looked()).toEqual([ONE]);
    reasons.drill = "It is damaged.";
    app.tick({ hours: 23 });
    expect(await looked()).toEqual([ONE]);
    app.tick({ hours: 1 });
    expect(await looked()).toEqual([ONE, TWO]);
    reasons.dump = null;
    expect(await looked()).toHaveLength(2);
    reasons.drill = null;
    expect(await looked()).toEqual([ONE, TWO, WELL]);
    app.tick({ hours: 48 });
    expect(await looked()).toHaveLength(3);
  });

  it("is told when it breaks again after all was said to be well, and no more of it when it comes and goes", async () => {
    for (let times = 0; times < 5; times += 1) {
      reasons.dump = "There is no room.";
      await looked();
      app.tick({ minutes: 10 });
      reasons.dump = null;
      await looked();
      app.tick({ minutes: 10 });
    }
    expect(app.sent.map(({ subject }) => subject)).toEqual([ONE, WELL, ONE]);
    app.tick({ hours: 24 });
    expect(await looked()).toEqual([ONE, WELL, ONE, WELL]);
  });

  it("gets no more and no fewer of them when the clock is set back", async () => {
    app.tick({ hours: 24 * 365 });
    reasons.dump = "There is no room.";
    await looked();
    app.tick({ hours: -24 * 365 });
    reasons.dump = null;
    for (const _ of [1, 2, 3]) {
      await looked();
      app.tick({ minutes: 10 });
    }
    expect(app.sent.map(({ subject }) => subject)).toEqual([ONE, WELL]);
    reasons.dump = "There is no room, again.";
    expect(await looked()).toEqual([ONE, WELL, ONE]);
    app.tick({ hours: 24 });
    expect(await looked()).toEqual([ONE, WELL, ONE, ONE]);
  });

  it("gets none anew after a restart", async () => {
    reasons.dump = "There is no room.";
    await looked();
    const store = await openStore(app.config.databaseUrl, null);
    expect(await looked({ ...app, store })).toEqual([ONE]);
    reasons.dump = null;
    expect(await looked({ ...app, store })).toEqual([ONE, WELL]);
    await store.close();
  });

  it("gets none of what was mended before it could be sent, nor that it was", async () => {
    reasons.dump = "There is no room.";
    const down: App = { ...app, mailer: { send: async () => ({ state: "retry", reason: "down" }) } };
    expect(await looked(down)).toEqual([]);
    reasons.dump = null;
    app.tick({ minutes: 10 });
    expect(await looked()).toEqual([]);
    reasons.dump = "There is no room, again.";
    expect(await looked()).toEqual([ONE]);
  });

  it("is not told that all is well when it broke again meanwhile", async () => {
    reasons.dump = "There is no room.";
    await looked();
    reasons.dump = null;
    await alarm(app);
    reasons.dump = "There is no room, again.";
    await outbox(app);
    expect(app.sent.map(({ subject }) => subject)).toEqual([ONE]);
  });

  it("gets none of what shows itself, and none at all while nothing is wrong", async () => {
    expect(await looked({ ...app, freeDisk: async () => 0.01 })).toEqual([]);
    app.tick({ hours: 100 });
    expect(await looked()).toEqual([]);
  });
});

it("writes to nobody when OPERATOR_EMAIL is not set, or no dumps are", async () => {
  for (const settings of [{ operatorEmail: null }, { s3: null }]) {
    await app.close();
    app = await operated(settings);
    reasons.dump = "There is no room.";
    expect(await looked()).toEqual([]);
    expect((await app.store.serviceState(app.now())).lettersWaiting).toBe(0);
  }
});

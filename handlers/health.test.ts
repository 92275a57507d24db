import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { AppError } from "../errors.ts";
import { handle } from "../router.ts";
import { fakeApp, signedIn, type FakeApp } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery, get, post } from "../test/requests.ts";
import { interpret } from "./interpret.ts";
import { outbox } from "./outbox.ts";

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp({ client: { address: "127.0.0.1", viaProxy: false } });
});
afterEach(() => app.close());

describe("GET /health", () => {
  it("says what serves and that nothing is amiss in an empty service", async () => {
    const { status, body } = await health();
    expect(status).toBe(200);
    expect(body).toEqual({
      ok: true,
      serving: {
        ok: true,
        release: "test",
        schema: await app.store.schemaVersion(),
        storeWritable: true,
        reason: null,
      },
      warnings: {
        oldestLetterWaitingMs: null,
        oldestMailWaitingMs: null,
        lastMailAgeMs: null,
        unreadableMails: 0,
        refusedLetters: 0,
        tooLargeDeliveries: 0,
        deliveriesOverLimit: 0,
        mailsOnlyCounted: 0,
        unknownMailsDropped: 0,
      },
    });
  });

  it("tells how long the oldest mail and letter have waited, and when the last mail came", async () => {
    const jane = await signedIn(app, "jane@example.com");
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    await handle(post("/signup", { email: "joe@example.com" }), app);
    app.tick({ minutes: 10 });
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    app.tick({ minutes: 1 });
    const waiting = { oldestLetterWaitingMs: 660_000, oldestMailWaitingMs: 660_000, lastMailAgeMs: 60_000 };
    expect((await health()).body).toMatchObject({ warnings: waiting });
    await interpret(app);
    await outbox(app);
    const done = { oldestLetterWaitingMs: null, oldestMailWaitingMs: null, lastMailAgeMs: 60_000 };
    expect((await health()).body).toMatchObject({ warnings: done });
  });

  it("goes on serving, with 200, while there are warnings", async () => {
    await handle(delivery("not JSON"), app);
    await interpret(app);
    const small = { ...app, config: { ...app.config, webhookMaxBytes: 10 } };
    await handle(delivery("more than ten bytes"), small);
    app.tick({ hours: 1_000 });
    const { status, body } = await health();
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, warnings: { unreadableMails: 1, tooLargeDeliveries: 1 } });
  });

  it("answers 503 when the store can't be written, and says why", async () => {
    const response = await handle(get("/health"), { ...app, store: { ...app.store, probe: refuse } });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ok: false,
      serving: {
        ok: false,
        release: "test",
        schema: null,
        storeWritable: false,
        reason: "The database can't be written: SQLITE_FULL: database or disk is full",
      },
      warnings: null,
    });
    expect(app.logged).toContainEqual({
      level: "error",
      fields: { err: UNAVAILABLE },
      message: "the store cannot be written",
    });
  });

  it.each([
    ["through the proxy", { address: "203.0.113.9", viaProxy: true }],
    ["through the proxy by the name of this machine", { address: "127.0.0.1", viaProxy: true }],
    ["past the proxy", { address: "203.0.113.9", viaProxy: false }],
  ])("tells a stranger who comes %s yes or no", async (_how, client) => {
    const well = await handle(get("/health"), { ...app, client });
    expect([well.status, await well.text()]).toEqual([200, '{"ok":true}']);
    const ill = await handle(get("/health"), { ...app, client, store: { ...app.store, probe: refuse } });
    expect([ill.status, await ill.text()]).toEqual([503, '{"ok":false}']);
  });
});

const FULL = new Error("SQLITE_FULL: database or disk is full");
const UNAVAILABLE = new AppError("unavailable", "The store can't be written right now. Please try again.", {
  cause: FULL,
});

async function refuse(): Promise<never> {
  throw UNAVAILABLE;
}

async function health(): Promise<{ status: number; body: unknown }> {
  const response = await handle(get("/health"), app);
  return { status: response.status, body: await response.json() };
}

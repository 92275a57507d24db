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
  app = await fakeApp();
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
    const full = new Error("SQLITE_FULL: database or disk is full");
    const cause = new AppError("unavailable", "The store can't be written right now. Please try again.", {
      cause: full,
    });
    const refuse = async (): Promise<never> => {
      throw cause;
    };
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
      fields: { err: cause },
      message: "the store cannot be written",
    });
  });

  it("tells a stranger yes or no", async () => {
    const response = await handle(get("/health"), { ...app, client: { address: "203.0.113.9", viaProxy: true } });
    expect(await response.text()).toBe('{"ok":true}');
  });
});

async function health(): Promise<{ status: number; body: unknown }> {
  const response = await handle(get("/health"), app);
  return { status: response.status, body: await response.json() };
}

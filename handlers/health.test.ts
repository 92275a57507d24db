import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { handle } from "../router.ts";
import { fakeApp, type FakeApp } from "../test/fake-app.ts";
import { delivery, get } from "../test/requests.ts";
import { interpret } from "./interpret.ts";

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
        oldestLetterWaiting: { ageMs: null, reason: null },
        oldestMailNotInterpreted: { ageMs: null, reason: null },
        lastMail: { ageMs: null, reason: null },
        unreadableMails: { count: 0, lastAgeMs: null, reason: null },
        refusedLetters: { count: 0, lastAgeMs: null, reason: null },
        tooLargeDeliveries: { count: 0, lastAgeMs: null, reason: null },
        deliveriesOverLimit: { count: 0, lastAgeMs: null, reason: null },
        mailsOnlyCounted: { count: 0, lastAgeMs: null, reason: null },
        unknownMailsDropped: { count: 0, lastAgeMs: null, reason: null },
        freeDisk: { share: 1, reason: null },
        maintenance: { since: null, until: null, reason: null },
        recovery: { missing: null, reason: null },
      },
    });
  });

  it("goes on serving, with 200, while there is much to look at", async () => {
    await handle(delivery("not JSON"), app);
    await interpret(app);
    const small = { ...app, config: { ...app.config, webhookMaxBytes: 10 }, freeDisk: async () => 0.01 };
    await handle(delivery("more than ten bytes"), small);
    const { status, body } = await health(small);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, serving: { ok: true, reason: null } });
    const { warnings } = body as { warnings: Record<string, { reason: string | null }> };
    const amiss = Object.keys(warnings).filter((name) => warnings[name]?.reason !== null);
    expect(amiss).toEqual(["unreadableMails", "tooLargeDeliveries", "freeDisk"]);
  });

  it("goes on serving when it can't find out what to look at, and says so", async () => {
    const bug = new Error("a bug");
    const serviceState = async (): Promise<never> => {
      throw bug;
    };
    const { status, body } = await health({ ...app, store: { ...app.store, serviceState } });
    expect([status, body]).toMatchObject([200, { ok: true, warnings: { unknown: { reason: expect.any(String) } } }]);
    expect(app.logged).toMatchObject([{ level: "error", fields: { err: bug }, message: "unexpected error" }]);
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

async function health(asked: App = app): Promise<{ status: number; body: unknown }> {
  const response = await handle(get("/health"), asked);
  return { status: response.status, body: await response.json() };
}

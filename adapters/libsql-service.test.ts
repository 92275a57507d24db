import { afterEach, beforeEach, expect, it } from "vitest";

import { SCHEMA_VERSION } from "../schema/migrate.ts";
import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { aDelivery, anInterpretation, fillStore } from "../test/store-calls.ts";

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
});
afterEach(() => app.close());

it("tells nothing of an empty service", async () => {
  expect(await app.store.serviceState(NOW)).toEqual({
    oldestLetterWaitingMs: null,
    oldestMailWaitingMs: null,
    lastMailAgeMs: null,
    unreadableMails: 0,
    refusedLetters: 0,
    tooLargeDeliveries: 0,
    deliveriesOverLimit: 0,
    mailsOnlyCounted: 0,
    unknownMailsDropped: 0,
  });
  expect(await app.store.schemaVersion()).toBe(SCHEMA_VERSION);
});

it("tells the age of what waits longest, and counts what went wrong", async () => {
  await fillStore(app.store);
  for (const [id, seconds] of [
    ["mail-1", 10],
    ["mail-2", 20],
    ["mail-3", 30],
  ] as const) {
    await app.store.keepMail({ ...aDelivery(id), at: NOW.add({ seconds }) });
  }
  await app.store.finishMails([anInterpretation("mail-1", "unreadable", null)]);
  for (const id of ["letter", "claim", "claim-proven"]) await app.store.letterSent(id, "provider-id", NOW);
  await Promise.all([1, 2, 3].map(() => app.store.count("webhook_too_large", NOW)));
  await app.store.probe(NOW);
  const at = NOW.add({ minutes: 2 });
  expect(await app.store.serviceState(at)).toEqual({
    // The second letter of `fillStore` was made a minute after NOW.
    oldestLetterWaitingMs: 60_000,
    oldestMailWaitingMs: 100_000,
    lastMailAgeMs: 90_000,
    unreadableMails: 1,
    refusedLetters: 0,
    tooLargeDeliveries: 3,
    deliveriesOverLimit: 0,
    mailsOnlyCounted: 0,
    unknownMailsDropped: 0,
  });
  await app.store.letterRefused("letter-2", "no such mailbox");
  expect(await app.store.serviceState(at)).toMatchObject({ oldestLetterWaitingMs: null, refusedLetters: 1 });
});

it("keeps what the provider tells once, byte for byte", async () => {
  for (const bytes of [[0, 255], [1]]) await app.store.keepProviderEvent("event", new Uint8Array(bytes), NOW);
  expect(await rowsOf(app, "provider_events")).toEqual([["event", NOW.epochMilliseconds, "00ff"]]);
});

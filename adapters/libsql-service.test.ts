import { afterEach, beforeEach, expect, it } from "vitest";

import { SCHEMA_VERSION } from "../schema/migrate.ts";
import { rowsOf } from "../test/database.ts";
import { fakeApp, NOW, type FakeApp } from "../test/fake-app.ts";
import { aDelivery, anInterpretation, fillStore, OWNER } from "../test/store-calls.ts";

let app: FakeApp;

beforeEach(async () => {
  app = await fakeApp();
});
afterEach(() => app.close());

it("tells nothing of an empty service", async () => {
  expect(await app.store.serviceState(NOW)).toEqual({
    serviceAgeMs: null,
    lettersWaiting: 0,
    oldestLetterWaitingMs: null,
    mailsWaiting: 0,
    oldestMailWaitingMs: null,
    oldestMailNotInterpretedMs: null,
    lastMailAgeMs: null,
    unreadableMails: 0,
    lastUnreadableMailAgeMs: null,
    refusedLetters: 0,
    lastRefusedLetterAgeMs: null,
    tooLargeDeliveries: 0,
    lastTooLargeDeliveryAgeMs: null,
    deliveriesOverLimit: 0,
    lastDeliveryOverLimitAgeMs: null,
    mailsOnlyCounted: 0,
    lastMailOnlyCountedAgeMs: null,
    unknownMailsDropped: 0,
    lastUnknownMailPushedOutAgeMs: null,
    oldestChangeWaitingMs: null,
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
  for (const seconds of [0, 50]) await app.store.probe(NOW.add({ seconds }));
  await app.store.count("account_over_limit", NOW.add({ seconds: 30 }));
  const at = NOW.add({ minutes: 2 });
  expect(await app.store.serviceState(at)).toEqual({
    serviceAgeMs: 120_000,
    lettersWaiting: 1,
    // The second letter of `fillStore` was made a minute after NOW.
    oldestLetterWaitingMs: 60_000,
    mailsWaiting: 2,
    oldestMailWaitingMs: 100_000,
    oldestMailNotInterpretedMs: 100_000,
    lastMailAgeMs: 90_000,
    unreadableMails: 1,
    lastUnreadableMailAgeMs: 110_000,
    refusedLetters: 0,
    lastRefusedLetterAgeMs: null,
    tooLargeDeliveries: 3,
    lastTooLargeDeliveryAgeMs: 120_000,
    deliveriesOverLimit: 1,
    lastDeliveryOverLimitAgeMs: 90_000,
    mailsOnlyCounted: 0,
    lastMailOnlyCountedAgeMs: null,
    unknownMailsDropped: 0,
    lastUnknownMailPushedOutAgeMs: null,
    // By the real clock, unlike the others.
    oldestChangeWaitingMs: expect.any(Number),
  });
  await app.store.letterRefused("letter-2", "no such mailbox");
  expect(await app.store.serviceState(at)).toMatchObject({
    lettersWaiting: 0,
    oldestLetterWaitingMs: null,
    refusedLetters: 1,
    lastRefusedLetterAgeMs: 60_000,
  });
});

it("does not take for new what is only to be interpreted once more, whoever it belongs to", async () => {
  await fillStore(app.store);
  for (const id of ["mail-old", "mail-nobodys"]) await app.store.keepMail({ ...aDelivery(id), at: NOW });
  await app.store.finishMails([
    { ...anInterpretation("mail-old", "unverified", OWNER), tryAgainAt: NOW.epochMilliseconds },
    { ...anInterpretation("mail-nobodys", "unreadable", null) },
  ]);
  await app.store.requeueMails();
  const at = NOW.add({ minutes: 1 });
  const waiting = { mailsWaiting: 2, oldestMailWaitingMs: 60_000 };
  expect(await app.store.serviceState(at)).toMatchObject({ ...waiting, oldestMailNotInterpretedMs: null });
  await app.store.keepMail({ ...aDelivery("mail-stray"), token: null, at: NOW.add({ seconds: 20 }) });
  expect(await app.store.serviceState(at)).toMatchObject({ mailsWaiting: 3, oldestMailNotInterpretedMs: 40_000 });
  await app.store.keepMail({ ...aDelivery("mail-new"), at: NOW.add({ seconds: 30 }) });
  expect(await app.store.serviceState(at)).toMatchObject({ mailsWaiting: 4, oldestMailNotInterpretedMs: 40_000 });
});

it("keeps what the provider tells once, byte for byte", async () => {
  for (const bytes of [[0, 255], [1]]) await app.store.keepProviderEvent("event", new Uint8Array(bytes), NOW);
  expect(await rowsOf(app, "provider_events")).toEqual([["event", NOW.epochMilliseconds, "00ff"]]);
});

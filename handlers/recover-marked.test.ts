import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openPostmarkArchive } from "../adapters/postmark-archive.ts";
import { fakeApp, fakeRecovery, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { startPostmarkArchive, type PostmarkArchive, type StoredMail } from "../test/postmark-archive.ts";
import { delivery } from "../test/requests.ts";
import { healthWarnings } from "./health-warnings.ts";
import { recoverMarked, recoverSince, usualSince } from "./recover-marked.ts";
import { webhook } from "./webhook.ts";

const NOW = Temporal.Instant.from("2026-11-20T17:00:00Z");
const MARKED = NOW.subtract({ minutes: 10 });
const HALF_A_DAY = { hours: 12 };

let postmark: PostmarkArchive;
let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  const post = async (body: unknown) => (await webhook(delivery(body), app)).status;
  postmark = await startPostmarkArchive({ now: () => app.now(), post });
  await begin(MARKED);
});
afterEach(async () => {
  await postmark.close();
  await app.close();
});

async function begin(marked: Temporal.Instant | null): Promise<void> {
  const recovery = fakeRecovery(openPostmarkArchive(postmark.settings, postmark.limits), marked);
  app = await fakeApp({ recovery });
  jane = await signedIn(app, "jane@example.com");
}

function stored(parts: Partial<StoredMail> = {}): void {
  const payload = mailTo(jane.alertAddress, CHASE, { MessageID: randomUUID() });
  const receivedAt = NOW.subtract({ hours: 11 });
  const id = String(payload["MessageID"]);
  postmark.mails.push({ id, receivedAt, status: "processed", webhook: payload, details: payload, ...parts });
}

const GONE = { webhook: null, details: null };
const warning = async () => (await healthWarnings(app)).recovery;
const outage = () => postmark.faults.push(...Array.from({ length: 6 }, () => 503));

describe("a service whose folder was restored", () => {
  it("brings back what may be missing, also what Postmark took half a day before, and is whole then", async () => {
    stored();
    expect((await warning()).reason).toMatch(/^Mails may be missing since a restore\. They will be/);
    expect(await recoverMarked(app)).toEqual({ cameAgain: 1, fromArchive: 0, missing: 0 });
    expect(app.recovery.markedSince()).toBeNull();
    expect(await warning()).toEqual({ missing: 0, reason: null });
    const asked = postmark.requests.length;
    expect(await recoverMarked(app)).toEqual({});
    expect(postmark.requests).toHaveLength(asked);
  });

  it("says so for as long as a mail is missing, and looks again after an hour", async () => {
    stored(GONE);
    expect(await recoverMarked(app)).toMatchObject({ missing: 1 });
    expect(app.recovery.markedSince()).toEqual(MARKED);
    expect(await warning()).toEqual({ missing: 1, reason: expect.stringMatching(/^1 of the mails .*`wtmm recover`/) });
    app.tick({ minutes: 59 });
    expect(await recoverMarked(app)).toEqual({});
    postmark.mails.length = 0;
    app.tick({ minutes: 1 });
    await recoverMarked(app);
    expect(app.recovery.markedSince()).toBeNull();
    expect((await warning()).reason).toBeNull();
  });

  it("tries again later and later while Postmark can't be asked, and says so", async () => {
    stored();
    const waits: number[] = [];
    for (let failed = 0; failed < 8; failed += 1) {
      outage();
      expect(await recoverMarked(app)).toEqual({});
      expect(app.recovery.failures).toBe(failed + 1);
      waits.push(
        app
          .now()
          .until(app.recovery.nextAt ?? app.now())
          .total("seconds"),
      );
      expect(await recoverMarked(app)).toEqual({});
      expect(postmark.requests).toHaveLength(6 * (failed + 1));
      app.tick({ seconds: waits.at(-1) ?? 0 });
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    expect((await warning()).reason).toMatch(/^Mails may be missing since a restore\. Postmark can't be asked: /);
    expect(app.logged.at(-1)).toMatchObject({ level: "warn", fields: { attempts: 8 } });
    expect(await recoverMarked(app)).toMatchObject({ cameAgain: 1 });
    expect((await warning()).reason).toBeNull();
  });

  it("takes a mark that can't be read for a warning, not for none", async () => {
    const markedSince = (): never => {
      throw new Error("recover-since.json can't be read.");
    };
    app.recovery.markedSince = markedSince;
    expect((await warning()).reason).toBe("Mails may be missing since a restore. recover-since.json can't be read.");
    await expect(recoverMarked(app)).rejects.toThrow("can't be read");
  });
});

describe("a recovery that somebody asked for", () => {
  it("leaves nothing to do for the service when it went as far back", async () => {
    stored();
    await recoverSince(MARKED.subtract({ hours: 1 }), app);
    expect(app.recovery.markedSince()).toEqual(MARKED);
    await recoverSince(await usualSince(app), app);
    expect(app.recovery.markedSince()).toBeNull();
  });

  it("waits for the one that runs", async () => {
    stored();
    const first = recoverSince(MARKED.subtract(HALF_A_DAY), app);
    expect((await warning()).reason).toMatch(/^Missing mails are being brought back: it has just begun\.$/);
    const second = recoverSince(MARKED.subtract(HALF_A_DAY), app);
    expect(await recoverMarked(app)).toEqual({});
    expect(await first).toMatchObject({ cameAgain: 1 });
    expect(await second).toMatchObject({ here: 1, cameAgain: 0 });
  });

  it("begins half a day before the mark, or the newest mail, and asks for all where there is none", async () => {
    expect(await usualSince(app)).toEqual(MARKED.subtract(HALF_A_DAY));
    await app.close();
    await begin(null);
    expect(await usualSince(app)).toEqual(NOW.subtract({ hours: 45 * 24 }));
    await webhook(delivery(mailTo(jane.alertAddress, CHASE)), app);
    app.tick({ hours: 3 });
    expect(await usualSince(app)).toEqual(NOW.subtract(HALF_A_DAY));
  });

  it("that breaks down leaves room for the next", async () => {
    stored();
    const since = MARKED.subtract(HALF_A_DAY);
    const broken = { ...app, store: { ...app.store, keptAmong: () => Promise.reject(new Error("no")) } };
    await expect(recoverSince(since, broken)).rejects.toThrow("no");
    expect((await warning()).reason).toMatch(/the journal says why/);
    expect(await recoverSince(since, app)).toMatchObject({ total: 1, cameAgain: 1 });
  });
});

import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { DrillRecord } from "../adapters/dumps/drill-record.ts";
import type { DumpRecord } from "../adapters/dumps/dump-record.ts";
import type { App } from "../app.ts";
import { handle } from "../router.ts";
import { fakeApp, signedIn, type FakeApp, type TestPerson } from "../test/fake-app.ts";
import { CHASE, mailTo } from "../test/fixture-mails.ts";
import { delivery, post } from "../test/requests.ts";
import { healthWarnings, type HealthWarnings } from "./health-warnings.ts";
import { interpret } from "./interpret.ts";
import { outbox } from "./outbox.ts";

let app: FakeApp;
let jane: TestPerson;

beforeEach(async () => {
  app = await fakeApp();
  jane = await signedIn(app, "jane@example.com");
  await app.store.probe(app.now());
});
afterEach(() => app.close());

describe("a letter", () => {
  it("that waits is a warning after ten minutes, until it is sent", async () => {
    await handle(post("/signup", { email: "joe@example.com" }), app);
    app.tick({ minutes: 10 });
    expect(await found("oldestLetterWaiting")).toEqual({ ageMs: 600_000, reason: null });
    app.tick({ minutes: 1 });
    expect((await found("oldestLetterWaiting")).reason).toMatch(/^A letter has waited for 11 minutes: .*wtmm doctor/);
    await outbox(app);
    expect(await found("oldestLetterWaiting")).toEqual({ ageMs: null, reason: null });
  });

  it("that is refused is a warning for a day", async () => {
    await handle(post("/signup", { email: "joe@example.com" }), app);
    const refuse = async () => ({ state: "refused", reason: "no", undeliverable: true }) as const;
    await outbox({ ...app, mailer: { send: refuse } });
    expect(await overADay("refusedLetters")).toEqual(isNewsForADay("letter refused"));
  });
});

describe("a mail", () => {
  it("that is not interpreted is a warning after five minutes, until it is", async () => {
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    app.tick({ minutes: 5 });
    expect(await found("oldestMailNotInterpreted")).toEqual({ ageMs: 300_000, reason: null });
    app.tick({ hours: 3 });
    expect((await found("oldestMailNotInterpreted")).reason).toMatch(/^A mail has waited for 3 hours .*journal/);
    await interpret(app);
    expect(await found("oldestMailNotInterpreted")).toEqual({ ageMs: null, reason: null });
  });

  it("that never came is a warning once the service is older than two days", async () => {
    app.tick({ hours: 48 });
    expect(await found("lastMail")).toEqual({ ageMs: null, reason: null });
    app.tick({ hours: 1 });
    expect((await found("lastMail")).reason).toMatch(/^No mail has ever come in the 2 days since .*wtmm doctor/);
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    expect(await found("lastMail")).toEqual({ ageMs: 0, reason: null });
  });

  it("that is the last for more than two days is a warning", async () => {
    await handle(delivery(mailTo(jane.alertAddress, CHASE)), app);
    app.tick({ hours: 48 });
    expect((await found("lastMail")).reason).toBe(null);
    app.tick({ hours: 24 });
    expect((await found("lastMail")).reason).toMatch(/^No mail has come for 3 days: /);
  });

  it("that nobody can read is a warning for a day", async () => {
    await handle(delivery("not JSON"), app);
    await interpret(app);
    expect(await overADay("unreadableMails")).toEqual(isNewsForADay("It is kept"));
  });

  it("that is too large is a warning for a day", async () => {
    const small = { ...app, config: { ...app.config, webhookMaxBytes: 10 } };
    await handle(delivery("more than ten bytes"), small);
    expect(await overADay("tooLargeDeliveries")).toEqual(isNewsForADay("WEBHOOK_MAX_BYTES"));
  });

  it("that is too much for its account is a warning for a day", async () => {
    const accountLimits = { mailsPerDay: 1, bytesPerDay: 1_000_000 };
    const strict = { ...app, config: { ...app.config, accountLimits } };
    for (const _ of [1, 2]) await handle(delivery(mailTo(jane.alertAddress, CHASE)), strict);
    expect(await overADay("deliveriesOverLimit")).toEqual(isNewsForADay("ACCOUNT_MAILS_PER_DAY"));
  });

  it("for nobody that is only counted is a warning for a day", async () => {
    await handle(delivery(mailTo("who@wtmm.example.com", CHASE)), { ...app, freeDisk: async () => 0.01 });
    expect(await overADay("mailsOnlyCounted")).toEqual(isNewsForADay("make room"));
  });

  it("for nobody that grew old is none", async () => {
    await handle(delivery(mailTo("who@wtmm.example.com", CHASE)), app);
    await interpret(app);
    app.tick({ hours: 24 * 30 });
    await app.store.dropUnknownMails(app.now());
    expect(await found("unknownMailsDropped")).toEqual({ count: 1, lastAgeMs: null, reason: null });
  });

  it("for nobody that had to make room is a warning for a day", async () => {
    const pushedOut: App = {
      ...app,
      store: {
        ...app.store,
        serviceState: async (at) => ({
          ...(await app.store.serviceState(at)),
          unknownMailsDropped: 1,
          lastUnknownMailPushedOutAgeMs: 0,
        }),
      },
    };
    expect((await healthWarnings(pushedOut)).unknownMailsDropped.reason).toContain("guessing");
  });
});

const S3 = {
  endpoint: "https://s3.example.net",
  region: "us-east-1",
  bucket: "dumps",
  prefix: "",
  accessKeyId: "id",
  secretAccessKey: "very-secret",
  forcePathStyle: false,
};

const IDLE_BUCKET: App["journalBucket"] = {
  isReady: () => false,
  keep: async () => false,
  close: () => {},
};

describe("the last dump", () => {
  /** What is said when the last run began that many hours ago, and the dump before it succeeded that many hours ago. */
  const said = async (run: Partial<DumpRecord> | null, begun = 0, dumped: number | null = null) => {
    const ago = (hours: number) => app.now().subtract({ minutes: hours * 60 });
    const lastDumpAt = dumped === null ? null : ago(dumped);
    const record: DumpRecord | null =
      run === null ? null : { state: "done", startedAt: ago(begun), reason: null, lastDumpAt, ...run };
    return (await healthWarnings({ ...app, config: { ...app.config, s3: S3 }, lastDump: () => record })).lastDump;
  };

  it("is a warning once it is older than 26 hours", async () => {
    expect(await said({}, 26, 26)).toEqual({ ageMs: 93_600_000, reason: null });
    expect((await said({}, 26.1, 26.1))?.reason).toMatch(
      /^The last dump is 26 hours old: .*sudo systemctl start wtmm-dump/,
    );
  });

  it("is a warning when it is dated ahead of the clock by more than minutes", async () => {
    expect(await said({}, 0, -0.15)).toEqual({ ageMs: -540_000, reason: null });
    expect((await said({}, 0, -2.5))?.reason).toMatch(/^The last dump is dated 2 hours ahead of .*clock.*wtmm-dump/);
  });

  it("is a warning at once when the run after it failed, and says why", async () => {
    const failed = await said({ state: "failed", reason: "There is no room." }, 0, 1);
    expect(failed).toEqual({ ageMs: 3_600_000, reason: "The last dump failed: There is no room." });
  });

  it("is a warning when the run after it never said how it ended", async () => {
    expect((await said({ state: "running" }, 2, 24))?.reason).toBe(null);
    expect((await said({ state: "running" }, 2.1, 24))?.reason).toMatch(/^The last dump was interrupted/);
  });

  it("is a warning when the run after it began in a future that is far off", async () => {
    expect((await said({ state: "running" }, -24, 24))?.reason).toMatch(/^The last dump was interrupted/);
  });

  it("stays a warning while the run after one that failed goes on", async () => {
    const running = await said({ state: "running", reason: "There is no room." }, 0, 1);
    expect(running?.reason).toBe("The last dump failed: There is no room.");
  });

  it("that never was is a warning once the service is older than two days", async () => {
    app.tick({ hours: 48 });
    expect(await said(null)).toEqual({ ageMs: null, reason: null });
    app.tick({ minutes: 1 });
    expect((await said(null))?.reason).toMatch(/^No dump was made on this machine yet/);
  });

  it("is none while no bucket is set", async () => {
    app.tick({ hours: 1_000 });
    expect(await healthWarnings(app)).not.toHaveProperty("lastDump");
  });
});

describe("what changed", () => {
  /** What is said where there is a bucket, when the oldest change that waits is that many minutes old. */
  const said = async (minutes: number) => {
    const database = new DatabaseSync(app.file);
    database.prepare("UPDATE journal SET at = at - ?").run(minutes * 60_000);
    database.close();
    return (await healthWarnings({ ...app, journalBucket: IDLE_BUCKET })).journalBehind;
  };

  it("is no warning for the first ten minutes", async () => {
    expect(await said(9)).toEqual({ ageMs: expect.any(Number), reason: null });
  });

  it("is a warning once it has not been in the bucket for longer, until it is", async () => {
    const late = await said(181);
    expect(late?.ageMs).toBeGreaterThanOrEqual(181 * 60_000);
    expect(late?.reason).toMatch(/^What changed in the last 3 hours is not in the bucket .*wtmm doctor/);
    await app.store.forgetAllChanges();
    expect(await said(181)).toEqual({ ageMs: null, reason: null });
  });

  it("is none where there is no bucket", async () => {
    expect(await healthWarnings(app)).not.toHaveProperty("journalBehind");
  });
});

describe("the last proven restore", () => {
  /** What is said when the last drill began that many hours ago, and one was proven that many hours ago. */
  const said = async (run: Partial<DrillRecord> | null, begun = 0, provenAgo: number | null = null) => {
    const ago = (hours: number) => app.now().subtract({ minutes: hours * 60 });
    const proven = provenAgo === null ? null : { at: ago(provenAgo), dump: "daily/x", tookMs: 1 };
    const record: DrillRecord | null =
      run === null ? null : { state: "done", startedAt: ago(begun), reason: null, proven, ...run };
    const drilled = { ...app, config: { ...app.config, s3: S3 }, lastDrill: () => record };
    return (await healthWarnings(drilled)).lastProvenRestore;
  };

  it("is a warning once it is older than 26 hours", async () => {
    expect(await said({}, 26, 26)).toEqual({ ageMs: 93_600_000, reason: null });
    expect((await said({}, 26.1, 26.1))?.reason).toMatch(/^No restore was proven for 26 hours: .*start wtmm-dump/);
  });

  it("is a warning when it is dated ahead of the clock by more than minutes", async () => {
    expect(await said({}, 0, -0.15)).toEqual({ ageMs: -540_000, reason: null });
    expect((await said({}, 0, -49))?.reason).toMatch(/^The last proven restore is dated 2 days ahead of .*wtmm-dump/);
  });

  it("is a warning at once when the drill after it failed, and says why", async () => {
    const failed = await said({ state: "failed", reason: "It is damaged." }, 0, 1);
    expect(failed).toEqual({ ageMs: 3_600_000, reason: "The last drill failed: It is damaged." });
  });

  it("is a warning when the drill after it never said how it ended", async () => {
    expect((await said({ state: "running" }, 2, 24))?.reason).toBe(null);
    expect((await said({ state: "running" }, 2.1, 24))?.reason).toMatch(/^The last drill was interrupted/);
  });

  it("stays a warning while the drill after one that failed goes on", async () => {
    const running = await said({ state: "running", reason: "It is damaged." }, 0, 1);
    expect(running?.reason).toBe("The last drill failed: It is damaged.");
  });

  it("that never was is a warning once the service is older than two days", async () => {
    app.tick({ hours: 48 });
    expect(await said(null)).toEqual({ ageMs: null, reason: null });
    app.tick({ minutes: 1 });
    expect((await said(null))?.reason).toMatch(/^No restore was proven on this machine yet/);
  });

  it("is none while no bucket is set", async () => {
    app.tick({ hours: 1_000 });
    expect(await healthWarnings(app)).not.toHaveProperty("lastProvenRestore");
  });
});

describe("the disk", () => {
  it.each([
    [1, null],
    [0.2, null],
    [0.199, "Only 19 % of the disk is free: make room where DATA_DIR lies."],
    [0, "Only 0 % of the disk is free: make room where DATA_DIR lies."],
  ])("of which %s is free says %s", async (share, reason) => {
    const { freeDisk } = await healthWarnings({ ...app, freeDisk: async () => share });
    expect(freeDisk).toEqual({ share, reason });
  });

  it("that doesn't answer is a warning, and logged", async () => {
    const err = new Error("no such folder");
    const { freeDisk } = await healthWarnings({ ...app, freeDisk: () => Promise.reject(err) });
    expect(freeDisk).toEqual({ share: null, reason: expect.stringContaining("DATA_DIR") });
    expect(app.logged).toMatchObject([{ level: "error", fields: { err } }]);
  });
});

async function found<N extends keyof HealthWarnings>(name: N): Promise<HealthWarnings[N]> {
  return (await healthWarnings(app))[name];
}

/** What is found of it now, and a day later. */
async function overADay(name: keyof HealthWarnings): Promise<unknown[]> {
  const now = await found(name);
  app.tick({ hours: 24 });
  return [now, await found(name)];
}

/** It has just happened, once. */
function isNewsForADay(words: string): unknown[] {
  return [
    { count: 1, lastAgeMs: 0, reason: expect.stringContaining(words) },
    { count: 1, lastAgeMs: 86_400_000, reason: null },
  ];
}

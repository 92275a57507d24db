import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { openJournalBucket, type JournalBucket } from "../adapters/journal/journal-bucket.ts";
import { startLocalSmtp } from "../adapters/local-smtp.ts";
import { BucketError } from "../adapters/s3.ts";
import type { Archive } from "../adapters/postmark-archive.ts";
import { tellSystemd } from "../adapters/systemd.ts";
import type { TaskName } from "../app.ts";
import { AppError } from "../errors.ts";
import { recoverMarked } from "../handlers/recover-marked.ts";
import { routes } from "../router.ts";
import { canary, leaksIn, watch } from "./canaries.ts";
import { BREAKS, canaryMails, NEVER_ENDS } from "./canary-mails.ts";
import { AUTHORIZED, form, hostileAsks, sendRaw } from "./canary-requests.ts";
import { goodAsks, SECOND_ADDRESS } from "./canary-visits.ts";
import { sendBySmtp } from "./canary-smtp.ts";
import { canaryWorld, type CanaryWorld } from "./canary-world.ts";
import { fakeRecovery } from "./fake-app.ts";
import { faultyStore, talkativeFaults } from "./faulty-store.ts";

const ROOT = join(import.meta.dirname, "..");
const TASKS: Readonly<Record<TaskName, true>> = {
  interpret: true,
  compare: true,
  "confirm-forwarding": true,
  outbox: true,
  "weekly-letters": true,
  housekeeping: true,
  journal: true,
  alarm: true,
  recovery: true,
};
/** What can become of a mail by itself; what can't here needs another one or DNS. */
const OUTCOMES = [
  "booked",
  "carrier",
  "confirmation",
  "not_a_purchase",
  "ours",
  "review",
  "signup",
  "unknown_recipient",
  "unreadable",
  "unverified",
];
/** There the store is not needed, or its failing is the answer. */
const NEVER_BREAK = ["/up", "/health", "/metrics", "/style.css", "/icon.svg", "/dev/mail", "/dev/mail.json"];

let world: CanaryWorld;
let ids: { review: string; noPurchase: string };

const routeNames = routes.map(([method, pattern]) => `${method} ${pattern}`);

describe("the log", () => {
  let smtp: Promise<void>;

  beforeAll(async () => {
    world = await canaryWorld();
    smtp = sendToNobody();
  });
  afterAll(() => world.close());

  it("tells of mails of every kind, and of those that nobody can read, without a word of them", async () => {
    const sent = await canaryMails(world.jane.alertAddress, world.app.now());
    ids = sent.ids;
    for (const { body } of sent.mails) {
      const { status } = await world.send({ method: "POST", path: "/webhook/inbound", headers: AUTHORIZED, body });
      expect(status).toBe(200);
    }
    const delivered = sent.mails.flatMap(({ id }) => id ?? []);
    // One whose signature can't be checked goes on waiting.
    await vi.waitFor(async () => expect(await world.app.store.waitingAmong(delivered)).toBe(1), 15_000);
    await vi.waitFor(() => expect(countsOf("compare")).toMatchObject({ proposed: 1 }), 15_000);
    expect(Object.keys(countsOf("interpret")).toSorted()).toEqual(OUTCOMES);
    expectNoLeak();
  });

  it("tells that mails had to be read one by one, and not which", async () => {
    const known = { receivedAt: world.app.now(), hasAccount: true, usualCurrency: null, check: null };
    for (const harm of [BREAKS, NEVER_ENDS]) {
      const mails = ["body", "body"].map((name) => Buffer.from(`${harm} ${canary(name)}`));
      const reads = await Promise.all(mails.map((mail) => world.app.readMail(mail, known)));
      expect(reads.map(({ state }) => state)).toEqual(["gave_up", "gave_up"]);
    }
    expectNoLeak();
  });

  it("tells of every route that did what it is for", async () => {
    const visits = goodAsks(world, ids);
    expect(Object.keys(visits).toSorted()).toEqual(routeNames.toSorted());
    for (const [name, parts] of Object.entries(visits)) {
      const [method = "", path = ""] = name.split(" ");
      const { headers, ...rest } = await parts();
      const answer = await world.send({ method, path, ...rest, headers: { cookie: world.jane.cookie, ...headers } });
      expect([name, answer.status]).toEqual([name, expect.toSatisfy((status) => status >= 200 && status < 400)]);
      for (const cookie of [answer.headers["set-cookie"] ?? []].flat()) watchSession(cookie);
    }
    const done = world.lines().filter(({ msg, status }) => msg === "request" && Number(status) < 400);
    expect(
      routeNames.filter((name) => !done.some(({ method, route }) => name === `${String(method)} ${String(route)}`)),
    ).toEqual([]);
    expectNoLeak();
  });

  it("tells of hostile requests to every route, signed in and signed out", async () => {
    for (const [method, pattern] of routes) {
      for (const request of hostileAsks(method, pattern)) {
        for (const headers of [{ ...request.headers }, { ...request.headers, cookie: world.jane.cookie }]) {
          expect((await world.send({ ...request, headers })).status).toBeGreaterThanOrEqual(200);
        }
      }
    }
    await sendRaw(world.port);
    expect(world.lines().some(({ route }) => route === "none")).toBe(true);
    expectNoLeak();
  });

  it("tells where every route broke down, and not over what", async () => {
    const faults = await talkativeFaults(canary("fault"));
    for (const spared of [[], ["session"]]) {
      world.change({ store: faultyStore(world.app.store, faults, spared) });
      for (const [method, pattern] of routes) {
        const path = pattern.replace(/:date/, "2026-03-07").replace(/:\w+/, canary("id"));
        const headers = { ...AUTHORIZED, ...form({}).headers, cookie: world.jane.cookie };
        const body =
          method === "POST"
            ? new URLSearchParams({ email: SECOND_ADDRESS, t: await world.tokenFor(world.jane.email) }).toString()
            : "";
        for (const query of ["", `?t=${await world.tokenFor(world.jane.email)}`])
          await world.send({ method, path: path + query, headers, body });
      }
    }
    world.change({});
    const broken = world.lines().filter(({ msg }) => msg !== "request" && msg !== "task done");
    const told = new Set(broken.map(({ route }) => route));
    expect(routes.map(([, pattern]) => pattern).filter((pattern) => !told.has(pattern))).toEqual(NEVER_BREAK);
    expect(JSON.stringify(broken)).toContain("UNIQUE constraint failed: kept.id");
    expectNoLeak();
  });

  it("tells of every task that failed", async () => {
    const store = faultyStore(world.app.store, await talkativeFaults(canary("fault")), []);
    const markedSince = (): never => {
      throw new Error(canary("fault"));
    };
    const failing = world.runTasks({
      store,
      config: { ...world.app.config, operatorEmail: `${canary("operator")}@example.com` },
      recovery: { ...world.app.recovery, markedSince },
      journalBucket: bucketAt(canary("bucket")),
    });
    await vi.waitFor(() => expect(failedTasks()).toEqual(Object.keys(TASKS).toSorted()), 15_000);
    await failing.close();
    expectNoLeak();
  });

  it("tells of mails that can't be recovered", async () => {
    const refusal = new AppError("unavailable", canary("postmark"));
    const archive: Archive = {
      list: () => Promise.reject(refusal),
      bringAgain: () => Promise.reject(refusal),
      details: () => Promise.reject(refusal),
    };
    const longAgo = world.app.now().subtract({ hours: 50 * 24 });
    for (const asked of [archive, { ...archive, list: async () => [] }])
      expect(await recoverMarked({ ...world.app, recovery: fakeRecovery(asked, longAgo) })).toBeDefined();
    expectNoLeak();
  });

  it("tells of letters that can't be made or sent", async () => {
    const names = ["401", "403", "405", "406", "429", "500", "503", "page", "timeout", "stall", "broken"];
    for (const name of names) {
      const email = `${name}@${canary("mailbox")}.example`;
      await world.send({ method: "POST", path: "/signup", ...form({ email }) });
    }
    await vi.waitFor(() => {
      const letters = world.lines().filter(({ letter }) => letter !== undefined);
      expect(new Set(letters.map(({ msg }) => msg)).size).toBe(5);
    }, 15_000);
    expectNoLeak();
  });

  it("tells that changes don't reach the bucket, and not where or why", async () => {
    const faults = [new BucketError("ECONNREFUSED", canary("fault"), { cause: new Error(canary("fault")) })];
    const bucket = bucketAt(canary("bucket"), async () => {
      const fault = faults.shift();
      if (fault !== undefined) throw fault;
    });
    const object = { key: canary("key"), sealed: new Uint8Array() };
    for (const _ of [1, 2]) await bucket.keep(object, new AbortController().signal);
    expect(world.lines().at(-2)).toMatchObject({ err: { code: "ECONNREFUSED" } });
    expectNoLeak();
  });

  it("tells that systemd heard nothing, and not what", async () => {
    const service = { ...world.app, config: { ...world.app.config, local: false }, release: canary("release") };
    const systemd = tellSystemd(service, { NOTIFY_SOCKET: canary("socket") }, "/bin/false");
    await vi.waitFor(() => expect(world.text()).toContain("systemd could not be told"), 15_000);
    systemd.close();
    expectNoLeak();
  });

  it("has said by now everything that the program ever says", async () => {
    world.change({ config: { ...world.app.config, accountLimits: { mailsPerDay: 0, bytesPerDay: 0 } } });
    const [mail] = (await canaryMails(world.jane.alertAddress, world.app.now())).mails;
    await world.send({ method: "POST", path: "/webhook/inbound", headers: AUTHORIZED, ...mail });
    await smtp;
    const said = new Set(world.lines().map(({ msg }) => msg));
    expect(sentencesInSources().filter((sentence) => !said.has(sentence))).toEqual([]);
    expectNoLeak();
  });
});

/** Mails that come by SMTP while nobody takes them. */
async function sendToNobody(): Promise<void> {
  const deliver = async (payload: object): Promise<never> => {
    throw new Error(JSON.stringify(payload));
  };
  const { domain } = world.app.config;
  const smtp = await startLocalSmtp({ port: 0, host: "127.0.0.1", domain, log: world.app.log, deliver });
  await sendBySmtp(smtp.port, `${canary("recipient")}@${domain}`);
  await smtp.close();
}

/** Where changes are kept, as `put` keeps them. */
function bucketAt(
  name: string,
  put: (key: string, sealed: Uint8Array) => Promise<void> = async () => {},
): JournalBucket {
  const { log, now } = world.app;
  const settings = {
    endpoint: `http://${name}.invalid`,
    region: name,
    bucket: name,
    prefix: name,
    forcePathStyle: true,
  };
  const open = async () => ({ put, close: () => {} });
  const keys = { accessKeyId: name, secretAccessKey: name };
  return openJournalBucket({ ...settings, ...keys }, { log, now, open });
}

function expectNoLeak(): void {
  expect(world.lines().length).toBeGreaterThan(0);
  expect(leaksIn(world.text())).toEqual([]);
}

function countsOf(task: string): object {
  const done = world.lines().filter((line) => line.msg === "task done" && line["task"] === task);
  return Object.assign({}, ...done.map(({ counts }) => counts));
}

function failedTasks(): string[] {
  const failed = world.lines().filter(({ msg }) => msg === "task failed");
  return [...new Set(failed.map(({ task }) => String(task)))].toSorted();
}

function watchSession(cookie: string): void {
  const value = /^[^=]+=([\w-]{6,})/.exec(cookie)?.[1];
  if (value !== undefined) watch(value);
}

/** The words of every call of the log, as they stand in the sources. */
function sentencesInSources(): string[] {
  const folders = ["", "adapters", "adapters/journal", "handlers", "access", "schema"];
  const files = folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)));
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const calls = sources.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\blog\.\w+\([^"`]*["`]([^"`]*)/g)]);
  return calls.map(([, sentence = ""]) => sentence);
}

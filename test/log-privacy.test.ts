import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type { TaskName } from "../app.ts";
import { routes } from "../router.ts";
import { canary, leaksIn, watch } from "./canaries.ts";
import { canaryMails } from "./canary-mails.ts";
import { form, hostileAsks, sendRaw, type Ask } from "./canary-requests.ts";
import { canaryWorld, smtpTrouble, type CanaryWorld } from "./canary-world.ts";
import { CREDENTIAL } from "./fake-app.ts";
import { faultyStore, talkativeFaults } from "./faulty-store.ts";

const ROOT = join(import.meta.dirname, "..");
const AUTHORIZED = { authorization: `Basic ${Buffer.from(CREDENTIAL).toString("base64")}` };
const TASKS: Readonly<Record<TaskName, true>> = {
  interpret: true,
  compare: true,
  "confirm-forwarding": true,
  outbox: true,
  "weekly-letters": true,
  housekeeping: true,
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
const SECOND = `${canary("second")}@example.com`;
const MERCHANT = canary("typed");
const AMOUNT = watch("6,204.58");
const TYPED = { merchant: MERCHANT, amount: AMOUNT };
/** There the store is not needed, or its failing is the answer. */
const NEVER_BREAK = ["/up", "/health", "/style.css", "/icon.svg", "/dev/mail", "/dev/mail.json"];

let world: CanaryWorld;
let ids: { review: string; noPurchase: string };

/** What each route is there for, asked by Jane, in this order. A new route needs its line, or this test fails. */
const GOOD: Readonly<Record<string, () => Promise<Partial<Ask>> | Partial<Ask>>> = {
  "POST /webhook/inbound": () => ({ headers: AUTHORIZED, body: `{"${canary("body")}` }),
  "POST /webhook/events": () => ({ headers: AUTHORIZED, body: JSON.stringify({ Email: SECOND }) }),
  "GET /up": () => ({}),
  "GET /health": () => ({}),
  "GET /style.css": () => ({}),
  "GET /icon.svg": () => ({}),
  "GET /": () => ({}),
  "POST /signup": () => form({ email: world.jane.email }),
  "GET /sign-in": async () => ({ path: `/sign-in?t=${await tokenFor(world.jane.email)}` }),
  "POST /sign-in": async () => form({ t: await tokenFor(world.jane.email) }),
  "POST /settings": () => form({ action: "add-address", address: SECOND }),
  "GET /prove-address": async () => ({ path: `/prove-address?t=${await tokenFor(SECOND)}` }),
  "POST /prove-address": async () => form({ t: await tokenFor(SECOND) }),
  "GET /connect": () => ({}),
  "POST /connect": () => form({ action: "replace", token: tokenOf(world.jane.alertAddress) }),
  "POST /connect/sample": () => form({}),
  "GET /dashboard": () => ({}),
  "GET /day/:date": () => ({ path: "/day/2026-03-07" }),
  "GET /purchases": () => ({ path: `/purchases?q=${MERCHANT}` }),
  "GET /purchases/:id": async () => ({ path: `/purchases/${await aPurchase()}` }),
  "POST /purchases/:id": async () => ({
    path: `/purchases/${await aPurchase()}`,
    ...form({ action: "save", ...TYPED }),
  }),
  "GET /review": () => ({}),
  "POST /review/:id": () => {
    const typed = { action: "enter", currency: "USD", date: "2026-03-07", ...TYPED };
    return { path: `/review/${ids.review}`, ...form(typed) };
  },
  "GET /mails": () => ({}),
  "POST /mails/:id": () => ({ path: `/mails/${ids.noPurchase}`, ...form({ action: "was-a-purchase" }) }),
  "GET /settings": () => ({}),
  "GET /dev/mail": () => ({}),
  "GET /dev/mail.json": () => ({}),
  "POST /sign-out": () => ({ headers: { ...form({}).headers, cookie: world.joe.cookie } }),
};

const routeNames = routes.map(([method, pattern]) => `${method} ${pattern}`);

describe("the log", () => {
  let smtp: Promise<void>;

  beforeAll(async () => {
    world = await canaryWorld();
    smtp = smtpTrouble(world.app.log);
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
    expect(Object.keys(countsOf("interpret")).toSorted()).toEqual(OUTCOMES);
    expectNoLeak();
  });

  it("tells of every route that did what it is for", async () => {
    expect(Object.keys(GOOD).toSorted()).toEqual(routeNames.toSorted());
    for (const [name, parts] of Object.entries(GOOD)) {
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
        const body = method === "POST" ? new URLSearchParams({ email: SECOND, t: await anyToken() }).toString() : "";
        for (const query of ["", `?t=${await anyToken()}`])
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
    const failing = world.runTasks({ store });
    await vi.waitFor(() => expect(failedTasks()).toEqual(Object.keys(TASKS).toSorted()));
    await failing.close();
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

/** The token of the link in the newest letter to an address. */
async function tokenFor(address: string): Promise<string> {
  const token = /\?t=([\w.-]+)/.exec(await world.letterTo(address))?.[1];
  if (token === undefined) throw new Error("The letter has no link.");
  for (const part of [token, ...token.split(".")]) if (part.length > 20) watch(part);
  return token;
}

/** A good link, used or not. */
function anyToken(): Promise<string> {
  return tokenFor(world.jane.email);
}

function tokenOf(alertAddress: string): string {
  return alertAddress.slice(alertAddress.indexOf("+") + 1, alertAddress.indexOf("@"));
}

function watchSession(cookie: string): void {
  const value = /^[^=]+=([\w-]{6,})/.exec(cookie)?.[1];
  if (value !== undefined) watch(value);
}

async function aPurchase(): Promise<string> {
  const [first] = await world.app.store.searchPurchases(world.jane.id, { text: null, from: null, to: null }, null, 1);
  if (first === undefined) throw new Error("There is no purchase.");
  return first.id;
}

/** The words of every call of the log, as they stand in the sources. */
function sentencesInSources(): string[] {
  const folders = ["", "adapters", "handlers", "access", "schema"];
  const files = folders.flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)));
  const sources = files.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const calls = sources.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\blog\.\w+\([^"`]*["`]([^"`]*)/g)]);
  return calls.map(([, sentence = ""]) => sentence);
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sessionCookie } from "../access/cookies.ts";
import { hashToken, newSessionToken, newToken } from "../access/tokens.ts";
import { openGate } from "../adapters/gate.ts";
import { openStore } from "../adapters/libsql-store.ts";
import type { Archive } from "../adapters/postmark-archive.ts";
import type { OutgoingLetter, SendResult } from "../adapters/postmark.ts";
import { pauseFor, type Recovery } from "../adapters/recovery.ts";
import type { App } from "../app.ts";
import type { Config } from "../config.ts";
import { newAccount } from "../handlers/new-account.ts";
import { readMail } from "../handlers/read-mail.ts";

/** A moment that tests happen at: Friday noon in New York. */
export const NOW = Temporal.Instant.from("2026-11-20T17:00:00Z");

/** The webhook's credential in tests. */
export const CREDENTIAL = "postmark:correct-horse-battery";

/** What links are signed with in tests. */
export const LINK_KEY = "first-key-0123456789-0123456789-0123456789";

const config: Config = {
  local: false,
  domain: "wtmm.example.com",
  publicUrl: "https://wtmm.example.com",
  otherUrls: [],
  port: 8080,
  portIsSet: false,
  host: "127.0.0.1",
  smtpPort: 2525,
  smtpPortIsSet: false,
  dataDir: "./data",
  databaseUrl: "",
  databaseAuthToken: null,
  webhookCredentials: [CREDENTIAL],
  webhookMaxBytes: 110 * 1024 * 1024,
  accountLimits: { mailsPerDay: 500, bytesPerDay: 200 * 1024 * 1024 },
  linkKeys: [LINK_KEY],
  postmarkServerToken: "token",
  postmarkApiUrl: "http://127.0.0.1:9",
  mailFrom: "info@wtmm.example.com",
  operatorEmail: null,
  s3: null,
  dumpRecipients: [],
  dumpIdentityFile: null,
  opsCopy: null,
  trustedProxies: [],
  logLevel: "silent",
  signup: "open",
};

/** An App on a real database file of its own, with a still clock and a mailer that keeps what it is given. */
export type FakeApp = App & {
  readonly sent: OutgoingLetter[];
  /** Every line that was logged: level, fields, message. */
  readonly logged: { level: string; fields: object; message: string }[];
  readonly woken: string[];
  /** Path of the database file. */
  readonly file: string;
  /** Moves the clock. */
  tick(duration: Temporal.DurationLike): void;
  close(): Promise<void>;
};

/** Builds one; `overrides` replace parts of it, `settings` single settings. */
export async function fakeApp(overrides: Partial<App> = {}, settings: Partial<Config> = {}): Promise<FakeApp> {
  const directory = mkdtempSync(join(tmpdir(), "wtmm-test-"));
  const file = join(directory, "wtmm.db");
  const store = await openStore(`file:${file}`, null);
  const sent: OutgoingLetter[] = [];
  const logged: FakeApp["logged"] = [];
  const woken: string[] = [];
  const log = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message });
  let now = NOW;
  const resolveTxt = settings.local === true ? null : (overrides.resolveTxt ?? noRecords);
  const fixed = { ...config, databaseUrl: `file:${file}`, dataDir: directory, ...settings };
  return {
    config: fixed,
    store,
    mailer: {
      send: async (letter): Promise<SendResult> => {
        sent.push(letter);
        return { state: "sent", providerId: `sent-${sent.length}` };
      },
    },
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    release: "test",
    client: { address: "192.0.2.1", viaProxy: false },
    now: () => now,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    readMail: (payload, { receivedAt, ...known }) =>
      readMail(payload, { ...known, receivedAt: receivedAt.epochMilliseconds, domain: fixed.domain, resolveTxt }),
    resolveTxt,
    confirmForwarding: async () => "unreachable",
    freeDisk: async () => 1,
    metrics: async () => "",
    maintenance: () => null,
    lastDump: () => null,
    lastDrill: () => null,
    recovery: fakeRecovery(null),
    journalBucket: null,
    sealChanges: async () => null,
    wake: (task) => void woken.push(task),
    quiet: async () => {},
    giveWay: async () => {},
    stopping: new AbortController().signal,
    largeBodies: openGate(2),
    localLetters: null,
    ...overrides,
    sent,
    logged,
    woken,
    file,
    tick: (duration) => {
      now = now.add(duration);
    },
    async close() {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A recovery that asks that archive, and whose mark stands in memory. */
export function fakeRecovery(archive: Archive | null, since: Temporal.Instant | null = null): Recovery {
  let marked = since;
  return {
    archive,
    awaited: new Map(),
    state: { state: "none" },
    nextAt: null,
    failures: 0,
    markedSince: () => marked,
    unmark: () => void (marked = null),
    pause: pauseFor,
  };
}

/** A world in which nobody has published a key. */
async function noRecords(): Promise<string[][]> {
  throw Object.assign(new Error("There is no such name."), { code: "ENOTFOUND" });
}

/** Someone with an account and a signed-in browser. */
export type TestPerson = {
  readonly id: string;
  readonly email: string;
  /** Where this person's bank writes to. */
  readonly alertAddress: string;
  /** Value of the Cookie header. */
  readonly cookie: string;
};

/** Makes an account and signs it in, through the store as the handlers do. */
export async function signedIn(app: FakeApp, email: string): Promise<TestPerson> {
  const account = newAccount(app, null);
  await app.store.createAccount({ ...account, address: email, at: app.now() });
  const token = newSessionToken(app.random);
  await app.store.signIn({
    linkId: newToken(app.random, 10),
    linkExpiresAt: app.now(),
    accountId: account.id,
    epoch: 0,
    sessionId: newToken(app.random, 10),
    tokenHash: hashToken(token),
    userAgent: "Test",
    at: app.now(),
  });
  const [cookie = ""] = sessionCookie(token, !app.config.local).split(";");
  return { id: account.id, email, alertAddress: `alerts+${account.alertToken}@${app.config.domain}`, cookie };
}

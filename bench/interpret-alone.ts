// Interprets signed mails that are kept already, through the worker as the service does, with DNS from memory.
// Usage: interpret-alone.ts interpret|replay DATA_DIR KILOBYTES MAILS; prints JSON.
import { hash } from "node:crypto";
import { join } from "node:path";

import { openStore } from "../adapters/libsql-store.ts";
import { openMailReader } from "../adapters/mail-reader.ts";
import { interpret } from "../handlers/interpret.ts";
import { packed } from "../handlers/packing.ts";
import { replayStep } from "../handlers/replay.ts";
import { fakeApp, signedIn } from "../test/fake-app.ts";
import { bankKey, publishing, signedMail } from "../test/sign-mail.ts";
import { mailOf } from "./load.ts";

const [kind = "", dataDir = "", kilobytes = "9", count = "1000"] = process.argv.slice(2);
const MAILS = Number(count);
const AT = Temporal.Instant.from("2026-03-07T14:15:00Z");
const MAILBOX = "jane@example.com";

const resolveTxt = publishing(bankKey("chase.com"));
const log = { info: () => {}, warn: () => {}, error: console.error };
const reader = openMailReader({ domain: "wtmm.example.com", resolveTxt, log });
const store = await openStore(`file:${join(dataDir, "wtmm.db")}`, null);
const app = await fakeApp({ store, log, now: () => AT, readMail: reader.read, wake: () => {} });
const { alertAddress, id } = await signedIn(app, MAILBOX);
const [token = ""] = alertAddress.slice("alerts+".length).split("@");
const mail: Record<string, unknown> = { ...mailOf(Number(kilobytes) * 1024), OriginalRecipient: alertAddress };
const limits = { mailsPerDay: MAILS, bytesPerDay: MAILS * 1024 * 1024 };

let taken = 0;
let startMb = 0;
const began = await run();
const seconds = (performance.now() - began.at) / 1000;
const { user, system } = process.cpuUsage(began.cpu);
const coreSeconds = (user + system) / 1_000_000;
await reader.close();
await store.close();
console.log(
  JSON.stringify({
    mails: MAILS,
    seconds: Math.round(seconds),
    perSecond: Math.round(MAILS / seconds),
    perCoreSecond: Math.round(MAILS / coreSeconds),
    startMb,
    residentMb: residentMb(),
  }),
);

/** Does what is measured; when it began, by the clock and by the work of all threads until then. */
async function run(): Promise<{ at: number; cpu: NodeJS.CpuUsage }> {
  if (kind === "interpret") {
    await keepMails(MAILS);
    const began = now();
    await interpretAll();
    return began;
  }
  while (taken < MAILS) {
    await keepMails(Math.min(MAILS - taken, 5_000));
    await interpretAll();
  }
  const began = now();
  let read = 0;
  for (let after: number | null = 0; after !== null;) {
    const step: Awaited<ReturnType<typeof replayStep>> = await replayStep({ since: null, accountId: id, after }, app);
    read += step.read;
    if (step.changes.length > 0) throw new Error("A replay by the same parser should change nothing.");
    if (startMb === 0 && read >= MAILS / 10) startMb = residentMb();
    after = step.next;
  }
  if (read !== MAILS) throw new Error(`${read} mails were read again, not ${MAILS}.`);
  return began;
}

function now(): { at: number; cpu: NodeJS.CpuUsage } {
  return { at: performance.now(), cpu: process.cpuUsage() };
}

/** Mails with ids of their own. For interpretation each is signed; a replay asks no signature. */
async function keepMails(many: number): Promise<void> {
  const last = taken + many;
  while (taken < last) {
    const some = Array.from({ length: Math.min(64, last - taken) }, () => (taken += 1));
    await Promise.all(
      some.map(async (number) => {
        const one = kind === "replay" ? mail : await signedMail(mail, { to: MAILBOX, at: AT });
        const payload = await packed(Buffer.from(JSON.stringify(one).replaceAll("[<id>]", String(number))));
        const sha256 = hash("sha256", payload, "buffer");
        const kept = { id: `mail-${number}`, route: "alert", token, recipient: alertAddress, at: AT, limits } as const;
        await store.keepMail({ ...kept, sha256, payload });
      }),
    );
  }
}

async function interpretAll(): Promise<void> {
  for (let done = await interpret(app); Object.keys(done).length > 0; done = await interpret(app)) {
    if (Object.keys(done).some((outcome) => outcome !== "booked")) throw new Error(JSON.stringify(done));
  }
}

function residentMb(): number {
  return Math.round(process.memoryUsage.rss() / 1024 / 1024);
}

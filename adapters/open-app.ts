import { randomBytes } from "node:crypto";

import type { App, Log } from "../app.ts";
import type { Config } from "../config.ts";
import { openForwardingConfirmer } from "./confirm-forwarding.ts";
import { readDrillRecord } from "./dumps/drill-record.ts";
import { readDumpRecord } from "./dumps/dump-record.ts";
import { freeDiskOf } from "./disk.ts";
import { openResolver } from "./dns.ts";
import { openGate } from "./gate.ts";
import { openJournalBucket } from "./journal/journal-bucket.ts";
import { openJournalSealer } from "./journal/journal-sealer.ts";
import { openStore } from "./libsql-store.ts";
import { openMailReader } from "./mail-reader.ts";
import { readMaintenance } from "./maintenance-flag.ts";
import { openRecovery } from "./recovery.ts";
import { RELEASE } from "./release.ts";

/** An App, and what lets go of all that it holds. */
export type OpenedApp = { readonly app: App; close(): Promise<void> };

const LARGE_BODIES = 2;

/**
 * Opens an App on its store that answers no requests, sends no letters and starts nothing by itself.
 *
 * @throws Error with one sentence when the store can't be opened
 */
export async function openApp(config: Config, log: Log): Promise<OpenedApp> {
  const store = await openStore(config.databaseUrl, config.databaseAuthToken).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The database ${config.databaseUrl} can't be opened: ${reason}`, { cause: error });
  });
  // Nothing leaves a laptop, and nothing comes to it whose signature would matter.
  const resolveTxt = config.local ? null : openResolver();
  const reader = openMailReader({ domain: config.domain, resolveTxt, log });
  const now = () => Temporal.Now.instant();
  const random = (bytes: number) => randomBytes(bytes);
  const { s3, dumpRecipients: recipients, databaseUrl, databaseAuthToken } = config;
  const journalBucket = s3 === null || recipients.length === 0 ? null : openJournalBucket(s3, { log, now });
  const sealer = openJournalSealer({ databaseUrl, databaseAuthToken, release: RELEASE, recipients });
  const app: App = {
    config,
    store,
    mailer: { send: async () => ({ state: "retry", reason: "No service runs." }) },
    log,
    release: RELEASE,
    client: { address: "127.0.0.1", viaProxy: false },
    now,
    random,
    readMail: (payload, known) => reader.read(payload, known),
    resolveTxt,
    confirmForwarding: config.local ? async () => "unreachable" : openForwardingConfirmer(),
    metrics: async () => "",
    freeDisk: () => freeDiskOf(config.dataDir),
    maintenance: () => readMaintenance(config.dataDir, Temporal.Now.instant()),
    lastDump: () => readDumpRecord(config.dataDir),
    lastDrill: () => readDrillRecord(config.dataDir),
    recovery: openRecovery(config),
    journalBucket,
    sealChanges: (timeline, stopping) => sealer.next(timeline, now(), stopping),
    wake: () => {},
    quiet: async () => {},
    giveWay: async () => {},
    stopping: new AbortController().signal,
    largeBodies: openGate(LARGE_BODIES),
    localLetters: null,
  };
  return {
    app,
    async close() {
      await reader.close();
      await sealer.close();
      journalBucket?.close();
      await store.close();
    },
  };
}

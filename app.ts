import type { ResolveTxt } from "./access/dkim.ts";
import type { DrillRecord } from "./adapters/dumps/drill-record.ts";
import type { DumpRecord } from "./adapters/dumps/dump-record.ts";
import type { JournalBucket } from "./adapters/journal/journal-bucket.ts";
import type { SealedPart } from "./adapters/journal/seal-changes.ts";
import type { Timeline } from "./adapters/journal/segment.ts";
import type { LocalLetter } from "./adapters/local-postmark.ts";
import type { Store } from "./adapters/libsql-store.ts";
import type { Mailer } from "./adapters/postmark.ts";
import type { Recovery } from "./adapters/recovery.ts";
import type { Config } from "./config.ts";
import type { OriginCheck } from "./handlers/origin-check.ts";
import type { ReadMail } from "./handlers/read-mail.ts";

/**
 * Who sent a request. Behind the proxy the address is the one that the proxy vouches for. Whether that is somebody on this
 * machine: `access/is-local.ts`.
 */
export type Client = { readonly address: string; readonly viaProxy: boolean };

/**
 * All that a log line may say beside its words: ids, names that the program itself gives, and numbers. Nothing here is
 * anybody's text, and of an error its message is left out. Source: docs/decisions/0014-what-the-log-says.md.
 */
export type LogFields = {
  readonly err?: unknown;
  readonly task?: string;
  /** What a task did. */
  readonly counts?: Summary;
  /** Id of a mail, as the provider gave it. */
  readonly mail?: string;
  /** Id of a letter. */
  readonly letter?: string;
  readonly kind?: string;
  readonly attempts?: number;
  readonly method?: string;
  /** A pattern out of the table of routes, never the path that was asked for. */
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly timeLimitMs?: number;
  readonly patienceMs?: number;
};

/** Writes one log line: words that never change, and values apart from them. */
export type Log = {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
};

/** Lets a few in at a time. */
export type Gate = {
  /** True when there was room; then `leave` must follow. */
  enter(): boolean;
  leave(): void;
};

/** What is known of a mail before it is read. */
export type KnownOfMail = {
  readonly receivedAt: Temporal.Instant;
  /** Whether it came to an alert address that works. */
  readonly hasAccount: boolean;
  /** What its person usually pays in, ISO 4217; null when nobody knows. */
  readonly usualCurrency: string | null;
  /** What was found out about its origin before; null asks DNS now. */
  readonly check: OriginCheck | null;
};

/** Work that the clock starts, and that a request may ask to be started soon. */
export type TaskName =
  | "interpret"
  | "compare"
  | "confirm-forwarding"
  | "outbox"
  | "weekly-letters"
  | "housekeeping"
  | "journal"
  | "alarm"
  | "recovery";

/** The operator works on the machine: mail waits outside, pages say so, nothing starts by itself. */
export type Maintenance = {
  /** When it was begun; a renewal changes nothing of it. */
  readonly since: Temporal.Instant;
  /** When it ends by itself. */
  readonly until: Temporal.Instant;
};

/** All that a handler can do with the world. `main.ts` builds the real one, tests build theirs by hand. */
export type App = {
  readonly config: Config;
  readonly store: Store;
  readonly mailer: Mailer;
  readonly log: Log;
  /** Name of this build. */
  readonly release: string;
  readonly client: Client;
  now(): Temporal.Instant;
  /** Random bytes fit for secrets. */
  random(bytes: number): Uint8Array;
  /**
   * Reads a kept webhook body off the event loop, within a time limit; what can't be read says so. Rejects only when
   * there is nobody to read it, which says nothing about the mail.
   *
   * @param payload the body as it is kept
   */
  readMail(payload: Uint8Array, known: KnownOfMail): Promise<ReadMail>;
  /** Answers what DNS says, for checking signatures; null in local mode, where nobody outside is asked. */
  readonly resolveTxt: ResolveTxt | null;
  /** Tells Google that a mailbox may forward here, by the link that its own mail gave. */
  confirmForwarding(link: string): Promise<"confirmed" | "refused" | "unreachable">;
  /** The share of the disk that is free where mail is kept, from 0 to 1. */
  freeDisk(): Promise<number>;
  /** All that is measured while a service runs, in Prometheus' text format. */
  metrics(): Promise<string>;
  /** The maintenance that is on now, or null. */
  maintenance(): Maintenance | null;
  /** How the last run of `wtmm dump` went; null when none was ever begun. */
  lastDump(): DumpRecord | null;
  /** How the last drill of a dump went; null when none was ever begun. */
  lastDrill(): DrillRecord | null;
  /** Brings back mails that are missing after a restore. */
  readonly recovery: Recovery;
  /** Where changes are kept outside the machine until the next dump; null where there is no bucket or nobody to seal for. */
  readonly journalBucket: JournalBucket | null;
  /**
   * Reads and seals off the event loop, for that bucket, the oldest changes that wait; null when none does, or when
   * `stopping` came first.
   */
  sealChanges(timeline: Timeline, stopping: AbortSignal): Promise<SealedPart | null>;
  /** Asks for a task to be run soon. */
  wake(task: TaskName): void;
  /** Resolves when no request has been answered for a moment, at the latest after a second. */
  quiet(): Promise<void>;
  /** Between the steps of what runs beside requests: resolves when those that have come are answered, or after a moment. */
  giveWay(): Promise<void>;
  /** Aborted when the service is to stop: what takes long ends at its next step. */
  readonly stopping: AbortSignal;
  /** Room in memory for large request bodies. */
  readonly largeBodies: Gate;
  /** In local mode, the letters that would have been sent, newest first; else null. */
  readonly localLetters: (() => readonly LocalLetter[]) | null;
};

/** What a scheduled handler did, for the log: counts by name. */
export type Summary = Readonly<Record<string, number>>;
